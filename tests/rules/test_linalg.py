"""Matrix products, norms, linear systems and decompositions, against finite differences."""

import operator

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from s2sdiff.rules.determinants import cofactors
from tests.rules.checker import check_rule
from tests.rules.labels import label

rng = np.random.default_rng(8)


def real(*shape):
    return rng.standard_normal(shape)


def both(*shape):
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


V, W, M, N, A = real(3), real(3), real(2, 3), real(3, 4), real(5, 2, 3)
PAIRS = [(V, W), (M, V), (V, N), (M, N), (M, np.asfortranarray(N)), (both(2, 3), both(3, 2)),
         (both(3), both(3)), (real(0, 3), real(3, 2)), (real(2, 0), real(0, 2)),
         (np.asfortranarray(M), V)]
STACKS = [(A, N), (A, V), (V, real(5, 3, 2)), (M, real(5, 3, 4)), (A, real(5, 3, 1)),
          (real(1, 2, 3), real(5, 3, 4)), (real(4, 1, 2, 3), real(5, 3, 2)),
          (real(5, 2, 3), both(3))]


@pytest.mark.parametrize(("x", "y"), PAIRS + STACKS, ids=lambda a: str(a.shape))
def test_matrix_products_agree_with_differences(x, y):
    for target in (operator.matmul, np.matmul, np.linalg.matmul):
        if target is not np.linalg.matmul or min(x.ndim, y.ndim) > 1:
            check_rule(target, x, y)


@pytest.mark.parametrize(("x", "y"), [*PAIRS, (A, V), (A, real(4, 3, 2)),
                                      (V, real(4, 3, 2)), (A, np.array(2.0)), (2.5, V),
                                      (V, [1.0, 2.0, 3.0])], ids=label)
def test_dot_agrees_with_differences(x, y):
    check_rule(np.dot, x, y, wrt=0 if isinstance(y, list) else None)
    if isinstance(x, np.ndarray):
        check_rule(np.ndarray.dot, x, y, wrt=0 if isinstance(y, list) else None)


