"""Decompositions where values are equal or 0: what does not depend on the choice of vectors."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import draw

linalg = pytest.importorskip("scipy.linalg")

C = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]])
rotation = np.linalg.qr(C)[0]
TWICE = rotation @ np.diag([1.0, 1.0, 2.0]) @ rotation.T
EIGH = pytest.mark.parametrize("eigh", [np.linalg.eigh, linalg.eigh])
SVD = pytest.mark.parametrize("svd", [np.linalg.svd, linalg.svd])


def slopes(f, a, symmetric=False, step=1e-6):
    """Central differences of a scalar function of a matrix."""
    result = np.zeros_like(a)
    for i, j in np.ndindex(a.shape):
        e = np.zeros_like(a)
        e[i, j] += 0.5
        e[(j, i) if symmetric else (i, j)] += 0.5
        result[i, j] = (f(a + step * e) - f(a - step * e)) / (2 * step)
    return result


@EIGH
@pytest.mark.parametrize("part", [slice(2), slice(2, 3)])
def test_spaces_of_equal_eigenvalues_have_their_derivative(eigh, part):
    def projected(a):
        v = eigh(a)[1][:, part]
        return np.sum(C * (v @ v.T))

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "np.linalg.eigh gives equal|scipy.linalg.eigh gives eq")
        found = sd.grad(projected)(TWICE)
    assert np.allclose((found + found.T) / 2, slopes(projected, TWICE, True), atol=1e-6)


@EIGH
def test_a_derivative_that_assumes_something_says_so(eigh):
    def projected(a):
        v = eigh(a)[1][:, :2]
        return np.sum(C * (v @ v.T))

    with pytest.warns(UserWarning, match="space of their vectors"):
        sd.grad(projected)(TWICE)


@EIGH
def test_vectors_of_equal_eigenvalues_are_refused(eigh):
    def chosen(a):
        return np.sum(C * eigh(a)[1])

    def rebuilt(a):
        w, v = eigh(a)
        return np.sum(C * ((v * w**2) @ v.T))

    with pytest.raises(UnsupportedError, match=r"arbitrary. Instead"):
        sd.grad(chosen)(TWICE)
    with pytest.raises(UnsupportedError, match=r"cannot be told.*Instead"):
        sd.grad(rebuilt)(TWICE)


@pytest.mark.parametrize("f", [
    lambda a: np.linalg.eigvalsh(a)[0], lambda a: np.linalg.eigh(a)[0][0],
    lambda a: linalg.eigvalsh(a)[0], lambda a: linalg.eigh(a)[0][0],
    lambda a: np.real(np.linalg.eigvals(a)[0]), lambda a: np.real(linalg.eigvals(a)[0]),
    lambda a: np.linalg.svd(a)[1][1], lambda a: np.linalg.svdvals(a)[2],
    lambda a: linalg.svdvals(a)[1], lambda a: linalg.eigh(a, np.eye(3))[0][1]])
def test_equal_values_share_their_slope(f):
    # The subgradient of smallest norm is that of the mean of the equal values.
    found = sd.grad(f)(np.diag([1.0, 1.0, 2.0]))
    assert np.allclose(found, np.diag([0.5, 0.5, 0.0]))


def test_equal_values_of_a_tridiagonal_matrix_share_their_slope():
    found = sd.grad(lambda d: linalg.eigh_tridiagonal(d, np.zeros(2), True)[0])(
        np.array([1.0, 1.0, 2.0]))
    assert np.allclose(found, [0.5, 0.5, 0.0])


@SVD
def test_the_nearest_rotation_has_a_derivative_where_singular_values_are_equal(svd):
    def nearest(a):
        u, _, vh = svd(a)
        return np.sum(C * (u @ vh))

    a = rotation @ TWICE
    with pytest.warns(UserWarning, match="space of their vectors"):
        found = sd.grad(nearest)(a)
    assert np.allclose(found, slopes(nearest, a), atol=1e-6)


@SVD
def test_singular_vectors_of_equal_values_are_refused(svd):
    def rebuilt(a):
        u, s, vh = svd(a)
        return np.sum(C * ((u * s) @ vh))

    with pytest.raises(UnsupportedError, match=r"arbitrary. Instead"):
        sd.grad(lambda a: np.sum(C * svd(a)[0]))(TWICE)
    with pytest.raises(UnsupportedError, match=r"cannot be told.*Instead"):
        sd.grad(rebuilt)(TWICE)


def test_singular_values_of_0_have_slope_0_and_no_vectors():
    a = np.diag([3.0, 0.0, 0.0])
    found = sd.grad(lambda a: np.sum(np.linalg.svd(a, compute_uv=False)))(a)
    assert np.allclose(found, np.diag([1.0, 0.0, 0.0]))
    with pytest.raises(UnsupportedError, match=r"arbitrary. Instead"):
        sd.grad(lambda a: np.sum(C * np.linalg.svd(a)[0]))(a)


def test_the_dominant_vector_of_a_matrix_of_rank_1_has_its_derivative():
    a = np.outer([1.0, 2.0, 2.0], [2.0, 1.0, 0.5])

    def largest(a):
        u, _, vh = np.linalg.svd(a)
        return np.sum(C * np.outer(u[:, 0], vh[0]))

    assert np.allclose(sd.grad(largest)(a), slopes(largest, a), atol=1e-6)


def test_vectors_of_equal_general_eigenvalues_are_refused():
    a = np.array([[1.0, 0.0, 3.0], [0.0, 1.0, 1.0], [0.0, 0.0, 2.0]])
    with pytest.raises(UnsupportedError, match=r"arbitrary. Instead"):
        sd.grad(lambda a: np.sum(C * np.abs(np.linalg.eig(a)[1] + 0.5)))(a)


@pytest.mark.parametrize("a", [np.ones((3, 2)), np.zeros((3, 2))])
@pytest.mark.parametrize("qr", [np.linalg.qr, lambda a: linalg.qr(a, mode="economic")])
def test_factors_of_dependent_columns_are_refused(a, qr):
    def first(a):
        return np.sum(qr(a)[0] * [1.0, 2.0])

    a = a.copy()
    a[2] = 0.0
    with pytest.raises(UnsupportedError, match=r"linearly dependent.*Instead"):
        sd.grad(first)(a)


@pytest.mark.parametrize("a", [[[2.0, 1.0], [0.0, 2.0]], [[0.3, 0.7], [0.0, 0.3]]])
def test_eigenvectors_that_do_not_span_the_space_are_refused(a):
    a = np.array(a)
    with pytest.raises(UnsupportedError, match=r"do not span the space.*Instead"):
        sd.grad(lambda a: np.sum(np.abs(np.linalg.eigvals(a)) * [1.0, 2.0]))(a)


@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_vectors_of_a_small_matrix_move_as_those_of_a_large_one(scale):
    # What counts as zero is measured by the greatest value.
    a = draw((4, 2), -1.0, 1.0, 3)

    def weighed(a):
        return np.sum(np.linalg.svd(a, full_matrices=False)[0] ** 2 * np.arange(8.0).reshape(4, 2))

    np.testing.assert_allclose(sd.grad(weighed)(scale * a) * scale, sd.grad(weighed)(a), rtol=1e-9)


@pytest.mark.filterwarnings("ignore:.* gives equal values")
@pytest.mark.parametrize("function", [
    lambda a: np.sum(np.linalg.eigvals(a) ** 3).real, lambda a: np.sum(np.linalg.eigvalsh(a) ** 3),
    lambda a: np.sum(np.linalg.svdvals(a) ** 4),
    lambda a: np.sum(linalg.eigvals(a, 2.0 * np.eye(3)) ** 3).real,
])
def test_second_derivatives_of_equal_values_are_refused(function):
    a, along = np.diag([1.0, 1.0, 2.0]), np.ones((3, 3))
    for twice in (sd.hessian(function),
                  sd.grad(lambda a: np.sum(sd.grad(function)(a) * along))):
        with pytest.raises(UnsupportedError, match="second derivatives of equal .* Instead, "):
            twice(a)


def test_second_derivatives_beside_equal_values_agree_with_differences():
    def weighted(a):
        return np.sum(sd.grad(lambda a: np.linalg.eigvalsh(a)[2] ** 3)(a) * C)

    np.testing.assert_allclose(sd.grad(weighted)(TWICE), slopes(weighted, TWICE), rtol=1e-6,
                               atol=1e-6)


@pytest.mark.parametrize("f", [
    np.linalg.eigvalsh, lambda a: np.linalg.eigh(a)[1], lambda a: np.linalg.svd(a)[0],
    np.linalg.svdvals, lambda a: np.abs(np.linalg.eig(a)[1]), linalg.svdvals])
def test_no_value_is_equal_to_another_where_there_are_none(f):
    assert sd.grad(lambda a: np.sum(f(a)))(np.zeros((0, 0))).shape == (0, 0)


def test_lengths_of_vectors_of_equal_general_eigenvalues_have_slope_0():
    found = sd.grad(lambda a: np.sum(np.abs(np.linalg.eig(a)[1]) ** 2))(np.diag([1.0, 1.0, 2.0]))
    assert np.all(found == 0.0)
