"""Sparse matrices with several elements at one place, and values that ARPACK finds twice."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse import linalg

import s2sdiff as sd
from tests.rules.whole import check_both

ROWS, COLUMNS = np.array([0, 1, 0, 1, 0]), np.array([0, 1, 0, 0, 1])
DATA = np.array([3.0, -2.0, -1.0, 4.0, 0.5])
APART = np.array([3.0, -2.0, 4.0, 0.5])
TURNING = np.array([[4.0, 1.0, 0.2], [-1.0, 4.0, 0.3], [0.1, 0.2, 1.0]])

READ = {
    "abs": lambda m: abs(m).toarray(),
    "max": lambda m: m.max(),
    "min": lambda m: m.min(),
    "norm": linalg.norm,
    "norms of columns": lambda m: linalg.norm(m, axis=0),
    "greatest of rows by size": lambda m: linalg.norm(m, np.inf, axis=1),
    "two reads": lambda m: abs(m).sum() * m.toarray(),
}


@pytest.mark.parametrize("cls", [sparse.coo_array, sparse.coo_matrix])
@pytest.mark.parametrize("name", READ)
def test_elements_at_one_place_count_as_their_sum(name, cls):
    check_both(lambda x: READ[name](cls((x, (ROWS, COLUMNS)), shape=(2, 2))), DATA)


@pytest.mark.parametrize("name", READ)
def test_elements_that_are_only_out_of_order_keep_their_cotangents(name):
    rows, columns = np.array([1, 0, 0, 1]), np.array([1, 0, 1, 0])
    check_both(lambda x: READ[name](sparse.coo_array((x, (rows, columns)), shape=(2, 2))), APART)


@pytest.mark.parametrize("cls", [sparse.coo_matrix, sparse.csr_matrix])
def test_greatest_elements_of_columns_are_those_of_sums(cls):
    check_both(lambda x: cls((x, (ROWS, COLUMNS)), shape=(2, 2)).max(axis=0).toarray(), DATA)


@pytest.mark.parametrize("name", ["cg", "gmres", "bicgstab", "minres"])
def test_the_solution_of_a_system_with_zeros_on_the_right_moves(name):
    check_both(lambda a, b: getattr(linalg, name)(a + a.T, b, rtol=1e-13)[0],
               np.array([[4.0, 0.2], [0.3, 5.0]]), np.zeros(2))


def test_a_value_whose_conjugate_comes_with_the_vectors_has_its_own_derivative():
    start = np.ones(3)

    def f(a):
        found: Any = linalg.eigs(a, 1, v0=start, return_eigenvectors=False)
        return found

    h, step = 1e-6, np.array([[0.1, 0.2, 0.0], [0.5, -0.3, 0.1], [0.0, 0.2, 0.4]])
    expected = (f(TURNING + h * step) - f(TURNING - h * step)) / (2 * h)
    np.testing.assert_allclose(sd.jvp(f, (TURNING,), (step,))[1], expected, 1e-5)
    bar = np.array([0.3 + 1.0j])
    pulled = sd.vjp(f, TURNING)[1](bar)
    assert np.sum(pulled * step) == pytest.approx(np.real(bar @ expected), rel=1e-5)


def test_equal_values_without_vectors_share_what_their_sum_moves_by():
    a, step = np.diag([5.0, 5.0, 2.0, 3.0, 4.0, 1.0]), np.ones((6, 6))

    def f(a):
        return np.sum(linalg.eigsh(a + a.T, 3, v0=np.arange(1.0, 7.0), return_eigenvectors=False))

    # Twice the projector on the space of the vectors.
    projector = np.diag([2.0, 2.0, 0.0, 0.0, 2.0, 0.0])
    np.testing.assert_allclose(sd.grad(f)(a), projector, atol=1e-12)
    assert sd.jvp(f, (a,), (step,))[1] == pytest.approx(6.0)


def test_values_of_a_sparse_matrix_have_tangents():
    a = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 1.0]])
    rows, columns = np.nonzero(a)

    def f(x):
        m = sparse.csr_array((x, (rows, columns)), shape=(3, 3))
        return np.sort(linalg.eigsh(m + m.T, 2, v0=np.ones(3), return_eigenvectors=False))

    check_both(f, a[rows, columns])


@pytest.mark.parametrize("form", ["dia", "bsr", "csr", "csc", "coo"])
@pytest.mark.parametrize("of", [sparse.coo_array, sparse.coo_matrix])
def test_elements_that_a_constructor_puts_in_order_keep_their_cotangents(form, of):
    rows, columns = np.array([1, 0, 0, 1]), np.array([1, 0, 1, 0])
    for made in (getattr(sparse, form + "_array"), getattr(sparse, form + "_matrix"),
                 lambda m: m.asformat(form)):
        check_both(lambda x, made=made: made(
            of((x, (rows, columns)), shape=(2, 2))).toarray() ** 2, APART)



UNSORTED = {
    "coo": lambda x: sparse.coo_array((x, (np.array([1, 0, 0, 1]), np.array([1, 0, 1, 0])))),
    "csr": lambda x: sparse.csr_array((x, np.array([1, 0, 1, 0]), np.array([0, 2, 4]))),
}


@pytest.mark.parametrize("form", UNSORTED)
def test_elements_of_another_type_keep_their_places(form):
    weights = np.array([[1.0, 2.0 + 1.0j], [3.0, 4.0]])
    check_both(lambda x: np.abs(UNSORTED[form](x).astype(complex).toarray() + weights), APART)


@pytest.mark.parametrize("form", UNSORTED)
def test_sums_leave_elements_in_the_order_in_which_they_are_read_afterwards(form):
    def read(x):
        made = UNSORTED[form](x.copy())
        return made.sum() * np.sum(made.data**2) + made.sum()

    sd.check_grads(read, (APART,))
