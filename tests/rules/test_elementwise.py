"""NumPy's elementwise functions against finite differences, and their conventions at kinks."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from s2sdiff.rules.elementwise import bessel_ratio, sinc_slope
from tests.rules.checker import check_binary, check_rule, check_unary, draw
from tests.rules.labels import label

BOTH = (float, complex)
UNARY = [
    (np.sin, -2.0, 2.0, BOTH), (np.cos, -2.0, 2.0, BOTH), (np.tan, -1.2, 1.2, BOTH),
    (np.arctan, -2.0, 2.0, BOTH), (np.sinh, -2.0, 2.0, BOTH), (np.cosh, -2.0, 2.0, BOTH),
    (np.tanh, -2.0, 2.0, BOTH), (np.arcsinh, -2.0, 2.0, BOTH), (np.exp, -2.0, 2.0, BOTH),
    (np.exp2, -2.0, 2.0, BOTH), (np.expm1, -2.0, 2.0, BOTH), (np.square, -2.0, 2.0, BOTH),
    (np.deg2rad, -90.0, 90.0, (float,)), (np.radians, -90.0, 90.0, (float,)),
    (np.rad2deg, -2.0, 2.0, (float,)), (np.degrees, -2.0, 2.0, (float,)),
    (np.sinc, -3.0, 3.0, (float,)), (np.i0, -4.0, 4.0, (float,)), (np.frexp, 1.1, 1.9, (float,)),
    (np.modf, 1.1, 1.9, (float,)), (np.absolute, 0.2, 2.0, BOTH), (np.absolute, -2.0, -0.2, BOTH),
    (np.fabs, -2.0, -0.2, (float,)), (np.sign, 0.2, 2.0, BOTH), (np.conjugate, -2.0, 2.0, BOTH),
    (np.real, -2.0, 2.0, BOTH), (np.imag, -2.0, 2.0, BOTH), (np.angle, 0.3, 2.0, BOTH),
    (np.real_if_close, -2.0, 2.0, BOTH), (np.nan_to_num, -2.0, 2.0, BOTH),
]


@pytest.mark.parametrize(("target", "low", "high", "kinds"), UNARY, ids=label)
def test_a_function_of_one_array_agrees_with_differences(target, low, high, kinds):
    check_unary(target, low, high, kinds=kinds)


BINARY = [
    (np.logaddexp, -2.0, 2.0), (np.logaddexp2, -2.0, 2.0), (np.maximum, -2.0, 2.0),
    (np.minimum, -2.0, 2.0), (np.fmax, -2.0, 2.0), (np.fmin, -2.0, 2.0), (np.copysign, -2.0, 2.0),
    (np.heaviside, 0.5, 2.0), (np.nextafter, -2.0, 2.0),
]


@pytest.mark.parametrize(("target", "low", "high"), BINARY, ids=label)
def test_a_function_of_two_arrays_agrees_with_differences(target, low, high):
    check_binary(target, low, high)


@pytest.mark.parametrize("name", ["real", "imag"])
@pytest.mark.parametrize("kind", [float, complex])
def test_parts_of_arrays_and_numbers_agree_with_differences(name, kind):
    x = draw((2, 3), -2.0, 2.0, kind=kind)

    def part(owner, value, sign):
        rule = registry.find(getattr(owner, name))
        found, pullback = rule.function(value)
        assert np.array_equal(found, getattr(value, name))
        g = draw(np.shape(value), -1.0, 1.0, 4)
        along = draw(np.shape(value), -1.0, 1.0, 5, kind)
        expected = np.sum(g * getattr(along, name))
        assert np.isclose(np.real(np.sum(pullback(g) * along)), expected)

    part(np.ndarray, x, 1)
    part(np.generic, x[0, 0], 1)
    part(kind, kind(x[0, 0]), 1)


@pytest.mark.parametrize("kind", [float, complex])
def test_conjugation_by_methods_agrees_with_differences(kind):
    x = draw((2, 3), -2.0, 2.0, kind=kind)
    check_rule(np.ndarray.conj, x)
    check_rule(np.ndarray.conjugate, x)
    check_rule(np.generic.conj, x[0, 0])
    check_rule(kind.conjugate, kind(x[0, 0]))


def test_angles_in_degrees_agree_with_differences():
    check_rule(np.angle, draw((3,), 0.5, 2.0, kind=complex), True)


def test_ldexp_and_unwrap_agree_with_differences():
    check_rule(np.ldexp, np.array([1.5, -2.0]), np.array([[3], [-2]]))
    check_rule(np.unwrap, np.array([0.1, 6.2, 12.0, 1.0]))


def test_where_agrees_with_differences_and_sends_nothing_to_the_condition():
    condition = np.array([[True], [False]])
    check_rule(np.where, condition, draw((2, 3), -1.0, 1.0), draw((3,), -1.0, 1.0, 1))
    check_rule(np.where, condition, 1.5, draw((), -1.0, 1.0))
    check_rule(np.where, True, draw((3,), -1.0, 1.0), 2.0)
    check_rule(np.where, condition, draw((2, 3), -1.0, 1.0, kind=complex), 0.0)
    value, _ = registry.find(np.where).function(np.array([0.0, 1.0]))
    assert value[0].tolist() == [1]


@pytest.mark.parametrize("target", [np.clip, np.ndarray.clip])
@pytest.mark.parametrize("bounds", [(-0.5, 0.5), (None, 0.5), (-0.5, None), (0.5, -0.5)])
def test_clip_agrees_with_differences_for_the_array_and_both_bounds(target, bounds):
    x = np.array([[-1.0, 0.1, 0.9], [0.3, -0.2, 2.0]])
    check_rule(target, x, *bounds)
    check_rule(target, x, *[None if b is None else np.array([b, 2 * b, b]) for b in bounds])


def test_the_bounds_of_clip_may_be_keywords():
    x = np.array([-1.0, 0.1, 0.9])
    check_rule(np.ndarray.clip, x, kwargs={"min": -0.5, "max": np.array([0.2, 0.0, 0.3])})
    check_rule(np.ndarray.clip, x, kwargs={"max": 0.5})
    check_rule(np.clip, x, kwargs={"a_max": 0.5, "a_min": None})


def test_clip_at_a_bound_gives_all_to_the_bound():
    _, pullback = registry.find(np.clip).function(np.array([0.0, 1.0, 2.0]), 0.0, 2.0)
    a_bar, low_bar, high_bar = pullback(np.ones(3))[:3]
    assert a_bar.tolist() == [0.0, 1.0, 0.0] and (low_bar, high_bar) == (1.0, 1.0)


@pytest.mark.parametrize("target", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_ties_share_evenly(target):
    _, pullback = registry.find(target).function(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert [g.tolist() for g in pullback(np.ones(2))] == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("target", [np.fmax, np.fmin])
def test_a_number_wins_over_nan_in_fmax_and_fmin(target):
    _, pullback = registry.find(target).function(np.array([np.nan, 1.0]), np.array([2.0, np.nan]))
    assert [g.tolist() for g in pullback(np.ones(2))] == [[0.0, 1.0], [1.0, 0.0]]


@pytest.mark.parametrize("zero", [0.0, np.zeros(2), 0j, np.zeros(2, complex)])
def test_abs_at_zero_has_the_subgradient_zero(zero):
    _, pullback = registry.find(np.absolute).function(zero)
    assert np.all(pullback(np.ones(np.shape(zero))) == 0)


def test_heaviside_gives_the_value_at_zero_its_derivative():
    _, pullback = registry.find(np.heaviside).function(np.array([-1.0, 0.0, 2.0]), 0.5)
    assert pullback(np.ones(3))[1] == 1.0


def test_logaddexp_of_impossible_events_keeps_a_masked_zero():
    with np.errstate(invalid="ignore"):
        _, pullback = registry.find(np.logaddexp).function(-np.inf, np.array([-np.inf, 1.0]))
        x_bar, y_bar = pullback(np.array([0.0, 1.0]))
    assert x_bar == 0.0 and y_bar.tolist() == [0.0, 1.0]


@pytest.mark.parametrize("of", [np.logaddexp, np.logaddexp2])
def test_a_sum_of_impossible_events_alone_is_flat(of):
    at = -np.inf, np.array([-np.inf, 1.0])
    x_bar, y_bar = registry.find(of).function(*at)[1](np.ones(2))
    assert x_bar == 0.0 and y_bar.tolist() == [0.0, 1.0]
    found = registry.find(of.reduce).function(np.array([-np.inf, -np.inf])) if (
        of is np.logaddexp) else registry.find(of).function(-np.inf, -np.inf)
    assert not np.any(found[1](1.0)[0])


def test_a_certain_event_leaves_nothing_to_others():
    with np.errstate(invalid="ignore"):
        for rule, args in ((np.logaddexp, (1.0, np.inf)), (np.logaddexp.reduce, ([1.0, np.inf],))):
            found = registry.find(rule).function(*map(np.asarray, args))[1](np.float64(1.0))
            assert np.ravel(found[0])[0] == 0.0


def test_nan_to_num_lets_nothing_through_where_it_replaced():
    x = np.array([1.0, np.nan, np.inf])
    _, pullback = registry.find(np.nan_to_num).function(x)
    assert pullback(np.ones(3))[0].tolist() == [1.0, 0.0, 0.0]
    _, pullback = registry.find(np.nan_to_num).function(np.array([complex(1, np.nan)]))
    assert pullback(np.array([1 + 2j]))[0].tolist() == [1 + 0j]
    with pytest.raises(UnsupportedError, match="Instead, assign"):
        registry.find(np.nan_to_num).function(x, copy=False)


def test_the_slope_of_sinc_is_smooth_where_the_series_takes_over():
    x = np.array([1e-9, 0.0199999, 0.0200001])
    exact = -(np.pi**2) * x * (1 / 3 - (np.pi * x) ** 2 / 30 + (np.pi * x) ** 4 / 840)
    np.testing.assert_allclose(sinc_slope(x), exact, rtol=1e-10)
    curvature = (sinc_slope(1e-4) - sinc_slope(-1e-4)) / 2e-4
    assert abs(curvature + np.pi**2 / 3) < 1e-6


def test_the_ratio_of_bessel_functions_agrees_with_scipy():
    special = pytest.importorskip("scipy.special")
    x = np.array([-700.0, -3.0, 0.0, 1e-8, 0.5, 20.0, 700.0])
    np.testing.assert_allclose(bessel_ratio(x), special.i1e(x) / special.i0e(x), rtol=1e-13)


@pytest.mark.parametrize("target", [np.floor, np.ceil, np.rint, np.trunc, np.fix, np.round])
def test_rounding_has_no_derivative(target):
    assert registry.find(target).constant


def test_the_sign_of_a_complex_number_has_slope_0_at_0():
    _, pullback = registry.find(np.sign).function(np.array([0.0, 2.0j]))
    with np.errstate(invalid="ignore"):
        found = pullback(np.array([1.0 + 1.0j, 1.0 + 1.0j]))
    # Beside 0 only what goes round moves: sign(2j + h) is j + h / 2 for real h.
    assert np.allclose(found, [0.0, 0.5])


@pytest.mark.parametrize("f", [
    lambda t: np.arcsinh(np.exp(t)), lambda t: math.asinh(math.exp(t)),
    lambda t: np.arccosh(np.exp(t)), lambda t: math.acosh(math.exp(t)),
    lambda t: np.arctan2(np.exp(t), 2.0) + t, lambda t: np.hypot(np.exp(t), 1.0) / np.exp(t) + t,
])
def test_slopes_of_what_is_huge_are_not_those_of_an_infinite_square(f):
    for t in (3e2, 4e2, 6.5e2):
        assert sd.grad(f)(t) == pytest.approx(1.0, rel=1e-12)
        assert sd.jvp(f, (t,), (1.0,))[1] == pytest.approx(1.0, rel=1e-12)
    if "math" not in f.__code__.co_names:
        assert sd.grad(f)(np.float32(60.0)) == pytest.approx(1.0, rel=1e-5)
