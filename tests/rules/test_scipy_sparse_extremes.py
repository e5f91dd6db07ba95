"""The greater and the less of two sparse matrices; formats that are refused."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both

sparse = pytest.importorskip("scipy.sparse")

A = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, -1.0]])
B = np.array([[2.0, 1.5, 0.0], [-1.0, 3.5, -2.0]])
ROWS, COLUMNS = np.array([0, 1, 0, 1, 0]), np.array([0, 1, 0, 0, 1])
DATA = np.array([3.0, -2.0, -1.0, 4.0, 0.5])


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "bsr", "dia"])
@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_the_greater_of_two_matrices_moves_with_the_one_that_it_is(form, name):
    def chosen(data, b):
        made = getattr(sparse, form + "_array")(sparse.coo_array((data, np.nonzero(A))))
        found = getattr(made, name)(sparse.csr_matrix(b))
        return found.toarray() + getattr(sparse.csr_array(b), name)(made).sum()

    check_both(chosen, A[np.nonzero(A)], B)


def test_elements_at_one_place_are_added_before_they_are_compared():
    def chosen(data, b):
        made = sparse.coo_array((data, (ROWS, COLUMNS)), shape=(2, 2))
        return made.maximum(sparse.csr_array(b)).toarray() * made.sum()

    check_both(chosen, DATA, B[:, :2].copy())


def test_equal_elements_share():
    fixed = sparse.csr_array(A)
    found = sd.grad(lambda x: sparse.csr_array(x).maximum(fixed).sum())(A)
    np.testing.assert_array_equal(found, 0.5)


def test_the_greater_of_a_matrix_and_a_number_is_refused():
    with pytest.raises(sd.UnsupportedError, match="not sparse.*Instead, compute with arrays"):
        sd.grad(lambda x: sparse.csr_array(x).maximum(1.0).sum())(A)


def filled(a, read):
    made = sparse.dok_array((2, 2))
    made[0, 1], made[1, 1] = a, a * a
    return read(made)


DICTS = {
    "made of an array": lambda a: sparse.dok_array(a * A).toarray(),
    "made of a matrix": lambda a: sparse.csr_array(a * A).todok()[0, 2],
    "written out": lambda a: filled(a, lambda m: m.toarray()),
    "an element": lambda a: filled(a, lambda m: m[0, 1]),
    "made another": lambda a: filled(a, lambda m: m.tocsr().toarray()),
    "a product": lambda a: filled(a, lambda m: m @ np.ones(2)),
    "a sum": lambda a: filled(a, lambda m: m.sum()),
}


@pytest.mark.parametrize("way", DICTS)
def test_matrices_that_are_dicts_are_refused_by_name(way):
    with pytest.raises(sd.UnsupportedError, match="format dok.*Instead, make it one"):
        sd.vjp(DICTS[way], 1.3)
    with pytest.raises(sd.UnsupportedError, match=r"dok|Instead"):
        sd.jvp(DICTS[way], (1.3,), (1.0,))