LISTS = [(M, [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), ([[1.0, 2.0]], M), (A, [1.0, 2.0, 3.0]),
         ([1.0, 2.0], M), (V, [[1.0], [2.0], [3.0]])]


@pytest.mark.parametrize(("x", "y"), LISTS, ids=label)
def test_products_with_nested_lists_agree_with_differences(x, y):
    wrt = 0 if isinstance(y, list) else 1
    for target in (operator.matmul, np.matmul, np.dot):
        check_rule(target, x, y, wrt=wrt)
    f = (lambda x: np.sum(np.dot(x, y) ** 2)) if wrt == 0 else (lambda y: np.sum(np.dot(x, y) ** 2))
    sd.check_grads(f, (x if wrt == 0 else y,))


def test_products_of_columns_agree_with_differences():
    check_rule(np.vecdot, both(3, 2), both(3, 2), kwargs={"axis": 0})
    check_rule(np.vecdot, both(3, 2), both(3), kwargs={"axis": 0})


ROWS = [
    (np.vecdot, (both(2, 3), both(2, 3))), (np.vecdot, (both(2, 3), both(3))),
    (np.vdot, (V, W)), (np.vdot, (both(2, 3), both(2, 3))), (np.vdot, (2.5, 3.5)),
    (np.inner, (V, W)), (np.inner, (M, A)), (np.inner, (2.5, M)), (np.inner, (V, M)),
    (np.inner, (both(3), both(3))), (np.outer, (V, real(2))), (np.outer, (M, A)),
    (np.outer, (2.5, V)), (np.outer, (both(2), both(3))), (np.linalg.outer, (V, W)),
    (np.kron, (V, W)), (np.kron, (M, N)), (np.kron, (V, M)), (np.kron, (A, V)), (np.kron, (2.0, V)),
    (np.tensordot, (M, N, 1)), (np.tensordot, (V, W, 0)), (np.tensordot, (A, real(2, 3, 2))),
    (np.tensordot, (A, real(3, 4, 2), ([1, 2], [2, 0]))), (np.tensordot, (A, real(4, 5), (0, 1))),
    (np.tensordot, (A, A, 3)), (np.tensordot, (A, A, ([0, -1, 1], [0, 2, -2]))),
    (np.tensordot, (both(2, 3), both(3, 2, 2), 1)), (np.cross, (V, W)), (np.cross, (real(4, 3), V)),
    (np.cross, (real(3, 4), real(3, 4), 0, 0, 0)), (np.cross, (real(3, 4), real(4, 3), 0, 1, 0)),
    (np.cross, (both(3), both(2, 3))), (np.linalg.cross, (V, W)),
]


@pytest.mark.parametrize(("target", "args"), ROWS, ids=label)
def test_a_product_agrees_with_differences(target, args):
    check_rule(target, *args)


def test_products_with_keywords_agree_with_differences():
    check_rule(np.cross, real(3, 4), real(3, 4), kwargs={"axis": 0})
    check_rule(np.linalg.cross, real(3, 4), real(3, 4), kwargs={"axis": 0})
    check_rule(np.linalg.tensordot, M, N, kwargs={"axes": 1})


SPECS = [
    ("ij,jk->ik", M, N), ("ij,jk", M, N), ("ij->", M), ("ij->ji", M), ("ji", M),
    ("ii->i", N[:, :3]),
    ("ii", N[:, :3]), ("i,i", V, W), ("i,j->ij", V, W), ("...j,j->...", A, V), ("...ij,jk", A, N),
    ("b...,b->...", A, real(5)), ("ijk->j", A), ("i,ij,j->", real(2), M, V), ("ij,ij->i", M, M),
    ("iij->j", real(2, 2, 3)), ("ii,ij->j", N[:, :3], N), ("...,...", A, M), (",i->i", 2.5, V),
    ("ij,kj->ik", both(2, 3), both(4, 3)), (" i j , j -> i ", M, V), ("ij,jk,kl->il", M, N, N.T),
    ("...i,...i", real(1, 3), real(4, 3)), ("ij,ij->ij", real(1, 3), real(4, 3)),
    ("aBc,c->Ba", A, V),
    ("iji->j", real(2, 3, 2)), ("i,k->i", V, real(4)), ("ij,ij->i", real(2, 1), real(2, 3)),
    ("ij,ij,ij->ij", real(1, 3), real(4, 1), real(4, 3)),
    ("ij,ij,ij->ij", real(4, 3), real(4, 3), real(1, 1)),
]


@pytest.mark.parametrize("args", SPECS, ids=lambda v: v[0])
def test_einsum_agrees_with_differences(args):
    check_rule(np.einsum, *args)
    if args[1] is not args[-1]:
        check_rule(np.einsum, *args, kwargs={"optimize": True})


def test_einsum_with_lists_of_labels_agrees_with_differences():
    check_rule(np.einsum, M, [0, 1], N, [1, 2], [2, 0], wrt=(0, 2))
    check_rule(np.einsum, A, [Ellipsis, 1], V, [1], wrt=(0, 2))


NORMS = [
    (V, {}), (M, {}), (M, {"axis": 0}), (A, {"axis": -1, "keepdims": True}), (A, {}),
    (A, {"axis": (0, 2)}), (both(2, 3), {}), (both(2, 3), {"axis": 1}), (real(0), {}),
    *[(V, {"ord": o}) for o in (2, 1, 3, 2.5, 1.5, 0.5, -1, np.inf, -np.inf)],
    *[(M, {"ord": o}) for o in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)],
    (A, {"ord": 1, "axis": (0, 2)}), (A, {"ord": np.inf, "axis": (2, 0), "keepdims": True}),
    (A, {"ord": "nuc", "axis": (2, 1)}), (A, {"ord": 3, "axis": 1}),
    (M, {"ord": "fro", "axis": None}),
    *[(both(2, 3), {"ord": o}) for o in ("fro", "nuc", 1, 2, np.inf)],
    *[(both(3), {"ord": o}) for o in (1, 3, np.inf)], (np.array([1.0, 0.0, -2.0]), {"ord": 3}),
    (1e200 * V, {"ord": 3}), (M[0], {"ord": 0}), (A, {"ord": 0, "axis": 1}),
]


@pytest.mark.filterwarnings("ignore:overflow encountered")
@pytest.mark.parametrize(("x", "kwargs"), NORMS, ids=label)
def test_norms_agree_with_differences(x, kwargs):
    if np.max(np.abs(x), initial=0.0) > 1e100:
        bar = registry.find(np.linalg.norm).function(x, **kwargs)[1](1.0)
        assert np.allclose(bar, registry.find(np.linalg.norm).function(x / 1e200, **kwargs)[1](1.0))
    else:
        check_rule(np.linalg.norm, x, kwargs=kwargs)


@pytest.mark.parametrize("ord", ["fro", "nuc", 1, 2, np.inf])
def test_norms_of_matrices_without_elements_have_no_elements_to_move_with(ord):
    for x in (np.zeros((0, 0)), np.zeros((2, 0, 0), np.float32)):
        kwargs = {"ord": ord, "axis": (-2, -1)}
        try:
            np.linalg.norm(x, **kwargs)
        except ValueError:
            pytest.skip("this NumPy has no norm of these")
        check_rule(np.linalg.norm, x, kwargs=kwargs)


