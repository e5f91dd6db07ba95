"""Finding source text: the right node, true places, and a clear refusal where there is none."""

from __future__ import annotations

import ast
import doctest
import functools
import math
import sys

import gast
import numpy as np
import pytest

from s2sdiff.errors import SourceError, UnsupportedError
from s2sdiff.frontend import codes
from s2sdiff.frontend.source import read
from tests.from_text import run_text


def text_of(function):
    node = read(function).node
    return gast.unparse(node.body if isinstance(node, gast.Lambda) else node)


def twice(function):
    def wrapper(*args):
        return 2 * function(*args)

    return functools.wraps(function)(wrapper)


def plain(function):
    return function


@plain
@plain
def decorated(x):
    return x + 1


@twice
def wrapped(x):
    return x + 2


class Model:
    def method(self, x):
        if x:
            return self.__call__(x)
        return x

    @staticmethod
    def static(x):
        return x

    def __call__(self, x):
        return -x


several = [lambda x: x + 1, lambda x: x + 2, lambda y: y + 1, lambda x: x + 1.0]
nested_pair = lambda x: (lambda z: z)
spread = sorted(
    [3, 1],
    key=plain(
        lambda v: (
            v * 2
            + 1
        ),
    ),
), lambda v: (
    v * 3
)


def test_a_plain_function_is_found_with_its_places():
    parsed = read(text_of)
    assert parsed.node.name == "text_of" and not parsed.is_lambda
    assert parsed.first_line == text_of.__code__.co_firstlineno == parsed.node.lineno
    assert parsed.lines[parsed.first_line] == "def text_of(function):"
    assert parsed.file == __file__ and parsed.qualname == "text_of"


def test_methods_are_found_where_they_stand():
    for method in (Model.method, Model().method, Model.static, Model.__call__):
        parsed = read(method)
        assert parsed.node.col_offset == 4 and parsed.private == "Model"
        assert parsed.node.name == method.__name__
    assert read(Model.method).node.body[0].col_offset == 8


def test_decorators_do_not_hide_a_function():
    parsed = read(decorated)
    assert parsed.node.name == "decorated"
    assert parsed.first_line == decorated.__code__.co_firstlineno + 2


def test_a_wrapper_is_read_itself_and_not_what_it_wraps():
    assert "2 * function(*args)" in text_of(wrapped)


def test_lambdas_on_one_line_are_told_apart():
    assert [text_of(f) for f in several[:4]] == ["x + 1", "x + 2", "y + 1", "x + 1.0"]
    assert text_of(nested_pair(0)) == "z"
    assert [read(f).node.col_offset for f in several[:2]] == [11, 28]


def test_lambdas_on_one_line_are_told_apart_without_columns(monkeypatch):
    from s2sdiff.frontend import codes

    monkeypatch.setattr(codes, "_place", lambda node: None)
    assert [text_of(f) for f in several[:4]] == ["x + 1", "x + 2", "y + 1", "x + 1.0"]


def test_a_lambda_over_several_lines_is_found():
    assert text_of(spread[1]) == "v * 3"


def test_lambdas_with_equal_text_and_other_closures_keep_their_names():
    def make(a, b):
        return lambda x: x * a, lambda x: x * b

    first, second = make(1, 2)
    assert (text_of(first), text_of(second)) == ("x * a", "x * b")


def test_nested_functions_and_functions_of_one_name_are_found():
    def make(flag):
        if flag:
            def inner(x):
                return x + flag
        else:
            def inner(x):
                return x - 1
        return inner

    assert "x + flag" in text_of(make(1)) and "x - 1" in text_of(make(0))


def test_text_entered_into_linecache_is_read():
    text = "from math import sin\ndef f(x):\n    return sin(x) + 1\n"
    namespace = {}
    run_text(text, "<made>", namespace)
    assert read(namespace["f"]).first_line == 2


