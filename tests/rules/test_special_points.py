"""Powers, quotients, roots, logarithms and arcs: differences, and what happens at their poles."""

import operator
import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.rules.powers import exponent_slope, power_slope
from tests.rules.checker import check_binary, check_rule, check_unary

BOTH = (float, complex)
UNARY = [
    (np.sqrt, 0.5, 3.0, BOTH), (np.cbrt, -3.0, -0.5, (float,)), (np.log, 0.5, 3.0, BOTH),
    (np.log2, 0.5, 3.0, BOTH), (np.log10, 0.5, 3.0, BOTH), (np.log1p, -0.4, 3.0, BOTH),
    (np.arcsin, -0.8, 0.8, BOTH), (np.arccos, -0.8, 0.8, BOTH), (np.arccosh, 1.2, 3.0, BOTH),
    (np.arctanh, -0.8, 0.8, BOTH), (np.reciprocal, 0.5, 2.0, BOTH),
]


@pytest.mark.parametrize(("target", "low", "high", "kinds"), UNARY, ids=lambda v: str(v))
def test_a_function_of_one_array_agrees_with_differences(target, low, high, kinds):
    check_unary(target, low, high, kinds=kinds)


@pytest.mark.parametrize("target", [np.arccosh, np.arccos, np.arcsin, np.arctanh, np.sqrt, np.log])
def test_complex_branches_agree_with_differences_in_all_quadrants(target):
    for x in (0.7 + 0.9j, -0.7 + 0.9j, -0.7 - 0.9j, 0.7 - 0.9j):
        check_rule(target, np.array([x, 3 * x]))


BINARY = [
    (operator.truediv, BOTH), (np.divide, BOTH), (operator.pow, BOTH), (np.power, BOTH),
    (np.float_power, (float,)), (np.arctan2, (float,)), (np.hypot, (float,)),
]


@pytest.mark.parametrize(("target", "kinds"), BINARY, ids=lambda v: str(v))
def test_a_function_of_two_arrays_agrees_with_differences(target, kinds):
    check_binary(target, 0.5, 2.0, kinds=kinds)


@pytest.mark.parametrize("target", [operator.pow, np.power, np.float_power])
@pytest.mark.parametrize("p", [2, 3, 1, -1.0, -2.0, 0.5, 2.0, 2.5, 0.0])
def test_powers_with_one_exponent_agree_with_differences(target, p):
    for x in (1.3, np.array([0.4, 1.7]), np.float64(0.7)):
        check_rule(target, x, p)
    if p == int(p):
        check_rule(target, -1.3, p, wrt="x")
        check_rule(target, np.array([-0.4, 1.7]), p, wrt="x")


@pytest.mark.parametrize("target", [operator.pow, np.power])
def test_powers_of_zero_agree_with_differences_where_they_are_smooth(target):
    for p in (2, 3, 1):
        check_rule(target, 0.0, p, wrt="x")
        check_rule(target, np.zeros(2), np.full((3, 1), float(p)))


def test_a_float_to_a_fraction_gives_pythons_complex_power():
    check_rule(operator.pow, -8.0, 1 / 3)
    check_rule(operator.pow, 2, 0.5, wrt="y")


@pytest.mark.parametrize("target", [operator.pow, np.power, np.float_power])
@pytest.mark.parametrize("x", [0.0, np.zeros(2), np.float64(0.0)])
def test_zero_to_the_zero_has_derivative_zero(target, x):
    _, pullback = registry.find(target).function(x, 0.0)
    for g in pullback(np.ones(np.shape(x)) if np.ndim(x) else 1.0):
        assert g is None or np.all(g == 0)


def test_the_derivative_of_a_square_is_silent_at_zero_and_below():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for x in (0.0, -1.5, np.array([0.0, -1.5, 2.0])):
            for target in (operator.pow, np.power):
                _, pullback = registry.find(target).function(x, 2)
                assert np.array_equal(pullback(x * 0.0 + 1.0)[0], 2 * np.asarray(x))


VERTICAL = [(np.sqrt, (), 0.0), (np.cbrt, (), 0.0), (np.log, (), 0.0), (np.log1p, (), -1.0),
            (np.arcsin, (), 1.0), (np.arctanh, (), 1.0), (np.reciprocal, (), 0.0),
            (operator.pow, (0.5,), 0.0), (np.power, (-1.0,), 0.0), (np.divide, (0.0,), 1.0)]


