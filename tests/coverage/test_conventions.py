"""What docs/conventions.md says is what happens."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd
from tests.coverage import conventions
from tests.coverage.judge import libraries
from tests.from_text import run_text
from tests.rules.four_ways import second_ways

pytest.importorskip("scipy", reason="the samples of SciPy's functions need it")


def function_of(row, number):
    text = f"def f({', '.join(row.given)}):\n    return {row.expression}\n"
    file = f"<convention {number}>"
    scope = dict(libraries())
    run_text(text, file, scope)
    return scope["f"]


@pytest.mark.parametrize("number", range(len(conventions.ROWS)),
                         ids=lambda n: conventions.ROWS[n].expression)
def test_the_gradient_is_what_the_table_says(number):
    row = conventions.ROWS[number]
    args = [np.array(v) if isinstance(v, list) else v for v in row.given.values()]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        value, pullback = sd.vjp(function_of(row, number), *args)
        entries = pullback(np.ones_like(value) if isinstance(value, np.ndarray) else type(value)(1))
    entries = entries if len(args) > 1 else (entries,)
    for entry, expected, arg in zip(entries, row.expected, args, strict=True):
        if expected is None:
            assert entry is None
            continue
        assert type(entry) is type(arg)
        assert getattr(entry, "dtype", None) == getattr(arg, "dtype", None)
        np.testing.assert_allclose(entry, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("number", range(len(conventions.TANGENTS)),
                         ids=lambda n: conventions.TANGENTS[n][0])
def test_the_tangent_is_what_the_table_says(number):
    expression, x, along, expected, _ = conventions.TANGENTS[number]
    row = conventions.Row("", expression, {"x": x}, ())
    x, along = (np.array(v) if isinstance(v, list) else v for v in (x, along))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        dot = sd.jvp(function_of(row, f"tangent {number}"), (x,), (along,))[1]
    np.testing.assert_allclose(dot, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("number", range(len(conventions.BENDS)),
                         ids=lambda n: conventions.BENDS[n][0])
def test_the_second_derivative_is_what_the_table_says(number):
    expression, x, expected, _ = conventions.BENDS[number]
    function = function_of(conventions.Row("", expression, {"x": x}, ()), f"bend {number}")
    for way, found in second_ways(function, (x,), 0, 0).items():
        np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=way)


def test_the_page_is_printed_from_the_table():
    assert conventions.PAGE.read_text("utf-8") == conventions.page()
