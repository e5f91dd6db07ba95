"""Functions that use `scipy.stats` as people do, compiled, against finite differences."""

import os

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import standins_stats
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule

stats = pytest.importorskip("scipy.stats")
from s2sdiff.rules import scipy_stats_fitted  # noqa: E402
from s2sdiff.rules.scipy_stats_fitted import transformed  # noqa: E402

X = np.array([0.3, 1.2, -0.7])
Y = np.array([0.4, 0.3, 1.9, 0.45, 1.13, 2.2])
Z = np.array([0.2, 1.1, 0.6, 1.5, 0.9, 0.35])
AT = np.array([0.3, 0.5, 4.0])
FROZEN = stats.norm(0.3, 1.2)


class Regression:
    """A model that keeps a frozen distribution."""

    def __init__(self, noise):
        self.noise = stats.norm(0.0, noise)

    def loss(self, slope, x, y):
        return -np.sum(self.noise.logpdf(y - slope * x))


def mixture(weights, locations, scale):
    parts = [stats.norm(m, scale) for m in locations.tolist()]
    return np.sum(np.log(sum(w * d.pdf(Y) for w, d in zip(weights.tolist(), parts))))


def summary(a, scale):
    d = stats.gamma(a, scale=scale)
    return d.mean() + d.std() * d.var() + d.cdf(0.7) + d.ppf(0.2) + d.entropy() + d.median()


FROZEN_USES = {
    "of all": (lambda x, m, s: np.sum(stats.norm(m, s).logpdf(x)), (X, 0.3, 1.2)),
    "of keywords": (lambda x, m, s: np.sum(stats.norm(loc=m, scale=s).cdf(x)), (X, 0.3, 1.2)),
    "of constants": (lambda x: np.sum(stats.norm(0.3, 1.2).logsf(x)), (X,)),
    "made elsewhere": (lambda x: np.sum(FROZEN.logpdf(x) * FROZEN.cdf(x)), (X,)),
    "with shapes": (lambda x, a, s: np.sum(stats.gamma(a, scale=s).logpdf(x)), (Y, 1.3, 1.2)),
    "discrete": (lambda p: np.sum(stats.binom(5, p).logpmf([1, 2])) + stats.poisson(p).cdf(1),
                 (0.3,)),
    "in an object": (lambda b, s: Regression(s).loss(b, Z, Y), (1.1, 0.7)),
    "in a mixture": (mixture, (np.array([0.3, 0.7]), np.array([0.4, 1.5]), 0.6)),
    "for a summary": (summary, (1.2, 1.3)),
}


@pytest.mark.parametrize("name", FROZEN_USES)
def test_a_frozen_distribution_agrees_with_differences(name):
    function, args = FROZEN_USES[name]
    check_modes(function, args)


