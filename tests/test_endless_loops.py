"""`while True` loops whose last statement leaves them: what they bind last has no value before."""

import numpy as np
import pytest

import s2sdiff as sd


def once(a, x):
    while True:
        items = [a * x]
        r = items.pop()
        break
    return r * x


def returned(a, x):
    d = {"v": a}
    while True:
        d["v"] = d["v"] * x
        return d.pop("v")
        break


def from_before(a, x):
    r = a * 1.0
    while True:
        r = (a + x) * r
        break
    return r * x


def tried(a, x):
    while True:
        try:
            items = [a * x]
            return items.pop()
        finally:
            pass


@pytest.mark.parametrize("function", [once, returned, from_before, tried], ids=lambda f: f.__name__)
def test_its_cotangent_goes_to_the_one_round(function):
    a, x, w = np.array([0.3, -0.5, 0.7]), 1.5, np.array([1.0, 2.0, 3.0])
    slope = (function(a, x + 1e-6) - function(a, x - 1e-6)) @ w / 2e-6
    _, pullback = sd.vjp(function, a, x)
    for _ in range(2):
        assert abs(pullback(w)[1] - slope) < 1e-6
    assert abs(sd.jvp(function, (a, x), (0.0 * a, 1.0))[1] @ w - slope) < 1e-6
