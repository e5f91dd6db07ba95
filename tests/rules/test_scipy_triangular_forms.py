"""Factors of which one is triangular: `scipy.linalg.rq` and `schur`, and SVDs by `eigh`."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import draw

linalg = pytest.importorskip("scipy.linalg")

A = draw((4, 4), -1.0, 1.0, 1)
#: With eigenvalues 1, 2, 4 and 7.
REAL = np.diag([1.0, 2.0, 4.0, 7.0]) + np.triu(draw((4, 4), -1.0, 1.0, 2), 1)
REAL = np.linalg.solve(A + 3.0 * np.eye(4), REAL @ (A + 3.0 * np.eye(4)))


@pytest.mark.parametrize("mode", ["full", "economic", "r"])
@pytest.mark.parametrize("a", [A, A[:3], A[:, :3], A + 1j * A[::-1]],
                         ids=["real", "wide", "high", "complex"])
def test_rows_that_are_made_orthogonal_agree_with_differences(a, mode):
    if mode == "full" and len(a) < 4:
        mode = "economic"
    sd.check_grads(lambda a: linalg.rq(a, mode=mode), (a,))


def test_rows_that_only_complete_the_factor_are_refused():
    with pytest.raises(sd.DifferentiationError, match="full factors of scipy.linalg.rq is arb"):
        sd.grad(lambda a: np.sum(linalg.rq(a)[1]))(A[:2])
    sd.check_grads(lambda a: linalg.rq(a)[0] + linalg.rq(a)[0][:, ::-1], (A[:2],), modes=("rev",))


@pytest.mark.parametrize("a", [REAL, A, A.T + np.diag([2.0, 0.0, 0.0, -1.0])],
                         ids=["real", "pairs", "mixed"])
def test_the_schur_form_of_a_real_matrix_agrees_with_differences(a):
    sd.check_grads(lambda a: linalg.schur(a), (a,))


def test_the_cases_have_pairs_of_eigenvalues_above_and_below_real_ones():
    signs = [np.diagonal(linalg.schur(a)[0], -1) != 0 for a in (A, A.T + np.diag([2.0, 0, 0, -1]))]
    assert any(s[0] for s in signs) and any(s[-1] for s in signs)


def test_a_schur_form_in_an_order_agrees_with_differences():
    sd.check_grads(lambda a: linalg.schur(a, sort="lhp")[:2], (A,))


def test_what_does_not_depend_on_phases_of_a_complex_schur_form_agrees_with_differences():
    z = A + 1j * A[::-1]
    sd.check_grads(lambda a: np.abs(linalg.schur(a)[0]) + np.abs(linalg.schur(a)[1]), (z,),
                   modes=("rev",))
    with pytest.raises(sd.DifferentiationError, match="phases of the vectors of scipy.linalg.sch"):
        sd.grad(lambda a: np.sum(np.imag(linalg.schur(a)[1])))(z)


@pytest.mark.parametrize(("a", "message"), [
    (np.eye(3), "equal eigenvalues"), (np.array([[1.0, 2.0], [-2.0, 1.0]]), "angle of a block")])
def test_arbitrary_vectors_of_a_schur_form_are_refused(a, message):
    with pytest.raises(sd.DifferentiationError, match=message):
        sd.grad(lambda a: np.sum(linalg.schur(a)[1][0]))(a)


@pytest.mark.parametrize("compute_uv", [True, False])
def test_singular_values_by_eigh_read_the_lower_triangle(compute_uv):
    sd.check_grads(lambda a: np.linalg.svd(a, compute_uv=compute_uv, hermitian=True), (A,))
    stack = np.stack([A + 1j * A.T, 2.0j * A - A[::-1]])
    sd.check_grads(lambda a: np.linalg.svd(a, compute_uv=False, hermitian=True), (stack,))