MOMENTS = {
    "entropy": (lambda s: stats.norm.entropy(0.2, s), (1.2,)),
    "entropies": (lambda a, s: np.sum(stats.gamma.entropy(a, scale=s)),
                  (np.array([1.2, 1.5]), np.array([1.3, 0.3]))),
    "entropy of t": (stats.t.entropy, (3.4,)),
    "entropy of beta": (stats.beta.entropy, (3.4, 2.0)),
    "entropy of poisson": (stats.poisson.entropy, (3.4,)),
    "mean": (lambda a, s: stats.gamma.mean(a, 0.3, s), (1.2, 1.3)),
    "var": (lambda a, b: stats.beta.var(a, b), (1.2, 1.3)),
    "std": (lambda c, s: stats.weibull_min.std(c, scale=s), (1.2, 1.3)),
    "std of binom": (lambda p: stats.binom.std(7, p), (0.3,)),
    "median": (lambda a, s: stats.gamma.median(a, 0.3, s), (1.2, 1.3)),
    "interval": (lambda a, s: np.sum(np.array(stats.gamma.interval(0.9, a, scale=s)) ** 2),
                 (1.2, 1.3)),
    "moment": (lambda a, s: stats.gamma.moment(3, a, scale=s), (1.2, 1.3)),
    "stats": (lambda a, s: np.sum(np.array(stats.gamma.stats(a, scale=s, moments="mvsk"))),
              (1.2, 1.3)),
    "nnlf": (lambda m, s: stats.norm.nnlf((m, s), X), (0.2, 1.3)),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_a_property_of_a_distribution_agrees_with_differences(name):
    function, args = MOMENTS[name]
    check_modes(function, args)


@pytest.mark.parametrize("name", ["dgamma", "dweibull"])
def test_the_middle_of_a_double_distribution_moves_with_its_location_alone(name):
    d = getattr(stats, name)
    for shape in (0.7, 1.0, 1.3):
        found = sd.grad(lambda a, m, s: d.median(a, m, s), wrt=("a", "m", "s"))(shape, 0.2, 1.4)
        assert found == (0.0, 1.0, 0.0)
        assert sd.grad(lambda a: d.isf(0.5, a))(shape) == 0.0
        for q in (0.2, 0.9):
            sd.check_grads(d.ppf, (q, shape, 0.2, 1.4))
        for x in (-0.6, 1.1):
            sd.check_grads(d.cdf, (x, shape, 0.2, 1.4))


NEW_FORM = {
    "logpdf": lambda m, s, x: stats.Normal(mu=m, sigma=s).logpdf(x),
    "icdf": lambda m, s, x: stats.Normal(mu=m, sigma=s).icdf(0.3 * x),
    "cdf of both ends": lambda m, s, x: stats.Normal(mu=m, sigma=s).cdf(x - 1.0, x),
    "mixture": lambda m, s, x: stats.Mixture(
        [stats.Normal(mu=m, sigma=s), stats.Normal()], weights=[0.3, 0.7]).pdf(x),
}


@pytest.mark.parametrize("name", NEW_FORM)
def test_distributions_that_hold_their_parameters_agree_with_differences(name):
    sd.check_grads(NEW_FORM[name], (0.2, 1.3, 0.7))


@pytest.mark.parametrize("name", ["cdf", "logsf", "ppf", "pdf"])
def test_lists_of_points_and_parameters_agree_with_differences(name):
    for given in (stats.gamma, stats.norm, stats.fisk):
        shapes = 0 if given is stats.norm else 1

        def f(x, a, method=getattr(given, name), n=shapes):
            return method([x, 0.8], *[[a, 2.0 * a]] * n, [0.1 * a, -a], scale=[1.0, a])

        sd.check_grads(f, (0.6, 1.7))


def test_samples_move_with_location_and_scale():
    def drawn(m, s):
        frozen = stats.norm(m, s).rvs(3, random_state=1)
        return np.sum(frozen**2) + np.sum(stats.expon.rvs(m, s, size=2, random_state=0) ** 2)

    sd.check_grads(drawn, (0.3, 1.2))


def test_samples_have_no_known_derivative_in_a_shape():
    with pytest.raises(sd.DifferentiationError, match="standard_gamma"):
        sd.grad(lambda a: np.sum(stats.gamma.rvs(a, size=3, random_state=0)))(1.3)


def test_wrong_arguments_fail_with_the_librarys_error():
    for call in (lambda a: stats.gamma.entropy(a, 0.0, 1.0, 2.0),
                 lambda a: stats.gamma.entropy(scale=a), lambda a: stats.gamma.mean(a, shape=a)):
        with pytest.raises(TypeError) as expected:
            call(1.3)
        with pytest.raises(TypeError) as found:
            sd.grad(call)(1.3)
        assert str(found.value).startswith(str(expected.value))


STATISTICS = {
    "entropy": (lambda p: stats.entropy(p), (Y,)),
    "relative entropy": (lambda p, q: stats.entropy(p, q), (Y, Z)),
    "entropy of columns": (lambda p: np.sum(stats.entropy(p.reshape(2, 3), base=2, axis=0)), (Y,)),
    "zscore": (lambda y: np.sum(stats.zscore(y) ** 3), (Y,)),
    "zscore of rows": (lambda y: np.sum(stats.zscore(y.reshape(2, 3), axis=1, ddof=1) ** 3), (Y,)),
    "skew": (lambda y: stats.skew(y, bias=False), (Y,)),
    "skew of rows": (lambda y: np.sum(stats.skew(y.reshape(2, 3), axis=1)), (Y,)),
    "kurtosis": (lambda y: stats.kurtosis(y, fisher=False), (Y,)),
    "gmean": (lambda y, w: stats.gmean(y, weights=w), (Y, Z)),
    "hmean": (stats.hmean, (Y,)), "sem": (stats.sem, (Y,)),
    "moment": (lambda y: stats.moment(y, 3), (Y,)), "variation": (stats.variation, (Y,)),
    "iqr": (stats.iqr, (Y,)), "trim_mean": (lambda y: stats.trim_mean(y, 0.2), (Y,)),
    "boxcox": (lambda y, t: np.sum(stats.boxcox(y, t) ** 2), (Y, 0.4)),
    "wasserstein_distance": (stats.wasserstein_distance, (Y, Z)),
}


#: SciPy's own sources take seconds to compile: these are taken forwards, too, all of them
#: with `S2SDIFF_TANGENTS=all`.
FORWARDS = {"relative entropy", "skew of rows", "gmean", "iqr", "boxcox", "pearsonr", "ttest_rel"}


def modes_of(name):
    both = name in FORWARDS or os.environ.get("S2SDIFF_TANGENTS") == "all"
    return ("rev", "fwd") if both else ("rev",)


@pytest.mark.parametrize("name", STATISTICS)
def test_a_statistic_agrees_with_differences(name):
    function, args = STATISTICS[name]
    check_modes(function, args, modes=modes_of(name))


def unpacked(a, b):
    r, p = stats.pearsonr(a, b)
    return 2.0 * r + p


TESTS = {
    "pearsonr": (lambda a, b: stats.pearsonr(a, b).statistic, (Y, Z)),
    "pearsonr by its older name": (lambda a, b: stats.pearsonr(a, b).correlation, (Y, Z)),
    "pearsonr by item": (lambda a, b: stats.pearsonr(a, b)[0], (Y, Z)),
    "pearsonr unpacked": (unpacked, (Y, Z)),
    "ttest_ind": (lambda a, b: stats.ttest_ind(a, b).statistic, (Y, Z)),
    "ttest_ind's probability": (lambda a, b: stats.ttest_ind(a, b).pvalue, (Y, Z)),
    "ttest_ind of Welch": (lambda a, b: stats.ttest_ind(a, b, equal_var=False).df, (Y, Z)),
    "ttest_1samp": (lambda a: stats.ttest_1samp(a, 0.3).statistic, (Y,)),
    "ttest_rel": (lambda a, b: stats.ttest_rel(a, b)[0], (Y, Z)),
}


@pytest.mark.parametrize("name", TESTS)
def test_a_test_of_hypotheses_agrees_with_differences(name):
    function, args = TESTS[name]
    check_modes(function, args, modes=modes_of(name))


def test_the_result_of_a_test_is_that_of_the_library():
    value, _ = sd.vjp(lambda a, b: stats.pearsonr(a, b).statistic, Y, Z)
    assert value == stats.pearsonr(Y, Z).statistic


def likelihood_slope(x, lmbda):
    """What is zero at the maximum, from the likelihood of Box and Cox by differences."""
    step = 1e-3
    weights = ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0))
    return sum(w * stats.boxcox_llf(lmbda + k * step, x) for k, w in weights) / (12 * step)


