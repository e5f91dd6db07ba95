"""Helpers of rules that have rules of their own, by which second derivatives go: by differences.

A wrong sign in one of these shows in second derivatives alone, of which few are compared.
"""

import importlib

import numpy as np
import pytest

from s2sdiff import registry
from tests.rules.checker import check_rule
from tests.rules.values import assert_same_shape, random_like

special = pytest.importorskip("scipy.special")

rng = np.random.default_rng(4)
#: Points, and parameters that broadcast against them.
Y, U = np.array([[0.4, 0.9, 1.7]]), np.array([[0.2, 0.55, 0.9]])
A, B = np.array([[1.3], [2.6]]), np.array([[0.8], [1.9]])
X = np.array([0.7, -1.2, 2.0])
Z = X + 1j * X[::-1]
COUNTS = np.array([3, 1, 4])
KNOTS, SAMPLES = np.array([0.0, 0.3, 0.7, 1.0]), rng.standard_normal(4)


def real(*shape):
    return rng.standard_normal(shape)


def both(*shape):
    return real(*shape) + 1j * real(*shape)


#: By module and name: rows of arguments.
ROWS = {
    "boundaries increased": [(real(4, 2), np.array([0, 2]), real(2, 2))],
    "determinants cofactors": [(real(2, 3, 3),), (both(3, 3),)],
    "determinants minors_moved": [(real(3, 3), real(3, 3)), (both(3, 3), both(3, 3))],
    "extremes deviations": [(X, 0.7)],
    "extremes direction": [(X, 0.7), (Z, 0.7)],
    "extremes gathered_share": [(real(2, 3), real(2, 3) > 0.0, 1, True)],
    "extremes quotient": [(0.7, 2.0)],
    "extremes scale": [(X, 0.7), (Z, 0.7)],
    "extremes scale_of_deviations": [(X, 0.7)],
    "extremes share": [(real(2), np.array([[True, False, True], [True, True, True]]), 1)],
    "extremes share_of_all": [(X, np.max(X), 0.7)],
    "extremes squares": [(X,), (Z,)],
    "fourier doubled": [(real(2, 4), 6, 1, 0.5), (real(3, 2), 5, 0, 2.0), (both(3), 4, 0, 2.0)],
    "fourier resized": [(real(3, 4), (2, 6)), (both(3, 4), (5, 4))],
    "helpers product": [(Y, A), (0.4, X)],
    "helpers spread": [(real(2, 3), (1, 3)), (real(2, 1), (2, 4))],
    "powers number_slope": [(0.4, 1.3), (0.4, -2.0)],
    "powers power_slope": [(Y, A)],
    "products cumulative_product_back": [(real(2, 3), real(2, 3), 1)],
    "products product_of_all_others": [(real(2, 3),)],
    "products product_of_others": [(real(2, 3), 1), (real(2, 3), None)],
    "pseudo_inverses of_rank": [(real(4, 3), 3), (real(3, 3), 3)],
    "sampled between_knots": [(real(3), U[0], KNOTS, SAMPLES)],
    "sampled slopes": [(U[0], KNOTS, SAMPLES)],
    "sampled values_back": [(real(3), U[0], KNOTS, SAMPLES)],
    "scans steps_back": [(real(2, 3), (2, 4), 1, 1), (real(1, 3), (3, 3), 2, 0)],
    "scipy_airy_far ai_fall": [(40.0 * Y + 30.0,)],
    "scipy_airy_far bi_fall": [(40.0 * Y + 30.0,)],
    "scipy_beta_slopes beside_zero": [(0.1 * A, 0.1 * B.T)],
    "scipy_beta_slopes psi_apart": [(A, Y), (A, 1e-3 * Y)],
    "scipy_box_cox boxcox_slope": [(Y, A), (Y, 0.0 * A)],
    "scipy_carlson slope_of_g": [(Y, A, 2 * B, special.elliprg(Y, A, 2 * B))],
    "scipy_incomplete gamma_density": [(A, Y)],
    "scipy_incomplete gamma_density_slope": [(A, Y)],
    "scipy_incomplete gamma_ratio": [(A, Y)],
    "scipy_incomplete gamma_slope": [(A, Y)],
    "scipy_incomplete_beta beta_density": [(A, B, U)],
    "scipy_incomplete_beta beta_ratios": [(A, B, U)],
    "scipy_incomplete_beta beta_slopes": [(A, B, U)],
    "scipy_incomplete_beta mean_log": [(A, B)],
    "scipy_integrals cosine_of_square": [(Y,)],
    "scipy_integrals sine_of_square": [(Y,)],
    "scipy_matrix_functions exponential_beside": [(0.4 * real(3, 3), real(3, 3))],
    "scipy_probabilities_student student_density": [(A, Y)],
    "scipy_probabilities_student student_ratio": [(A, Y)],
    "scipy_stats slope_of_inverse": [(X**2, U[0], 1.0)],
    "scipy_stats_counts nbinom_by_n": [(COUNTS, A, U)],
    "scipy_stats_counts odds_slope": [(COUNTS, COUNTS[::-1], U)],
    "scipy_stats_counts poisson_slope": [(COUNTS, A)],
    "scipy_stats_exponents rise": [(-Y - 1.0, -U)],
    "scipy_stats_limits log_ratio": [(U, 0.3 * A), (U, 0.0 * A)],
    "scipy_stats_moments extreme_moment": [(2, np.array(0.1)), (1, np.array(-0.1))],
    "scipy_stats_moments extreme_moments": [(0.1,)],
    "scipy_stats_moments pareto_moment": [(2, np.array([0.1, -0.1]))],
    "scipy_stats_moments truncated_moment": [(2, A, 3.0 + B)],
    "scipy_stats_normal precision": [(Y,)],
    **{f"scipy_stats_plain {name}": [(Y,)] for name in (
        "cauchy_density", "expon_density", "gumbel_density", "gumbel_density_mirrored",
        "halfnorm_density", "laplace_density", "logistic_density")},
    **{f"scipy_stats_slopes {name}": [(Y,)] for name in (
        "cauchy_by_point", "digamma_step", "gumbel_by_point", "logarithm", "logistic_bend",
        "logistic_by_point", "reciprocal")},
    **{f"scipy_stats_slopes {name}": [(Y, A)] for name in (
        "chi2_by_df", "chi2_by_point", "gamma_by_a", "gamma_by_point", "invgamma_by_a",
        "invgamma_by_point", "student_by_df", "student_by_point")},
    "scipy_stats_slopes_more beta_by_point": [(U, A, B)],
    "scipy_stats_slopes_more beta_by_shape": [(np.log(U), A, B)],
    "scipy_stats_slopes_more logarithm_of_rest": [(U,)],
    **{f"scipy_stats_slopes_more {name}": [(Y, A)] for name in (
        "lognorm_by_point", "lognorm_by_s", "raised", "weibull_by_c", "weibull_by_point")},
    "singular_values away_from_zero": [(real(3, 2), np.array([1.0, 2.0]))],
    "squares raised_size": [(X, 1.5)],
    "squares raised_slope": [(X, 1.5)],
    "squares squared_hypot": [(Y, A, 2 * B), (Y, A)],
    "squares squared_norm": [(real(2, 3), 1, True), (real(2, 3), None, False),
                             (both(2, 3), 0, False)],
    "squares squared_size": [(X,), (Z,)],
}
#: What does not move, or is not known to.
WRT = {"minors_moved": "along", "share_of_all": "z_bar", "of_rank": "a",
       "slope_of_inverse": "d"}


