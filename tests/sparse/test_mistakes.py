"""What sparse derivatives refuse, and what they find out before they give a wrong matrix."""

import math
import sys
import time

import numpy as np
import pytest
import scipy.sparse

import s2sdiff as sd
from s2sdiff.sparse import probing, verified

X = np.array([1.0, 2.0, 3.0, 4.0])


def mirrored(u):
    return u * u[::-1]


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: sd.sparse_jacobian(mirrored, sparsity=np.eye(4))(X), ValueError,
     r"sparse_jacobian: sparsity leaves out 4 entries, of which the first is \(0, 3\): 1.0."),
    (lambda: sd.sparse_hessian(lambda u: np.sum(mirrored(u)), sparsity=np.eye(4))(X), ValueError,
     r"sparse_hessian: sparsity leaves out 4 entries, of which the first is \(0, 3\): 2.0."),
    (lambda: sd.sparse_jacobian(mirrored, sparsity=np.eye(3))(X), ValueError,
     r"sparsity has shape \(3, 3\), and the matrix \(4, 4\)"),
    (lambda: sd.sparse_hessian(lambda u: np.sum(u**2), sparsity=np.eye(4, 3))(X), ValueError,
     r"sparsity has shape \(4, 3\), and the matrix \(4, 4\)"),
    (lambda: sd.sparse_jacobian(mirrored, sparsity=[1, 2]), TypeError, r"shape \(2,\)"),
    (lambda: sd.sparse_jacobian(mirrored, sparsity="dense"), TypeError, "type str"),
    (lambda: sd.sparse_jacobian(mirrored)(np.arange(3)), TypeError, "dtype int64"),
    (lambda: sd.sparse_jacobian(lambda u: u > 0)(X), TypeError, "the result is of type"),
    (lambda: sd.sparse_jacobian(mirrored)(X + 1j), TypeError, "holomorphic=True"),
    (lambda: sd.sparse_jacobian(lambda u: 1j * u)(X), TypeError, "the result is complex"),
    (lambda: sd.sparse_jacobian(mirrored)(X.astype(np.float16)), TypeError, "float32"),
    (lambda: sd.sparse_jacobian(mirrored, wrt="v"), ValueError, "no parameter 'v'"),
    (lambda: sd.sparse_hessian(mirrored)(X), TypeError, "shape"),
    (lambda: sd.sparse_jacobian(3), TypeError, "sparse_jacobian: expected a function"),
    (lambda: sd.sparsity_pattern(mirrored)(np.arange(3)), TypeError, "sparsity_pattern: argument"),
])
def test_mistakes_are_named_with_a_way_out(call, error, message):
    with pytest.raises(error, match=message) as caught:
        call()
    assert "Instead, " in str(caught.value)


@pytest.mark.parametrize("f", [
    lambda u: np.concatenate([u, u, mirrored(u)]), lambda u: mirrored(u)[:2]])
@pytest.mark.parametrize("n", [10, 60])
def test_an_entry_that_a_given_pattern_leaves_out_is_found_wherever_it_is(f, n):
    x = np.random.default_rng(1).uniform(0.5, 1.5, n)
    whole = sd.sparsity_pattern(f)(x).tocoo()
    for k in range(0, whole.nnz, 7):
        rows, columns = (np.delete(c, k) for c in whole.coords)
        less = scipy.sparse.coo_array((np.ones(len(rows)), (rows, columns)), whole.shape)
        left_out = rf"leaves out 1 entry, .*\({whole.coords[0][k]}, {whole.coords[1][k]}\)"
        with pytest.raises(ValueError, match=left_out):
            sd.sparse_jacobian(f, sparsity=less)(x)


def test_a_small_entry_that_is_left_out_beside_a_large_one_elsewhere_is_found():
    def scales(u):
        return np.concatenate([u[:2] * 1e12, [u[2] * u[3] * 1e-12]])

    with pytest.raises(ValueError, match=r"leaves out 1 entry, of which the first is \(2, 3\)"):
        sd.sparse_jacobian(scales, sparsity=np.eye(3, 4))(X)


