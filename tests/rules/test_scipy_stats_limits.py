"""Shape parameters at which SciPy puts in a limit: the distribution is smooth there, too."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import s2sdiff as sd

METHODS = ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf")
SHAPES = {
    "genextreme": [(0.0,), (1e-5,), (0.02,), (0.3,), (-0.4,)],
    "genpareto": [(0.0,), (1e-5,), (0.02,), (0.3,), (-0.4,)],
    "kappa4": [(0.0, 0.1), (0.1, 0.0), (0.0, -0.2), (0.3, 0.2), (-0.2, -0.3)],
    "pearson3": [(0.05,), (0.5,), (-0.7,), (2.5,)],
    "rice": [(0.5,), (2.0,)],
}
CASES = [(name, shapes) for name, found in SHAPES.items() for shapes in found]


def difference(f, x, h):
    return (8 * (f(x + h) - f(x - h)) - f(x + 2 * h) + f(x - 2 * h)) / (12 * h)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("name", "shapes"), CASES, ids=lambda c: str(c))
def test_slopes_are_those_of_differences_at_limits_and_beside_them(name, shapes, method):
    made = getattr(getattr(stats, name), method)
    for point in (0.2, 0.7) if method in ("ppf", "isf") else (0.3, 0.9):
        given = (point, *shapes)
        for i, x in enumerate(given):
            def f(p, i=i, given=given):
                return float(made(*given[:i], p, *given[i + 1:]))

            slope = sd.grad(f)(x)
            # Close to the limit SciPy's values carry noise: the best of three steps.
            off = min(abs(slope - difference(f, x, h)) for h in (1e-3, 3e-4, 1e-4))
            assert off < 1e-6 + 1e-5 * abs(slope)
            assert sd.jvp(f, (x,), (1.0,))[1] == pytest.approx(slope)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("skew", [0.0, 1e-5, -1e-3, 4e-3])
def test_pearsons_third_type_has_its_slopes_across_the_normal_distribution(skew, method):
    """SciPy's values are those of the normal one up to 1.6e-5: differences reach over that."""
    point = 0.3 if method in ("ppf", "isf") else -0.6

    def f(p):
        return float(getattr(stats.pearson3, method)(point, p))

    assert sd.grad(f)(skew) == pytest.approx(difference(f, skew, 2e-2), abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_a_chi_squared_distribution_that_is_central_has_a_slope_towards_others(method):
    def f(nc):
        return float(getattr(stats.ncx2, method)(0.8, 3.0, nc))

    h = 2e-3
    expected = (-25 / 12 * f(0.0) + 4 * f(h) - 3 * f(2 * h) + 4 / 3 * f(3 * h)
                - f(4 * h) / 4) / h
    assert sd.grad(f)(0.0) == pytest.approx(expected, rel=1e-7)
    assert sd.jvp(f, (0.0,), (1.0,))[1] == pytest.approx(expected, rel=1e-7)


def test_parameters_at_and_beside_a_limit_may_lie_in_one_array():
    x, c = np.array([0.3, 0.9, 0.5]), np.array([0.0, 0.2, -0.1])

    def f(c):
        return stats.genextreme.logpdf(x, c, scale=1.5)

    share = sd.vjp(f, c)[1](np.ones(3))
    assert share == pytest.approx([
        difference(lambda p, i=i: float(stats.genextreme.logpdf(x[i], p, scale=1.5)), c[i], 1e-3)
        for i in range(3)])
    nc = np.array([0.0, 0.5, 0.0])
    share = sd.grad(lambda nc: np.sum(stats.ncx2.logpdf(x, 3.0, nc)))(nc)
    assert share[[0, 2]] == pytest.approx((x[[0, 2]] / 3 - 1) / 2)


def test_an_even_density_has_no_slope_in_the_middle():
    assert sd.grad(lambda b: float(stats.rice.logpdf(0.7, b)))(0.0) == pytest.approx(0.0, abs=1e-15)


MOMENTS = {"genextreme": [(0.0,), (1e-3,), (0.13,), (-0.12,), (0.3,), (-0.2,)],
           "genpareto": [(0.0,), (0.1,), (-0.3,)],
           "truncpareto": [(1.0, 4.0), (2.0, 4.0), (3.0, 2.5), (1.7, 3.0)]}


@pytest.mark.parametrize(("name", "shapes"), [
    (name, shapes) for name, found in MOMENTS.items() for shapes in found], ids=lambda c: str(c))
def test_slopes_of_moments_are_those_of_differences_at_limits_and_beside_them(name, shapes):
    made, weights = getattr(stats, name), np.array([1.0, 0.7, -0.4, 0.3])
    functions = [lambda *given: float(weights @ np.array(made.stats(*given, moments="mvsk"))),
                 *[lambda *given, n=n: float(made.moment(n, *given, 0.2)) for n in (1, 2, 3)]]
    for f in functions:
        for i, x in enumerate(shapes):
            def along(p, i=i, f=f):
                return f(*shapes[:i], p, *shapes[i + 1:])

            slope = sd.grad(along)(x)
            # SciPy's moments lose their digits close to the limit.
            off = min(abs(slope - difference(along, x, h)) for h in (2e-2, 8e-3, 3e-3))
            assert off < 1e-4 * (1 + abs(slope))
            assert sd.jvp(along, (x,), (1.0,))[1] == pytest.approx(slope)


def test_extreme_values_have_the_moments_slopes_where_scipys_own_lose_their_digits():
    """The mean is (1 - gamma(1 + c))/c, the variance pi**2/6 + ...: DLMF 5.7.3 in powers of c."""
    euler, square, cube = np.euler_gamma, np.pi**2 / 6, 1.2020569031595942
    for c in (0.0, 1e-9, -1e-7):
        assert sd.grad(stats.genextreme.mean)(c) == pytest.approx(
            -(euler**2 + square) / 2, rel=1e-6)
        assert sd.grad(stats.genextreme.var)(c) == pytest.approx(
            -2 * (euler * square + cube), rel=1e-5)


@pytest.mark.parametrize("f", [lambda q: stats.weibull_min.ppf(q, 0.5),
                               lambda q: stats.weibull_min.isf(1.0 - q, 0.5)])
def test_where_the_density_is_infinite_its_quantile_has_no_known_bend(f):
    assert sd.grad(f)(0.0) == 0.0
    with np.errstate(all="ignore"):
        assert np.isnan(sd.grad(sd.grad(f))(0.0))  # it is 2
    assert sd.grad(sd.grad(f))(0.3) == pytest.approx(
        (sd.grad(f)(0.3 + 1e-6) - sd.grad(f)(0.3 - 1e-6)) / 2e-6)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "q", "bend"), [
    # Powers of 2 and of 1 of q there.
    (lambda q: stats.gamma.ppf(q, 0.5, scale=2.0), 0.0, np.pi),
    (lambda q: stats.chi2.isf(q, 1.0), 1.0, np.pi),
    (lambda q: stats.beta.ppf(q, 0.5, 0.5), 0.0, np.pi**2 / 2),
    (lambda q: stats.beta.ppf(q, 0.5, 0.5), 1e-300, np.pi**2 / 2),
    (lambda q: stats.f.ppf(q, 2.0, 3.0), 0.0, 5.0 / 3),
])
def test_quantiles_bend_at_the_ends_of_supports(f, q, bend):
    assert sd.grad(sd.grad(f))(q) == pytest.approx(bend)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_lies_far_outside_counts_for_nothing_twice():
    for f, x in ((stats.expon.cdf, -1000.0), (stats.gumbel_r.cdf, -1000.0)):
        assert sd.grad(sd.grad(f))(x) == sd.jvp(sd.grad(f), (x,), (1.0,))[1] == 0.0
    for f in (stats.weibull_min.ppf, stats.lognorm.ppf):
        assert sd.grad(f, wrt=1)(0.0, 1.5) == 0.0
    # Nor is it 0 where a quantile is a root.
    assert np.isnan(sd.grad(sd.grad(lambda q: stats.weibull_min.ppf(q, 2.0)))(0.0))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "q", "shape"), [
    # Of q**(1/c) both derivatives are infinite at 0, and of x = -log(1/q)**(1/c) there.
    (stats.weibull_min.ppf, 0.0, 2.0), (stats.weibull_min.ppf, 0.0, 1.5),
    (stats.weibull_min.isf, 1.0, 2.0), (stats.weibull_max.ppf, 0.0, 2.0),
    (stats.powerlaw.ppf, 0.0, 2.0), (stats.lomax.ppf, 1.0, 2.0),
])
def test_how_an_infinite_slope_of_a_quantile_moves_with_a_shape_is_no_number(f, q, shape):
    assert not np.isfinite(sd.grad(f)(q, shape))
    mixed = sd.grad(sd.grad(f), wrt=1)(q, shape), sd.jvp(sd.grad(f), (q, shape), (0.0, 1.0))[1]
    assert not np.any(np.isfinite(mixed))


@pytest.mark.parametrize(("f", "x", "slope", "bend"), [
    (stats.gumbel_r.logcdf, -40.0, np.exp(40.0), -np.exp(40.0)),
    (lambda x: stats.weibull_min.logsf(x, 4.0), 1e4, -4e12, -12e8),
])
def test_logarithms_of_probabilities_that_are_huge_have_their_own_slopes(f, x, slope, bend):
    assert sd.grad(f)(x) == pytest.approx(slope)
    assert sd.jvp(sd.grad(f), (x,), (1.0,))[1] == pytest.approx(bend)
    assert sd.grad(lambda x: stats.genextreme.logcdf(x, 0.0))(-40.0) == pytest.approx(np.exp(40.0))
    # Where nobody knows it, the difference of such logarithms has no digit.
    with np.errstate(all="ignore"):
        assert np.isnan(sd.grad(lambda x: stats.lognorm.logsf(x, 1e-5))(1e8))