def helper(key):
    module, name = key.split()
    return getattr(importlib.import_module(f"s2sdiff.rules.{module}"), name)


@pytest.mark.parametrize("key", ROWS)
def test_a_helper_agrees_with_differences(key):
    for args in ROWS[key]:
        # Differentials that are written by hand are looked at, too.
        own = registry.find(helper(key), "jvp") is not None
        check_rule(helper(key), *args, wrt=WRT.get(key.split()[1]), forward=own)


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize(("key", "args", "at", "derived"), [
    ("powers exponent_slope", (Y, A), 2, np.power),
    ("scipy_box_cox inverse_slope", (Y, A), 0, special.inv_boxcox),
    ("scipy_incomplete gamma_quantile_slope", (A, U), 2, special.gammaincinv),
    ("scipy_incomplete_beta_inverses beta_quantile_slope", (A, B, U), 3, special.betaincinv),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_told_the_result_has_the_total_derivative_in_the_others(key, args, at, derived):
    target = helper(key)

    def told(*args):
        return target(*args[:at], derived(*args), *args[at:])

    made = [*args[:at], derived(*args), *args[at:]]
    value, pullback = registry.find(target).function(*made)
    bar = random_like(value, rng)
    entries = [*pullback(bar)]
    assert entries.pop(at) is None
    for k, (entry, x) in enumerate(zip(entries, args, strict=True)):
        along = random_like(x, rng)
        moved = [[a + s * 1e-5 * along if i == k else a for i, a in enumerate(args)]
                 for s in (1.0, -1.0)]
        slope = (told(*moved[0]) - told(*moved[1])) / 2e-5
        assert_same_shape(entry, x, k)
        assert np.isclose(np.sum(entry * along), np.sum(bar * slope), rtol=1e-6), k


@pytest.mark.parametrize("h", [-0.7, -0.02, 0.03, 0.8])
def test_differences_of_polygammas_keep_their_digits_on_both_sides(h):
    apart = helper("scipy_beta_slopes polygammas_apart")
    x = np.array([0.8, 1.3, 4.0])
    for n in range(3):
        expected = special.polygamma(n, x) - special.polygamma(n, x + h)
        np.testing.assert_allclose(apart(n, x, h), expected, rtol=1e-11)


def test_the_second_slope_of_exprel_agrees_with_differences_near_0_and_far_out():
    x, step = np.array([-3.0, -0.9, 1e-3, 0.9, 1.1, 5.0]), 1e-3
    slope = (special.exprel(x + step) - 2 * special.exprel(x) + special.exprel(x - step)) / step**2
    np.testing.assert_allclose(helper("scipy_powers exprel_curvature")(x), slope, rtol=1e-6)


@pytest.mark.parametrize(("name", "args"), [
    ("genpareto._munp", (2, 0.2)), ("truncpareto._munp", (2, np.array(1.3), np.array(2.6))),
    ("genextreme._munp", (2, np.array(0.1))), ("genextreme._stats", (0.1,))])
def test_what_stands_for_a_method_gives_what_that_gives(name, args):
    distribution, method = name.split(".")
    made = helper("scipy_stats_moments STANDINS")[distribution, method](None, *args)
    expected = getattr(getattr(pytest.importorskip("scipy.stats"), distribution), method)(*args)
    np.testing.assert_allclose(made, expected)


def test_a_pattern_is_as_large_as_its_matrix():
    sparse = pytest.importorskip("scipy.sparse")
    a = sparse.csr_array(([2.0, 3.0], ([0, 1], [0, 2])), shape=(4, 5))
    pattern = helper("scipy_sparse_places ones")(a)
    assert pattern.shape == (4, 5)
    assert np.array_equal(pattern.toarray(), a.toarray() != 0.0)


@pytest.mark.parametrize("count", [20, 1500])
def test_nodes_of_an_interval_integrate_polynomials(count):
    nodes, weights = helper("quadrature gauss")(count)
    assert len(nodes) >= count
    for n in range(6):
        assert np.isclose(np.sum(weights * nodes**n), 1.0 / (n + 1), rtol=1e-13)


def test_the_root_of_a_sum_of_squares_has_slope_0_at_0():
    from s2sdiff.runtime.standins_solved import root

    check_rule(root, np.array([0.3, 1.0, 2.0]), forward=False)
    value, pullback = registry.find(root).function(np.array([0.0, 4.0]))
    assert value.tolist() == [0.0, 2.0] and pullback(np.ones(2)).tolist() == [0.0, 0.25]


@pytest.mark.parametrize("count", [4, 5])
def test_the_middle_of_columns_is_their_median(count):
    a = real(2, count, 3)
    weights = helper("scipy_spectral middle")(a)
    assert np.allclose(np.sum(weights * a, axis=-2), np.median(a, axis=-2))


@pytest.mark.parametrize(("inclusive", "expected"), [
    ((True, True), [0, 1, 1, 1, 0]), ((True, False), [0, 1, 1, 0, 0]),
    ((False, True), [0, 0, 1, 1, 0]), ((False, False), [0, 0, 1, 0, 0])])
def test_limits_count_as_they_are_told_to(inclusive, expected):
    a = np.array([0.0, 1.0, 2.0, 3.0, np.nan])
    found = helper("scipy_stats_trimmed inside")(a, (1.0, 3.0), inclusive)
    assert found.tolist() == [bool(x) for x in expected]


def test_terms_of_divergences_have_the_slopes_of_their_powers():
    from s2sdiff.runtime.standins_divergences import terms

    helper("scipy_stats_powers power_slope")  # which loads its rule
    observed, expected, power = np.array([0.7, 1.2]), np.array([1.1, 0.9]), 1.5
    ratio = observed / expected
    by_observed, by_expected, _ = registry.find(terms).function(observed, expected, power)[1](
        np.ones(2))
    np.testing.assert_allclose(by_observed, 2 * ((power + 1) * ratio**power - 1) / (
        power * (power + 1)))
    np.testing.assert_allclose(by_expected, -2 * ratio ** (power + 1) / (power + 1))


def test_the_mean_of_a_noncentral_t_shrinks_with_the_degrees_of_freedom():
    stats = pytest.importorskip("scipy.stats")
    df, step = np.array([3.0, 5.5]), 1e-5
    slope = np.log(stats.nct.mean(df + step, 1.0)) - np.log(stats.nct.mean(df - step, 1.0))
    np.testing.assert_allclose(helper("scipy_closed_moments shrink")(df), slope / (2 * step),
                               rtol=1e-7)