def test_an_entry_that_is_left_out_beside_an_infinite_one_is_found():
    def rooted(u):
        return np.sqrt(u) + 3.0 * np.roll(u, 1)

    x = np.linspace(0.0, 1.0, 30)
    with pytest.raises(ValueError, match=r"leaves out 1 entry, .* \(0, 29\): 3.0"):
        sd.sparse_jacobian(rooted, sparsity=np.eye(30) + np.eye(30, k=-1))(x)
    whole = sd.sparse_jacobian(rooted, sparsity=sd.sparsity_pattern(rooted)(x))(x)
    assert whole.nnz == 60
    assert whole[0, 0] == np.inf
    assert whole[0, 29] == 3.0


def test_a_pattern_of_zeros_at_one_point_is_refused_at_another():
    def product(u):
        return u[1:] * u[:-1]

    pattern = sd.sparsity_pattern(product)(np.array([0.0, 1.0, 0.0]))
    assert pattern.nnz == 2
    with pytest.raises(ValueError, match="leaves out 2 entries"):
        sd.sparse_jacobian(product, sparsity=pattern)(np.ones(3))
    more = pattern + sd.sparsity_pattern(product)(np.array([1.0, 0.0, 1.0]))
    assert sd.sparse_jacobian(product, sparsity=more)(np.ones(3)).nnz == 4


def test_a_given_pattern_that_says_too_much_is_kept_with_its_zeros():
    made = sd.sparse_jacobian(lambda u: 2.0 * u, sparsity=np.ones((4, 4)))(X)
    assert made.nnz == 16
    np.testing.assert_array_equal(made.toarray(), 2.0 * np.eye(4))
    stored = scipy.sparse.csr_array((np.zeros(4), (range(4), range(4))))
    np.testing.assert_array_equal(
        sd.sparse_jacobian(lambda u: 2.0 * u, sparsity=stored)(X).toarray(), 2.0 * np.eye(4))


def test_a_function_that_is_another_one_at_each_call_is_refused():
    with pytest.raises(ValueError, match="another one at each call"):
        sd.sparse_jacobian(lambda u: u * math.sin(1e6 * time.perf_counter()))(X)


def test_a_hessian_that_is_not_symmetric_is_refused():
    def energy(u):
        return np.sum(u)

    @sd.derivative(of=energy)
    def energy_derivative(u):
        def pullback(v):
            return v * np.array([1.0, 2.0, 3.0, 4.0]) * u[::-1]

        return np.sum(u), pullback

    with pytest.raises(ValueError, match="row . of the matrix"):
        sd.sparse_hessian(energy)(X)


def test_what_is_found_too_small_is_filled_up_before_it_is_given(monkeypatch):
    x = np.linspace(1.0, 2.0, 50)
    whole = sd.sparse_jacobian(mirrored)(x)

    def too_small(of):
        found = probing.pattern_of(of).tolil()
        found[3, 3] = False
        found[7, 42] = False
        return found.tocsr().astype(bool)

    monkeypatch.setattr(verified, "pattern_of", too_small)
    made = sd.sparse_jacobian(mirrored)(x)
    assert made.nnz == whole.nnz == 100
    np.testing.assert_allclose(made.toarray(), np.diag(x[::-1]) + np.diag(x)[:, ::-1])


def test_sums_that_cancel_but_for_their_rounding_are_no_entries():
    def cancels(u):
        nothing = (u[0] * 0.1 + u[1] * 0.3) - u[0] * 0.1 - u[1] * 0.3
        return np.append(nothing + u[2:], nothing)

    made = sd.sparse_jacobian(cancels)(X)
    assert made.nnz == 2
    again = sd.sparse_jacobian(cancels, sparsity=made)(X)
    np.testing.assert_array_equal(again.toarray(), [[0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]])


def test_what_cannot_be_differentiated_is_refused_at_its_place():
    def through_text(u):
        return np.array([float(str(v)) for v in u])

    with pytest.raises(sd.DifferentiationError, match="test_mistakes.py:.*"):
        sd.sparse_jacobian(through_text)(X)


@pytest.mark.parametrize("operator", [sd.sparse_jacobian, sd.sparse_hessian, sd.sparsity_pattern])
def test_without_scipy_there_is_a_sentence_that_says_so(operator, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(ImportError, match=f"{operator.__name__} gives .* Instead, install it"):
        operator(mirrored)
