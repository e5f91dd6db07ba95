"""SciPy's eigenvectors, singular vectors, orthogonal factors and least squares, by differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule, draw

linalg = pytest.importorskip("scipy.linalg")


def matrix(rows=3, columns=3, kind=float, seed=1):
    return draw((rows, columns), -0.5, 0.5, seed, kind) + 2.0 * np.eye(rows, columns)


def positive(n=3, seed=1):
    a = matrix(n, n, seed=seed)
    return a @ a.T + np.diag(np.arange(n) + 1.0)


@pytest.mark.parametrize("lower", [True, False])
def test_eigenvectors_agree_with_differences(lower):
    def without_signs(*matrices):
        w, v = linalg.eigh(*matrices, lower=lower)
        return w[..., None, :] * v[..., 0, None, :] * v

    sd.check_grads(without_signs, (positive(),))
    sd.check_grads(without_signs, (np.stack([positive(), positive(seed=2)]),))
    sd.check_grads(without_signs, (positive(), positive(seed=2)))
    check_rule(linalg.eigh, positive(), positive(seed=2), wrt=("a", "b"),
               kwargs={"eigvals_only": True, "lower": lower})


@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 4)])
def test_singular_values_and_vectors_agree_with_differences(shape):
    a = matrix(*shape) + np.diag(np.arange(4.0))[:shape[0], :shape[1]]
    check_rule(linalg.svd, a, False)
    check_rule(linalg.svd, a, True, False)
    check_rule(linalg.svdvals, a)
    for options in ({}, {"return_rank": True}, {"rtol": 0.3}, {"atol": 1.0, "return_rank": True}):
        check_rule(linalg.pinv, a, kwargs=options, wrt="a")


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 4)])
@pytest.mark.parametrize("mode", ["economic", "r"])
def test_orthogonal_factors_agree_with_differences(shape, mode, kind):
    check_rule(linalg.qr, matrix(*shape, kind), wrt="a", kwargs={"mode": mode})


def test_full_factors_have_a_derivative_as_far_as_they_are_determined():
    a = matrix(4, 3)
    check_modes(lambda a: np.sum(linalg.qr(a)[1] ** 3) + np.sum(linalg.qr(a)[0][:, :2]), (a,))
    check_modes(lambda a: np.sum(linalg.svd(a)[0][:, 0]) * linalg.svd(a)[2][0, 1], (a,))
    # Of two that complete three, each may turn into the other.
    for use in (lambda a: linalg.qr(a)[0][0, 3], lambda a: linalg.svd(a)[0][0, 3]):
        with pytest.raises(UnsupportedError, match=r"full factors.*Instead"):
            sd.grad(use)(matrix(5, 3))


@pytest.mark.parametrize("shape", [(3,), (3, 2)])
def test_solutions_of_least_squares_agree_with_differences(shape):
    b = draw((4, *shape[1:]), -1.0, 1.0, 4)

    def solution(a, b):
        return linalg.lstsq(a, b)[0]

    sd.check_grads(solution, (matrix(4, 3), b))
    sd.check_grads(solution, (matrix(4, 4), b))
    sd.check_grads(lambda a, b: linalg.lstsq(a, b)[1], (matrix(4, 3), b))
    sd.check_grads(lambda a, b: linalg.lstsq(a, b)[3], (matrix(4, 3), b))


@pytest.mark.parametrize("part", [
    {"subset_by_index": [1, 2]}, {"subset_by_index": [0, 0]}, {"subset_by_index": [2, 2]},
    {"subset_by_value": [5.0, np.inf]}, {"subset_by_value": [-np.inf, 0.01]}, {}])
@pytest.mark.parametrize("type", [1, 2, 3])
@pytest.mark.parametrize("kind", [float, complex])
def test_a_part_of_the_eigenvalues_of_each_type_agrees_with_differences(part, type, kind):
    a, b = matrix(kind=kind), matrix(kind=kind, seed=2)
    a, b = a @ np.conj(a).T + np.diag([1.0, 2.0, 3.0]), b @ np.conj(b).T + np.eye(3)
    for lower in (True, False):
        def without_phases(a, b=None, lower=lower):
            w, v = linalg.eigh(a, b, lower=lower, type=type, **part)
            return w[None, :] * np.conj(v[0, None, :]) * v

        sd.check_grads(without_phases, (a, b), modes="rev")
        sd.check_grads(without_phases, (a,), modes="rev")
        options = {"lower": lower, "type": type, **part}
        check_rule(linalg.eigvalsh, a, b, kwargs=options, wrt=("a", "b"), exact=False)
        check_rule(linalg.eigvalsh, a, kwargs=options, wrt="a", exact=False)
        check_rule(linalg.eigh, a, b, kwargs={"eigvals_only": True, **options}, wrt=("a", "b"),
                   exact=False)


def test_a_part_that_cuts_equal_eigenvalues_shares_their_cotangent_and_has_no_vectors():
    a = np.diag([1.0, 2.0, 2.0])
    found = sd.grad(lambda a: linalg.eigvalsh(a, subset_by_index=[2, 2])[0])(a)
    assert np.allclose(found, np.diag([0.0, 0.5, 0.5]))
    with pytest.raises(UnsupportedError, match="equal values.*Instead"):
        sd.grad(lambda a: np.sum(linalg.eigh(a, subset_by_index=[2, 2])[1] ** 3))(a)
    with pytest.raises(UnsupportedError, match="several matrices.*Instead"):
        sd.vjp(lambda a: linalg.eigh(a, subset_by_index=[0, 1]), np.stack([a, a]))


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 4)])
def test_numpys_factors_of_any_shape_agree_with_differences(shape, kind):
    a = matrix(*shape, kind)
    for mode in ("reduced", "r"):
        check_rule(np.linalg.qr, a, mode, exact=False)
        check_rule(np.linalg.qr, np.stack([a, 2.0 * a]), mode, exact=False)
    check_modes(lambda a: np.linalg.qr(a, "complete")[1], (a,))


@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 4)])
def test_pivoted_factors_agree_with_differences(shape):
    def factors(a):
        q, r, _ = linalg.qr(a, mode="economic", pivoting=True)
        return q * np.sum(r)

    a = matrix(*shape) + np.diag(np.arange(5.0))[:shape[0], :shape[1]]
    sd.check_grads(factors, (a,))
    sd.check_grads(lambda a: linalg.qr(a, mode="r", pivoting=True)[0], (a,))


@pytest.mark.parametrize("lower", [True, False])
def test_hermitian_pairs_agree_with_differences(lower):
    def without_phases(a, b):
        w, v = linalg.eigh(a, b, lower=lower)
        return w[None, :] * np.conj(v[0, None, :]) * v

    a, b = matrix(kind=complex), matrix(kind=complex, seed=2)
    a, b = a @ np.conj(a).T + np.diag([1.0, 2.0, 3.0]), b @ np.conj(b).T + np.eye(3)
    with pytest.warns(UserWarning, match="phases follow no rule"):
        sd.check_grads(without_phases, (a, b))
    check_rule(linalg.eigvalsh, a, b, kwargs={"lower": lower}, wrt=("a", "b"), exact=False)
    check_rule(linalg.eigvalsh, a, kwargs={"lower": lower}, wrt="a", exact=False)
