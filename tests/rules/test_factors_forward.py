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


TURNED = {
    "np.eigh": (lambda a: tuple(np.linalg.eigh(a)), True),
    "np.eigh of the upper triangle": (lambda a: tuple(np.linalg.eigh(a, "U")), True),
    "eigh by QR": (lambda a: scipy.linalg.eigh(a, driver="ev"), True),
    "eigh of the upper triangle": (lambda a: scipy.linalg.eigh(a, lower=False, driver="evd"), True),
    "np.eig": (lambda a: tuple(np.linalg.eig(a)), False),
    "eig": (lambda a: scipy.linalg.eig(a, left=True), False),
    "np.svd": (lambda a: tuple(np.linalg.svd(a, full_matrices=False)), False),
    "np.svd of a wide matrix": (lambda a: tuple(np.linalg.svd(a[:2], full_matrices=False)), False),
    "svd": (lambda a: scipy.linalg.svd(a[:, :2], False, lapack_driver="gesvd"), False),
}


@pytest.mark.parametrize("name", TURNED)
def test_tangents_of_complex_vectors_are_those_of_the_vectors_that_are_given(name):
    # LAPACK makes one component of each real, so that phases have slopes, too.
    f, hermitian = TURNED[name]
    a, t = MIXED, MIXED[::-1] * 1j
    a, t = (a + np.conj(a.T), t + np.conj(t.T)) if hermitian else (a, t)
    up, down = f(a + 1e-6 * t), f(a - 1e-6 * t)
    for dot, one, other in zip(sd.jvp(f, (a,), (t,))[1], up, down, strict=True):
        np.testing.assert_allclose(dot, (one - other) / 2e-6, atol=1e-6)


def test_vectors_whose_phases_follow_no_rule_say_so_and_keep_what_does_not_turn():
    b = DEFINITE + 0.3j * (np.eye(3, k=1) - np.eye(3, k=-1))
    blocks = np.diag([1.0, 2.0, 3.0]) + np.array([[0, 0, 0], [0, 0, 1j], [0, -1j, 0]])
    for f, a in ((lambda a: np.abs(scipy.linalg.eigh(a, b)[1]), HERMITIAN),
                 (lambda a: np.abs(np.linalg.eigh(a)[1]), blocks)):
        t = HERMITIAN[::-1, ::-1] if a is HERMITIAN else 1j * np.triu(a, 1) - 1j * np.tril(a, -1)
        with pytest.warns(UserWarning, match="phases follow no rule"):
            dot = sd.jvp(f, (a,), (t,))[1]
        # As the vectors may be given other phases a step away, but not other sizes.
        np.testing.assert_allclose(dot, (f(a + 1e-6 * t) - f(a - 1e-6 * t)) / 2e-6, atol=1e-6)


def test_vectors_of_equal_values_have_tangents_of_nan_and_the_others_theirs():
    turn = np.linalg.qr(SQUARE)[0]
    a, t = turn @ np.diag([1.0, 1.0, 2.0]) @ turn.T, SQUARE + SQUARE.T
    with pytest.warns(UserWarning, match="gives equal values.*Instead"):
        w_dot, v_dot = sd.jvp(lambda a: tuple(np.linalg.eigh(a)), (a,), (t,))[1]
    assert np.isnan(v_dot[:, :2]).all()
    single = np.linalg.eigh(a)[1][:, 2]
    steps = [np.linalg.eigh(a + h * t)[1][:, 2] for h in (1e-6, -1e-6)]
    up, down = (v * np.sign(v @ single) for v in steps)
    np.testing.assert_allclose(v_dot[:, 2], (up - down) / 2e-6, atol=1e-6)
    # Both share their slope, as in reverse mode.
    expected = np.trace(turn[:, :2].T @ t @ turn[:, :2]) / 2
    np.testing.assert_allclose(w_dot[:2], [expected, expected])
    flat = turn @ np.diag([3.0, 0.0, 0.0]) @ turn.T
    with pytest.warns(UserWarning, match="gives equal values.*Instead"):
        u_dot, s_dot, vh_dot = sd.jvp(lambda a: tuple(np.linalg.svd(a)), (flat,), (t,))[1]
    assert np.isnan(u_dot[:, 1:]).all() and np.isnan(vh_dot[1:]).all()
    assert np.isfinite(u_dot[:, 0]).all() and np.isfinite(vh_dot[0]).all()
    np.testing.assert_allclose(s_dot, [turn[:, 0] @ t @ turn[:, 0], 0.0, 0.0], atol=1e-12)


@pytest.mark.parametrize("f", [
    lambda a: np.sum(np.linalg.eigvalsh(a) ** 2), lambda a: np.sum(np.linalg.eigh(a)[0] ** 2),
    lambda a: np.sum(np.linalg.svd(a)[1] ** 3), lambda a: np.sum(np.linalg.qr(a)[1] ** 3),
    lambda a: np.sum(np.abs(np.linalg.eig(a)[1]) ** 4)])
def test_second_derivatives_of_factors_agree_with_differences(f):
    gradient, t = sd.grad(f), SQUARE[::-1]
    expected = (gradient(DEFINITE + 1e-6 * t) - gradient(DEFINITE - 1e-6 * t)) / 2e-6
    np.testing.assert_allclose(sd.jvp(gradient, (DEFINITE,), (t,))[1], expected, atol=1e-5)


def test_a_vector_that_completes_those_of_a_value_of_zero_has_a_tangent_of_nan():
    low = np.where(np.arange(3) < 2, HIGH, 0.0)
    _, (u_dot, s_dot, _) = sd.jvp(lambda a: tuple(np.linalg.svd(a)), (low,), (HIGH,))
    assert np.isnan(u_dot[:, 3:]).all()
    assert np.isfinite(u_dot[:, :2]).all() and np.isfinite(s_dot).all()


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


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (2, 4, 3)], ids=str)
@pytest.mark.parametrize("kind", [float, complex])
def test_spaces_that_singular_vectors_leave_move_along(shape, kind):
    generator = np.random.default_rng(7)
    a, along = (generator.normal(size=shape) + (kind is complex) * 1j * generator.normal(size=shape)
                for _ in range(2))

    def projections(a):
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        left, right = np.conj(np.swapaxes(u, -1, -2)), np.conj(np.swapaxes(vh, -1, -2))
        return u @ left, s, right @ vh

    _, tangents = sd.jvp(projections, (a,), (along,))
    step = 1e-6
    high, low = projections(a + step * along), projections(a - step * along)
    for tangent, above, below in zip(tangents, high, low, strict=True):
        assert np.allclose(tangent, (above - below) / (2.0 * step), atol=1e-7)
