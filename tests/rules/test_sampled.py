"""Interpolation, convolution and correlation against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw
from tests.rules.second import WAYS, second_derivatives

KNOTS = np.array([0.0, 0.4, 1.1, 1.3])


@pytest.mark.parametrize("kind", [float, complex])
def test_interpolation_agrees_with_differences_inside_and_outside(kind):
    values = draw((4,), -1.0, 1.0, 3, kind)
    for x in (0.7, np.array([0.1, 0.3, 1.2]), np.array([[0.5], [-0.4], [1.9]])):
        check_rule(np.interp, x, KNOTS, values)
        check_rule(np.interp, x, KNOTS, values, 0.3, -0.2, wrt=("x", "xp", "fp", "left", "right"))


def test_interpolation_of_lists_and_of_one_knot_agrees_with_differences():
    check_rule(np.interp, 0.7, [0.0, 0.4, 1.1], [0.3, 0.9, -0.4])
    check_rule(np.interp, np.array([0.7, -0.2]), np.array([0.1]), np.array([2.0]), wrt="fp")


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("period", [1.5, -1.5, 0.9])
def test_interpolation_of_what_repeats_agrees_with_differences(kind, period):
    values, knots = draw((4,), -1.0, 1.0, 3, kind), np.array([1.13, -0.41, 0.27, 3.62])
    for x in (0.71, np.array([[-3.07, 0.33], [1.21, 8.04]]), [0.2, -0.6]):
        check_rule(np.interp, x, knots, values, None, None, period,
                   wrt=("x", "xp", "fp", "period"))
        check_rule(np.interp, x, knots, values, 0.3, 0.4, period, wrt=("x", "left", "right"))
    check_rule(np.interp, 0.7, [0.2], [0.4], None, None, 2.0, wrt=("x", "xp", "fp", "period"))


@pytest.mark.parametrize("function", [np.convolve, np.correlate])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("kind", [float, complex])
def test_products_of_sequences_agree_with_differences(function, mode, kind):
    for n in (1, 2, 3, 4, 5):
        for m in (1, 2, 3, 4):
            check_rule(function, draw((n,), -1, 1, n, kind), draw((m,), -1, 1, 9 + m, kind), mode)


def test_products_of_sequences_take_numbers_and_lists():
    check_rule(np.convolve, 0.7, np.array([0.3, 0.9]))
    check_rule(np.convolve, [0.7, 0.2], np.array([0.3, 0.9, 1.4]))
    check_rule(np.correlate, np.array([0.7, 0.2, 0.4]), [0.3, 0.9])


@pytest.mark.parametrize("kind", [np.float64, np.complex128])
def test_numbers_made_by_their_type_agree_with_differences(kind):
    for x in (1.5, np.float64(0.5), np.array([0.5, 1.5]), [0.5, 1.5]):
        check_rule(kind, x)


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.complex64])
def test_numbers_of_few_digits_pass_their_cotangent_on(kind):
    value, pullback = sd.vjp(lambda x: 3.0 * kind(2.0 * x), np.array([0.5, 1.5]))
    assert value.dtype == np.result_type(kind, 3.0)
    assert np.array_equal(pullback(np.array([1.0, 0.25], value.dtype)), [6.0, 1.5])


def test_whether_an_array_is_a_view_may_be_asked():
    def copied_if_a_view(x):
        part = x[1:]
        return 2.0 * (part.copy() if part.base is not None else part)

    sd.check_grads(copied_if_a_view, (np.array([0.3, 0.5, 0.9]),))


def test_sums_by_number_agree_with_differences():
    numbers = np.array([0, 2, 2, 5, 0])
    weights = np.array([0.3, -0.7, 1.1, 0.4, 0.9])
    check_rule(np.bincount, numbers, weights, wrt="weights")
    check_rule(np.bincount, numbers, weights, 9, wrt="weights")


def test_a_weighted_histogram_is_differentiated_through_its_weights():
    data = np.array([0.1, 0.4, 0.45, 0.9])
    found = sd.grad(lambda w: np.sum(np.histogram(data, bins=2, weights=w * w)[0] ** 2))
    w = np.array([0.7, 0.2, 0.9, 0.4])
    # Three of them fall into the first half.
    sums = np.array([np.sum(w[:3] ** 2)] * 3 + [w[3] ** 2])
    np.testing.assert_allclose(found(w), 4 * sums * w, rtol=1e-12)


@pytest.mark.parametrize("moved", ["values", "places", "knots"])
def test_interpolation_has_second_derivatives_in_all_ways(moved):
    places = np.array([-0.3, 0.33, 0.9, 1.25, 3.7])

    def interpolated(x):
        values = np.sin(KNOTS * x[1])
        if moved == "values":
            return np.interp(places, KNOTS, values)
        if moved == "places":
            return np.interp(places * x[0] ** 2, KNOTS, values) * x[2]
        return np.interp(places, KNOTS * x[0] + 0.05 * x[2] * KNOTS**2, values)

    x, bar = np.array([0.7, 1.3, 0.4]), np.sin(1.0 + np.arange(5))
    assert second_derivatives(interpolated, (x,), {}, 0, bar) == dict.fromkeys(WAYS, "")


@pytest.mark.parametrize("x", [np.array([1, 2, 0, 2]), np.array([True, False, True]),
                               np.array([1, 2], np.uint8)], ids=["int", "bool", "uint8"])
def test_interpolation_at_integers_agrees_with_differences(x):
    knots, values = np.array([-0.3, 0.4, 1.6, 2.5]), np.array([0.3, 0.9, -0.4, 1.3])
    sd.check_grads(lambda xp, fp: np.interp(x, xp, fp) ** 2, (knots, values))
    sd.check_grads(lambda xp, fp: np.interp(x, xp, fp) ** 2, (knots, values), order=2)


def test_interpolation_between_integers_agrees_with_differences():
    knots, values = np.array([0, 1, 3]), np.array([2, 5, -1])
    x = np.array([0.3, 1.7, 2.2])
    sd.check_grads(lambda x, fp: np.interp(x, knots, fp) ** 2, (x, values * 1.0), order=2)
    sd.check_grads(lambda x, xp: np.interp(x, xp, values) ** 2, (x, knots * 1.0), order=2)
