"""Reshaping, reordering, repeating and converting, against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule
from tests.rules.labels import label

A = np.random.default_rng(3).standard_normal((2, 3, 4))
M = np.random.default_rng(4).standard_normal((3, 4))
V = np.random.default_rng(5).standard_normal(5)
S = np.array(1.5)
F = np.asfortranarray(M)
NO_COPY, NO_STEP = {"copy": False}, {"n": 0}

ROWS = [
    (np.reshape, (A, (6, -1)), {}), (np.reshape, (A, -1), {"order": "F"}),
    (np.reshape, (A[:, ::-1], (4, 6)), {}),
    (np.ndarray.reshape, (A, 6, 4), {}), (np.ndarray.reshape, (A, (6, 4)), {"order": "F"}),
    (np.ndarray.reshape, (V, -1), {}), (np.ndarray.reshape, (V[:1], ()), {}),
    (np.generic.reshape, (np.float64(2.0), 1, 1), {}),
    (np.ravel, (A,), {}), (np.ndarray.ravel, (F,), {}), (np.ravel, (F, "F"), {}),
    (np.ndarray.flatten, (A,), {}),
    (np.ndarray.flatten, (A, "F"), {}),
    (np.transpose, (A,), {}), (np.transpose, (A, (2, 0, 1)), {}), (np.transpose, (A,
    (-1, 0, 1)), {}),
    (np.ndarray.transpose, (A,), {}), (np.ndarray.transpose, (A, 2, 0, 1), {}),
    (np.ndarray.transpose, (A, (1, 2, 0)), {}), (np.ndarray.transpose, (A, [1, 2, 0]), {}),
    (np.ndarray.transpose, (A, None), {}), (np.ndarray.transpose, (V, 0), {}),
    (np.matrix_transpose, (A,), {}), (np.linalg.matrix_transpose, (A,), {}),
    (np.swapaxes, (A, 0, -1), {}), (np.ndarray.swapaxes, (A, 1, 2), {}),
    (np.moveaxis, (A, 0, -1), {}), (np.moveaxis, (A, (0, 2), (1, 0)), {}),
    *[(np.rollaxis, (A, axis, start), {}) for axis in (-1, 0, 1, 2) for start in (-2, 0, 1, 2, 3)],
    (np.expand_dims, (A, 1), {}), (np.expand_dims, (A, (0, -1)), {}),
    (np.squeeze, (A[:1, :, :1],), {}), (np.squeeze, (A[:1, :, :1],), {"axis": 0}),
    (np.ndarray.squeeze, (A[:, :1], 1), {}), (np.broadcast_to, (V, (2, 5)), {}),
    (np.broadcast_to, (M[:, :1], (2, 3, 4)), {}), (np.broadcast_to, (S, (2,)), {}),
    (np.atleast_1d, (S,), {}), (np.atleast_2d, (V,), {}), (np.atleast_3d, (M,), {}),
    (np.atleast_3d, (V,), {}), (np.atleast_2d, (V, S, M), {}), (np.atleast_1d, (2.5,), {}),
    (np.flip, (A,), {}), (np.flip, (A, 1), {}), (np.flip, (A,), {"axis": (0, 2)}),
    (np.fliplr, (M,), {}), (np.flipud, (M,), {}), (np.roll, (A, 3), {}), (np.roll, (A, -1, 2), {}),
    (np.roll, (A, (1, 2), (0, -1)), {}), (np.rot90, (M,), {}), (np.rot90, (A, 3, (1, 2)), {}),
    (np.repeat, (M, 2), {}), (np.repeat, (M, 3, 1), {}), (np.repeat, (M, [1, 0, 2]), {"axis": 0}),
    (np.ndarray.repeat, (V, [1, 2, 0, 1, 3]), {}), (np.repeat, (2.5, 3), {}),
    (np.tile, (M, 2), {}), (np.tile, (M, (2, 3)), {}), (np.tile, (V, (2, 1, 2)), {}),
    (np.tile, (A, (2,)), {}), (np.tile, (S, 3), {}), (np.tile, (V, 0), {}),
    (np.resize, (V, (2, 4)), {}), (np.resize, (M, 5), {}),
    (np.pad, (M, 1), {}), (np.pad, (M, ((1, 0), (2, 3))), {}), (np.pad, (V, (2, 0)), {}),
    (np.pad, (M, 1), {"constant_values": 2.0}), (np.pad, (V, 0), {}), (np.resize, (M[:0], 3), {}),
    *[(np.pad, (M, ((1, 2), (0, 3))), {"mode": mode})
      for mode in ("edge", "reflect", "symmetric", "wrap")],
    *[(np.pad, (M, {-1: (1, 2)}), {"mode": mode}) for mode in ("constant", "wrap")],
    (np.pad, (M, {0: 2, 1: (0, 1)}), {}), (np.pad, (V, 12), {"mode": "reflect"}),
    (np.pad, (V, 7), {"mode": "wrap"}),
    (np.diag, (V,), {}), (np.diag, (V, -2), {}), (np.diag, (M,), {}), (np.diag, (M, 2), {}),
    (np.diag, (M, -1), {}), (np.diagflat, (M, 1), {}), (np.diagonal, (M,), {}),
    (np.diagonal, (A, 1, 2, 0), {}), (np.ndarray.diagonal, (A, -1, 0, 2), {}),
    (np.linalg.diagonal, (A,), {"offset": 1}), (np.trace, (M,), {}), (np.trace, (A, -1, 1, 2), {}),
    (np.ndarray.trace, (M, 1), {}), (np.linalg.trace, (A,), {"offset": 1}),
    (np.trace, (M,), {"dtype": np.float64}), (np.tril, (M,), {}), (np.tril, (A, -1), {}),
    (np.triu, (M, 1), {}), (np.tril, (V,), {}), (np.triu, (V, 1), {}),
    (np.ndarray.__array__, (M,), {}), (np.ndarray.__array__, (M, np.dtype(complex)), {}),
    (np.copy, (M,), {}), (np.copy, (F, "C"), {}), (np.ndarray.copy, (F, "F"), {}),
    (np.array, (M,), {}), (np.array, (M,), {"ndmin": 4}), (np.array, (2.5,), {}),
    (np.array, ([V, V * 2],), {}), (np.array, ([[1.0, 2.5], [3.0, 4.0]],), {}),
    (np.array, ((S, 2.0, 3),), {}), (np.array, ([V, V],), {"dtype": np.float64, "ndmin": 3}),
    (np.asarray, (M,), {}), (np.asarray, ([1.0, (V[0])],), {}), (np.asanyarray, ((1.0, 2.0),), {}),
    (np.asarray, (M, np.complex128), {}), (np.ascontiguousarray, (F,), {}),
    (np.asfortranarray, (M,), {}), (np.ascontiguousarray, (S,), {}),
    (np.asfortranarray, ([V, V],), {}),
    (np.ndarray.astype, (M, np.float64), {}), (np.ndarray.astype, (M, complex), {}),
    (np.ndarray.item, (M[:1, :1],), {}), (np.ndarray.item, (M, 7), {}), (np.ndarray.item,
    (M, -1), {}),
    (np.ndarray.item, (M, 1, 2), {}), (np.ndarray.item, (M, (1, 2)), {}),
    (np.generic.item, (np.float64(2.0),), {}), (np.ndarray.tolist, (A,), {}),
    (np.generic.tolist, (np.float64(2.5),), {}), (np.ndarray.tolist, (np.zeros((2, 0)),), {}),
    (np.full, ((2, 3), 2.5), {}), (np.full, ((2, 3), V[:3]), {}), (np.full, (4, 2.5, float), {}),
    (np.full_like, (M, 2.5), {"wrt": 1}), (np.full_like, (M, V[:4]), {"wrt": 1}),
    (np.linspace, (1.0, 2.0, 5), {}), (np.linspace, (V, V[::-1] ** 2, 4), {"axis": -1}),
    (np.linspace, (1.0, V, 3), {"endpoint": False}), (np.linspace, (0.5, 2.0, 1), {}),
    (np.linspace, (1.0, 2.0, 5), {"retstep": True}), (np.linspace, (1.0, 2.0, 0), {}),
    (np.arange, (0.5, 3.05, 0.5), {"wrt": (0, 2)}),
    (np.arange, (3.05, None, 0.5), {"wrt": (0, 2)}), (np.arange, (3.05,), {"wrt": 0}),
]
ROWS += [(np.astype, (M, np.float64), {})] if hasattr(np, "astype") else []


@pytest.mark.parametrize(("target", "args", "kwargs"), ROWS, ids=label)
def test_a_function_of_shapes_agrees_with_differences(target, args, kwargs):
    wrt = kwargs.get("wrt")
    check_rule(target, *args, wrt=wrt, kwargs={k: v for k, v in kwargs.items() if k != "wrt"})


@pytest.mark.parametrize("a", [S, V, M, A, np.zeros((0, 3)), M + 1j], ids=np.shape)
def test_attributes_that_transpose_agree_with_transposition(a):
    value, pullback = registry.find(np.ndarray.T).function(a)
    g = np.arange(float(a.size)).reshape(value.shape)
    assert np.array_equal(value, a.T) and np.array_equal(pullback(g), g.T)
    if a.ndim > 1:
        value, pullback = registry.find(np.ndarray.mT).function(a)
        g = np.arange(float(a.size)).reshape(value.shape)
        assert np.array_equal(value, a.mT) and np.array_equal(pullback(g), g.mT)


@pytest.mark.parametrize("order", ["A", "K"])
def test_orders_that_depend_on_the_layout_are_undone(order):
    for a in (F, M, F[:, :1]):
        for target in (np.ravel, np.ndarray.ravel, np.ndarray.flatten):
            flat, pullback = registry.find(target).function(a, order)
            assert np.array_equal(flat, target(a, order)) and np.array_equal(pullback(flat), a)
    if order == "A":
        for target in (np.reshape, np.ndarray.reshape):
            z, pullback = registry.find(target).function(F, (4, 3), order=order)
            assert np.array_equal(z, target(F,
                (4, 3), order=order)) and np.array_equal(pullback(z), F)


def test_casts_change_the_dtype_of_cotangents_back():
    x = np.ones(3, np.float32)
    assert registry.find(np.ndarray.astype).function(x, np.float64)[1](np.ones(3)).dtype == "f4"
    assert registry.find(np.asarray).function(x, np.float64)[1](np.ones(3)).dtype == "f4"
    bar = registry.find(np.ndarray.astype).function(x, complex)[1](np.full(3, 1 + 2j))
    assert bar.dtype == "f4" and bar.tolist() == [1.0] * 3


def test_a_cast_to_integers_lets_nothing_through():
    for target in (np.ndarray.astype, np.asarray, np.array, np.ascontiguousarray):
        assert not np.any(registry.find(target).function(V, int)[1](np.ones(5)))
    assert registry.find(np.full_like).function(np.arange(3), 2.5)[1](np.ones(3)) == (None, 0.0)


def test_the_cotangent_of_nested_lists_has_their_structure():
    _, pullback = registry.find(np.array).function([(1.0, 2.0), (3.0, 4.0)])
    assert pullback(np.array([[1.0, 2.0], [3.0, 4.0]])) == [(1.0, 2.0), (3.0, 4.0)]


def test_missing_cotangents_of_lists_count_as_zero():
    _, pullback = registry.find(np.ndarray.tolist).function(np.ones((2, 2)))
    assert pullback([None, [1.0, None]]).tolist() == [[0.0, 0.0], [1.0, 0.0]]
    _, pullback = registry.find(np.atleast_1d).function(1.0, 2.0)
    assert pullback((None, np.ones(1)))[0] is None


def test_the_array_that_a_view_belongs_to_is_known_but_not_differentiated():
    rule = registry.find(np.ndarray.base)
    own = V.copy()
    owner, pullback = rule.function(own[1:])
    assert owner is own and pullback(own) is NotImplemented
    owner, pullback = rule.function(own)
    assert owner is None and pullback(None) is None


@pytest.mark.parametrize(("target", "args"), [
    (np.ravel, (A.transpose(1, 0, 2), "K")), (np.trace, (M, 0, 0, 1, None, S)),
])
def test_options_without_a_derivative_are_refused(target, args):
    with pytest.raises(UnsupportedError, match="Instead, "):
        registry.find(target).function(*args)


@pytest.mark.parametrize("made", [
    lambda z: z.astype(float, **NO_COPY), lambda z: np.astype(z, float, **NO_COPY),
    lambda z: np.asarray(z, float, **NO_COPY), lambda z: np.array(z, ndmin=1, **NO_COPY),
    lambda z: np.diff(z, **NO_STEP)], ids=["method", "function", "asarray", "array", "diff"])
def test_what_is_no_copy_is_the_array_itself(made):
    def written(x):
        z = x * 2.0
        made(z)[1] = 7.0
        return z @ z

    if hasattr(np, "astype"):
        sd.check_grads(written, (V,))


@pytest.mark.parametrize("made", [
    lambda z: np.asarray(z, float, copy=True), lambda z: np.asanyarray(z, copy=True),
    lambda z: np.reshape(z, (5,), copy=True), lambda z: z.reshape(5, order="F", copy=True),
], ids=["asarray", "asanyarray", "reshape", "method"])
def test_a_copy_that_is_asked_for_is_no_view(made):
    def written(x):
        z = x * 2.0
        y = made(z)
        z[0] = 5.0
        y[1] = 7.0
        return y @ z

    try:
        made(V)
    except TypeError:
        pytest.skip("this NumPy's reshape has no copy")
    sd.check_grads(written, (V,))