@pytest.mark.parametrize(("target", "more", "x"), VERTICAL, ids=lambda v: str(v))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_masked_zero_stays_zero_at_a_pole_and_nothing_raises(target, more, x):
    for argument in (x, np.float64(x), np.array([x, 0.5])):
        _, pullback = registry.find(target).function(argument, *more)
        for z_bar, expected in ((0.0, 0.0), (1.0, np.inf)):
            seed = np.full(np.shape(argument), z_bar) if np.ndim(argument) else z_bar
            entries = pullback(seed)
            x_bar = entries[0] if isinstance(entries, tuple) else entries
            assert abs(np.ravel(x_bar)[0]) == expected


def test_division_by_an_array_with_zeros_keeps_masked_zeros():
    x, y = np.array([1.0, 0.0, 3.0]), np.array([0.0, 0.0, 2.0])
    with np.errstate(all="ignore"):
        _, pullback = registry.find(operator.truediv).function(x, y)
        x_bar, y_bar = pullback(np.array([0.0, 0.0, 1.0]))
    assert x_bar.tolist() == [0.0, 0.0, 0.5] and y_bar.tolist() == [0.0, 0.0, -0.75]


def test_hypot_at_the_origin_has_the_subgradient_zero():
    for zero in (0.0, np.zeros(2)):
        _, pullback = registry.find(np.hypot).function(zero, zero)
        assert all(np.all(g == 0) for g in pullback(np.ones(np.shape(zero))))


def test_arcs_near_their_ends_keep_their_digits():
    x = 1 - 2.0**-40
    _, pullback = registry.find(np.arcsin).function(x)
    assert pullback(1.0) == pytest.approx(2.0**20 / np.sqrt(2 - 2.0**-40), rel=1e-15)


def test_the_slopes_of_a_power_are_themselves_differentiable():
    check_rule(power_slope, np.array([0.5, 2.0]), np.array([[0.5], [3.0], [1.0]]))


def test_the_exponents_derivative_is_zero_at_zero_nan_below_and_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert exponent_slope(0.0, 2.0, 0.0) == 0.0
        assert np.isnan(exponent_slope(-2.0, 2.0, 4.0))
        slopes = exponent_slope(np.array([0.0, -2.0, 1.0]), 2.0, np.array([0.0, 4.0, 1.0]))
    assert slopes[0] == 0.0 and np.isnan(slopes[1]) and slopes[2] == 0.0


@pytest.mark.parametrize(("root", "x"), [
    (np.sqrt, 0.0), (np.cbrt, 0.0), (np.arcsin, 1.0), (np.arccos, -1.0), (np.arccosh, 1.0),
    (lambda x: x**0.5, 0.0), (lambda x: np.power(x, 0.25), 0.0),
])
def test_a_weight_of_zero_keeps_a_vertical_tangent_out(root, x):
    def weighed(x, w):
        return np.sum(w * root(x))

    points = np.array([x, 1.5 if root is np.arccosh else 0.5])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for dtype in (np.float64, np.float32):
            weights = np.array([0.0, 2.0], dtype)
            gradient = sd.grad(weighed)(points.astype(dtype), weights)
            assert gradient.dtype == dtype
            assert gradient[0] == 0.0
            slope = (root(points[1] + 1e-6) - root(points[1] - 1e-6)) / 1e-6
            assert abs(gradient[1] - slope) < 1e-4 * abs(slope)
            # A weight that counts meets the infinite slope.
            weights[0] = 1.0
            assert abs(sd.grad(weighed)(points.astype(dtype), weights)[0]) == np.inf


UNUSED = {
    "sqrt": lambda x: np.where(x > 0, np.sqrt(x), 0.0),
    "a root": lambda x: np.where(x > 0, x**0.5, x**2),
    "more than a root": lambda x: np.where(x > 0, x**1.5, 0.0),
    "np.power": lambda x: np.where(x > 0, np.power(x, 0.25), x),
    "log": lambda x: np.where(x > 0, np.log(x), x),
    "arcsin": lambda x: np.where(abs(x) < 1, np.arcsin(x), x),
    "arccos": lambda x: np.where(abs(x) < 1, np.arccos(x), x),
    "arccosh": lambda x: np.where(x > 1, np.arccosh(x), x),
    "arctanh": lambda x: np.where(abs(x) < 1, np.arctanh(x), x),
    "a product": lambda x: np.where(x > 0, np.sqrt(x), 0.0) * x,
}


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("name", UNUSED)
def test_what_is_undefined_on_the_unused_side_turns_nothing_into_nan(name):
    f = UNUSED[name]
    for x in (np.array([0.5, -1.25, 2.0]), np.float64(-1.25), np.float64(0.5), np.array(2.0)):
        expected = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
        gradient = sd.vjp(f, x)[1](np.ones_like(f(x)))
        np.testing.assert_allclose(gradient, expected, rtol=1e-6)
