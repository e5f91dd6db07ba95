"""Densities and distribution functions with rules of their own, against finite differences."""

import numpy as np
import pytest
from scipy import stats

import s2sdiff as sd

SHAPES = {
    "expon": (), "laplace": (), "cauchy": (), "logistic": (), "gumbel_r": (), "gumbel_l": (),
    "halfnorm": (), "t": (2.5,), "gamma": (1.7,), "chi2": (3.3,), "lognorm": (0.6,),
    "weibull_min": (1.4,), "beta": (1.6, 2.3),
}
#: Outside of all supports, inside of some, and far out.
X = np.array([-np.inf, -800.0, -1.0, -0.1, 0.33, 0.9, 1.1, 40.0, np.inf])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name, kind", [
    *((name, ("pdf", "cdf")[i % 2]) for i, name in enumerate(SHAPES)), ("gumbel_l", "cdf"),
    ("gamma", "cdf"), ("weibull_min", "cdf"), ("beta", "cdf"), ("expon", "sf"), ("gamma", "sf")])
def test_probabilities_agree_with_differences_in_and_outside_of_their_support(name, kind):
    function = getattr(getattr(stats, name), kind)
    shapes = SHAPES[name]

    x = X if kind != "pdf" else X[1:-1]  # some densities are nan at infinity

    def f(by, *given):
        return np.sum(function(x + by, *given) * np.arange(1.0, len(x) + 1.0))

    sd.check_grads(f, (0.0, *shapes, 0.2, 1.3))
    # A scale that is none gives nan, and no slope.
    assert np.all(sd.grad(lambda x: np.nansum(function(x, *shapes, 0.0, -1.0)))(X) == 0)


BOTH = {
    "expon": lambda x, s: np.sum(stats.expon.pdf(x, 0.2, s) * stats.expon.cdf(x, 0.2, s)),
    "laplace": lambda x, s: np.sum(stats.laplace.pdf(x, 0.2, s) * stats.laplace.sf(x, 0.2, s)),
    "cauchy": lambda x, s: np.sum(stats.cauchy.pdf(x, 0.2, s) * stats.cauchy.cdf(x, 0.2, s)),
    "logistic": lambda x, s: np.sum(stats.logistic.pdf(x, 0.2, s) * stats.logistic.cdf(x, s, 1.3)),
    "gumbel_r": lambda x, s: np.sum(stats.gumbel_r.pdf(x, 0.2, s) * stats.gumbel_r.sf(x, s)),
    "gumbel_l": lambda x, s: np.sum(stats.gumbel_l.pdf(x, 0.2, s) * stats.gumbel_l.cdf(x, s)),
    "halfnorm": lambda x, s: np.sum(stats.halfnorm.pdf(x, 0.2, s) * stats.halfnorm.cdf(x, 0.2, s)),
    "t": lambda x, s: np.sum(stats.t.pdf(x, s, 0.2) * stats.t.cdf(x, s, 0.1, 1.3)),
    "gamma": lambda x, s: np.sum(stats.gamma.pdf(x, s, 0.2) * stats.gamma.cdf(x, s, 0.1, 1.3)),
    "chi2": lambda x, s: np.sum(stats.chi2.pdf(x, s, 0.2) * stats.chi2.cdf(x, s, 0.1, 1.3)),
    "lognorm": lambda x, s: np.sum(stats.lognorm.pdf(x, s, 0.2) * stats.lognorm.cdf(x, s, 0.1)),
    "weibull_min": lambda x, s: np.sum(stats.weibull_min.pdf(x, s, 0.2) * stats.weibull_min.cdf(
        x, s, 0.1, 1.3)),
    "beta": lambda x, s: np.sum(stats.beta.pdf(x, s, 2.3, -0.2) * stats.beta.cdf(x, 1.6, s, 0.1)),
}


@pytest.mark.parametrize("name", BOTH)
def test_second_derivatives_of_probabilities_agree_with_differences(name):
    def slopes(x, s):
        by_x, by_s = sd.grad(BOTH[name], wrt=(0, 1))(x, s)
        return np.sum(by_x * np.array([1.0, 2.0])) + by_s

    sd.check_grads(lambda x, s: slopes(x, s), (np.array([0.33, 0.7]), 1.4))
    assert "rule_caller" not in sd.source(BOTH[name], args=(np.array([0.33, 0.7]), 1.4))
