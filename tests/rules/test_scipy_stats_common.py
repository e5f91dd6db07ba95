"""Log densities of single distributions, and their slopes' slopes, against differences."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.rules.shared import rule_of
from tests.counted_calls import calls
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule
from tests.rules.second import second_derivatives

stats = pytest.importorskip("scipy.stats")
special = pytest.importorskip("scipy.special")
from s2sdiff.rules import scipy_stats_slopes as slopes  # noqa: E402

CONTINUOUS = {
    "expon": (), "uniform": (), "laplace": (), "cauchy": (), "halfcauchy": (), "logistic": (),
    "halflogistic": (), "gumbel_r": (), "gumbel_l": (), "halfnorm": (), "t": (3.4,),
    "gamma": (2.3,), "chi2": (3.1,), "invgamma": (2.6,), "lognorm": (0.9,), "weibull_min": (1.7,),
    "pareto": (2.2,), "beta": (2.3, 1.4),
}
DISCRETE = {"poisson": (3.2,), "bernoulli": (0.3,), "geom": (0.3,), "nbinom": (3.5, 0.4),
            "binom": (8, 0.3)}
COUNTS = {"poisson": [0, 3, 5], "bernoulli": [0, 1, 1], "geom": [1, 2, 5], "nbinom": [0, 2, 7],
          "binom": [0, 3, 8]}
FUNCTIONS = {
    "expon": lambda x: np.sum(stats.expon.logpdf(x)),
    "uniform": lambda x, scale: np.sum(stats.uniform.logpdf(x, scale=scale)),
    "laplace": lambda x: np.sum(stats.laplace.logpdf(x)),
    "cauchy": lambda x: np.sum(stats.cauchy.logpdf(x)),
    "halfcauchy": lambda x: np.sum(stats.halfcauchy.logpdf(x)),
    "logistic": lambda x: np.sum(stats.logistic.logpdf(x)),
    "halflogistic": lambda x: np.sum(stats.halflogistic.logpdf(x)),
    "gumbel_r": lambda x: np.sum(stats.gumbel_r.logpdf(x)),
    "gumbel_l": lambda x: np.sum(stats.gumbel_l.logpdf(x)),
    "halfnorm": lambda x: np.sum(stats.halfnorm.logpdf(x)),
    "t": lambda x, df: np.sum(stats.t.logpdf(x, df)),
    "gamma": lambda x, a: np.sum(stats.gamma.logpdf(x, a)),
    "chi2": lambda x, df: np.sum(stats.chi2.logpdf(x, df)),
    "invgamma": lambda x, a: np.sum(stats.invgamma.logpdf(x, a)),
    "lognorm": lambda x, s: np.sum(stats.lognorm.logpdf(x, s)),
    "weibull_min": lambda x, c: np.sum(stats.weibull_min.logpdf(x, c)),
    "pareto": lambda x, b: np.sum(stats.pareto.logpdf(x, b)),
    "beta": lambda x, a, b: np.sum(stats.beta.logpdf(x, a, b)),
    "poisson": lambda k, mu: np.sum(stats.poisson.logpmf(k, mu)),
    "bernoulli": lambda k, p: np.sum(stats.bernoulli.logpmf(k, p)),
    "geom": lambda k, p: np.sum(stats.geom.logpmf(k, p)),
    "nbinom": lambda k, n, p: np.sum(stats.nbinom.logpmf(k, n, p)),
    "binom": lambda k, n, p: np.sum(stats.binom.logpmf(k, n, p)),
}
LEVELS = np.array([[0.17, 0.45, 0.83], [0.3, 0.71, 0.6]])


def points(name, levels, location=0.3, scale=1.2):
    return getattr(stats, name).ppf(levels, *CONTINUOUS[name], location, scale)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_densities_agree_with_differences_in_all_that_moves(name):
    shapes, log_density = CONTINUOUS[name], getattr(stats, name).logpdf
    assert registry.has_own(log_density)
    wide = points(name, LEVELS)
    rows = [np.asarray(s) * np.array([1.0, 1.1, 0.9]) for s in shapes]
    column = np.array([[1.2], [1.3]])
    check_rule(log_density, wide, *shapes, 0.3, 1.2)
    check_rule(log_density, float(wide[0, 1]), *shapes, 0.3, 1.2)
    check_rule(log_density, wide, *rows, 0.3, column)
    check_rule(log_density, wide[0], *[r[:, None] for r in rows], np.array([[0.31], [0.3], [0.29]]),
               kwargs={"scale": 1.1})
    check_rule(log_density, float(wide[0, 1]), *rows, kwargs={"scale": column, "loc": 0.1})
    named = {"loc": 0.3, "scale": 1.2}
    check_rule(log_density, np.asfortranarray(wide)[:, ::2], *shapes, kwargs=named)
    check_rule(log_density, np.zeros((0, 3)), *rows, kwargs={"scale": 1.5})
    check_rule(log_density, wide[0].tolist(), *[r.tolist() for r in rows], 0.2, 1.3)


@pytest.mark.parametrize("name", DISCRETE)
def test_masses_agree_with_differences_in_what_is_no_integer(name):
    parameters, log_mass = DISCRETE[name], getattr(stats, name).logpmf
    assert registry.has_own(log_mass)
    counts = np.array(COUNTS[name])
    wrt = tuple(1 + i for i, p in enumerate(parameters) if isinstance(p, float))
    last = parameters[-1] * np.array([[1.0], [1.1]])
    check_rule(log_mass, counts, *parameters, wrt=wrt)
    check_rule(log_mass, int(counts[1]), *parameters, wrt=wrt)
    check_rule(log_mass, counts, *parameters[:-1], last, wrt=wrt)
    check_rule(log_mass, counts + 1, *parameters[:-1], last, 1, wrt=wrt)
    check_rule(log_mass, counts.tolist(), *parameters, wrt=wrt)
    check_rule(log_mass, counts[:0], *parameters, wrt=wrt)


def twice(target, args, position):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = target(*args)
    bar = np.random.default_rng(3).normal(size=np.shape(value))
    for way, found in second_derivatives(target, args, {}, position, bar).items():
        assert not found, f"{way} of {target!r} at {args!r}, {position}: {found}"


@pytest.mark.parametrize("name", CONTINUOUS)
def test_second_derivatives_of_densities_agree_with_differences_in_both_modes(name):
    shapes, log_density = CONTINUOUS[name], getattr(stats, name).logpdf
    x = points(name, LEVELS[0])
    moved = np.array([[1.0], [1.1]])
    for position in range(3 + len(shapes)):
        twice(log_density, (x, *shapes, 0.3, 1.2), position)
        twice(log_density, (x, *[s * moved for s in shapes], 0.3 * moved, 1.2), position)


@pytest.mark.parametrize("name", DISCRETE)
def test_second_derivatives_of_masses_agree_with_differences_in_both_modes(name):
    parameters, log_mass = DISCRETE[name], getattr(stats, name).logpmf
    counts = np.array(COUNTS[name])
    for i, parameter in enumerate(parameters):
        if isinstance(parameter, float):
            twice(log_mass, (counts, *parameters), 1 + i)
            twice(log_mass, (counts, *parameters[:-1], parameters[-1] * np.array([[1.0], [1.1]])),
                  1 + i)


@pytest.mark.parametrize("name", [*CONTINUOUS, *DISCRETE])
def test_mixed_second_derivatives_agree_with_differences(name):
    if name in CONTINUOUS:
        log_density, x, shapes = getattr(stats, name).logpdf, points(name, LEVELS), CONTINUOUS[name]
        p = np.array([*shapes, 0.3, 1.2])

        def f(p):
            return np.sum(log_density(x, *p) * LEVELS)
    else:
        log_mass, k = getattr(stats, name).logpmf, np.array(COUNTS[name])
        p = np.array([v for v in DISCRETE[name] if isinstance(v, float)])
        fixed = [v for v in DISCRETE[name] if not isinstance(v, float)]

        def f(p):
            return np.sum(log_mass(k, *fixed, *p) * LEVELS[0])

    h, step = sd.hessian(f)(p), 1e-5
    gradient = sd.grad(f)
    found = [(gradient(p + step * e) - gradient(p - step * e)) / (2 * step) for e in np.eye(len(p))]
    np.testing.assert_allclose(h, found, rtol=1e-5, atol=1e-6)


def log_likelihood(x, df, loc, scale):
    return np.sum(stats.t.logpdf(x, df, loc, scale))


def waiting(x, a, b):
    return np.sum(stats.gamma.logpdf(x, a, scale=b)) + stats.weibull_min.logpdf(0.7, c=a, scale=b)


def test_what_is_pasted_agrees_with_differences():
    x = points("t", LEVELS)
    check_modes(log_likelihood, (x, 3.4, 0.3, 1.7))
    check_modes(log_likelihood, (x, np.array([3.4, 2.0, 9.0]), 0.3, np.array([[1.7], [0.4]])))
    check_modes(waiting, (np.abs(x) + 0.1, 2.3, 0.8))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CONTINUOUS)
def test_points_outside_and_parameters_that_do_not_hold_count_for_nothing(name):
    log_density, shapes = getattr(stats, name).logpdf, CONTINUOUS[name]
    x = points(name, LEVELS[0])
    one = {"pareto": 0.9}.get(name, -0.1)
    bounded = getattr(stats, name).support(*shapes)[0] > -np.inf
    y = np.append(x, 0.3 + 1.2 * one) if bounded else x
    scales = np.array([[1.2], [-1.0], [0.0]])
    widths = [np.array([s, -1.0, s])[:, None] for s in shapes]

    def counted(x, *p):
        values = log_density(x, *p)
        return np.sum(np.where(np.isfinite(values), values, 0.0))

    def good(x, *p):
        return np.sum(log_density(x, *p))

    every = tuple(range(3 + len(shapes)))
    theirs, along = (x, *shapes, 0.3, 1.2), (np.ones_like(x), *(1.0 for _ in every[1:]))
    expected = sd.grad(good, wrt=every)(*theirs), sd.hvp(good, theirs, along)
    for shaped in (shapes, widths):
        ours = (y, *shaped, 0.3, scales)
        with np.errstate(all="ignore"):
            dots = tuple(np.ones(np.shape(v)) if np.shape(v) else 1.0 for v in ours)
            found = sd.grad(counted, wrt=every)(*ours), sd.hvp(counted, ours, dots)
        for f, e in zip(found, expected, strict=True):
            np.testing.assert_allclose(f[0], np.append(e[0], [0.0] * (len(y) - len(x))), rtol=1e-12)
            for g, v in zip(f[1:], e[1:], strict=True):
                flat = np.append(v, [0.0, 0.0]) if np.size(g) > 1 else v
                np.testing.assert_allclose(np.ravel(g), np.ravel(flat), rtol=1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("name", "shapes", "slope", "bend"), [
    ("gamma", (1.0,), -1.0, 0.0), ("chi2", (2.0,), -0.5, 0.0), ("weibull_min", (1.0,), -1.0, 0.0),
    ("beta", (1.0, 3.0), -2.0, -2.0), ("expon", (), -1.0, 0.0), ("halfnorm", (), 0.0, -1.0),
])
def test_where_the_support_begins_there_are_closed_forms(name, shapes, slope, bend):
    f, args = FUNCTIONS[name], (np.zeros(2), *shapes)
    np.testing.assert_allclose(sd.grad(f)(*args), [slope, slope])
    found = sd.hvp(f, args, (np.ones(2), *[None] * len(shapes)))
    np.testing.assert_allclose(found[0] if shapes else found, [bend, bend])


@pytest.mark.parametrize("df", [1e3, 1e6, 1e12])
def test_many_degrees_of_freedom_keep_their_digits(df):
    # In powers of v = 1/df, log f is -y**2/2 + v (y**4 - 2 y**2 - 1)/4 + v**2 (3 y**4 - 2 y**6)/12
    # and so on, but for a constant.
    y = np.array([0.0, 0.4, -1.7])
    first, second = (y**4 - 2 * y**2 - 1) / 4, (3 * y**4 - 2 * y**6) / 12
    _, back = rule_of(slopes.student_by_df)(y, np.full(3, df))
    by_point, by_df = back(np.ones(3))
    np.testing.assert_allclose(by_df, 2 * first / df**3 + 6 * second / df**4,
                               rtol=200 / df**2 + 1e-9)
    np.testing.assert_allclose(slopes.student_by_df(y, df), -first / df**2 - 2 * second / df**3,
                               rtol=200 / df**2 + 1e-15 * df)
    np.testing.assert_allclose(by_point, -(y**3 - y) / df**2, rtol=40 / df, atol=1e-300)


def test_the_step_of_trigamma_keeps_its_digits_on_both_sides_of_the_change_of_forms():
    x = np.array([0.3, 7.0, 49.9, 50.1, 60.0, 100.0])
    found = special.polygamma(1, x + 0.5) - special.polygamma(1, x) + 0.5 / x**2
    np.testing.assert_allclose(slopes.trigamma_step(x), found, rtol=1e-8)
    np.testing.assert_allclose(slopes.trigamma_step(np.array([1e6])), [-0.25e-18], rtol=1e-11)


def test_third_derivatives_agree_with_closed_forms():
    def f(a):
        return np.sum(stats.gamma.logpdf(np.array([0.4, 1.3]), a))

    third = sd.grad(sd.grad(sd.grad(f)))(2.5)
    np.testing.assert_allclose(third, -2 * special.polygamma(2, 2.5), rtol=1e-10)

    def g(x):
        return stats.cauchy.logpdf(x)

    x = 0.7
    np.testing.assert_allclose(sd.grad(sd.grad(sd.grad(g)))(x),
                               (12 * x - 4 * x**3) / (1 + x * x) ** 3, rtol=1e-10)


def test_single_precision_stays():
    x = points("t", LEVELS).astype("f")
    found = sd.grad(log_likelihood, wrt=(0, 3))(x, 3.4, 0.3, np.ones((2, 1), "f"))
    assert [g.dtype for g in found] == [np.float32, np.float32]
    assert sd.hvp(lambda x: log_likelihood(x, 3.4, 0.3, 1.2), (x,), (x,)).dtype == np.float32


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_product_with_a_hessian_takes_few_calls(name):
    f = FUNCTIONS[name]
    args = (points(name, LEVELS[0], 0.0, 1.0), *CONTINUOUS[name]) if name in CONTINUOUS else (
        np.array(COUNTS[name]), *DISCRETE[name])
    args = (*args, 1.0) if name == "uniform" else args
    dots = tuple(None if np.asarray(a).dtype == int else np.ones(np.shape(a))[()] for a in args)
    for _ in range(3):  # its text is made by the second call
        sd.hvp(f, args, dots)
    # By place it took 5,000 and more.
    assert calls(lambda: sd.hvp(f, args, dots)) < 700
