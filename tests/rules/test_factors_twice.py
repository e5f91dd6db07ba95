"""Second derivatives of factors of matrices and of solutions by them, in both modes over both."""

import numpy as np
import pytest

import s2sdiff as sd

linalg = pytest.importorskip("scipy.linalg")

RNG = np.random.default_rng(5)
SQUARE, HIGH = RNG.normal(size=(3, 3)), RNG.normal(size=(4, 3))
DEFINITE = SQUARE @ SQUARE.T + np.diag([1.0, 2.0, 3.0])
LOWER, B = np.linalg.cholesky(DEFINITE), RNG.normal(size=(3, 2))
T, U, V = RNG.normal(size=(2, 3, 4)), RNG.normal(size=3), RNG.normal(size=4)


def of_lower_eigh(a):
    w, v = np.linalg.eigh(a)
    return np.sum(w ** 3) + np.sum((v[:, 0] * v[:, 0]) ** 2)


def of_upper_eigh(a):
    w, v = np.linalg.eigh(a, UPLO="U")
    return w[0] * w[2] + np.sum((v @ np.diag(np.sin(w)) @ v.T) ** 2)


def of_hermitian_eigh(a):
    w, v = np.linalg.eigh(a + 1j * (np.triu(a, 1) - np.triu(a, 1).T))
    return np.sum(w ** 3) + np.sum(np.abs(v[:, 0]) ** 4)


def of_thin_svd(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum((u * np.sin(s)) @ vh * HIGH) + np.sum(s ** 3)


def of_wide_svd(a):
    u, s, vh = np.linalg.svd(a.T, full_matrices=False)
    return np.sum(np.abs(u[:, 0]) * s[1]) + np.sum(vh[0] ** 2 * np.arange(4.0))


def of_cho_solve(a, b, lower):
    factor = linalg.cho_factor(a, lower=lower)
    x = linalg.cho_solve(factor, b)
    return np.sum(x ** 3) + np.sum(np.log(np.diag(factor[0])))


CASES = {
    "eigh": (of_lower_eigh, (DEFINITE,)), "the upper triangle": (of_upper_eigh, (DEFINITE,)),
    "eigh of a complex matrix": (of_hermitian_eigh, (DEFINITE,)),
    "eigh by names": (lambda a: np.sum(np.linalg.eigh(a).eigenvalues ** 3), (DEFINITE,)),
    "eigvalsh": (lambda a: np.sum(np.linalg.eigvalsh(a) ** 3), (DEFINITE,)),
    "eigvalsh of a stack": (
        lambda a: np.sum(np.linalg.eigvalsh(np.stack([a, a @ a])) ** 3), (DEFINITE,)),
    "eigvals": (lambda a: np.sum(np.abs(np.linalg.eigvals(a)) ** 3), (SQUARE,)),
    "eigvals of two": (lambda a, b: np.sum(np.abs(linalg.eigvals(a, b)) ** 3), (SQUARE, DEFINITE)),
    "svd": (of_thin_svd, (HIGH,)), "svd of a wide matrix": (of_wide_svd, (HIGH,)),
    "svd alone": (lambda a: np.sum(np.linalg.svd(a, compute_uv=False) ** 3), (HIGH,)),
    "full svd": (lambda a: np.sum(np.linalg.svd(a)[1] ** 3), (HIGH,)),
    "svdvals": (lambda a: np.sum(np.linalg.svdvals(a) ** 3), (HIGH,)),
    "slogdet by index": (lambda a: np.linalg.slogdet(a)[1] ** 3, (DEFINITE,)),
    "slogdet by name": (lambda a: np.linalg.slogdet(a).logabsdet ** 3, (DEFINITE,)),
    "cho_solve": (lambda a, b: of_cho_solve(a, b, True), (DEFINITE, B)),
    "cho_solve, upper": (lambda a, b: of_cho_solve(a, b, False), (DEFINITE, B[:, 0].copy())),
    "solve_triangular": (lambda a, b: np.sum(linalg.solve_triangular(
        a, b, lower=True) ** 3), (LOWER, B)),
    "transposed": (lambda a, b: np.sum(linalg.solve_triangular(
        a, b, trans=1, lower=True) ** 3), (LOWER, B)),
    "upper, of a unit diagonal": (lambda a, b: np.sum(linalg.solve_triangular(
        a, b, unit_diagonal=True) ** 3), (LOWER.T.copy(), B[:, 0].copy())),
    "scipy's cholesky": (lambda a: np.sum(linalg.cholesky(a) ** 3), (DEFINITE,)),
    "einsum of three": (lambda t, u, v: np.sum(np.einsum("ijk,j,k->i", t, u, v) ** 3), (T, U, V)),
    "einsum of three to a number": (
        lambda u, a, v: np.einsum("i,ij,j->", u, a, v) ** 2, (U, SQUARE, U + 1.0)),
    "einsum of three, result left out": (
        lambda u, a, v: np.einsum("i,ij,j", u, a, v) ** 2, (U, SQUARE, U + 1.0)),
    "einsum of two, result left out": (lambda a: np.einsum("ij,ij", a, a) ** 2, (SQUARE,)),
    "einsum of four, result left out": (
        lambda a: np.einsum("ij,jk,kl,li", a, a, a, a) ** 2, (SQUARE,)),
    "polyval": (lambda p, x: np.sum(np.polyval(p, x) ** 2), (U, V)),
    "polyval of a matrix": (lambda p, x: np.sum(np.polyval(p, x) ** 2), (U, SQUARE)),
    "polyval at a number": (lambda p, x: np.polyval(p, x) ** 2, (U, 0.7)),
    "polyval of columns": (lambda p, x: np.sum(np.polyval(p, x) ** 2), (SQUARE, U)),
}


@pytest.mark.parametrize("name", CASES)
def test_second_derivatives_agree_with_differences_in_both_modes_over_both(name):
    f, args = CASES[name]
    sd.check_grads(f, args, order=2)


def test_tangents_of_equal_eigenvalues_are_those_of_what_is_determined():
    a = np.diag([1.0, 1.0, 2.0])
    along = np.array([[1.0, 2.0, 0.0], [2.0, 3.0, 1.0], [0.0, 1.0, 4.0]])
    np.testing.assert_allclose(sd.jvp(np.linalg.eigvalsh, (a,), (along,))[1], [2.0, 2.0, 4.0])
    with pytest.warns(UserWarning, match="equal values"):
        w, v = sd.jvp(np.linalg.eigh, (a,), (along,))[1]
    np.testing.assert_allclose(w, [2.0, 2.0, 4.0])
    assert np.isnan(v[:, :2]).all()
    assert not np.isnan(v[:, 2]).any()
    s = sd.jvp(np.linalg.svdvals, (np.diag([2.0, 1.0, 0.0]),), (np.eye(3),))[1]
    np.testing.assert_allclose(s, [1.0, 1.0, 0.0], atol=1e-15)
