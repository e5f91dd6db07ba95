"""Forward mode through SciPy's own source: objects that it makes, arrays that it writes."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import iterated, suspects

interpolate = pytest.importorskip("scipy.interpolate")
ndimage = pytest.importorskip("scipy.ndimage")
optimize = pytest.importorskip("scipy.optimize")
signal = pytest.importorskip("scipy.signal")
distance = pytest.importorskip("scipy.spatial.distance")
stats = pytest.importorskip("scipy.stats")

X, Y = np.array([0.0, 0.5, 1.2, 2.0, 3.1]), np.array([0.3, 0.9, 0.1, -0.4, 0.5])
AT = np.array([0.3, 1.1, 2.5])
BOTH = {
    "cubic spline": lambda x, y, a: interpolate.CubicSpline(x, y)(a),
    "its slope": lambda x, y, a: interpolate.CubicSpline(x, y).derivative()(a),
    "monotone": lambda x, y, a: interpolate.PchipInterpolator(x, y)(a),
    "B-spline": lambda x, y, a: interpolate.make_interp_spline(x, y)(a),
    "FITPACK": lambda x, y, a: interpolate.splev(a, interpolate.splrep(x, y)),
    "a matrix of distances": lambda x, y, a: distance.squareform(a),
    "distances with variances": lambda x, y, a: distance.cdist(
        x[:, None] * y, y[:, None] * x + 2.0, "seuclidean"),
    "a test's result": lambda x, y, a: stats.ttest_1samp(y, a[0]).statistic,
    "its further attributes": lambda x, y, a: stats.ttest_ind(x, y).df + stats.ttest_ind(
        x, y * a[0], equal_var=False).df,
    "a correlation": lambda x, y, a: stats.pearsonr(x, y)[0],
    "its interval": lambda x, y, a: stats.pearsonr(x, y).confidence_interval().low,
    "entropy": lambda x, y, a: stats.entropy(a),
    "a set attribute": lambda x, y, a: stats.pointbiserialr(
        [True, False, True, False, True], y).correlation,
    "a system": lambda x, y, a: signal.TransferFunction(a, [1.0, a[0], a[1]]).num,
}


@pytest.mark.parametrize("way", BOTH)
def test_both_modes_agree_with_differences(way):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sd.check_grads(BOTH[way], (X, Y, AT))


def test_ranks_are_constant_beside_what_moves():
    sd.check_grads(lambda y: stats.spearmanr(X, y).statistic * y[0], (Y,))


def test_what_a_users_rule_writes_goes_forwards():
    def doubled_into(x, out):
        out[...] = 2.0 * x

    def rule(x, out):
        out[...] = 2.0 * x

        def pullback(_, out_bar):
            x_bar = 2.0 * out_bar
            out_bar[...] = 0.0
            return x_bar, None

        return None, pullback

    def f(x):
        out = np.ones(3) * x[0]
        doubled_into(x, out)
        return out * x

    with sd.derivatives({}):
        sd.derivative(of=doubled_into, writes="out")(rule)
        sd.check_grads(f, (AT,))


def test_a_users_rule_that_writes_and_is_not_linear_is_named():
    def scaled_into(x, out):
        out[...] = x

    def rule(x, out):
        out[...] = x

        def pullback(_, out_bar):
            x_bar = out_bar * out_bar
            out_bar[...] = 0.0
            return x_bar, None

        return None, pullback

    def f(x):
        out = np.zeros(3)
        scaled_into(x, out)
        return out

    sd.derivative(of=scaled_into, writes="out")(rule)
    with pytest.raises(sd.RuleError, match="not linear in its cotangent. Instead, "):
        sd.jvp(f, (AT,), (AT,))


def test_a_generator_that_writes_lets_no_function_of_elements_write(monkeypatch):
    def noted(notes):
        for i in range(3):
            notes.append(i)
            yield i

    monkeypatch.setattr(suspects, "state", suspects._State())
    s = 0.7
    assert iterated.may_write is not None
    assert iterated.may_write(noted)
    assert suspects.any_of(frozenset({"__next__"}))
    assert not iterated.may_write(lambda a: np.exp(-s * a))
    assert iterated.may_write(lambda a: list(a))


@pytest.mark.parametrize("x", [Y, np.abs(Y), -np.abs(Y)], ids=["both signs", "above", "below"])
def test_the_parameter_of_yeo_and_johnson_moves_with_the_data(x):
    found = sd.grad(lambda x: stats.yeojohnson_normmax(x))(x)
    along, step = np.cos(np.arange(5.0)), 1e-3
    slope = (stats.yeojohnson_normmax(x + step * along)
             - stats.yeojohnson_normmax(x - step * along)) / (2 * step)
    # Brent's search is good to eight digits, and the differences to four.
    assert found @ along == pytest.approx(slope, rel=5e-4)


INTEGRALS = {
    "within": lambda x, y, a, b: interpolate.CubicSpline(x, y).integrate(a, b),
    "backwards": lambda x, y, a, b: interpolate.CubicSpline(x, y).integrate(b, a),
    "in one piece": lambda x, y, a, b: interpolate.CubicSpline(x, y).integrate(0.6, 0.5 + 0.2 * b),
    "beyond the ends": lambda x, y, a, b: interpolate.CubicSpline(x, y).integrate(a - 1.0, b + 1.0),
    "of several": lambda x, y, a, b: interpolate.CubicSpline(
        x, np.stack([y, y * y], axis=1)).integrate(a, b),
    "antiderivative": lambda x, y, a, b: interpolate.CubicSpline(x, y).antiderivative()(
        np.stack([a, b])),
    "twice": lambda x, y, a, b: interpolate.PchipInterpolator(x, y).antiderivative(2)(
        np.stack([a, b])),
}


@pytest.mark.parametrize("way", INTEGRALS)
def test_integrals_of_splines_move_with_points_values_and_limits(way):
    sd.check_grads(INTEGRALS[way], (X, Y, 0.3, 2.4))


@pytest.mark.parametrize("filtered", [
    lambda x: ndimage.laplace(x), lambda x: ndimage.uniform_filter(x, 2),
    lambda x: ndimage.sobel(x), lambda x: ndimage.prewitt(x, 0, mode="wrap"),
    lambda x: ndimage.uniform_filter1d(x, 3, axis=0), lambda x: ndimage.spline_filter(x),
    lambda x: ndimage.maximum_filter(x, 2), lambda x: ndimage.zoom(x, 2),
    lambda x: ndimage.shift(x, 0.3)])
def test_filters_of_one_array_alone_are_code_of_a_function(filtered):
    sd.check_grads(filtered, (np.sin(np.arange(20.0)).reshape(4, 5),), modes=("fwd",))


def test_the_integral_of_an_interpolating_spline_moves_with_its_bounds():
    x = np.linspace(0.0, 2.0, 9)

    def area(low, high):
        return interpolate.splint(low, high, interpolate.splrep(x, x**3))

    # The spline through points of a cubic is that cubic; outside of the knots there is nothing.
    assert sd.jvp(area, (0.5, 1.5), (1.0, 2.0))[1] == pytest.approx(2 * 1.5**3 - 0.5**3)
    assert sd.jvp(area, (0.5, 2.5), (1.0, 2.0))[1] == pytest.approx(-(0.5**3))


def test_differences_of_what_moves_move():
    x = np.array([0.3, 1.2])
    dot = sd.jvp(lambda s: optimize.approx_fprime(x, lambda a: s * np.sum(a**3), 1e-7), (2.0,),
                 (1.0,))[1]
    np.testing.assert_allclose(dot, 3 * x * x, rtol=1e-5)


STEPS = {"backwards": lambda x: x[::-1], "every other": lambda x: np.repeat(x, 2)[1::2],
         "turned": lambda x: np.stack([x, x * x]).T,
         "a column": lambda x: np.stack([x, x * x]).T[:, 1]}


@pytest.mark.parametrize("name", STEPS)
def test_statistics_of_views_with_steps_agree_with_differences(name):
    def statistic(x):
        view = STEPS[name](x)
        return stats.power_divergence(view, view[::-1]).statistic + stats.gmean(
            view, weights=view + 0.5)

    x, along = np.array([0.4, 0.9, 0.6, 1.3]), np.array([1.0, -2.0, 0.5, 0.3])
    slope = (statistic(x + 1e-6 * along) - statistic(x - 1e-6 * along)) / 2e-6
    np.testing.assert_allclose(sd.jvp(statistic, (x,), (along,))[1], slope, rtol=1e-6)
