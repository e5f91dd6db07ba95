"""Forward mode of factors that are arbitrary in part: what is determined has its tangent."""

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
import scipy.sparse.linalg

import s2sdiff as sd
from tests.right_or_refused import check_modes

rng = np.random.default_rng(4)
HIGH = rng.standard_normal((4, 3))
SQUARE = rng.standard_normal((3, 3))
DEFINITE = SQUARE @ SQUARE.T + np.diag([1.0, 2.0, 3.0])
MIXED = SQUARE + 1j * rng.standard_normal((3, 3))
HERMITIAN = MIXED + np.conj(MIXED.T)
TURNING = np.array([[0.0, 1.0, 0.2], [-1.0, 0.1, 0.3], [0.2, 0.1, 2.0]])


def of_sparse(function):
    def f(d):
        a = scipy.sparse.csr_array(np.diag(d) + 0.2 * np.eye(7, k=1))
        return function(a, d)

    return f


D = np.array([1.0, 2.0, 3.5, 4.2, 5.1, 6.3, 7.7])
CASES = {
    "singular values beside full factors": (lambda a: np.linalg.svd(a)[1], HIGH),
    "of a wide matrix": (lambda a: np.linalg.svd(a.T).S, HIGH),
    "the thin part of full factors": (lambda a: scipy.linalg.svd(a)[0][:, :3], HIGH),
    "beside complex factors": (lambda a: scipy.linalg.svd(a)[1], HIGH + 1j * HIGH[::-1]),
    "values of a Hermitian matrix": (lambda a: np.linalg.eigh(a)[0], HERMITIAN),
    "the same by SciPy": (lambda a: scipy.linalg.eigh(a)[0], HERMITIAN),
    "values in pairs": (lambda a: np.linalg.eig(a)[0], TURNING),
    "values in pairs by SciPy": (lambda a: scipy.linalg.eig(a)[0], TURNING),
    "vectors by SciPy": (lambda a: scipy.linalg.eig(a)[1], DEFINITE),
    "left vectors": (lambda a: scipy.linalg.eig(a, left=True)[1], DEFINITE),
    "values of two matrices": (lambda a: scipy.linalg.eig(a, DEFINITE)[0], SQUARE),
    "the square factor beside a full one": (lambda a: scipy.linalg.qr(a)[1], HIGH),
    "the thin part of a full Q": (lambda a: np.linalg.qr(a, "complete")[0][:, :3], HIGH),
    "some values of a sparse matrix": (of_sparse(lambda a, d: np.sort(np.abs(
        scipy.sparse.linalg.eigs(a, k=3, v0=np.ones(7), return_eigenvectors=False)))), D),
    "values beside vectors of a sparse matrix": (of_sparse(lambda a, d: np.sort(np.abs(
        scipy.sparse.linalg.eigs(a, k=3, v0=np.ones(7))[0]))), D),
    "sparse least squares": (of_sparse(lambda a, d: scipy.sparse.linalg.lsqr(
        a, d[::-1], atol=1e-14, btol=1e-14)[0]), D),
    "the same by lsmr": (of_sparse(lambda a, d: scipy.sparse.linalg.lsmr(
        a, d[::-1], atol=1e-14, btol=1e-14)[0]), D),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_determined_agrees_with_differences_in_both_modes(name):
    f, x = CASES[name]
    check_modes(f, (x,))
    # Refusing would be right, too, but not here.
    sd.jvp(f, (x,), (np.ones_like(x),))


def test_what_is_arbitrary_has_a_tangent_of_nan():
    _, (u_dot, s_dot, vh_dot) = sd.jvp(lambda a: tuple(np.linalg.svd(a)), (HIGH,), (HIGH,))
    assert np.isnan(u_dot[:, 3:]).all()
    assert np.isfinite(u_dot[:, :3]).all() and np.isfinite(s_dot).all()
    assert np.isfinite(vh_dot).all()
    _, (w_dot, v_dot) = sd.jvp(lambda a: tuple(np.linalg.eigh(a)), (HERMITIAN,), (HERMITIAN,))
    assert np.isfinite(w_dot).all() and np.isnan(v_dot).all()


def test_a_matrix_class_keeps_its_tangent():
    _, dot = sd.jvp(np.asmatrix, (HIGH,), (2.0 * HIGH,))
    np.testing.assert_array_equal(np.asarray(dot), 2.0 * HIGH)


ROOTS = {
    "a root that is 0": np.array([1.0, 2.0, 0.5, 0.0]),
    "in pairs": np.array([1.0, 2.0, 0.5, 3.0, 1.0]),
    "complex coefficients": np.array([1.0 + 1j, 2.0, 0.5, 0.3]),
}


@pytest.mark.parametrize("name", ROOTS)
def test_roots_agree_with_differences(name):
    # LAPACK may give complex ones in another order a step away: what does not depend on that.
    check_modes(lambda p: np.sum(np.roots(p) ** 3), (ROOTS[name],))
    if name == "a root that is 0":
        check_modes(np.roots, (ROOTS[name],))
    sd.check_grads(lambda p: np.sum(np.real(np.roots(p) * np.conj(np.roots(p)))), (ROOTS[name],))


def test_coefficients_in_front_that_are_0_and_no_roots_at_all_have_zeros():
    p = np.array([0.0, 2.0, 3.0])
    np.testing.assert_allclose(sd.grad(lambda p: np.sum(np.roots(p)))(p), [0.0, 0.75, -0.5])
    assert sd.grad(lambda p: np.sum(np.roots(p)))(np.array([3.0])).tolist() == [0.0]
    single = sd.grad(lambda p: np.sum(np.roots(p)))(np.array([1.0, 3.0, 1.0], np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, [3.0, -1.0, 0.0], atol=1e-5)
