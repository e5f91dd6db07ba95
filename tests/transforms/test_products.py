"""Constant factors of backward code are gathered; the user's values are not touched."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees

X = np.array([0.5, -1.25, 2.0])
M = np.array([[0.5, -1.0, 2.0], [1.0, 3.0, -0.25]])


@pytest.mark.parametrize("function", [
    lambda x: np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2),
    lambda x: np.sum(0.5 * (0.25 * (x * -3.0))),
    lambda x: np.sum(-(2.0 * -(x * x))),
    lambda x: np.sum(1e200 * (1e-200 * x) * (1e200 * (1e-180 * x))) * 1e-20,
    lambda x: np.sum(np.outer(3.0 * x, 2.0 * x) * 0.5),
    lambda x: np.sum(0.1 * x) * np.sum(x * x),
    lambda x: np.sum((2.0 * x)[:, None] * (3.0 * x)),
    lambda x: np.sum(x / 4.0 - 3.0 / x),
    lambda x: np.sum((x * x)[None, :] / x[:, None]),
    lambda x: 2.0 * x[0] - 2.0 * (3.0 * x[1]) * x[2] - -x[2],
])
def test_gathered_factors_change_no_derivative(function):
    agrees(function, X)


@pytest.mark.parametrize("function", [
    lambda m: np.sum(np.expand_dims(m, 1) * np.expand_dims(m, 0) - np.sum(m, axis=0)),
    lambda m: np.sum((m @ m.T) * m[:, None, :2]),
    lambda m: np.sum((m[:, None, :] - m[None]) ** 2),
    lambda m: np.sum(np.sin(m - m.mean(axis=1)[:, None])),
    lambda m: np.sum(np.squeeze(np.expand_dims(m, (0, 2)))),
    lambda m: np.sum(np.expand_dims(m, -1) * np.expand_dims(m, 1)),
])
def test_axes_that_come_and_go(function):
    agrees(function, M)
    agrees(function, M[:1])
    agrees(function, M[:, :1])


def test_a_factor_is_multiplied_once():
    def valley(x: np.ndarray):
        return np.sum(50.0 * (x * x))

    assert sd.source(valley, mode="grad").count("*") <= 4
    np.testing.assert_allclose(sd.grad(valley)(X), 100.0 * X, rtol=1e-15)


def test_a_value_is_never_rounded_anew():
    def f(x):
        return 0.1 * (0.2 * x) + -(0.3 * x)

    for x in np.random.default_rng(1).normal(size=50).tolist():
        assert sd.vjp(f, x)[0] == f(x)


def test_a_quotient_by_zero_lets_nothing_through_where_nothing_comes():
    def f(x, y):
        return np.sum(np.where(y > 0, x / y, 0.0))

    x, y = np.array([1.0, 2.0, 0.0]), np.array([2.0, 0.0, 0.0])
    with np.errstate(all="ignore"):
        x_bar, y_bar = sd.grad(f, wrt=(0, 1))(x, y)
    np.testing.assert_array_equal(x_bar, [0.5, 0.0, 0.0])
    np.testing.assert_array_equal(y_bar, [-0.25, 0.0, 0.0])


def test_single_precision_stays():
    x = X.astype(np.float32)
    for f in (lambda x: np.sum(100.0 * (2.0 * x) ** 2), lambda x: np.sum(x * x * x / (x + 9.0))):
        assert sd.grad(f)(x).dtype == np.float32


def test_the_slope_of_a_cube_of_a_float_is_no_power():
    def f(x):
        return x ** 3

    for mode in ("grad", "jvp"):
        assert "x ** 2" not in sd.source(f, mode, args=(2.0,))
    assert sd.grad(f)(0.7) == pytest.approx(3 * 0.7 ** 2, rel=1e-15)
    assert sd.jvp(f, (0.7,), (2.0,))[1] == pytest.approx(6 * 0.7 ** 2, rel=1e-15)
    assert "x ** 2" in sd.source(f, "grad", args=(X,))  # NumPy's power of arrays knows squares


@pytest.mark.parametrize("function", [
    lambda m: np.sum(np.sin(np.transpose(m)) * OUTSIDE),
    lambda m: np.sum(OUTSIDE * np.exp(m.T)),
    lambda m: np.sum((OUTSIDE * m.T).T * m),
    lambda m: np.sum(np.einsum("ij,jk->ki", m, SQUARE) ** 2 * OUTSIDE),
])
def test_products_with_what_lies_outside_are_transposed_by_factors(function):
    agrees(function, M)
    sd.check_grads(function, (M,), order=2)
    # In one run with the value, whose cotangent is known to be 1.
    value, pullback = sd.vjp(function, M)
    np.testing.assert_allclose(sd.grad(function)(M), pullback(1.0), rtol=1e-14)


OUTSIDE = np.array([[1.0, -0.5], [0.25, 2.0], [-3.0, 1.5]])
SQUARE = np.array([[0.5, 1.0, -2.0], [0.0, 1.5, 0.25], [1.0, -1.0, 2.0]])
