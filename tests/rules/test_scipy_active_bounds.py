"""Searches that end on bounds, or near the ones that keep them from going on."""

from typing import Any

import numpy as np
import pytest
from scipy import optimize

import s2sdiff as sd
from tests.rules.whole import check_both, check_value

TIMES = np.linspace(0.0, 1.0, 6)
DATA = np.exp(0.5 * TIMES) + 0.1 * np.sin(9 * TIMES)
START = np.array([0.5, 0.3])
EXACTLY: Any = {"xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}


def bowl(x, a):
    return (x[0] - a) ** 2 + 2 * (x[1] - a * a) ** 2 + 0.3 * x[0] * x[1]


def least(method, what):
    def f(a, b):
        return getattr(optimize.minimize(bowl, START, (a,), method, tol=1e-12,
                                         bounds=[(None, b), (0.0, None)]), what)

    return f


def misses(p, y):
    return p[0] * np.exp(p[1] * TIMES) - y


def between(low: Any, high: Any) -> Any:
    return optimize.Bounds(low, high)


def least_of_one(f, bounds) -> Any:
    return optimize.minimize_scalar(f, bounds=bounds)


CASES = {
    **{f"{what} by {method}": (least(method, what), 2e-4) for what in ("x", "fun")
       for method in ("trust-constr", "Nelder-Mead", "Powell", "L-BFGS-B", "SLSQP")},
    "Bounds": (lambda a, b: optimize.minimize(
        bowl, START, (a,), bounds=optimize.Bounds(-1.0, b), tol=1e-12).x, 2e-4),
    "Bounds of arrays": (lambda a, b: optimize.minimize(
        bowl, START, (a,), bounds=between(np.array([-1.0, b]), np.array([b, 3.0])),
        tol=1e-12).x, 2e-4),
    "least_squares": (lambda a, b: optimize.least_squares(
        misses, START, bounds=([-1.0, -1.0], [b, 2.0]), args=(a * DATA,), **EXACTLY).x, 2e-4),
    "curve_fit": (lambda a, b: optimize.curve_fit(
        lambda t, p, q: p * np.exp(q * t), TIMES, a * DATA, bounds=([-1.0, -1.0], [b, 2.0]),
        **EXACTLY)[0], 2e-4),
    "minimize_scalar": (lambda a, b: least_of_one(lambda x: -a * x, (-1.0, b)).x, 1e-6),
    "least value at an end": (lambda a, b: least_of_one(lambda x: a * x, (b, 3.0)).fun, 1e-4),
    "fmin_l_bfgs_b": (lambda a, b: optimize.fmin_l_bfgs_b(
        lambda x: np.sum((x - a) ** 2), START, approx_grad=True, bounds=[(0, b), (0, None)])[0],
        1e-4),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_bound_holds_moves_with_the_bound(name):
    f, tolerance = CASES[name]
    args, h = (0.8, 0.6), 1e-4
    check_value(f, *args)
    for i in range(2):
        high, low = ([x + s * h * (k == i) for k, x in enumerate(args)] for s in (1, -1))
        expected = (f(*high) - f(*low)) / (2 * h)
        tangent = sd.jvp(f, args, tuple([float(k == i) for k in range(2)]))[1]
        np.testing.assert_allclose(tangent, expected, tolerance, 10 * tolerance)
        weights = np.arange(1.0, np.size(expected) + 1.0)
        pulled = sd.vjp(f, *args)[1](weights if np.ndim(expected) else 1.0)[i]
        np.testing.assert_allclose(pulled, weights @ np.atleast_1d(expected), tolerance,
                                   20 * tolerance)


def test_a_function_that_gives_an_array_of_one_number_has_a_least_value_without_axes():
    check_value(lambda a: optimize.minimize(lambda x: (x - a) ** 2, np.array([0.5])).fun, 0.8)


@pytest.mark.parametrize("increasing", [True, False])
@pytest.mark.parametrize("what", ["x", "weights"])
def test_isotonic_regression_moves_with_data_and_weights(increasing, what):
    def f(y, w):
        return getattr(optimize.isotonic_regression(y, weights=w, increasing=increasing), what)

    y = np.array([1.0, 3.0, 2.0, 4.0, 3.5, 5.0])
    check_both(f, y, np.array([1.0, 2.0, 1.0, 1.0, 3.0, 1.0]))
    check_both(lambda y: optimize.isotonic_regression(y, increasing=increasing).x, y)
