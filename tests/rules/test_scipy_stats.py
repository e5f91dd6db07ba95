"""Continuous distributions against finite differences, and closed forms where these fail."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from tests.rules.checker import check_rule

stats = pytest.importorskip("scipy.stats")
special = pytest.importorskip("scipy.special")
from s2sdiff.rules import scipy_stats_densities, scipy_stats_flows  # noqa: E402

RV = stats.rv_continuous

#: Distributions with their shape parameters.
SHAPES = {
    "norm": (), "expon": (), "uniform": (), "laplace": (), "cauchy": (), "logistic": (),
    "halfnorm": (), "halfcauchy": (), "halflogistic": (), "gumbel_r": (), "gumbel_l": (),
    "rayleigh": (), "maxwell": (), "t": (3.4,), "gamma": (2.3,), "beta": (2.3, 1.4),
    "lognorm": (0.9,), "chi2": (3.1,), "invgamma": (2.6,), "weibull_min": (1.7,),
    "pareto": (2.2,), "truncnorm": (-1.1, 1.7), "skewnorm": (1.3,), "f": (3.3, 4.7),
    "triang": (0.4,), "vonmises": (1.4,),
}
WITH_SHAPES = [name for name, shapes in SHAPES.items() if shapes]
#: These are in no table here: they are differentiated through SciPy's source.
BY_SOURCE = {"burr12": (2.3, 1.4), "genlogistic": (2.3,), "exponweib": (2.3, 1.4)}
PROBABILITIES = np.array([0.17, 0.45, 0.83])


def points(name, location=0.3, scale=1.2):
    shapes = SHAPES[name] if name in SHAPES else BY_SOURCE[name]
    return getattr(stats, name).ppf(PROBABILITIES, *shapes, location, scale)


@pytest.mark.parametrize("method", ["logpdf", "pdf", "cdf", "sf", "logcdf", "logsf"])
@pytest.mark.parametrize("name", [*SHAPES, *BY_SOURCE])
def test_a_distribution_agrees_with_differences_in_point_location_and_scale(name, method):
    dist, x = getattr(stats, name), points(name)
    shapes = SHAPES.get(name) or BY_SOURCE.get(name, ())
    check_rule(getattr(RV, method), dist, x, *shapes, 0.3, 1.2, tol=3e-6,
               wrt=(1, *range(2 + len(shapes), 4 + len(shapes))))


@pytest.mark.parametrize("method", ["logpdf", "pdf"])
@pytest.mark.parametrize("name", [n for n in [*SHAPES, *BY_SOURCE] if SHAPES.get(n) != ()])
def test_a_density_agrees_with_differences_in_its_shapes(name, method):
    shapes = SHAPES.get(name) or BY_SOURCE.get(name, ())
    check_rule(getattr(RV, method), getattr(stats, name), points(name), *shapes, 0.3, 1.2)


@pytest.mark.parametrize("method", ["cdf", "sf", "logcdf", "logsf"])
@pytest.mark.parametrize("name", [*WITH_SHAPES, *BY_SOURCE])
def test_a_distribution_function_agrees_with_differences_in_its_shapes(name, method):
    shapes = SHAPES.get(name) or BY_SOURCE.get(name, ())
    check_rule(getattr(RV, method), getattr(stats, name), points(name), *shapes, 0.3, 1.2)


@pytest.mark.parametrize("method", ["ppf", "isf"])
@pytest.mark.parametrize("name", [*SHAPES, *BY_SOURCE])
def test_quantiles_agree_with_differences(name, method):
    shapes = SHAPES.get(name) or BY_SOURCE.get(name, ())
    check_rule(getattr(RV, method), getattr(stats, name), PROBABILITIES, *shapes, 0.3, 1.2,
               tol=1e-5)


@pytest.mark.parametrize("method", ["logpdf", "pdf", "cdf", "logsf"])
def test_arguments_are_broadcast_and_named(method):
    target = getattr(RV, method)
    column, row = np.array([[0.9], [1.6]]), np.array([2.3, 1.4, 3.0])
    wide = np.linspace(0.5, 4.0, 12).reshape(3, 4)
    check_rule(target, stats.gamma, 1.5, row, 0.2, column)
    check_rule(target, stats.gamma, np.array([[1.5]]), row, 0.2, column)
    check_rule(target, stats.gamma, wide.T[::2, :], 2.3, row * 0.1)
    check_rule(target, stats.gamma, np.asfortranarray(wide), kwargs={"a": 2.3, "scale": 1.5})
    check_rule(target, stats.gamma, np.asarray(1.7), row, kwargs={"scale": column, "loc": -0.1})
    check_rule(target, stats.gamma, np.zeros((0, 3)), row, kwargs={"scale": 1.5})
    check_rule(target, stats.norm, wide, kwargs={"loc": 0.3})
    check_rule(target, stats.norm, wide)


def pulled(method, name, *args, bar=1.0):
    _, pullback = registry.find(getattr(RV, method)).function(getattr(stats, name), *args)
    _, x_bar, rest, _ = pullback(bar)
    return x_bar, rest.all()


@pytest.mark.parametrize("method", ["logpdf", "pdf", "cdf", "sf", "logcdf", "logsf"])
@pytest.mark.parametrize("name", ["gamma", "beta", "lognorm", "pareto", "triang", "truncnorm", "f"])
def test_outside_of_the_support_everything_is_zero(name, method):
    x = np.array([-7.0, 0.9 if name == "pareto" else -0.1 if name != "truncnorm" else -2.0])
    x_bar, rest = pulled(method, name, x, *SHAPES[name], 0.0, 1.0, bar=np.ones(2))
    assert np.array_equal(x_bar, [0.0, 0.0])
    assert all(g == 0.0 for g in rest)


@pytest.mark.parametrize(("name", "x", "expected"), [
    # From asymptotic forms; the probabilities underflow.
    ("norm", -1e5, 1e5 + 1e-5), ("norm", -300.0, 300.0 + 1 / 300.0 - 2 / 300.0**3),
    ("logistic", -900.0, 1.0), ("norm", 50.0, 0.0),
])
def test_logarithms_of_distribution_functions_keep_their_digits_in_the_tails(name, x, expected):
    x_bar, (location_bar, scale_bar) = pulled("logcdf", name, x, 0.0, 1.0)
    np.testing.assert_allclose([x_bar, -location_bar], expected, rtol=1e-10)
    np.testing.assert_allclose(scale_bar, -x * expected, rtol=1e-10)
    mirrored, _ = pulled("logsf", name, -x, 0.0, 1.0)
    np.testing.assert_allclose(mirrored, -expected, rtol=1e-10)


@pytest.mark.parametrize("a", [0.3, 2.3, 40.0])
def test_shapes_of_logarithms_keep_their_digits_in_the_tails(a):
    # P(a, x) is x**a / gamma(a + 1) for small x (DLMF 8.7.1), up to 1 - a x / (a + 1).
    x = 1e-6
    _, (bar, *_) = pulled("logcdf", "gamma", x, a)
    np.testing.assert_allclose(bar, np.log(x) - special.digamma(a + 1), rtol=1e-6)
    _, (bar, *_) = pulled("logcdf", "beta", x, a, 1.0)
    np.testing.assert_allclose(bar, np.log(x), rtol=1e-12)


@pytest.mark.parametrize("x", [1e-9, 0.01, 0.3, 0.5, 0.7, 0.999])
def test_the_beta_distribution_has_its_closed_forms(x):
    # F is x**a where b is 1, and 1 - (1 - x)**b where a is 1.
    for a in (0.2, 1.0, 7.0, 300.0):
        _, (bar, _) = pulled("cdf", "beta", x, a, 1.0)
        np.testing.assert_allclose(bar, x**a * np.log(x), rtol=1e-11, atol=1e-300)
        _, (_, bar) = pulled("cdf", "beta", x, 1.0, a)
        np.testing.assert_allclose(
            bar, -((1 - x) ** a) * np.log1p(-x), rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize(("a", "x"), [(0.01, 1e-3), (0.5, 30.0), (800.0, 790.0), (3e4, 3.01e4)])
def test_the_gamma_distribution_agrees_with_differences_at_small_and_large_shapes(a, x):
    check_rule(RV.cdf, stats.gamma, x, a, wrt=2, step=min(1e-3, a / 100), tol=1e-7)
    check_rule(RV.cdf, stats.gamma, a, a * (1 + 1e-3), wrt=2, step=min(1e-3, a / 100), tol=1e-7)


@pytest.mark.parametrize("df", [0.7, 1.0, 30.0, 120.0])
def test_student_agrees_with_differences_at_few_and_many_degrees(df):
    x = np.array([-3.0, -0.1, 0.0, 0.4, 2.0])
    for method in ("cdf", "logcdf", "logsf"):
        check_rule(getattr(RV, method), stats.t, x, df, step=1e-3)
    check_rule(RV.logpdf, stats.t, x, df, step=1e-3)


def test_student_of_infinitely_many_degrees_is_normal():
    x = np.array([-1.5, 0.0, 0.7])
    x_bar, (df_bar,) = pulled("logpdf", "t", x, np.inf, bar=np.ones(3))
    assert np.array_equal(x_bar, -x) and df_bar == 0.0


def test_student_keeps_digits_at_many_degrees():
    # For large nu, the derivative of log f is (x**4 - 2 x**2 - 1) / (-4 nu**2): -1/4 at x = 0.
    for df in (1e4, 1e7):
        _, (bar,) = pulled("logpdf", "t", 0.0, df)
        np.testing.assert_allclose(bar, 0.25 / df**2, rtol=1e-3)


@pytest.mark.parametrize(("name", "at", "expected"), [
    ("laplace", 0.0, 0.0), ("triang", 0.4, 0.0), ("uniform", 1.0, 0.0), ("expon", 0.0, -1.0),
    ("beta", 0.0, np.inf), ("gamma", 0.0, np.inf),
])
def test_slopes_of_log_densities_at_kinks_and_ends(name, at, expected):
    x_bar, _ = pulled("logpdf", name, at, *SHAPES[name])
    assert x_bar == expected


def test_a_density_with_a_shape_of_one_begins_as_an_exponential():
    assert pulled("logpdf", "gamma", 0.0, 1.0)[0] == -1.0
    assert pulled("logpdf", "weibull_min", 0.0, 1.0)[0] == -1.0
    assert pulled("logpdf", "beta", 0.0, 1.0, 1.0)[0] == 0.0


@pytest.mark.parametrize("name", ["norm", "gamma", "beta"])
def test_what_does_not_count_at_the_ends_is_zero(name):
    q = np.array([0.0, 0.5, 1.0])
    x_bar, rest = pulled("ppf", name, q, *SHAPES[name], 0.1, 1.2, bar=np.array([0.0, 1.0, 0.0]))
    assert x_bar[0] == 0.0 and x_bar[1] > 0.0 and x_bar[2] == 0.0
    assert all(np.isfinite(g) for g in rest)


def test_cotangents_of_shapes_are_computed_only_when_asked_for(monkeypatch):
    def asked(x, a):
        raise AssertionError("nobody asked")

    monkeypatch.setitem(scipy_stats_flows.FLOWS, type(stats.gamma), asked)
    slope = sd.grad(lambda x: stats.gamma.sf(x, 2.3, scale=1.2))(0.7)
    np.testing.assert_allclose(slope, -stats.gamma.pdf(0.7, 2.3, scale=1.2))
    slope = sd.grad(lambda s: stats.gamma.sf(0.7, 2.3, 0.0, s))(1.2)
    np.testing.assert_allclose(slope, 0.7 / 1.2 * stats.gamma.pdf(0.7, 2.3, scale=1.2))
    with pytest.raises(AssertionError, match="nobody asked"):
        sd.grad(lambda a: stats.gamma.sf(0.7, a))(2.3)


def test_a_shape_without_known_derivative_is_refused():
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.grad(lambda c: stats.levy_stable.cdf(0.3, c, 0.1))(1.4)


@pytest.mark.parametrize("kappa", [0.0, 0.2, 1.4, 12.0, 45.0])
def test_angles_agree_with_differences_at_all_concentrations(kappa):
    x = np.array([-3.1, -1.0, -0.05, 0.0, 0.3, 2.0, 3.0, 7.0])
    step = 1e-3 if kappa else None
    if step:
        check_rule(RV.cdf, stats.vonmises, x, kappa, step=step, tol=1e-7)
        return
    # The distribution function begins as 1/2 + x / (2 pi) + kappa sin(x) / (2 pi).
    _, (bar,) = pulled("cdf", "vonmises", x, 1e-300, bar=np.ones(len(x)))
    np.testing.assert_allclose(bar, np.sum(np.sin(x)) / (2 * np.pi), rtol=1e-12)


@pytest.mark.parametrize("x", [-3.0, 0.6, 1.5, 3.1])
def test_angles_move_by_the_right_amount_where_their_density_has_vanished(x):
    kappa = 300.0
    ratio = special.ive(1, kappa) / special.ive(0, kappa)
    v = np.linspace(abs(x), np.pi, 200001)
    density = np.exp(kappa * (np.cos(v) - np.cos(x))) * (np.cos(v) - ratio)
    expected = -np.sign(x) * np.trapezoid(density, v)
    (found,) = scipy_stats_flows.FLOWS[type(stats.vonmises)](x, kappa)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_every_row_of_the_tables_is_tested():
    kinds = {type(getattr(stats, name)) for name in SHAPES}
    assert set(scipy_stats_densities.SLOPES) == kinds
    # The others are those of test_scipy_stats_functions.
    assert set(scipy_stats_flows.FLOWS) <= kinds | {type(stats.dgamma), type(stats.dweibull)}


class Tilted(stats.rv_continuous):
    """A user's distribution on (0, 1) with density 1 + c (x - 1/2)."""

    def _pdf(self, x, c):
        return 1 + c * (x - 0.5)

    def _cdf(self, x, c):
        return x + c * (x * x - x) / 2

    def _argcheck(self, c):
        return abs(c) <= 2


def test_a_distribution_of_the_user_agrees_with_differences():
    tilted = Tilted(a=0.0, b=1.0, name="tilted")
    for method in ("pdf", "logpdf", "cdf", "sf", "logcdf"):
        check_rule(getattr(RV, method), tilted, np.array([0.2, 0.7]), 0.8, 0.01, 1.1)
