"""SciPy's distributions that hold their parameters: moments, and what is made of old ones."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes

stats = pytest.importorskip("scipy.stats")

GAMMA = stats.make_distribution(stats.gamma)
LOGUNIFORM = stats.make_distribution(stats.loguniform)
CASES = {
    "a variance": (lambda s: stats.Normal(mu=1.0, sigma=s).variance(), 1.5),
    "a raw moment": (lambda s: stats.Normal(mu=0.5, sigma=s).moment(3), 1.5),
    "a moment about the mean": (lambda b: stats.Uniform(a=0.2, b=b).moment(4, "central"), 1.5),
    "a moment by quadrature": (lambda a: LOGUNIFORM(a=a, b=3.0).moment(3), 0.5),
    "a deviation": (lambda a: GAMMA(a=a).standard_deviation(), 1.5),
    "skewness": (lambda a: GAMMA(a=a).skewness(), 1.5),
    "kurtosis": (lambda a: GAMMA(a=a).kurtosis(convention="excess"), 1.5),
    "arrays of parameters": (lambda a: GAMMA(a=a).variance(), np.array([1.5, 2.5])),
}
DISCRETE = {
    "moments of a count": lambda p: stats.Binomial(n=5, p=p).variance(),
    "skewness of a count": lambda p: stats.Binomial(n=5, p=p).skewness(),
    "a mass": lambda p: stats.Binomial(n=5, p=p).pmf(np.arange(6)),
    "a sum of masses": lambda p: stats.Binomial(n=5, p=p).cdf(2.0),
    "what is beyond": lambda p: stats.Binomial(n=5, p=p).ccdf(2.0),
    "entropy": lambda p: stats.Binomial(n=5, p=p).entropy(),
}


@pytest.mark.parametrize("name", CASES)
def test_of_continuous_ones_agree_with_differences(name):
    f, x = CASES[name]
    check_modes(f, (x,))
    sd.vjp(f, x)
    sd.jvp(f, (x,), (np.ones_like(x) if np.ndim(x) else 1.0,))


@pytest.mark.parametrize("name", DISCRETE)
def test_of_discrete_ones_agree_with_differences(name):
    if not hasattr(stats, "Binomial"):
        pytest.skip("this SciPy has no Binomial")
    f = DISCRETE[name]
    check_modes(f, (0.3,))
    sd.vjp(f, 0.3)
    sd.jvp(f, (0.3,), (1.0,))


def test_a_mode_that_is_searched_for_moves_as_the_closed_form_does():
    # That of a gamma distribution is a - 1; SciPy finds it to half of the digits.
    assert sd.grad(lambda a: GAMMA(a=a).mode())(2.5) == pytest.approx(1.0, rel=1e-4)
    assert sd.jvp(lambda a: GAMMA(a=a).mode(), (2.5,), (1.0,))[1] == pytest.approx(1.0, rel=1e-4)


@pytest.mark.parametrize("name", ["_binom_pmf", "_binom_cdf", "_binom_sf"])
def test_masses_agree_with_differences_also_between_whole_numbers(name):
    ufunc = getattr(pytest.importorskip("scipy.special._ufuncs"), name)
    sd.check_grads(lambda n, p: ufunc(np.arange(4.0), n, p), (5.5, 0.3))
    if name != "_binom_pmf":
        # Beyond all counts there is nothing to move.
        assert sd.vjp(lambda n: ufunc(6.0, n, 0.3), 5.0)[1](1.0) == 0.0


def test_moments_of_frozen_distributions_in_both_modes():
    """Of a gamma distribution: mean a s, variance a s², standard deviation sqrt(a) s."""
    def f(a, s):
        frozen = stats.gamma(a=a, scale=s)
        return frozen.mean() + 2.0 * frozen.var() + frozen.std()

    a, s = 1.7, 0.4
    slopes = s + 2 * s * s + s / 2 / a**0.5, a + 4 * a * s + a**0.5
    assert sd.grad(f, (0, 1))(a, s) == pytest.approx(slopes, rel=1e-12)
    assert sd.jvp(f, (a, s), (1.0, 2.0))[1] == pytest.approx(slopes[0] + 2 * slopes[1], rel=1e-12)