def test_the_best_parameter_of_box_and_cox_keeps_the_slope_at_zero():
    for x in (Y, 10.0 * Z + 20.0, np.exp(X)):
        found = sd.grad(lambda y: stats.boxcox_normmax(y, method="mle"))(x)
        lmbda = stats.boxcox_normmax(x, method="mle")
        curvature = (likelihood_slope(x, lmbda + 1e-3) - likelihood_slope(x, lmbda - 1e-3)) / 2e-3
        for i, unit in enumerate(np.eye(len(x))):
            step = 1e-4 * unit
            along = (likelihood_slope(x + step, lmbda) - likelihood_slope(x - step, lmbda)) / 2e-4
            np.testing.assert_allclose(found[i], -along / curvature, rtol=1e-4, atol=1e-6)


def test_the_derivatives_of_a_transformation_in_its_parameter_have_a_smooth_limit():
    y, first, second = transformed(Y, 1e-4)
    np.testing.assert_allclose(first, np.log(Y) ** 2 / 2, rtol=1e-3)
    for lmbda in (0.0, 1e-4, 9e-4, 0.4, -1.1):
        low, at, high = (transformed(Y, lmbda + k * 1e-3) for k in (-1, 0, 1))
        np.testing.assert_allclose(at[1], (high[0] - low[0]) / 2e-3, rtol=1e-4, atol=1e-7)
        np.testing.assert_allclose(at[2], (high[1] - low[1]) / 2e-3, rtol=1e-4, atol=1e-7)


