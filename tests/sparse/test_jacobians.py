"""Sparse Jacobians against central differences and closed forms."""

import dataclasses

import numpy as np
import pytest
import scipy.sparse

import s2sdiff as sd
from tests.sparse.differences import Counted, differences

DRAW = np.random.default_rng(5)


def with_ends(u):
    inner = u[2:] - 2.0 * u[1:-1] + u[:-2]
    return np.concatenate([[u[0] ** 2], inner * u[1:-1], [np.sin(u[-1]) * u[-2]]])


def in_place(u):
    u = u.copy()
    for _ in range(3):
        u[1:-1] += 0.3 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return u


def one_by_one(u):
    out = np.zeros(len(u))
    for i in range(1, len(u)):
        out[i] = u[i] * u[i - 1]
    return out


def upwind(u):
    if u[0] > 0:
        flux = u[1:] * u[:-1]
    else:
        flux = u[1:] ** 2
    return np.where(flux > 0.1, np.diff(np.append(flux, 1.0)), -flux)


def five_points(u):
    v = np.zeros_like(u)
    v[1:-1, 1:-1] = (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2]
                     - 4.0 * u[1:-1, 1:-1] + np.exp(u[1:-1, 1:-1]))
    return v


def banded(u):
    return np.convolve(u, [1.0, 2.0, 3.0, 4.0, 5.0], "same") * u


def arrow(u):
    y = u * u
    y[1:] *= u[0]
    y[0] = np.sum(u**3)
    return y


def blocks(u):
    return np.cumsum(u.reshape(-1, 3) ** 2, axis=1)


def wide(u):
    return u[:5] * u[5:10] + u[10:15]


def tall(u):
    return np.concatenate([u, u * u, u[1:] - u[:-1], [u[0] * u[-1]]])


def periodic(u):
    return np.roll(u, 1) * u - np.roll(u, -1)


def permuted(u):
    return np.sort(u)[::-1] * u[np.argsort(u)]


def a_list(u):
    return [u[i] * u[i + 1] for i in range(len(u) - 1)]


def a_dict(u):
    return {"near": u[1:] - u[:-1], "sum": np.sum(u[:2])}


class Cells:
    def __init__(self, u):
        self.u = u

    def flux(self):
        return self.u[1:] * self.u[:-1]


def of_an_object(u):
    return Cells(u).flux()


LINE = [with_ends, in_place, one_by_one, upwind, banded, arrow, blocks, wide, tall, periodic,
        permuted, a_list, a_dict, of_an_object]


def check(f, x, tol=1e-7):
    kept = x.copy()
    made = sd.sparse_jacobian(f)(x)
    expected = differences(f, x)
    assert isinstance(made, scipy.sparse.csr_array)
    assert made.shape == expected.shape
    np.testing.assert_allclose(made.toarray(), expected, atol=tol, rtol=tol)
    np.testing.assert_array_equal(x, kept)
    pattern = sd.sparsity_pattern(f)(x)
    assert pattern.dtype == bool
    np.testing.assert_array_equal(pattern.toarray(), made.toarray() != 0)
    again = sd.sparse_jacobian(f, sparsity=pattern)(x)
    np.testing.assert_allclose(again.toarray(), expected, atol=tol, rtol=tol)


@pytest.mark.parametrize("f", LINE, ids=lambda f: f.__name__)
def test_a_sparse_jacobian_is_that_of_differences(f):
    check(f, DRAW.uniform(0.2, 1.5, 15))


@pytest.mark.parametrize("f", [with_ends, in_place, arrow, blocks, tall], ids=lambda f: f.__name__)
def test_it_is_with_more_columns_than_are_worth_a_pullback_each(f):
    check(f, DRAW.uniform(0.2, 1.5, 150))


@pytest.mark.parametrize("shape", [(3, 3), (5, 4), (9, 12)])
def test_arrays_with_axes_are_flattened_row_by_row(shape):
    check(five_points, DRAW.uniform(0.2, 1.5, shape))


def test_arrays_in_other_layouts_are_flattened_row_by_row_too():
    x = DRAW.uniform(0.2, 1.5, (5, 4))
    expected = differences(five_points, x)
    for laid in (np.asfortranarray(x), np.repeat(x, 2, axis=1)[:, ::2], x[::-1].copy()[::-1]):
        np.testing.assert_allclose(sd.sparse_jacobian(five_points)(laid).toarray(), expected,
                                   atol=1e-7)


