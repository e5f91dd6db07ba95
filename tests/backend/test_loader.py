"""Generated functions live where the original lives, and their text can be seen."""

import gc
import inspect
import linecache
import traceback

import pytest

from s2sdiff.backend.loader import bind, load
from s2sdiff.backend.printer import Printed

SCALE = 2.0


def make(factor):
    def original(x, power=factor):
        return SCALE * factor * x**power

    return original


def printed(*lines, **cells):
    return Printed("\n".join(lines) + "\n", cells, ())


TEXT = printed(
    "# header",
    "def original_vjp(x, power=power_default):",
    "    value = SCALE * factor * x**power",
    "",
    "    def pullback(g):",
    "        return helper(g * factor)",
    "",
    "    return value, pullback",
    helper=float, power_default=None,
)


def test_globals_cells_and_defaults_are_the_originals_own(monkeypatch):
    original = make(3.0)
    ours = load(TEXT, "original_vjp", original)
    value, pullback = ours(2.0)
    assert value == original(2.0) == 48.0
    assert pullback(1) == 3.0
    assert ours.__globals__ is original.__globals__
    assert ours.__module__ == __name__
    assert ours.__qualname__ == "make.<locals>.original_vjp"
    monkeypatch.setitem(globals(), "SCALE", 1.0)
    original.__closure__[0].cell_contents = 5.0
    assert ours(2.0)[0] == original(2.0) == 5.0 * 8


def test_the_same_code_serves_another_closure():
    ours = load(TEXT, "original_vjp", make(3.0))
    other = make(1.0)
    bound = bind(ours, other)
    assert bound.__code__ is ours.__code__
    assert bound(5.0)[0] == other(5.0) == 10.0
    assert bound(5.0)[1](4) == 4.0
    assert ours(2.0)[0] == 48.0


def test_keyword_defaults_follow_the_function_that_code_is_bound_to():
    def maker(step):
        def f(x, *, k=step):
            return x + k

        return f

    keyworded = printed("def f(x, *, k=k_default):", "    return x + k", k_default=0)
    ours = load(keyworded, "f", maker(1))
    assert ours(1) == 2
    assert bind(ours, maker(7))(1) == 8


def test_the_text_is_seen_by_inspect_and_in_tracebacks():
    ours = load(printed("# of f", "def f(x):", "    return 1 / x"), "f", None, "f_vjp")
    assert inspect.getsource(ours) == "def f(x):\n    return 1 / x\n"
    linecache.checkcache()
    with pytest.raises(ZeroDivisionError) as caught:
        ours(0)
    shown = "".join(traceback.format_exception(caught.value))
    assert f'File "{ours.__code__.co_filename}", line 3' in shown
    assert "return 1 / x" in shown
    assert ours.__code__.co_filename.startswith("<s2sdiff f_vjp ")


def test_the_text_is_kept_exactly_as_long_as_some_of_its_code():
    first = load(TEXT, "original_vjp", make(1.0))
    second = load(TEXT, "original_vjp", make(2.0))
    filename = first.__code__.co_filename
    pullback = second(1.0)[1]
    assert second.__code__.co_filename == filename
    del first, second
    gc.collect()
    assert filename in linecache.cache
    del pullback
    gc.collect()
    assert filename not in linecache.cache


def test_different_texts_have_different_files():
    ours = [load(printed("def f(x):", f"    return {i}"), "f", None) for i in range(300)]
    assert len({f.__code__.co_filename for f in ours}) == 300
    assert [f(0) for f in ours] == list(range(300))


def test_nested_functions_have_no_trace_of_how_they_were_made():
    ours = load(TEXT, "original_vjp", make(3.0))
    pullback = ours(1.0)[1]
    assert pullback.__name__ == "pullback"
    assert "factory" not in ours.__qualname__