def test_functions_of_a_doctest_are_read():
    found = {}
    text = ">>> k = 1\n>>> def f(x):\n...     return x * k\n>>> keep(f); keep(lambda y: y - k)\n"
    space = {"keep": lambda f: found.setdefault(f.__name__, text_of(f))}
    case = doctest.DocTestParser().get_doctest(text, space, "sample", "sample", 0)
    doctest.DocTestRunner(verbose=False).run(case, out=lambda s: None)
    assert "x * k" in found["f"] and found["<lambda>"] == "y - k"


def write(path, text):
    path.write_text(text)
    return text


def load(path, monkeypatch, name):
    monkeypatch.syspath_prepend(str(path.parent))
    sys.modules.pop(name, None)
    return __import__(name)


@pytest.mark.parametrize("changed", [
    "def f(x):\n    return x * 3\n", "\n\ndef f(x):\n    return x * 2\n",
    "def g(x):\n    return x\n", "def f(x, y):\n    return x * 2\n",
    "def f(x):\n    return x.a\n", "def f(x:\n",
])
def test_a_file_that_changed_since_its_import_is_refused(tmp_path, monkeypatch, changed):
    path = tmp_path / "edited_module.py"
    write(path, "def f(x):\n    return x * 2\n")
    module = load(path, monkeypatch, "edited_module")
    assert "x * 2" in text_of(module.f)
    write(path, changed + "# longer than before\n")
    with pytest.raises(SourceError, match=r"Instead, "):
        read(module.f)


def test_annotations_kept_as_text_and_imported_names_make_no_difference(tmp_path, monkeypatch):
    path = tmp_path / "annotated_module.py"
    write(path, "from __future__ import annotations\nimport math as m\nfrom os import path\n"
                "def f(x: Missing) -> Gone:\n    '''doc'''\n    def g(y: Gone): return y\n"
                "    assert x, 'no'\n    return m.sin(x) + g(path.sep == 'x')\n")
    assert read(load(path, monkeypatch, "annotated_module").f).node.name == "f"


@pytest.mark.parametrize("target", [
    math.sin, np.sin, np.ndarray.sum, len, Model, Model(), functools.partial(decorated, 1), 3, "f",
])
def test_what_is_no_python_function_is_refused(target):
    with pytest.raises(SourceError, match=r"Instead, "):
        read(target)


def test_a_function_without_text_is_refused():
    namespace = {}
    exec("def f(x): return x", namespace)
    with pytest.raises(SourceError, match=r"no source text for f: <string>[^']*Instead, "):
        read(namespace["f"])


def test_generators_and_coroutines_are_refused_at_their_place():
    def generator(x):
        y = x
        if y:
            yield y

    async def coroutine(x):
        return x

    with pytest.raises(UnsupportedError, match=r"is a generator\. Instead, ") as error:
        read(generator)
    assert error.value.loc.line == generator.__code__.co_firstlineno + 3
    assert error.value.loc.column == 12
    with pytest.raises(UnsupportedError, match="is an async function"):
        read(coroutine)


def test_a_function_that_only_holds_a_generator_is_read():
    def f(xs):
        def inner():
            yield 1

        return sum(x for x in xs), inner

    assert read(f).node.name == "f"


def test_a_lambda_that_ends_to_the_left_of_where_it_begins_is_found_by_moving_it():
    text = "made = lambda x: (lambda y: (y\n * x))(x), lambda x: x\n"
    space = {}
    exec(compile(text, "<moved>", "exec"), space)
    found = [(n, None) for n in ast.walk(codes.syntax_tree(text)) if isinstance(n, ast.Lambda)]
    apart = codes._file_apart(text, 0)
    for function, place in zip(space["made"], (0, 1), strict=True):
        here = [f for f in found if codes._is_code_of(function.__code__, f[0], apart)]
        assert len(here) == 1
        assert here[0][0] is space_of(found, place)


def space_of(found, place):
    """The lambdas that are not inside of another one, in the order of the text."""
    outer = [n for n, _ in found if not any(n is not m and n in ast.walk(m) for m, _ in found)]
    return sorted(outer, key=lambda n: (n.lineno, n.col_offset))[place]