def test_other_branches_have_their_own_patterns():
    x = np.array([-1.0, 2.0, 3.0, 4.0])
    check(upwind, x)
    assert sd.sparse_jacobian(upwind)(x)[0, 0] == 0
    assert sd.sparse_jacobian(upwind)(-x)[0, 0] == 2.0


def test_a_tridiagonal_of_a_hundred_thousand_is_that_of_its_closed_form():
    n = 100_000
    u = DRAW.uniform(0.5, 1.5, n)

    def stencil(u):
        v = u.copy()
        v[1:-1] += u[1:-1] * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        return v

    inner = u[1:-1]
    below, above = np.append(inner, 0.0), np.append(0.0, inner)
    diagonal = np.ones(n)
    diagonal[1:-1] += u[2:] - 4.0 * inner + u[:-2]
    expected = scipy.sparse.diags_array([below, diagonal, above], offsets=[-1, 0, 1]).tocsr()
    expected.eliminate_zeros()
    made = sd.sparse_jacobian(stencil)(u)
    assert made.nnz == expected.nnz
    assert abs(made - expected).max() < 1e-12


def counted_stencil(u, counter):
    return u[2:] * u[1:-1] - u[:-2] + counter.tick()


def test_a_pattern_costs_runs_in_proportion_to_the_logarithm_of_the_columns():
    runs = []
    for n in (1000, 32_000):
        counter = Counted()
        sd.sparse_jacobian(counted_stencil)(np.linspace(1.0, 2.0, n), counter)
        runs.append(counter.runs)
    assert 30 < runs[1] < 120
    assert runs[1] - runs[0] < 40


def test_a_given_pattern_costs_a_run_for_each_colour():
    counter, u = Counted(), np.linspace(1.0, 2.0, 1000)
    pattern = sd.sparsity_pattern(counted_stencil)(u, Counted())
    sd.sparse_jacobian(counted_stencil, sparsity=pattern)(u, counter)
    # The value, three colours and the comparison; a method of an argument may write anything, so
    # three plain runs show that this does not change what the function gives.
    assert counter.runs == 5 + 3


def test_a_dense_row_costs_a_pullback_and_a_dense_column_a_run():
    counter, u = Counted(), np.linspace(1.0, 2.0, 2000)

    def arrow_of(u, counter):
        y = u * u + counter.tick()
        y[1:] *= u[0]
        y[0] = np.sum(u**3)
        return y

    made = sd.sparse_jacobian(arrow_of)(u, counter)
    assert made.nnz == 3 * 2000 - 2
    assert 10 < counter.runs < 120


def test_what_forward_mode_refuses_is_done_by_pullbacks():
    def hooked(u):
        v = sd.with_derivative(u, lambda cotangent: 2.0 * cotangent)
        return v[1:] * u[:-1]

    u = DRAW.uniform(0.5, 1.5, 120)
    with pytest.raises(sd.DifferentiationError):
        sd.jvp(hooked, (u,), (u,))
    expected = scipy.sparse.diags_array([u[1:], 2.0 * u[:-1]], offsets=[0, 1], shape=(119, 120))
    made = sd.sparse_jacobian(hooked)(u)
    assert abs(made - expected).max() < 1e-15
    assert abs(sd.sparse_jacobian(hooked, sparsity=made)(u) - expected).max() < 1e-15
    with pytest.raises(ValueError, match=r"leaves out 119 entries, of which the first is \(0, 1\)"):
        sd.sparse_jacobian(hooked, sparsity=np.eye(119, 120))(u)


def test_the_dtype_of_the_result_is_kept():
    x = DRAW.uniform(0.2, 1.5, 3000).astype(np.float32)
    made = sd.sparse_jacobian(lambda u: u[1:] * u[:-1])(x)
    assert made.dtype == np.float32
    expected = scipy.sparse.diags_array([x[1:], x[:-1]], offsets=[0, 1], shape=(2999, 3000))
    assert abs(made - expected).max() == 0
    assert made.nnz == 2 * 2999
    assert sd.sparse_jacobian(lambda u: u * np.ones(3000))(x).dtype == np.float64
    assert sd.sparse_jacobian(lambda u: u.astype(np.float32))(x.astype(float)).dtype == np.float32


