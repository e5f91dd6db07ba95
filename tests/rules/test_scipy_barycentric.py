"""Barycentric interpolators of SciPy's at their nodes, where its own code puts in constants."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import AAA, BarycentricInterpolator, FloaterHormannInterpolator

import s2sdiff as sd

NODES = np.array([0.0, 0.25, 0.4, 0.8, 1.0])
VALUES = np.sin(3 * NODES)
MAKERS = {"polynomial": BarycentricInterpolator, "rational": FloaterHormannInterpolator,
          "adaptive": AAA}


def slopes_by_differences(made, x):
    """Central ones of fourth order: around a node no point is a node."""
    h = 1e-3
    return (8 * (made(x + h) - made(x - h)) - made(x + 2 * h) + made(x - 2 * h)) / (12 * h)


@pytest.mark.parametrize("name", MAKERS)
def test_the_slope_at_a_node_is_that_of_the_interpolant(name):
    made = MAKERS[name](NODES, VALUES)
    x = np.array([0.25, 0.3, 0.8])
    expected = slopes_by_differences(made, x)

    def f(x):
        return made(x)

    value, pullback = sd.vjp(f, x)
    assert np.array_equal(value, made(x))
    seed = np.array([1.0, -2.0, 0.5])
    assert np.allclose(pullback(seed), seed * expected, rtol=1e-8)
    assert np.allclose(pullback(seed), seed * expected, rtol=1e-8)
    tangent = np.array([0.3, 1.0, -1.0])
    assert np.allclose(sd.jvp(f, (x,), (tangent,))[1], tangent * expected, rtol=1e-8)
    assert np.array_equal(x, [0.25, 0.3, 0.8])


@pytest.mark.parametrize("values", [VALUES, np.stack([VALUES, np.cos(NODES)], axis=1),
                                    VALUES * (1 + 2j)], ids=["real", "two", "complex"])
@pytest.mark.parametrize("name", ["polynomial", "rational"])
@pytest.mark.parametrize("x", [np.array(0.4), np.array([[0.4, 0.5], [1.0, 0.0]]), np.zeros(0)],
                         ids=["one", "table", "none"])
def test_values_are_bit_for_bit_those_of_scipy(name, values, x):
    made = MAKERS[name](NODES, values)
    value, pullback = sd.vjp(lambda x: made(x), x)
    assert np.array_equal(value, made(x)) and value.dtype == made(x).dtype
    ones = np.ones_like(value)
    share = pullback(ones)
    if values.ndim == 1 and values.dtype == float:
        assert np.allclose(share, slopes_by_differences(made, x))
    assert share.shape == x.shape


@pytest.mark.parametrize("name", ["polynomial", "rational"])
def test_at_a_node_the_nodes_and_the_values_have_their_slopes(name):
    def f(nodes, values):
        return np.sum(MAKERS[name](nodes, values)(np.array([0.25, 0.6])) ** 2)

    nodes_bar, values_bar = sd.grad(f, wrt=(0, 1))(NODES, VALUES)
    for i in range(len(NODES)):
        step = np.eye(len(NODES))[i] * 1e-5
        along = (f(NODES + step, VALUES) - f(NODES - step, VALUES)) / 2e-5
        assert nodes_bar[i] == pytest.approx(along, rel=1e-6, abs=1e-8)
        along = (f(NODES, VALUES + step) - f(NODES, VALUES - step)) / 2e-5
        assert values_bar[i] == pytest.approx(along, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", ["polynomial", "rational"])
def test_second_derivatives_at_a_node_are_those_of_the_slope(name):
    made = MAKERS[name](NODES, VALUES)

    def f(x):
        return float(made(x))

    slope = sd.grad(f)
    expected = (slope(0.4 + 1e-5) - slope(0.4 - 1e-5)) / 2e-5
    assert sd.grad(slope)(0.4) == pytest.approx(expected, rel=1e-6)
    assert sd.jvp(slope, (0.4,), (1.0,))[1] == pytest.approx(expected, rel=1e-6)
