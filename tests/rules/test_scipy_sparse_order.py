"""Sparse matrices whose elements are not in order, and functions of SciPy's that sort in place."""

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse import linalg

import s2sdiff as sd
from tests.rules.whole import check_both

INDICES, POINTERS = np.array([2, 0, 2, 1]), np.array([0, 2, 4])
DATA, WEIGHTS = np.array([1.3, -0.7, 2.1, 0.4]), np.array([1.0, 10.0, 100.0, 1000.0])
OTHER = np.array([[0.5, 0.0, 2.0], [0.0, 1.0, 0.0]])


def made(x, cls=sparse.csr_array):
    shape = (2, 3) if cls is not sparse.csc_array else (3, 2)
    return cls((x.copy(), INDICES.copy(), POINTERS.copy()), shape=shape)


BESIDE = {
    "!=": lambda m: m.multiply(m != sparse.csr_array(OTHER)),
    "==": lambda m: m.multiply(m == sparse.csr_array(OTHER)),
    "<": lambda m: m.multiply(m < sparse.csr_array(OTHER)),
    "> in the other order": lambda m: m.multiply(sparse.csr_array(OTHER) > m),
}


@pytest.mark.parametrize("name", BESIDE)
def test_matrices_that_are_compared_stay_in_their_order(name):
    check_both(lambda x: BESIDE[name](made(x)).toarray() ** 2 * made(x).data.sum(), DATA)


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "bsr", "dia"])
@pytest.mark.parametrize("kind", ["_array", "_matrix"])
def test_elements_picked_by_a_comparison_have_their_cotangents(form, kind):
    cls = getattr(sparse, form + kind)

    def picked(x):
        m = cls(sparse.csr_array((x, (np.array([0, 0, 1, 1]), np.array([0, 2, 1, 2])))))
        return m.multiply(m > 0.5).toarray() ** 2 + m.multiply(m < -0.5).toarray()

    check_both(picked, DATA)


READ = {
    "a comparison": lambda m: m.multiply(m > 0).sum(),
    "a comparison in the other order": lambda m: m.multiply(0 < m).sum(),
    "one that nobody uses": lambda m: (m > 0, np.sum(m.data * WEIGHTS))[1],
    "a part by one": lambda m: m[m > 0.5].sum() + np.sum(m.data * WEIGHTS),
    "abs": lambda m: abs(m).sum() + np.sum(m.data * WEIGHTS),
    "max": lambda m: m.max() + np.sum(m.data * WEIGHTS),
    "norm": lambda m: linalg.norm(m) + np.sum(m.data * WEIGHTS),
}


def right_or_refused(f, x):
    """Both modes; differences are those of the plain function."""
    step, h = np.array([0.3, -1.0, 2.0, 0.5]), 1e-6
    expected = (f(x + h * step) - f(x - h * step)) / (2 * h)
    given, outcomes = x.copy(), []
    for mode in ("vjp", "jvp"):
        try:
            if mode == "vjp":
                value, pullback = sd.vjp(f, x)
                found = [pullback(1.0) @ step, pullback(1.0) @ step]
            else:
                value, dot = sd.jvp(f, (x,), (step,))
                found = [dot, dot]
        except sd.UnsupportedError as error:
            assert "Instead, " in str(error)
            outcomes.append("refused")
        else:
            assert value == pytest.approx(f(x))
            assert found == pytest.approx([expected] * 2, rel=1e-5)
            outcomes.append("right")
        np.testing.assert_array_equal(x, given)
    return outcomes


@pytest.mark.parametrize("cls", [sparse.csr_array, sparse.csr_matrix, sparse.csc_array])
@pytest.mark.parametrize("name", READ)
def test_no_element_gets_the_cotangent_of_another_that_scipy_puts_in_its_place(name, cls):
    right_or_refused(lambda x: READ[name](made(x, cls)), DATA)


@pytest.mark.parametrize("name", READ)
def test_what_scipy_has_in_order_is_right_in_both_modes(name):
    def f(x):
        return READ[name](made(x).tocsc().tocsr())

    assert right_or_refused(f, DATA) == ["right", "right"]


@pytest.mark.parametrize("name", ["a comparison", "abs", "max", "norm"])
def test_a_matrix_of_the_callers_that_would_be_sorted_is_refused(name):
    def f(m):
        return READ[name](m)

    m = made(DATA)
    with pytest.raises(sd.UnsupportedError, match="not in order.*Instead, make it one in order"):
        sd.vjp(f, m)
    with pytest.raises(sd.UnsupportedError, match="not in order.*Instead, make it one in order"):
        sd.jvp(f, (m,), ({"data": WEIGHTS},))
    np.testing.assert_array_equal(m.data, DATA)
    m.sum_duplicates()
    expected = f(m)
    assert sd.vjp(f, m)[0] == expected


def test_another_type_without_a_derivative_has_no_tangent():
    check_both(lambda x: made(x).astype(bool).sum() * made(x).toarray(), DATA)
