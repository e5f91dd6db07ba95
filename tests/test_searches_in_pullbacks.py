"""Pullbacks in which a look at what is kept would name what is not bound on the path taken."""

import math
from functools import partial

import numpy as np
import pytest

import s2sdiff as sd

integrate = pytest.importorskip("scipy.integrate", reason="SciPy is an extra")
optimize = pytest.importorskip("scipy.optimize", reason="SciPy is an extra")


class Rising:
    def __init__(self, k):
        self.k = k

    def of(self, t, up=0.1):
        return self.k * t + up


def final(f, y):
    return integrate.solve_ivp(f, (0, 0.5), y, rtol=1e-10).y[:, -1]


def returns_early(x, y):
    if y > 0.2:
        return math.tanh(x * y) * y
    laws = {"a": partial(Rising(x).of, up=y)}
    s = x
    for _ in range(0):
        s = 0.4 * s + 0.2 * final(lambda t, at: [-0.3 * laws["a"](at[0]) + s], [y])[0]
        s += 0.1 * optimize.minimize(lambda z: 0.5 * np.sum((z - s) ** 2) + y * np.sum(z),
                                     np.zeros(2), jac=lambda z: z - s + y, tol=1e-12).x[0]
    return x + math.sin(y * s)


@pytest.mark.parametrize("y", [0.4, 0.1])
def test_what_is_not_bound_is_not_looked_at(y):
    x, h, f = 0.3, 1e-6, returns_early
    value, differential = sd.linearize(f, x, y)
    assert value == f(x, y)
    for _ in range(2):
        assert differential(1.0, 0.5) == pytest.approx(
            (f(x + h, y + 0.5 * h) - f(x - h, y - 0.5 * h)) / (2 * h), rel=1e-6)
