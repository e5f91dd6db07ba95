"""Methods of arrays and containers that are taken as values give parts of what they are of."""

import numpy as np
import pytest

import s2sdiff as sd


def by_a_name(a, x):
    a = a * 1.0
    view = a.view
    d = view()
    d[2] *= x
    return a.sum() * x


def by_getattr(a, x):
    a = a * 1.0
    d = getattr(a, "ravel" if x > 0.0 else "copy")()
    d[2] *= x
    getattr(a, "reshape")(3, 1)[1] = x * x
    return a.sum() * x


def in_a_list(a, x):
    a = a * 1.0
    for method in [a.view, a.ravel]:
        method()[0] *= x
    return a.sum() * x


def of_a_list(a, x):
    rows = [a * 1.0, a * x]
    take = rows.__getitem__
    take(0)[2] *= x
    return (rows[0] * rows[1]).sum()


@pytest.mark.parametrize("function", [by_a_name, by_getattr, in_a_list, of_a_list],
                         ids=lambda f: f.__name__)
def test_writes_through_them_are_seen(function):
    a, x = np.array([0.5, -1.2, 2.0]), 1.3
    slope = (function(a, x + 1e-6) - function(a, x - 1e-6)) / 2e-6
    _, pullback = sd.vjp(function, a, x)
    for _ in range(2):
        assert abs(pullback(1.0)[1] - slope) < 1e-6
    assert abs(sd.grad(function, wrt=1)(a, x) - slope) < 1e-6
    assert abs(sd.jvp(function, (a, x), (0.0 * a, 1.0))[1] - slope) < 1e-6
