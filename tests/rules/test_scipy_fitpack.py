"""FITPACK's splines against differences: fits, what is read of them, and what is refused."""

from typing import Any

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from tests.rules.whole import check_whole

interpolate = pytest.importorskip("scipy.interpolate")

X = np.array([0.0, 0.5, 0.7, 1.3, 1.9, 2.2, 3.0, 4.2, 5.5])
Y = np.sin(X) + 0.1 * np.cos(7.0 * X)
WEIGHTS = 1.0 + 0.3 * np.cos(X)
KNOTS = np.array([1.5, 3.3])
AT = np.array([0.1, 1.4, 2.5, 4.9])


@pytest.mark.parametrize("degree", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("order", [0, 1])
def test_splrep_and_splev_move_with_data_and_points(degree, order):
    def read(x, y, p):
        return interpolate.splev(p, interpolate.splrep(x, y, k=degree), der=order)

    check_whole(read, X, Y, AT)


@pytest.mark.parametrize("outside", [0, 1, 3])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_splev_moves_with_knots_and_coefficients(outside, order):
    t = np.array([-0.1, -0.05, -0.02, 0.0, 0.7, 1.4, 2.2, 2.3, 2.5, 2.6])
    c = np.array([0.2, 1.0, -0.4, 0.6, 0.9, 0.3, 0.0, 0.0, 0.0, 0.0])

    def read(t, c, p):
        return interpolate.splev(p, (t, c, 3), der=order, ext=outside)

    check_whole(read, t, c, np.array([[-0.3, 0.1], [1.5, 2.9]]))


def test_splev_reads_objects_and_several_splines():
    t, c, k = interpolate.splrep(X, Y)

    def of_object(c, p):
        return interpolate.splev(p, interpolate.BSpline(t, c, k))

    def of_two(c, p):
        return np.stack(interpolate.splev(p, (t, [c, c * c], k)))

    check_whole(of_object, c[:len(X)], AT)
    check_whole(of_two, c, AT)


@pytest.mark.parametrize("limits", [(0.3, 2.6), (2.6, 0.3), (-0.4, 2.6), (1.0, 7.5)])
def test_an_integral_moves_with_its_limits_and_the_data(limits):
    def read(x, y, a, b):
        return interpolate.splint(a, b, interpolate.splrep(x, y))

    check_whole(read, X, Y, *limits)


FITTED = {
    "weights": lambda x, y, w, t, p: interpolate.splev(p, interpolate.splrep(x, y, w, s=0)),
    "knots": lambda x, y, w, t, p: interpolate.splev(p, interpolate.splrep(x, y, w, t=t)),
    "a polynomial": lambda x, y, w, t, p: interpolate.splev(
        p, interpolate.splrep(x, y, w, s=1e3)),
    "residual": lambda x, y, w, t, p: interpolate.splrep(x, y, w, t=t, full_output=1)[1],
    "LSQ": lambda x, y, w, t, p: interpolate.LSQUnivariateSpline(x, y, t, w)(p),
    "interpolated": lambda x, y, w, t, p: interpolate.InterpolatedUnivariateSpline(x, y, w)(p),
    "interpolated, even": lambda x, y, w, t, p: interpolate.InterpolatedUnivariateSpline(
        x, y, k=2)(p),
    "bounds": lambda x, y, w, t, p: interpolate.InterpolatedUnivariateSpline(
        x, y, bbox=[-t[0], 6.0])(p),
    "without smoothing": lambda x, y, w, t, p: interpolate.UnivariateSpline(x, y, w, s=0)(p, 1),
    "smooth as can be": lambda x, y, w, t, p: interpolate.UnivariateSpline(x, y, w, s=1e3)(p),
    "integral": lambda x, y, w, t, p: interpolate.UnivariateSpline(x, y, s=0).integral(p[0], 2.1),
    "derivative": lambda x, y, w, t, p: interpolate.UnivariateSpline(x, y, s=0).derivative()(p),
    "antiderivative": lambda x, y, w, t, p: interpolate.UnivariateSpline(
        x, y, s=0).antiderivative()(p),
    "coefficients": lambda x, y, w, t, p: interpolate.UnivariateSpline(x, y, s=0).get_coeffs(),
    "knots that follow": lambda x, y, w, t, p: interpolate.UnivariateSpline(x, y, s=0).get_knots(),
    "least squares": lambda x, y, w, t, p: interpolate.UnivariateSpline(x, y, s=9).get_residual(),
}


@pytest.mark.parametrize("name", FITTED)
def test_a_fit_moves_with_data_weights_knots_and_points(name):
    check_whole(FITTED[name], X, Y, WEIGHTS, KNOTS, AT)


MANY = np.linspace(0.0, 10.0, 40)
NOISY = np.sin(MANY) + 0.1 * np.cos(37.0 * MANY)
SMOOTHED = {
    "splrep": (3, lambda x, y, w, s: interpolate.splev(AT, interpolate.splrep(x, y, w, s=s))),
    "UnivariateSpline": (3, lambda x, y, w, s: interpolate.UnivariateSpline(x, y, w, s=s)(AT)),
    "of degree 4": (4, lambda x, y, w, s: interpolate.UnivariateSpline(x, y, w, s=s, k=4)(AT)),
    "of degree 2": (2, lambda x, y, w, s: interpolate.splev(
        AT, interpolate.splrep(x, y, w, s=s, k=2))),
}


def smoothest(x, y, w, s, places, k):
    """The spline with knots at some of the points whose residual is s to all digits, at AT."""
    optimize = pytest.importorskip("scipy.optimize")
    ends = [x[0]] * (k + 1), [x[-1]] * (k + 1)
    t = np.concatenate([ends[0], x[places], ends[1]])
    a = interpolate.BSpline.design_matrix(x, t, k).toarray()
    breaks = np.unique(t)
    highest = interpolate.BSpline(t, np.eye(len(t) - k - 1), k).derivative(k)
    b = np.diff(highest((breaks[1:] + breaks[:-1]) / 2), axis=0)

    def found(p):
        weighed = np.exp(p) * a.T * w**2
        return np.linalg.solve(b.T @ b + weighed @ a, weighed @ y)

    p = optimize.brentq(lambda p: np.sum((w * (y - a @ found(p))) ** 2) - s, -25.0, 25.0,
                        xtol=1e-13)
    return interpolate.BSpline(t, found(p), k)(AT)


@pytest.mark.parametrize("name", SMOOTHED)
def test_a_smoothing_spline_moves_as_its_residual_stays(name):
    # FITPACK stops when the residual is within a thousandth of s, and differences of it show how:
    # so they are taken of a spline that has the residual which FITPACK found.
    k, f = SMOOTHED[name]
    x, y, w, s = MANY, NOISY, 1.0 + 0.3 * np.cos(MANY), 0.31
    (t, _, _), residual, *_ = interpolate.splrep(x, y, w, k=k, s=s, full_output=True)
    places = np.searchsorted(x, t[k + 1:-k - 1])
    np.testing.assert_allclose(smoothest(x, y, w, residual, places, k), f(x, y, w, s), rtol=1e-9)
    rng = np.random.default_rng(4)
    bar = rng.standard_normal(len(AT))
    value, pullback = sd.vjp(f, x, y, w, s)
    np.testing.assert_array_equal(value, f(x, y, w, s))
    given, entries = (x, y, w, residual), pullback(bar)
    np.testing.assert_array_equal(entries[1], pullback(bar)[1])
    for i, entry in enumerate(entries):
        along = rng.standard_normal(np.shape(given[i])) * 0.01
        ends = [bar @ smoothest(*given[:i], given[i] + h * along, *given[i + 1:], places, k)
                for h in (1e-3, -1e-3)]
        assert np.sum(entry * along) == pytest.approx((ends[0] - ends[1]) / 2e-3, rel=2e-5)


def test_the_residual_of_a_smoothing_spline_is_what_it_was_asked_to_be():
    found = sd.grad(lambda y, s: interpolate.splrep(MANY, y, s=s, full_output=True)[1], wrt=(0, 1))
    y_bar, s_bar = found(NOISY, 0.31)
    assert s_bar == 1.0
    assert not np.any(y_bar)


def test_a_periodic_fit_is_refused():
    with pytest.raises(sd.UnsupportedError, match=r"per has no.*Instead, use make_interp_spline"):
        sd.vjp(lambda y: interpolate.splev(AT, interpolate.splrep(X, y, per=1)), Y)


def test_weights_do_not_move_an_interpolation():
    def read(w):
        return np.sum(interpolate.splev(AT, interpolate.splrep(X, Y, w, s=0.0)))

    assert np.all(np.isfinite(sd.grad(read)(WEIGHTS)))
    np.testing.assert_allclose(sd.grad(read)(WEIGHTS), 0.0, atol=1e-12)


def test_samples_that_are_written_after_the_fit_have_the_gradient_of_before():
    fitpack = pytest.importorskip("scipy.interpolate._dfitpack")
    x, y = np.array([0.0, 0.6, 1.1, 1.9, 2.4, 3.0]), np.array([0.3, 0.9, 0.2, -0.4, 0.5, 0.1])
    w, work = np.ones(6), (np.zeros(10), np.zeros(6 * 4 + 10 * 16), np.zeros(10, np.int32))
    rule: Any = registry.find(fitpack.curfit)
    _, pullback = rule.function(0, x, y, w, *work, None, None, 3, 0.0)
    bars = (None, np.arange(10.0), None, None)
    before = pullback(bars, *(np.zeros(a.shape) for a in work))
    x[...], y[...], w[...] = 0.0, 7.0, 3.0
    after = pullback(bars, *(np.zeros(a.shape) for a in work))
    assert all(np.array_equal(p, q) for p, q in zip(before[1:4], after[1:4], strict=True))
    assert np.any(before[1]) and np.any(before[2])
