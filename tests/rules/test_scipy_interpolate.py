"""Piecewise polynomials against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from s2sdiff.transforms.known_effects import gives_new
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule

interpolate = pytest.importorskip("scipy.interpolate")

BREAKS = np.array([0.0, 0.7, 1.9, 3.0, 4.2])
VALUES = np.array([0.3, 1.1, 0.2, 0.9, -0.4])
POINTS = np.array([-0.2, 0.1, 1.96, 2.5, 4.9])


def test_a_method_that_is_given_out_writes():
    # Since SciPy 1.18 another class does the work.
    working = getattr(interpolate._interpolate, "_PPoly", interpolate.PPoly)
    assert not gives_new(working._evaluate) and gives_new(interpolate.PPoly.__call__)


@pytest.mark.parametrize("cls", [interpolate.PchipInterpolator, interpolate.Akima1DInterpolator])
def test_a_piecewise_polynomial_moves_with_breakpoints_values_and_points(cls):
    def read(x, y, p):
        f = cls(x, y, extrapolate=True)
        return f(p) + f(p, 1)

    check_modes(read, (BREAKS, VALUES, POINTS))


def test_points_outside_that_are_nan_have_no_derivative():
    def read(y, p):
        return np.nansum(interpolate.PchipInterpolator(BREAKS, y, extrapolate=False)(p) ** 2)

    y_bar, p_bar = sd.grad(read, wrt=(0, 1))(VALUES, POINTS)
    assert np.all(np.isfinite(y_bar))
    assert p_bar[0] == p_bar[4] == 0.0
    h = 1e-6 * np.eye(5)[3]
    slope = (read(VALUES, POINTS + h) - read(VALUES, POINTS - h)) / 2e-6
    np.testing.assert_allclose(p_bar[3], slope, rtol=1e-6)


def test_complex_coefficients_are_refused():
    def read(c):
        return np.sum(interpolate.PPoly(c, BREAKS)(POINTS).real)

    with pytest.raises(sd.UnsupportedError, match=r"complex coefficients.*Instead, take parts"):
        sd.grad(read)(np.ones((2, 4)) * (1 + 1j))


@pytest.mark.parametrize("use", [
    interpolate.barycentric_interpolate,
    lambda x, y, p: interpolate.barycentric_interpolate(x, y, p, der=1),
    lambda x, y, p: interpolate.BarycentricInterpolator(x, y)(p)],
    ids=["values", "slopes", "object"])
def test_a_polynomial_through_points_moves_with_all_of_them(use):
    sd.check_grads(use, (BREAKS, VALUES, POINTS))
    sd.check_grads(use, (BREAKS, np.stack([VALUES, VALUES**2], 1)[::-1], POINTS[1]))


def test_what_a_polynomial_writes_into_memory_that_it_is_given_is_seen():
    # From SciPy 1.18 on, `PPoly` asks another class, which computes.
    cls = getattr(interpolate._interpolate, "_PPoly", interpolate.PPoly)

    def read(c):
        out = np.empty((len(POINTS), 1))
        cls._evaluate(cls(c, BREAKS), POINTS, 0, True, out)
        return np.sum(out)

    sd.check_grads(read, (np.arange(8.0).reshape(2, 4),))


def test_coefficients_and_breakpoints_of_a_polynomial_may_be_replaced():
    def read(c, x):
        f = interpolate.PPoly(c, BREAKS)
        slope = f.derivative()
        f.c, f.x = f.c * f.c, x * 1.1
        return np.sum(f(POINTS)) + np.sum(slope(POINTS))

    sd.check_grads(read, (np.arange(8.0).reshape(2, 4), BREAKS))


def test_bernstein_polynomials_are_refused():
    def read(c):
        return np.sum(interpolate.BPoly(c, BREAKS)(POINTS))

    with pytest.raises(sd.DifferentiationError, match=r"evaluate_bernstein.*Instead"):
        sd.grad(read)(np.arange(8.0).reshape(2, 4))


def test_ends_of_a_piecewise_polynomial_count_and_what_lies_beyond_does_not():
    x, at = np.array([0.0, 1.0, 2.5]), np.array([-1.0, 0.0, 0.7, 2.5, 3.0, np.nan])
    weights = np.array([5.0, 1.0, 2.0, 3.0, 7.0, 9.0])

    def total(c):
        return np.nansum(weights * interpolate.PPoly(c, x, extrapolate=False)(at))

    expected = [[2.0 * 0.7, 3.0 * 1.5], [1.0 + 2.0, 3.0]]
    np.testing.assert_allclose(sd.grad(total)(np.array([[2.0, -1.0], [0.5, 1.0]])), expected)


def test_two_falling_breakpoints_are_refused():
    with pytest.raises(UnsupportedError, match="falling breakpoints.*Instead, "):
        sd.grad(lambda c: interpolate.PPoly(c, np.array([1.0, 0.0]))(0.5))(np.ones((2, 1)))


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_derivatives_of_a_piecewise_polynomial_move_with_its_coefficients(order):
    from s2sdiff.rules.scipy_interpolate import values

    c = np.arange(24.0).reshape(3, 4, 2) ** 1.5
    check_rule(values, c, BREAKS, POINTS, order, True, wrt=("c", "x", "xp"), single=False)
