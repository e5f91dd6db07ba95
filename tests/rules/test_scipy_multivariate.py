"""Multivariate distributions against finite differences and against their closed forms."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes

stats = pytest.importorskip("scipy.stats")
SCIPY = tuple(map(int, pytest.importorskip("scipy").__version__.split(".")[:2]))

X = np.array([[0.3, 0.2], [1.0, -0.4], [0.3, 0.3]])
MEAN = np.array([0.1, 0.2])
COVARIANCE = np.array([[2.0, 0.3], [0.3, 1.7]])
P = np.array([0.2, 0.3, 0.5])


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


DENSITIES = {
    "normal logpdf": (lambda x, m, c: np.sum(stats.multivariate_normal.logpdf(x, m, c)),
                      (X, MEAN, COVARIANCE)),
    "normal pdf": (lambda x, m, c: np.sum(stats.multivariate_normal.pdf(x, mean=m, cov=c)),
                   (X, MEAN, COVARIANCE)),
    "at one point": (stats.multivariate_normal.logpdf, (X[0], MEAN, COVARIANCE)),
    "of variances": (lambda x, v: np.sum(stats.multivariate_normal.logpdf(x, MEAN, v)),
                     (X, np.array([2.0, 1.3]))),
    "of one variance": (lambda x, v: np.sum(stats.multivariate_normal.logpdf(x, MEAN, v)),
                        (X, 1.3)),
    "in one dimension": (lambda x, v: stats.multivariate_normal.logpdf(x, 0.2, v), (0.7, 1.3)),
    "frozen": (lambda x, m, c: np.sum(stats.multivariate_normal(m, c).logpdf(x)),
               (X, MEAN, COVARIANCE)),
    "of a Cholesky factor": (
        lambda x, a: np.sum(stats.multivariate_normal.logpdf(
            x, MEAN, stats.Covariance.from_cholesky(a))), (X, np.array([[1.0, 0.0], [0.3, 1.2]]))),
    "of a product": (lambda a: np.sum(stats.multivariate_normal.logpdf(X, MEAN, a @ a.T)),
                     (np.eye(2),)),
    "normal entropy": (lambda c: stats.multivariate_normal.entropy(MEAN, c), (COVARIANCE,)),
    "t logpdf": (lambda x, m, c, df: np.sum(stats.multivariate_t.logpdf(x, m, c, df)),
                 (X, MEAN, COVARIANCE, 3.3)),
    "dirichlet logpdf": (stats.dirichlet.logpdf, (P[:2], np.array([1.2, 2.3, 0.7]))),
    "dirichlet entropy": (stats.dirichlet.entropy, (np.array([1.2, 2.3, 0.7]),)),
    "multinomial logpmf": (lambda z: stats.multinomial.logpmf([1, 2, 3], 6, softmax(z)), (P,)),
    "multinomial pmf": (lambda z: stats.multinomial.pmf([1, 2, 3], 6, softmax(z)), (P,)),
}


@pytest.mark.parametrize("name", DENSITIES)
def test_a_distribution_of_several_variables_agrees_with_differences(name):
    function, args = DENSITIES[name]
    check_modes(function, args)


@pytest.mark.parametrize("covariance", [
    np.eye(2), 2.0 * np.eye(2), np.diag([2.0, 1.0]), COVARIANCE,
    np.array([[1.0, 1e-9], [1e-9, 1.0]]),
])
@pytest.mark.parametrize("use", ["density", "frozen"])
def test_equal_eigenvalues_of_a_covariance_do_no_harm(covariance, use):
    def loss(c):
        if use == "frozen":
            return np.sum(stats.multivariate_normal(MEAN, c).logpdf(X))
        return np.sum(stats.multivariate_normal.logpdf(X, MEAN, c))

    inverse, r = np.linalg.inv(covariance), X - MEAN
    full = (inverse @ r.T @ r @ inverse - len(X) * inverse) / 2
    found = sd.grad(loss)(covariance)
    # SciPy reads the lower triangle, whose entries stand for both.
    expected = np.tril(full + full.T) - np.diag(np.diag(full))
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(sd.jacfwd(loss)(covariance), expected, atol=1e-8)


def test_equal_eigenvalues_of_a_shape_matrix_do_no_harm():
    found = sd.grad(lambda c: np.sum(stats.multivariate_t.logpdf(X, MEAN, c, 3.3)))(np.eye(2))
    assert np.all(np.isfinite(found)) and found[1, 0] != 0.0


def test_a_singular_covariance_is_differentiated_within_its_range():
    # On the line through (1, 1) this is a normal density with the variance of x + y over 2.
    ones = np.ones((2, 2))
    at = np.array([0.7, 0.7])

    def loss(scale):
        return stats.multivariate_normal.logpdf(at, cov=scale * ones, allow_singular=True)

    variance = 2 * 1.3  # along the unit vector
    expected = (2 * 0.7**2 / variance - 1) / (2 * 1.3)
    np.testing.assert_allclose(sd.grad(loss)(1.3), expected, rtol=1e-9)
    np.testing.assert_allclose(sd.jvp(loss, (1.3,), (1.0,))[1], expected, rtol=1e-9)


def test_a_singular_covariance_turns_with_its_point():
    def loss(angle):
        u = np.array([np.cos(angle), 2 * np.sin(angle), 0.3])
        return stats.multivariate_normal.logpdf(u, cov=np.outer(u, u), allow_singular=True)

    # On its line this is a normal density at one standard deviation, which is the length of u.
    length = np.sqrt(np.cos(0.4) ** 2 + 4 * np.sin(0.4) ** 2 + 0.09)
    expected = -3 * np.sin(0.4) * np.cos(0.4) / length**2
    np.testing.assert_allclose(sd.jvp(loss, (0.4,), (1.0,))[1], expected, rtol=1e-9)
    np.testing.assert_allclose(sd.grad(loss)(0.4), expected, rtol=1e-9)


def test_what_depends_on_the_choice_of_eigenvectors_is_refused():
    def whitened(c):
        return np.sum(stats.multivariate_normal(MEAN, c).cov_object.whiten(X) ** 3)

    with pytest.raises(sd.DifferentiationError, match="eigenvectors"):
        sd.grad(whitened)(COVARIANCE)


def test_forward_mode_has_tangents_of_eigenvectors_where_the_values_differ():
    def whitened(c):
        return stats.multivariate_normal(MEAN, c).cov_object.whiten(X) ** 3

    sd.check_grads(whitened, (COVARIANCE,), modes=("fwd",))


def test_tangents_in_a_covariance_are_differentiated_again():
    def along(c):
        return sd.jvp(lambda c: np.sum(stats.multivariate_normal.logpdf(X, MEAN, c)), (c,),
                      (COVARIANCE,))[1]

    sd.check_grads(along, (COVARIANCE,), modes=("fwd",))


def test_the_multinomial_has_its_closed_form():
    counts = np.array([1, 2, 3])
    found = sd.grad(lambda p: stats.multinomial.logpmf(counts, 6, p))(P)
    # Before SciPy 1.16 the last probability was always what the others leave.
    last = 0.0 if SCIPY >= (1, 16) else counts[-1] / P[-1]
    np.testing.assert_allclose(found, counts / P - last)