def test_data_transformed_at_the_best_parameter_move_with_it():
    found = sd.grad(lambda y: np.sum(stats.boxcox(y)[0] ** 2))(Y)
    lmbda = stats.boxcox_normmax(Y, method="mle")
    slope = sd.grad(lambda t: np.sum(stats.boxcox(Y, t) ** 2))(lmbda)
    direct = sd.grad(lambda y: np.sum(stats.boxcox(y, lmbda) ** 2))(Y)
    best = sd.grad(lambda y: stats.boxcox_normmax(y, method="mle"))(Y)
    np.testing.assert_allclose(found, direct + slope * best, rtol=1e-9)


def test_other_ways_to_a_parameter_of_box_and_cox_are_refused():
    with pytest.raises(sd.DifferentiationError, match="method='mle'"):
        sd.grad(lambda y: stats.boxcox_normmax(y, method="pearsonr"))(Y)


def test_an_estimated_density_agrees_with_differences():
    estimate = stats.gaussian_kde(Z, weights=Y)
    sd.check_grads(lambda p: np.sum(estimate(p) ** 2), (AT,))
    sd.check_grads(lambda p: np.sum(estimate.logpdf(p) ** 2), (AT,))
    assert np.array_equal(sd.vjp(lambda p: estimate.pdf(p), AT)[0], estimate.pdf(AT))


@pytest.mark.parametrize("bandwidth", [None, "silverman", 0.3])
def test_an_estimated_density_agrees_with_differences_in_data_and_weights(bandwidth):
    def estimated(data, points, weights):
        estimate = stats.gaussian_kde(data, bandwidth, weights)
        return np.sum(estimate(points) ** 2) + np.sum(estimate.logpdf(points))

    sd.check_grads(estimated, (Y, AT, Z))


@pytest.mark.parametrize("logarithm", [False, True])
@pytest.mark.parametrize("block", [1 << 20, 12])
def test_sums_of_kernels_agree_with_differences(logarithm, block, monkeypatch):
    monkeypatch.setattr(scipy_stats_fitted, "BLOCK", block)
    root = np.array([[0.7, 0.0], [0.3, 0.5]])
    data, points = np.stack([Y, Z]), np.array([[0.3, 0.5, 1.1], [0.4, 2.0, 0.7]])
    check_rule(standins_stats.estimate, data, Z / np.sum(Z), points, root @ root.T, root, logarithm,
               wrt=("dataset", "weights", "points", "root"), single=False)


def test_far_from_all_kernels_a_density_has_finite_slopes():
    estimate = stats.gaussian_kde(Z)
    assert sd.grad(lambda x: estimate.logpdf(x)[0])(30.0) < -10.0
    assert sd.grad(lambda x: estimate(x)[0])(1e3) == 0.0
