"""Some eigenvalues, least squares, inverses and blocks of sparse matrices, by differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both, check_whole

sparse = pytest.importorskip("scipy.sparse")
linalg = pytest.importorskip("scipy.sparse.linalg")

MAIN, SIDE = np.linspace(3.0, 5.0, 6), np.array([0.5, -0.7, 0.3, 0.9, -0.2])
B = np.array([0.3, -1.2, 0.8, 0.1, 2.0, -0.4])
ONES = np.ones(6)
FULL = np.cos(np.arange(36.0)).reshape(6, 6) + 4.0 * np.eye(6)


def skewed(main, side, form="csc"):
    return sparse.diags([main, side, 0.5 * side], [0, 1, -1], format=form)


def symmetric(main, side, form="csr"):
    return sparse.diags([main, side, side], [0, 1, -1], format=form)


def hermitian(main, side):
    return sparse.diags([main, side * (0.6 + 1j), side * (0.6 - 1j)], [0, 1, -1], format="csr")


def tall(main, side, form="csr"):
    return sparse.vstack([symmetric(main, side), sparse.csr_array(np.outer(side, main))],
                         format=form)


EIGENVALUES = {
    "eigsh": lambda m, s: linalg.eigsh(symmetric(m, s), 2, v0=ONES)[0],
    "eigsh of an array": lambda m, s: linalg.eigsh(symmetric(m, s).toarray(), 2, v0=ONES)[0],
    "eigsh without vectors": lambda m, s: linalg.eigsh(
        symmetric(m, s, "coo"), 3, v0=ONES, return_eigenvectors=False) * np.arange(3.0),
    "the smallest": lambda m, s: linalg.eigsh(symmetric(m, s), 2, which="SM", v0=ONES)[0],
    "near a number": lambda m, s: linalg.eigsh(symmetric(m, s, "csc"), 2, sigma=4.0, v0=ONES)[0],
    "vectors": lambda m, s: linalg.eigsh(symmetric(m, s), 2, v0=ONES)[1] ** 2,
    "vectors of an array": lambda m, s: linalg.eigsh(
        symmetric(m, s).toarray(), 2, v0=ONES)[1] ** 2,
    "weighed": lambda m, s: linalg.eigsh(symmetric(m, s), 2, symmetric(m * m, s), v0=ONES)[0],
    "Hermitian": lambda m, s: linalg.eigsh(hermitian(m, s), 2, v0=ONES + 0j)[0],
    "vectors of a Hermitian one": lambda m, s: np.abs(
        linalg.eigsh(hermitian(m, s), 2, v0=ONES + 0j)[1]) ** 2,
    "a complex matrix": lambda m, s: linalg.svds(hermitian(m, s)[:4], 2, v0=ONES[:4] + 0j)[1],
    "its part of two values": lambda m, s: np.abs(of_two(
        *linalg.svds(hermitian(m, s)[:4], 2, v0=ONES[:4] + 0j))),
    "eigs": lambda m, s: np.real(linalg.eigs(skewed(m, s), 2, v0=ONES)[0]),
    "eigs without vectors": lambda m, s: np.real(linalg.eigs(
        skewed(m, s), 2, v0=ONES, return_eigenvectors=False)) ** 2,
    "svds": lambda m, s: linalg.svds(tall(m, s), 2, v0=ONES)[1],
    "svds without vectors": lambda m, s: linalg.svds(
        skewed(m, s), 2, v0=ONES, return_singular_vectors=False) * np.arange(2.0),
    "left and right": lambda m, s: np.concatenate([np.ravel(
        part**2) for part in linalg.svds(tall(m, s), 2, v0=ONES)]),
    "the part of two values": lambda m, s: of_two(*linalg.svds(tall(m, s).toarray(), 2, v0=ONES)),
}


def of_two(u, s, vh):
    return u @ np.diag(s) @ vh


@pytest.mark.parametrize("name", EIGENVALUES)
def test_values_and_vectors_move_with_the_matrix(name):
    check_whole(EIGENVALUES[name], MAIN, SIDE)


def test_lobpcg_moves_with_the_matrix_and_not_with_where_it_begins():
    start = np.eye(30)[:, :2] + 0.1

    def f(d, x):
        a = sparse.diags([np.arange(1.0, 31.0) + d, 0.3 * np.ones(29), 0.3 * np.ones(29)],
                         [0, 1, -1], format="csr")
        return linalg.lobpcg(a, x, largest=False, tol=1e-11, maxiter=300)[0]

    found = sd.jacobian(f)(np.zeros(30), start)
    w, v = np.linalg.eigh(np.diag(np.arange(1.0, 31.0)) + np.diag(0.3 * np.ones(29), 1)
                          + np.diag(0.3 * np.ones(29), -1))
    np.testing.assert_allclose(found, v[:, :2].T ** 2, atol=1e-8)
    assert not np.any(sd.grad(lambda x: np.sum(f(np.zeros(30), x)))(start))


SOLVED = {
    "lsqr": lambda m, s, b: linalg.lsqr(tall(m, s), np.append(b, s), atol=1e-14, btol=1e-14)[0],
    "lsmr": lambda m, s, b: linalg.lsmr(tall(m, s), np.append(b, s), atol=0.0, btol=0.0,
                                        conlim=0.0, maxiter=40)[0],
    "of an array": lambda m, s, b: linalg.lsqr(
        tall(m, s).toarray(), np.append(b, s), atol=1e-14, btol=1e-14)[0],
    "damped": lambda m, s, b: linalg.lsqr(
        tall(m, s), np.append(b, s), m[0], atol=1e-14, btol=1e-14)[0],
    "norms": lambda m, s, b: linalg.lsqr(
        tall(m, s), np.append(b, s), 0.3 * m[0], atol=1e-14, btol=1e-14)[3:5],
    "the residual": lambda m, s, b: linalg.lsmr(
        tall(m, s), np.append(b, s), atol=1e-14, btol=1e-14)[3],
    "of least norm": lambda m, s, b: linalg.lsqr(
        tall(m, s).T, b, atol=1e-14, btol=1e-14)[0],
    "complex": lambda m, s, b: np.abs(linalg.lsqr(
        hermitian(m, s)[:, :4], b * (1.0 + 0.3j), 0.2, atol=1e-14, btol=1e-14)[0]),
    "an operator": lambda m, s, b: linalg.lsqr(linalg.LinearOperator(
        (6, 6), matvec=lambda x: m * x + b * (s @ x[1:]),
        rmatvec=lambda x: m * x + np.append(0.0, s) * (b @ x)), b, atol=1e-14, btol=1e-14)[0],
    "inv": lambda m, s, b: linalg.inv(skewed(m, s)) @ b,
    "inv of blocks": lambda m, s, b: linalg.inv(sparse.csc_array(sparse.block_diag(
        [sparse.csr_array(np.diag(m[:3]) + 1.0), sparse.diags_array(m[3:])]))).toarray(),
    "expm": lambda m, s, b: linalg.expm(0.3 * skewed(m, s)) @ b,
    "expm_multiply": lambda m, s, b: linalg.expm_multiply(0.3 * skewed(m, s), b),
    "a triangle": lambda m, s, b: linalg.spsolve_triangular(
        sparse.tril(skewed(m, s)).tocsr(), b),
    "an upper triangle": lambda m, s, b: linalg.spsolve_triangular(
        sparse.triu(skewed(m, s)).tocsr(), np.outer(b, s), lower=False),
    "a diagonal of ones": lambda m, s, b: linalg.spsolve_triangular(
        sparse.csr_array(np.eye(6) + np.diag(s, -1)), b * m, unit_diagonal=True),
}


@pytest.mark.parametrize("name", SOLVED)
def test_solutions_move_with_matrix_and_right_hand_side(name):
    check_whole(SOLVED[name], MAIN, SIDE, B)


NORMS = {
    "all": {}, "by rows": {"axis": 1}, "of columns": {"axis": 0}, "greatest column": {"ord": 1},
    "greatest row": {"ord": np.inf}, "greatest value": {"ord": 2},
    "sums of rows": {"ord": 1, "axis": 1}, "greatest of columns": {"ord": np.inf, "axis": 0},
}


@pytest.mark.parametrize("name", NORMS)
def test_norms_move_with_the_elements(name):
    check_whole(lambda m, s: linalg.norm(skewed(m * m, s), **NORMS[name]), MAIN, SIDE)


JOINED = {
    "hstack": lambda a, b: sparse.hstack([a, b]), "vstack": lambda a, b: sparse.vstack((a, b)),
    "bmat": lambda a, b: sparse.bmat([[a, None], [b, a]], format="csr"),
    "block_array": lambda a, b: sparse.block_array([[a, b], [None, b]], format="csc"),
    "with an array": lambda a, b: sparse.hstack([a, b.toarray()]),
    "mean": lambda a, b: a.mean() * b, "mean of rows": lambda a, b: sparse.csr_array(b).multiply(
        np.reshape(sparse.csr_array(a).mean(axis=1), (-1, 1))),
    "abs": lambda a, b: abs(a) @ b, "conj": lambda a, b: a.conj() @ b.conjugate(),
    "reshape": lambda a, b: (a + b).reshape((4, 9)), "max": lambda a, b: a.max() * b,
    "min": lambda a, b: a.tocsc().min() * b,
}


@pytest.mark.parametrize("name", JOINED)
def test_matrices_that_are_joined_move_with_their_blocks(name):
    def f(m, s):
        return JOINED[name](skewed(m, s, "csr"), symmetric(m * s[0], s, "csr")).toarray()

    check_both(f, MAIN, SIDE)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("way", ["max", "min"])
def test_greatest_elements_of_rows_and_columns_may_be_none(way, axis):
    def f(m, s):
        found = getattr(skewed(m, s, "csr"), way)(axis=axis)
        return found.toarray() * np.arange(1.0, 7.0)

    check_both(f, MAIN, SIDE)


REFUSED = {
    "an operator": (lambda m: linalg.eigsh(linalg.LinearOperator((6, 6), lambda x: m * x), 2)[0],
                    r"operator.*Instead, give it a matrix"),
    "a vector of a double value": (lambda m: linalg.eigsh(sparse.diags(
        np.where(m > 3.5, 5.0, m)), 2)[1], r"(equal values|comes twice).*Instead"),
    "a vector of eigs": (lambda m: np.real(linalg.eigs(skewed(m, SIDE), 1, v0=ONES)[1]),
                         r"lengths and phases.*Instead, compute"),
    "an estimate": (lambda m: linalg.lsqr(tall(m, SIDE), np.ones(11))[5],
                    r"estimates.*Instead, compute"),
    "the least sum": (lambda m: linalg.norm(skewed(m, SIDE), -np.inf), r"least sum.*Instead"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_arbitrary_or_only_estimated_is_refused(name):
    f, message = REFUSED[name]
    with pytest.raises(sd.UnsupportedError, match=message):
        value, pullback = sd.vjp(f, MAIN)
        pullback(np.ones_like(value))


def ended_by_a_diagonal(d, form):
    a = sparse.csr_array(np.diag(d) + FULL).asformat(form, copy=True)
    kept = a.tocoo(copy=True)
    kept.setdiag(d * d)
    return (kept @ ONES) * np.asarray(a.sum(axis=0)).ravel()


@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
def test_a_matrix_that_is_given_another_diagonal_keeps_what_it_was(form):
    check_both(lambda d: ended_by_a_diagonal(d, form), B)


@pytest.mark.parametrize("normed", [False, True])
def test_the_laplacian_of_a_sparse_graph_moves_with_its_weights(normed):
    graphs = pytest.importorskip("scipy.sparse.csgraph")

    def laplacian(w):
        made = graphs.laplacian(sparse.csr_array(np.outer(w, w) + FULL**2), normed=normed)
        return made.toarray()

    check_both(laplacian, B)