def test_holomorphic_functions_have_complex_matrices_in_both_modes():
    z = DRAW.normal(size=12) + 1j * DRAW.normal(size=12)
    for f, rows in ((lambda z: 1j * z[1:] * z[:-1], 11), (lambda z: 1j * z[:2] * z[3:5], 2)):
        made = sd.sparse_jacobian(f, holomorphic=True)(z)
        h = 1e-6
        expected = [(f(z + h * e) - f(z - h * e)) / (2 * h) for e in np.eye(12)]
        assert made.shape == (rows, 12)
        np.testing.assert_allclose(made.toarray(), np.transpose(expected), atol=1e-8)


def test_a_complex_result_of_real_arguments_keeps_both_parts():
    made = sd.sparse_jacobian(lambda x: 1j * x[:1] * x[-1:] + x[:1], holomorphic=True)(
        np.array([2.0, 3.0, 5.0]))
    np.testing.assert_array_equal(made.toarray(), [[1 + 5j, 0, 2j]])


def test_numbers_and_empty_arrays_are_matrices_too():
    assert sd.sparse_jacobian(lambda x: x * x)(3.0).toarray().tolist() == [[6.0]]
    assert sd.sparse_jacobian(lambda x: np.sum(x * x))(np.array([1.0, 2.0])).toarray().tolist() == [
        [2.0, 4.0]]
    for n, f, shape in ((0, lambda x: 2.0 * x, (0, 0)), (3, lambda x: 2.0 * x[:0], (0, 3)),
                        (0, lambda x: np.ones(3) * np.sum(x), (3, 0))):
        made = sd.sparse_jacobian(f)(np.ones(n))
        assert (made.shape, made.nnz) == (shape, 0)


def test_a_constant_has_an_empty_pattern():
    assert sd.sparse_jacobian(lambda x: np.floor(x) + 0.0 * x)(np.linspace(0.1, 5.0, 40)).nnz == 0


def test_several_arguments_have_a_matrix_each():
    u, v = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    by_u, by_v = sd.sparse_jacobian(lambda u, k, *, v: k * u * v, wrt=(0, "v"))(u, 2.0, v=v)
    np.testing.assert_array_equal(by_u.toarray(), np.diag(2.0 * v))
    np.testing.assert_array_equal(by_v.toarray(), np.diag(2.0 * u))
    by_k = sd.sparse_jacobian(lambda u, k: k * u, wrt="k")(u, 2.0)
    np.testing.assert_array_equal(by_k.toarray(), [[1.0], [2.0]])


def test_lists_and_dicts_are_flattened_item_after_item():
    def of_both(d):
        return [d["p"] * d["q"], d["q"] ** 2]

    made = sd.sparse_jacobian(of_both)({"p": np.array([1.0, 2.0]), "q": 3.0})
    np.testing.assert_array_equal(made.toarray(), [[3.0, 0.0, 1.0], [0.0, 3.0, 2.0],
                                                   [0.0, 0.0, 6.0]])


def test_arguments_that_are_written_are_as_one_call_leaves_them():
    def doubled(u):
        u *= 2.0
        return u**2

    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(sd.sparse_jacobian(doubled)(x).toarray(), np.diag(
        [8.0, 16.0, 24.0]))
    np.testing.assert_array_equal(x, [2.0, 4.0, 6.0])


def test_a_vertical_tangent_is_infinite_and_the_entries_beside_it_are_right():
    made = sd.sparse_jacobian(lambda u: np.sqrt(u[1:]) + u[:-1])(np.array([0.0, 0.0, 1.0]))
    np.testing.assert_array_equal(made.toarray(), [[1.0, np.inf, 0.0], [0.0, 1.0, 0.5]])


@dataclasses.dataclass
class Layer:
    weight: np.ndarray
    count: int = 3
    note: str = "a"


def test_ints_and_texts_in_arguments_and_results_have_no_column_and_no_row():
    w = np.array([2.0, -1.0])

    def f(layer):
        return [layer.weight ** 2, 3, "b", None, layer.count * layer.weight[0]]

    expected = [[4.0, 0.0], [0.0, -2.0], [3.0, 0.0]]
    np.testing.assert_array_equal(sd.sparse_jacobian(f)(Layer(w)).toarray(), expected)
    hessian = sd.sparse_hessian(lambda layer: np.sum(layer.weight ** 3))(Layer(w))
    np.testing.assert_array_equal(hessian.toarray(), np.diag(6.0 * w))
