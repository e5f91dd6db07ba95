"""SciPy's linear algebra, distances and distributions against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw

linalg = pytest.importorskip("scipy.linalg")
distance = pytest.importorskip("scipy.spatial.distance")
stats = pytest.importorskip("scipy.stats")
special = pytest.importorskip("scipy.special")


def matrix(n=3, kind=float, seed=1):
    return draw((n, n), -0.5, 0.5, seed, kind) + 2.0 * np.eye(n)


def positive(n=3, kind=float):
    a = matrix(n, kind)
    return a @ np.conj(a).T + np.eye(n)


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("shape", [(3,), (3, 2)])
def test_systems_of_equations_agree_with_differences(kind, shape):
    a, b = matrix(kind=kind), draw(shape, -1.0, 1.0, 4, kind)
    check_rule(linalg.solve, a, b)
    check_rule(linalg.solve, np.stack([a, 2.0 * a]), np.stack([b, b]) if len(shape) > 1 else b)
    for lower in (False, True):
        check_rule(linalg.solve_triangular, a, b, 0, lower)
        check_rule(linalg.solve_triangular, a, b, "T", lower)
        check_rule(linalg.solve_triangular, a, b, 0, lower, True)


@pytest.mark.parametrize("structure", [
    "sym", "pos", "diagonal", "tridiagonal", "upper triangular", "lower triangular", "banded",
    "general"])
@pytest.mark.parametrize("lower", [False, True])
def test_systems_of_declared_structure_agree_with_differences(structure, lower):
    a, b = positive(), draw((3,), -1.0, 1.0, 4)
    check_rule(
        linalg.solve, a, b, lower, kwargs={"assume_a": structure}, wrt=("a", "b"))


@pytest.mark.parametrize("structure", ["her", "pos", "sym"])
@pytest.mark.parametrize("lower", [False, True])
def test_complex_systems_of_declared_structure_agree_with_differences(structure, lower):
    a, b = positive(kind=complex), draw((3, 2), -1.0, 1.0, 4, complex)
    check_rule(linalg.solve, a, b, lower, kwargs={"assume_a": structure}, wrt=("a", "b"))


@pytest.mark.parametrize("options", [
    {"overwrite_a": True}, {"overwrite_a": True, "check_finite": False}])
def test_a_permission_to_overwrite_is_not_used_where_a_rule_is_written_out(options):
    def product(a):
        return linalg.det(a, **options) * a[0, 1]

    def by_name(a):
        return linalg.det(a, overwrite_a=True, check_finite=False) * a[0, 1]

    a, given = matrix(), matrix()
    expected = np.linalg.det(a) * (a[0, 1] * np.linalg.inv(a).T + np.eye(3, k=1) * (
        np.arange(3)[:, None] == 0))
    for f in (product, by_name):
        np.testing.assert_allclose(sd.grad(f)(a), expected)
        np.testing.assert_array_equal(a, given)


def test_transposed_systems_agree_with_differences():
    check_rule(linalg.solve, matrix(), draw((3, 2), -1.0, 1.0, 4), kwargs={"transposed": True},
               wrt=("a", "b"))


@pytest.mark.parametrize("kind", [float, complex])
def test_inverses_determinants_and_exponentials_agree_with_differences(kind):
    a = matrix(kind=kind)
    for function in (linalg.inv, linalg.det, linalg.expm):
        check_rule(function, a)
        check_rule(function, np.stack([a, 2.0 * a]))


@pytest.mark.parametrize("lower", [False, True])
def test_factors_agree_with_differences(lower):
    check_rule(linalg.cholesky, positive(), lower)
    check_rule(linalg.cholesky, positive(kind=complex), lower)

    def solved(a, b):
        return linalg.cho_solve(linalg.cho_factor(a, lower), b)

    for b in (draw((3,), -1.0, 1.0, 4), draw((3, 2), -1.0, 1.0, 4)):
        sd.check_grads(solved, (positive(), b))


@pytest.mark.parametrize("lower", [False, True])
def test_eigenvalues_of_one_and_of_two_matrices_agree_with_differences(lower):
    a, b = positive(), positive() + np.diag([1.0, 2.0, 3.0])
    check_rule(linalg.eigvalsh, a, kwargs={"lower": lower}, wrt="a")
    check_rule(linalg.eigvalsh, a, b, kwargs={"lower": lower}, wrt=("a", "b"))


def test_norms_agree_with_differences():
    check_rule(linalg.norm, draw((4,), -1.0, 1.0, 1))
    check_rule(linalg.norm, matrix(), "fro")
    check_rule(linalg.norm, matrix(), 1, 0)


def test_matrices_of_vectors_agree_with_differences():
    c, r = draw((4,), -1.0, 1.0, 1), draw((3,), -1.0, 1.0, 2)
    for function in (linalg.toeplitz, linalg.hankel):
        check_rule(function, c, r)
        check_rule(function, c)
        check_rule(function, r, c)
    check_rule(linalg.toeplitz, draw((3,), -1.0, 1.0, 1, complex))
    check_rule(linalg.circulant, c)


@pytest.mark.parametrize("metric", ["euclidean", "sqeuclidean", "cityblock", "minkowski"])
def test_distances_of_pairs_agree_with_differences(metric):
    x, y, w = draw((3, 2), -1, 1, 1), draw((4, 2), -1, 1, 2), np.array([0.5, 1.5])
    between = getattr(distance._distance_pybind, f"cdist_{metric}")
    among = getattr(distance._distance_pybind, f"pdist_{metric}")
    check_rule(between, x, y)
    check_rule(between, x, y, kwargs={"w": w}, wrt=("x", "y"))
    check_rule(among, x)
    if metric == "minkowski":
        check_rule(among, x, kwargs={"p": 3.0}, wrt="x")


def test_equal_points_have_slope_zero():
    x = np.ones((2, 2))
    rule = sd.vjp(distance._distance_pybind.pdist_euclidean, x)
    assert np.array_equal(rule[1](np.ones(1)), np.zeros((2, 2)))


@pytest.mark.parametrize("name", ["cdf", "sf", "logcdf", "logsf", "ppf", "isf"])
def test_distribution_functions_and_inverses_agree_with_differences(name):
    of = getattr(stats.norm, name)
    for x in (0.7, np.array([0.3, 0.4])):
        sd.check_grads(lambda x: of(x), (x,))
        sd.check_grads(lambda x, location, scale: of(x, location, scale), (x, 0.2, 1.3))
        sd.check_grads(lambda x, location: of(x, scale=2.0, loc=location), (x, 0.2))
    sd.check_grads(lambda x: getattr(stats.gamma, name)(x, 2.2), (0.7,))


@pytest.mark.parametrize("name", ["pdf", "logpdf"])
def test_densities_agree_with_differences_in_all_parameters(name):
    of, other = getattr(stats.norm, name), getattr(stats.gamma, name)
    for x in (0.7, np.array([0.3, 1.4])):
        sd.check_grads(lambda x, location, scale: of(x, location, scale), (x, 0.2, 1.3))
        sd.check_grads(lambda x, a, scale: other(x, a, scale=scale), (x, 2.2, 1.3))
        sd.check_grads(lambda x, a: other(x, a=a), (x, np.array([[2.2], [1.7]])))


def test_a_density_outside_of_the_support_has_slope_zero():
    value, pullback = sd.vjp(lambda x: stats.gamma.pdf(x, 2.2), np.array([-1.0, 1.0]))
    assert value[0] == 0.0
    assert pullback(np.ones(2))[0] == 0.0


def test_location_and_scale_by_name_agree_with_differences():
    def probability(x, location, scale):
        return stats.norm.cdf(x, loc=location, scale=scale)

    sd.check_grads(probability, (0.7, 0.2, 1.3))


def test_a_derivative_in_a_parameter_that_is_not_known_is_refused():
    with pytest.raises(sd.DifferentiationError):
        sd.grad(lambda q: special.mathieu_cem(2, q, 30.0)[0])(2.2)


def test_densities_of_the_beta_distribution_agree_with_differences():
    check_rule(special._ufuncs._beta_pdf, np.array([0.3, 0.6]), 2.2, 1.7)
