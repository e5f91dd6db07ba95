"""How many values are left where repeats go: that is told by the values, and by no example."""

import numpy as np
import pytest

import s2sdiff as sd

POINT = np.array([1.0, 4.0, 2.0, 2.0, 0.5, 3.0])


def by_inverse(a):
    u, i = np.unique(a, return_inverse=True)
    return np.arange(len(u) + 1) * a[0], np.zeros(u.shape[0] + 1), u[i]


def by_counts(a):
    u, n = np.unique(a, return_counts=True)
    return np.ones(u.size + 2) * a[1], n * u, np.full(n.shape, 2.0)


def along_an_axis(a):
    u = np.unique(a.reshape(3, 2), axis=0)
    return np.arange(len(u) + 1) * a[0], u


def with_an_option(a):
    u = np.unique(a, equal_nan=False)
    return np.zeros(len(u) + 1), u * u


@pytest.mark.parametrize("f", [by_inverse, by_counts, along_an_axis, with_an_option])
def test_lengths_are_those_of_the_values(f):
    expected, direction = f(POINT), np.linspace(1.0, 2.0, 6)
    value, pullback = sd.vjp(f, POINT)
    tangents = sd.jvp(f, (POINT,), (direction,))
    assert all(map(np.array_equal, value, expected))
    assert all(map(np.array_equal, tangents[0], expected))
    # The two equal numbers move together, as that which is left of them does.
    direction[3] = direction[2]
    bars = tuple(np.cos(np.arange(v.size)).reshape(v.shape) for v in map(np.asarray, expected))
    along = (f(POINT + 1e-6 * direction), f(POINT - 1e-6 * direction))
    slope = sum(np.sum(b * (p - m)) for b, p, m in zip(bars, *along, strict=True)) / 2e-6
    for _ in range(2):
        assert np.sum(pullback(bars) * direction) == pytest.approx(slope, rel=1e-6)