def test_norms_of_the_array_api_agree_with_differences():
    check_rule(np.linalg.vector_norm, A, kwargs={"axis": (0, 1), "ord": 3})
    check_rule(np.linalg.vector_norm, M)
    check_rule(np.linalg.matrix_norm, A)
    check_rule(np.linalg.matrix_norm, A, kwargs={"ord": "nuc", "keepdims": True})


@pytest.mark.parametrize("kwargs", [{}, {"ord": 2}, {"ord": 1}, {"ord": 3}, {"ord": 1.5}],
                         ids=label)
def test_the_norm_of_zero_has_derivative_zero(kwargs):
    bar = registry.find(np.linalg.norm).function(np.zeros(3), **kwargs)[1](1.0)
    assert bar.tolist() == [0.0] * 3


def well(*shape):
    return real(*shape) + 3.0 * np.eye(shape[-1])


def positive(n, imaginary=False):
    a = both(n, n) if imaginary else real(n, n)
    return a @ np.conj(a.T) + 2.0 * np.eye(n)


SYSTEMS = [
    (np.linalg.solve, (well(3, 3), V)), (np.linalg.solve, (well(3, 3), N)),
    (np.linalg.solve, (well(2, 3, 3), real(2, 3, 2))), (np.linalg.solve, (well(2, 3, 3), V)),
    (np.linalg.solve, (well(3, 3), real(2, 3, 2))), (np.linalg.solve, (both(3, 3), both(3))),
    (np.linalg.inv, (well(3, 3),)), (np.linalg.inv, (well(2, 3, 3),)), (np.linalg.inv,
    (both(3, 3),)),
    (np.linalg.det, (well(3, 3),)), (np.linalg.det, (well(2, 3, 3),)), (np.linalg.det,
    (both(3, 3),)),
    (np.linalg.det, (np.outer(V, W),)), (np.linalg.det, (np.array([[1.0, 2.0], [2.0, 4.0]]),)),
    (np.linalg.det, (np.diag([1.0, 0.0, 2.0]) + 0j,)), (np.linalg.det, (np.zeros((0, 0)),)),
    (np.linalg.slogdet, (well(3, 3),)), (np.linalg.slogdet, (well(2, 3, 3),)),
    (np.linalg.slogdet, (both(3, 3),)), (np.linalg.slogdet, (-well(3, 3),)),
    (np.linalg.pinv, (M,)), (np.linalg.pinv, (M.T,)), (np.linalg.pinv, (both(2, 4),)),
    (np.linalg.pinv, (A,)), (np.linalg.matrix_power, (well(3, 3), 3)),
    (np.linalg.matrix_power, (well(3, 3), -2)), (np.linalg.matrix_power, (well(2, 3, 3), 0)),
    (np.linalg.matrix_power, (well(3, 3), 1)), (np.linalg.multi_dot, ([M, N, N.T],)),
    (np.linalg.multi_dot, ((V, N, real(4)),)), (np.linalg.multi_dot, ([M, N],)),
    (np.linalg.cholesky, (positive(3),)), (np.linalg.cholesky, (positive(3, True),)),
    (np.linalg.cholesky, (np.stack([positive(3), positive(3)]),)),
    (np.linalg.eigvalsh, (positive(3),)), (np.linalg.eigvalsh, (positive(3, True), "U")),
    (np.linalg.eigh, (positive(4),)), (np.linalg.eigh, (positive(4), "U")),
    (np.linalg.eigh, (np.stack([positive(3), positive(3)]),)),
    (np.linalg.eigvals, (np.array([[1.0, 2.0], [0.5, 3.0]]),)), (np.linalg.eigvals, (both(3, 3),)),
    (np.linalg.eig, (np.array([[1.0, 2.0], [0.5, 3.0]]),)),
    (np.linalg.svd, (M, False)), (np.linalg.svd, (N.T, False)), (np.linalg.svd, (well(3, 3),)),
    (np.linalg.svd, (A, False)), (np.linalg.svd, (M, True, False)), (np.linalg.svd,
    (both(2, 3), True, False)),
    (np.linalg.svdvals, (A,)),
    (np.linalg.qr, (N.T,)), (np.linalg.qr, (well(3, 3),)), (np.linalg.qr, (N.T, "r")),
    (np.linalg.qr, (real(2, 4, 3),)), (np.linalg.qr, (both(4, 3),)),
]


@pytest.mark.parametrize(("target", "args"), SYSTEMS, ids=label)
def test_a_function_of_matrices_agrees_with_differences(target, args):
    check_rule(target, *args, single=False)


