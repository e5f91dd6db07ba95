"""Calls of NumPy and SciPy that random arguments found: both modes agree with differences."""

import inspect
from typing import Any

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from tests.rules.checker import draw

V, M = draw((4,), 0.3, 1.2, 1), draw((3, 4), 0.3, 1.2, 2)
Z = draw((2, 3), 0.3, 1.2, 3) + 1j * draw((2, 3), 0.3, 1.2, 4)
PLACES = np.array([0.3, np.nan, np.inf, -np.inf])


@pytest.mark.filterwarnings("ignore:Casting complex values")
@pytest.mark.parametrize("function", [np.prod, np.nanprod, np.cumprod, np.nancumprod])
def test_a_product_of_complex_numbers_that_are_cast_to_real_ones_is_that_of_real_parts(function):
    sd.check_grads(lambda z: function(z, axis=1, dtype=float), (Z,))


@pytest.mark.parametrize("reduction", [np.sum, np.prod, np.max, np.min])
def test_a_first_value_and_an_axis_of_a_number_go_together(reduction):
    sd.check_grads(lambda x, first: reduction(x, axis=0, initial=first, where=True), (
        np.array(0.7), 1.3))


@pytest.mark.parametrize("x", [1.3 + 0.0j, complex(1.3, -0.0), complex(-1.3, -0.0)])
def test_on_the_cuts_arcs_have_the_slope_of_their_side(x):
    for arc in (np.arcsin, np.arccos):
        sd.check_grads(lambda s, f=arc: f(s * x), (1.0,))


def test_no_difference_is_the_array_itself_whatever_would_be_joined_to_it():
    sd.check_grads(lambda x, s: np.diff(x, n=0, prepend=s) * x, (V, 0.7))


@pytest.mark.parametrize("x", [PLACES, PLACES * (1 + 0j) + 1j * PLACES[::-1]],
                         ids=["real", "complex"])
def test_what_stands_for_nan_and_infinities_has_their_cotangents(x):
    sd.check_grads(lambda a, b, c: np.nan_to_num(x * V, nan=a, posinf=b, neginf=c), (
        0.5, 1.5, -2.5))


def test_the_period_of_a_phase_moves_what_was_jumped():
    sd.check_grads(lambda x, period: np.unwrap(9.0 * x, period=period), (V, 1.3))


def test_weights_of_a_quantile_that_is_one_of_the_values_are_flat():
    sd.check_grads(lambda x, w: np.quantile(x, 0.3, weights=w, method="inverted_cdf"), (V, V[::-1]))


@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"axis": 0, "keepdims": True}, {"b": V}])
def test_a_sum_of_exponentials_that_is_not_used_leaves_no_nan(options):
    special = pytest.importorskip("scipy.special")
    for worst in (np.inf, np.nan):
        def used(x, worst=worst):
            total = special.logsumexp(np.array([x[0], worst, x[1], x[2]]), **options)
            return np.sum(np.where(np.isfinite(total), total, x[3]))

        assert sd.grad(used)(V).tolist() == [0.0, 0.0, 0.0, 1.0]


def test_what_the_caller_writes_into_a_value_does_not_reach_the_pullback_of_a_rule():
    value, pullback = sd.vjp(lambda s: np.logspace(s, 2.0, 4, base=2.0), 0.7)
    before = pullback(np.ones(4))
    value[...] = 5.0
    assert pullback(np.ones(4)) == before


def test_equations_that_scipy_does_not_solve_are_refused():
    linalg = pytest.importorskip("scipy.linalg")
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])  # has a pair of eigenvalues
    right = np.array([[1.0 + 1.0j, 2.0], [0.5j, 1.0]])
    for solve in (lambda q: linalg.solve_sylvester(turn, np.eye(2) * 3.0 + turn, q),
                  lambda q: linalg.solve_continuous_lyapunov(turn + 3.0 * np.eye(2), q)):
        with pytest.raises(sd.DifferentiationError, match="does not solve the equation"):
            sd.vjp(solve, right)


@pytest.mark.parametrize("order", [1, 3])
def test_complex_images_are_zoomed_without_the_grid_as_scipy_does(order):
    ndimage = pytest.importorskip("scipy.ndimage")
    sd.check_grads(lambda x: ndimage.zoom(x * (1.0 + 0.5j), 0.6, order=order, grid_mode=True), (M,))


def test_a_start_that_does_not_matter_adds_no_nan_to_a_fit():
    stats = pytest.importorskip("scipy.stats")
    sd.check_grads(lambda x: np.array(stats.logistic.fit(x)), (V,), modes=("rev",))


@pytest.mark.parametrize("name", ["tvar", "tsem"])
@pytest.mark.parametrize("options", [{}, {"axis": 1}, {"axis": None, "inclusive": (False, True)}])
def test_trimmed_statistics_agree_with_differences(name, options):
    function = getattr(pytest.importorskip("scipy.stats"), name)
    x = np.array([[0.3, 0.9, 0.5], [0.8, 0.45, 1.0], [0.6, 0.55, 0.1], [0.2, 0.7, 0.85]])
    sd.check_grads(lambda x: function(x, (0.25, 0.95), **options), (x,))


def test_the_error_of_equal_values_has_a_subgradient():
    stats = pytest.importorskip("scipy.stats")
    assert sd.grad(lambda x: stats.tsem(x, (None, 3.0)))(np.array([2.0, 2.0, 5.0])).tolist() == [
        0.0, 0.0, 0.0]


def test_the_product_of_two_vectors_by_the_array_api_agrees_with_differences():
    sd.check_grads(lambda x, y: np.linalg.matmul(x, y), (V, V[::-1] * 2.0))
    sd.check_grads(lambda x, y: np.linalg.matmul(x, y), (V, M.T))
    sd.check_grads(lambda x, y: np.linalg.matmul(x, y), (M, V))


def test_a_number_may_be_repeated_along_its_axis():
    sd.check_grads(lambda s: np.repeat(s, 3, axis=0), (0.7,))


@pytest.mark.parametrize("reduced", [
    lambda x: np.cumprod(x), lambda x: np.nanvar(x.reshape(2, 2), axis=1),
    lambda x: np.nanstd(x.reshape(2, 2), axis=1), lambda x: np.cumprod(x[::-1])])
@pytest.mark.filterwarnings("ignore:invalid value")
def test_entries_that_are_not_finite_leave_no_nan_where_the_result_is_not_used(reduced):
    for worst in (np.nan, np.inf):
        x = np.array([0.3, 0.7, worst, 0.4])
        value, pullback = sd.vjp(reduced, x)
        used = np.isfinite(value).astype(float)
        expected = np.zeros(4)
        for i in np.flatnonzero(np.isfinite(x)):
            step = 1e-6 * np.eye(4)[i]
            with np.errstate(invalid="ignore"):
                rise = reduced(x + step) - reduced(x - step)
            expected[i] = np.sum(rise[used > 0.0]) / 2e-6
        np.testing.assert_allclose(pullback(used)[np.isfinite(x)], expected[np.isfinite(x)],
                                   atol=1e-8)


def test_what_a_class_holds_is_no_attribute_of_its_object():
    class Rate:
        factor = 3.0

        def __init__(self):
            self.own = 2.0

    rule: Any = registry.find(inspect.getattr_static)
    for arguments, entries in ((("factor",), (None, None)), (("own",), ({"own": 5.0}, None)),
                               (("none", 1.5), (None, 5.0))):
        assert rule.function(Rate(), *arguments)[1](5.0) == entries
