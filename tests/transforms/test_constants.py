"""Slices and tuples of literals are literals, each where it stands."""

import numpy as np

from s2sdiff.ir import Bind, Const, walk
from tests.transforms.programs import agrees, body, stages

A = np.arange(12.0).reshape(3, 4) + 0.5


def test_an_index_of_literals_is_one_atom():
    def f(a):
        return np.sum(a[0, 1:])

    made = stages(f, A)["constants"]
    assert any(Const((0, slice(1, None))) in s.args for s in walk(made.body) if isinstance(s, Bind))
    assert body(f, A, stage="constants")[0].endswith("a[0, 1:]")


def test_indices_with_variables_in_them_stay():
    def f(a, n):
        return np.sum(a[n, n:]) + np.sum(a[:, n]) * np.sum(a[::-1, None][..., 0])

    agrees(f, A, 1)


def test_a_slice_in_a_variable_serves_twice():
    def f(a):
        s = slice(0, 2)
        t = (0, s)
        return np.sum(a[s]) * np.sum(a[t])

    agrees(f, A)


def test_negative_zero_and_true_stay_different_from_zero_and_one():
    def f(x):
        t = (0.0, -0.0, 1, True, 1.0)
        return x * float(np.copysign(1.0, t[1])) + x * (t[3] is True)

    assert agrees(f, 2.0) == [0.0]


def test_arithmetic_of_literals_is_done_once():
    def f(x):
        h = 0.1
        for _ in range(3):
            x = x + h / 2 * x - (2 - 3) * 0.5
        return x * (1 / 0 if x < 0 else 1e308 * 10)

    text = "\n".join(body(f, 2.0, stage="constants"))
    assert "0.05" in text and "0.1 / 2" not in text
    assert "1 / 0" in text and "1e+308 * 10" in text

    def g(x):
        h = 0.1
        for _ in range(3):
            x = x + h / 2 * x - (2 - 3) * 0.5
        return x

    agrees(g, 2.0)