def test_cholesky_of_the_upper_triangle_agrees_with_differences():
    check_rule(np.linalg.cholesky, positive(3), kwargs={"upper": True})
    check_rule(np.linalg.cholesky, positive(3, True), kwargs={"upper": True})


def test_functions_of_matrices_keep_single_precision():
    for target in (np.linalg.inv, np.linalg.det, np.linalg.slogdet, np.linalg.pinv, np.linalg.eigh,
                   np.linalg.cholesky, np.linalg.svd, np.linalg.qr, np.linalg.eigvalsh):
        a = positive(3).astype(np.float32)
        value, pullback = registry.find(target).function(a)
        several = isinstance(value, tuple)
        ones = [np.ones_like(v) for v in (value if several else [value])]
        assert pullback(tuple(ones) if several else ones[0]).dtype == np.float32, target


def test_spectral_projections_of_complex_matrices_agree_with_differences():
    a, weight = positive(3, True), both(3, 3)
    for target in (np.linalg.eigh, np.linalg.svd):
        result, pullback = registry.find(target).function(a)
        u = result[1] if target is np.linalg.eigh else result[0]
        right = np.conj(u.T) if target is np.linalg.eigh else result[2]
        # Re(sum(weight * u[:, :1] @ right[:1])), in which every phase cancels.
        u_bar, right_bar = np.zeros_like(u), np.zeros_like(u)
        u_bar[:, 0] = weight @ right[0]
        right_bar[0] = u[:, 0] @ weight
        if target is np.linalg.eigh:
            a_bar = pullback((None, u_bar + np.conj(right_bar.T)))
        else:
            a_bar = pullback((u_bar, None, right_bar))
        da = positive(3, True)

        def projected(t, target=target, a=a, da=da):
            found = target(a + t * da)
            u = found[1] if target is np.linalg.eigh else found[0]
            right = np.conj(u.T) if target is np.linalg.eigh else found[2]
            return np.real(np.sum(weight * (u[:, :1] @ right[:1])))

        slope = (projected(1e-5) - projected(-1e-5)) / 2e-5
        assert np.isclose(np.real(np.sum(a_bar * da)), slope, rtol=1e-5)
        with pytest.raises(UnsupportedError, match="phase"):
            turned = 1j * np.conj(u)
            pullback((None, turned) if target is np.linalg.eigh else (turned, None, None))


def test_equal_eigenvalues_still_have_derivatives_of_their_sum():
    _, pullback = registry.find(np.linalg.eigh).function(np.eye(3))
    assert np.allclose(pullback((np.ones(3), None)), np.eye(3))
    assert np.allclose(pullback((np.ones(3), np.zeros((3, 3)))), np.eye(3))


def test_cofactors_agree_with_minors():
    a = real(4, 4)
    for matrix in (a, np.outer(a[0], a[1]) + np.outer(a[2], a[3]) + np.diag([1.0, 0, 0, 0])):
        minors = [[(-1) ** (i + j) * np.linalg.det(np.delete(np.delete(matrix, i, 0), j, 1))
                   for j in range(4)] for i in range(4)]
        assert np.allclose(cofactors(matrix), minors)


@pytest.mark.parametrize(("target", "args", "kwargs"), [
    (np.dot, (M, N), {"out": M}), (np.einsum, ("i->", V), {"dtype": float}), (np.linalg.qr,
    (N, "raw"), {}),
], ids=label)
def test_options_without_a_derivative_are_refused(target, args, kwargs):
    with pytest.raises(UnsupportedError, match="Instead, "):
        registry.find(target).function(*args, **kwargs)


def test_the_arbitrary_part_of_full_factors_is_refused():
    high = np.arange(8.0).reshape(4, 2) ** 2
    u, _, vh = np.linalg.svd(high)
    _, pullback = registry.find(np.linalg.svd).function(high)
    assert pullback((None, None, np.ones_like(vh))).shape == high.shape
    with pytest.raises(UnsupportedError, match="Instead, "):
        pullback((np.arange(16.0).reshape(4, 4), None, None))


@pytest.mark.parametrize("product", [lambda x, y: np.matmul(x, y), lambda x, y: x @ y])
@pytest.mark.parametrize("args", [(2.0, 3.0), (V, 3.0), (np.float64(2.0), M)], ids=label)
def test_products_with_numbers_raise_what_they_raise_without_a_derivative(product, args):
    with pytest.raises((TypeError, ValueError)) as expected:
        product(*args)
    for derived in (sd.grad(product), lambda *args: sd.jvp(product, args, args)):
        with pytest.raises(expected.type) as found:
            derived(*args)
        assert str(found.value) == str(expected.value)
