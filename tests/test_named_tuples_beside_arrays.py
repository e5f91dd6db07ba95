"""NumPy makes an array of a named tuple that stands beside an array, and asks its class nothing."""

from typing import NamedTuple

import numpy as np
import pytest

import s2sdiff as sd


class Loads(NamedTuple):
    shear: float
    moment: float

    def turned(self, k):
        return Loads(k * self.moment, self.shear * self.shear)


class Adding(NamedTuple):
    shear: float
    moment: float

    def __add__(self, other):
        return self.shear * np.asarray(other) + self.moment

    def __radd__(self, other):
        raise AssertionError("an array does not ask")


def added_in_place(x):
    total = np.zeros(2)
    total += Loads(x[0], x[1] * x[1])
    return np.sum(total * total)


def given_by_a_function(x):
    total = np.zeros(2)
    for k in range(3):
        total += Loads(x[k % 2], k * x[1]).turned(0.5)
    return np.sum(total * total)


def on_both_sides(x):
    loads = Loads(x[0] * x[0], 3.0 * x[1])
    return np.sum(np.array([1.0, 2.0]) * loads - loads / x) + np.array([2.0, 1.0]) @ loads


def of_rows(x):
    return np.sum(np.outer(x, x) - Loads(x * x, np.sin(x)))


def with_operators_of_its_own(x):
    pair = Adding(x[0], x[1] * x[1])
    return np.sum((x + pair) ** 2) + np.sum(pair + x)


@pytest.mark.parametrize("f", [added_in_place, given_by_a_function, on_both_sides, of_rows,
                               with_operators_of_its_own], ids=lambda f: f.__name__)
def test_both_modes_are_right(f):
    x = np.array([0.7, -0.4])
    slopes = [(f(x + 1e-6 * e) - f(x - 1e-6 * e)) / 2e-6 for e in np.eye(2)]
    value, pullback = sd.vjp(f, x)
    assert value == pytest.approx(f(x), rel=1e-14)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slopes, rtol=1e-6)
    dot = sd.jvp(f, (x,), (np.array([0.3, 1.1]),))[1]
    np.testing.assert_allclose(dot, np.dot(slopes, [0.3, 1.1]), rtol=1e-6)


def test_two_of_them_are_joined_as_tuples_are():
    def f(x):
        joined = Loads(x[0], x[1]) + Loads(x[1], x[0] * x[1])
        return joined[0] * joined[3] + len(joined)

    sd.check_grads(f, (np.array([0.7, -0.4]),))
