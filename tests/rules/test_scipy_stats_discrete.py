"""Discrete distributions against finite differences, and closed forms at the ends."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from tests.rules.checker import check_rule

stats = pytest.importorskip("scipy.stats")
special = pytest.importorskip("scipy.special")
from s2sdiff.rules import scipy_stats_discrete  # noqa: E402

RV = stats.rv_discrete
METHODS = ["logpmf", "pmf", "cdf", "sf", "logcdf", "logsf"]

#: Distributions with their parameters; what is an integer has no derivative.
PARAMETERS = {
    "poisson": (2.3,), "binom": (7, 0.3), "bernoulli": (0.3,), "geom": (0.3,),
    "nbinom": (3.2, 0.4),
}
#: These are in no table here: they are differentiated through SciPy's source.
BY_SOURCE = {"logser": (0.6,), "planck": (0.5,), "dlaplace": (0.8,)}
#: Above and below the support, too.
POINTS = np.array([-2, -1, 0, 1, 2, 3, 6, 8])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", PARAMETERS)
def test_a_distribution_agrees_with_differences(name, method):
    given = PARAMETERS[name]
    wrt = tuple(i + 2 for i, v in enumerate(given) if isinstance(v, float))
    target, dist = getattr(RV, method), getattr(stats, name)
    finite = POINTS[np.isfinite(getattr(dist, method)(POINTS, *given))]
    for k in (finite, finite.astype(float), int(finite[-1]), np.asarray(finite[0])):
        check_rule(target, dist, k, *given, wrt=wrt)
    check_rule(target, dist, finite + 1, *given, 1, wrt=wrt)


@pytest.mark.parametrize("method", ["cdf", "sf"])
def test_between_the_integers_a_distribution_function_is_that_of_the_lower_one(method):
    for name, given in PARAMETERS.items():
        wrt = tuple(i + 2 for i, v in enumerate(given) if isinstance(v, float))
        check_rule(getattr(RV, method), getattr(stats, name), np.array([0.4, 1.7]), *given, wrt=wrt)
        # 3 - 1.3 + 1.3 - 1.3 is less than 3 - 1.3, and 1 + 1.3 - 1.3 less than 1.
        check_rule(getattr(RV, method), getattr(stats, name), np.array([2, 3]), *given, 1.3,
                   wrt=wrt, forward=False)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", BY_SOURCE)
def test_a_distribution_of_no_table_agrees_with_differences(name, method):
    given = BY_SOURCE[name]
    check_rule(getattr(RV, method), getattr(stats, name), np.array([1, 2, 5]), *given, wrt=2)


@pytest.mark.parametrize("method", ["logpmf", "pmf", "cdf", "logsf"])
def test_arguments_are_broadcast_and_named(method):
    target, column = getattr(RV, method), np.array([[0.2], [0.7]])
    check_rule(target, stats.nbinom, np.array([1, 2, 4]), 3.2, column, wrt=(2, 3))
    check_rule(target, stats.nbinom, 2, np.array([3.2, 1.4, 2.0]), column, wrt=(2, 3))
    check_rule(target, stats.nbinom, np.array([[1], [2]]), wrt=("n", "p"),
               kwargs={"n": 3.2, "p": column, "loc": -1})
    check_rule(target, stats.nbinom, np.zeros((0, 1)), 3.2, column[:1], wrt=(2, 3))


def pulled(method, name, *args, bar=1.0):
    _, pullback = registry.find(getattr(RV, method)).function(getattr(stats, name), *args)
    _, k_bar, rest, _ = pullback(bar)
    assert k_bar is None
    return rest


@pytest.mark.parametrize(("name", "args", "expected"), [
    ("binom", (0, 7, 0.0), -7.0), ("binom", (7, 7, 1.0), 7.0), ("bernoulli", (0, 0.0), -1.0),
    ("bernoulli", (1, 1.0), 1.0), ("geom", (1, 1.0), 1.0), ("poisson", (0, 0.0), -1.0),
    ("nbinom", (0, 3.0, 1.0), 3.0),
])
def test_log_masses_have_a_derivative_where_all_of_the_mass_is(name, args, expected):
    assert pulled("logpmf", name, *args)[len(args) - 2] == expected


@pytest.mark.parametrize("method", METHODS)
def test_outside_of_the_support_everything_is_zero(method):
    for name, given in PARAMETERS.items():
        rest = pulled(method, name, np.array([-3, -1]), *given, bar=np.ones(2))
        assert rest[len(given) - 1] == 0.0


@pytest.mark.parametrize("k", [0, 1, 30])
def test_logarithms_keep_their_digits_in_the_tails(k):
    # F over the mass at k is the sum of k! / (k - j)! / mu**j.
    mu = 600.0
    ratio = sum(special.poch(k - j + 1, j) / mu**j for j in range(k + 1))
    np.testing.assert_allclose(pulled("logcdf", "poisson", k, mu)[0], -1 / ratio, rtol=1e-11)


def test_a_logarithm_is_that_of_the_last_mass_where_the_probability_underflows():
    assert pulled("logcdf", "poisson", 1, 1e5)[0] == -1.0


def test_a_number_of_trials_has_no_known_derivative():
    with pytest.raises(sd.DifferentiationError, match="not known"):
        sd.grad(lambda n: stats.binom.logpmf(2, n, 0.3))(7.0)


def test_quantiles_are_integers():
    value, pullback = sd.vjp(lambda p: p * stats.binom.ppf(0.6, 7, p), 0.3)
    assert value == 0.3 * stats.binom.ppf(0.6, 7, 0.3)
    assert pullback(1.0) == stats.binom.ppf(0.6, 7, 0.3)


def test_every_row_of_the_tables_is_tested():
    kinds = {type(getattr(stats, name)) for name in PARAMETERS}
    assert set(scipy_stats_discrete.SLOPES) == set(scipy_stats_discrete.FLOWS) == kinds


@pytest.mark.parametrize("name", ["_binom_pmf", "_binom_cdf", "_binom_sf"])
def test_helpers_of_the_binomial_distribution_agree_with_differences_in_both_parameters(name):
    helpers = pytest.importorskip("scipy.special._ufuncs")
    if not hasattr(helpers, name):
        pytest.skip("this version of SciPy does not have it here")
    for x in (0.0, 2.0, 4.0):
        check_rule(getattr(helpers, name), x, np.array([5.5, 6.2]), np.array([0.3, 0.6]),
                   wrt=("n", "p"), single=False)
