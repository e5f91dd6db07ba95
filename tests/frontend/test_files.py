"""A function is read from its outermost statement, as from the whole file; names files rebind."""

from __future__ import annotations

import argparse
import ast
import linecache
import locale
import random
import statistics
import types

import pytest
from numpy.polynomial import polynomial

from s2sdiff.errors import SourceError
from s2sdiff.frontend import files, source
from tests.from_text import run_text


def functions(module):
    owners = [module, *[v for v in vars(module).values() if isinstance(v, type)]]
    found = [v for o in owners for v in vars(o).values() if isinstance(v, types.FunctionType)]
    return [f for f in found if f.__module__ == module.__name__]


def entered(text, name):
    space = {}
    run_text(text, name, space)
    return space


@pytest.mark.parametrize("module", [argparse, locale, polynomial, random, statistics],
                         ids=lambda m: m.__name__)
def test_what_is_found_in_a_block_is_what_is_found_in_the_whole_file(module):
    found = 0
    for f in functions(module):
        file = files.file_of(f)
        inside = source._in_block(f, file)
        if inside is not None:
            node, private = source._in_file(f, file)
            assert ast.dump(inside[0], include_attributes=True) == \
                ast.dump(node, include_attributes=True) and inside[1] == private
            found += 1
    assert found > 0.8 * len(functions(module)) > 0


def test_text_at_the_margin_inside_of_a_string_ends_no_function():
    text = 'X = 1\ndef f(x):\n    s = """a\ndef g(): b\n"""\n    return len(s) * x\n'
    space = entered(text, "<m>")
    assert source.read(space["f"]).node.end_lineno == 6


def test_a_function_that_only_a_string_holds_is_not_taken_for_the_one_that_ran():
    text = 'def f(x):\n    return x\n"""\ndef f(x):\n    return x + 1\n"""\n'
    f = entered(text, "<n>")["f"]
    moved = f.__code__.replace(co_firstlineno=4)
    with pytest.raises(SourceError, match="not what was compiled"):
        source.read(types.FunctionType(moved, {}))


def test_another_broken_function_of_a_file_does_not_matter():
    space = entered("def g(x):\n    return x\n\ndef f(x):\n    return 2 * x\n", "<p>")
    text = "def g(x:\n    return x\n\ndef f(x):\n    return 2 * x\n"
    linecache.cache["<p>"] = len(text), None, text.splitlines(True), "<p>"
    assert source.read(space["f"]).first_line == 4
    with pytest.raises(SourceError):
        source.read(space["g"])


@pytest.mark.parametrize(("text", "names"), [
    ("def f():\n    global a, b  # c\n", {"a", "b"}),
    ("def f():\n    if 1: global a; b = 1\n", {"a"}),
    ("def f():\n    global a, \\\n        b\n    c = 1\n", {"a", "b"}),
    ("def f():\n    a = 1\n    def g():\n        nonlocal a\n", {"a"}),
    ("def f():\n    global a\r\n    global b\r\n", {"a", "b"}),
    ("def f():\n    '''\n    global minima of a, b\n    '''\n", set()),
    ("is_global = 'global x'\nglobally = is_global\n", set()),
])
def test_the_names_that_a_file_rebinds_are_those_of_its_declarations(text, names):
    assert files._rebindable(text) == names


def test_names_that_a_file_imports_are_found_outside_of_functions():
    text = ("import os.path, math as m\nfrom a import (b,  # c\n    d as e)\n"
            "try:\n    import f\nexcept ImportError:\n    f = None\ndef g():\n    import h\n")
    lines = text.split("\n")
    assert files._imports(text, lines, files._openings(lines)) == "import os, m, b, e, f"
