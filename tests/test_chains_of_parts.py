"""`itertools.chain` of displays, generators, maps and short lists: nothing is left out."""

import itertools
import math
from itertools import chain

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text


def squares(t):
    yield t * t
    yield t * 2.0


PARTS = {
    "a list": "[x]", "a tuple": "(x, y)", "a generator": "squares(x)",
    "an expression": "(t * x for t in v)", "a map": "map(lambda t: t + y, v)", "an argument": "v",
    "a slice": "v[1:]", "a comprehension": "[t * y for t in v]",
}
TAKEN = {
    "sum": "sum({c})", "list": "list({c})[-1] * sum(list({c}))", "fsum": "math.fsum({c})",
    "comprehension": "sum([q * x for q in {c}])", "sorted": "sorted({c})[1]",
    "a name": "sum(c)", "a loop": "r", "a tuple": "tuple({c})[0] * y",
}


def made(parts, taken):
    c = f"chain({', '.join(PARTS[p] for p in parts)})"
    before = {"a name": [f"c = {c}"], "a loop": ["r = 0.0", f"for q in {c}: r = r * 0.9 + q"]}
    lines = ["def f(x, y, v):", *before.get(taken, []), "return " + TAKEN[taken].format(c=c)]
    scope = {"chain": chain, "math": math, "squares": squares}
    return run_text("\n    ".join(lines) + "\n", f"<chained: {parts}, {taken}>", scope)["f"]


def check(f, x, y, v):
    h = 1e-6
    of_x = (f(x + h, y, v) - f(x - h, y, v)) / (2 * h)
    of_y = (f(x, y + h, v) - f(x, y - h, v)) / (2 * h)
    of_v = [(f(x, y, [t + h * (i == j) for j, t in enumerate(v)]) -
             f(x, y, [t - h * (i == j) for j, t in enumerate(v)])) / (2 * h) for i in range(len(v))]
    value, pullback = sd.vjp(f, x, y, v)
    assert value == pytest.approx(f(x, y, v))
    for _ in range(2):
        x_bar, y_bar, v_bar = pullback(1.0)
        assert (x_bar, y_bar) == pytest.approx((of_x, of_y), rel=1e-6, abs=1e-8)
        np.testing.assert_allclose(v_bar, of_v, rtol=1e-6, atol=1e-8)
    try:
        value, dot = sd.jvp(f, (x, y, v), (0.3, -0.7, [0.2] * len(v)))
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
        return
    assert value == pytest.approx(f(x, y, v))
    assert dot == pytest.approx(0.3 * of_x - 0.7 * of_y + 0.2 * sum(of_v), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("taken", TAKEN)
def test_each_part_of_a_chain_is_there(taken):
    for parts in itertools.product(PARTS, repeat=2):
        try:
            check(made(parts, taken), 0.7, 1.3, [1.15, 2.3])
        except sd.UnsupportedError as error:
            assert "Instead, " in str(error), parts


def test_three_parts_and_two_chains():
    def f(x, y, v):
        return sum(chain([x], squares(x), [y])) * sum(chain(v, squares(y), [x, y], squares(x)))

    check(f, 0.7, 1.3, [1.0, 2.0])


def test_list_that_two_loops_fill():
    def f(x, y, v):
        rows = []
        for t in (x, y):
            rows.append(t * x)
        for t in v:
            rows.append(t * y)
        return sum(rows) * rows[0]

    check(f, 0.7, 1.3, [1.0, 2.0])
