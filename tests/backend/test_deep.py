"""Code that is nested deeper than Python's own text may be."""

import ast
import math
import traceback

import pytest

import s2sdiff as sd
from s2sdiff.backend.deep import parsed
from tests.from_text import run_text


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


def made(text, name):
    space = {"math": math, "__name__": name}
    run_text(text, name, space)
    return space["f"]


def alternatives(count):
    text = "def f(x, k):\n    if k == 0:\n        y = x\n"
    for i in range(1, count):
        text += f"    elif k == {i}:\n        y = x * {float(i)} + math.sin(x)\n"
    return made(text + "    else:\n        raise ValueError(k)\n    return y * y\n",
                f"<{count} alternatives>")


def attempted(count):
    text = "def f(x, log):\n    y = x\n    try:\n"
    for i in range(count):
        text += f"        y = y / (1.0 + x) + {i}.0\n        log.append(y)\n"
    text += "        y = y / (x - 0.7)\n    except ZeroDivisionError:\n        y = x * x\n"
    return made(text + "    return y * x + log[3] * log[-1]\n", f"<{count} steps>")


@pytest.mark.parametrize("k", [0, 1, 90, 129])
def test_a_long_chain_of_alternatives_has_a_derivative(k):
    f = alternatives(130)
    assert sd.grad(f)(0.7, k) == pytest.approx(slope(lambda x: f(x, k), 0.7), rel=1e-6)


def test_an_error_in_its_depth_is_shown_at_its_line():
    f = alternatives(130)
    with pytest.raises(ValueError, match="131") as caught:
        sd.vjp(f, 0.7, 131)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.name == "f_vjp"
    assert "raise" in last.line


def test_a_long_body_of_try_that_writes_has_a_derivative():
    f = attempted(90)
    assert sd.grad(lambda x: f(x, []))(0.6) == pytest.approx(
        slope(lambda x: f(x, []), 0.6), rel=1e-6)


def test_lines_and_columns_are_those_of_the_text():
    margins = [(n, 4 * n * " ") for n in range(190)]
    text = "".join(f"{margin}if x{n}:\n" for n, margin in margins) + 760 * " " + "y = x\n"
    text += "".join(f"{margin}else:\n{margin}    z{n} = 1\n" for n, margin in reversed(margins))
    tree = parsed(text)
    lines = text.split("\n")
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name)]
    assert len(names) == 190 + 2 + 190
    for n in names:
        assert lines[n.lineno - 1][n.col_offset:n.end_col_offset] == n.id
