"""Matrix products: `x @ y`, `np.dot`, `np.outer`, `np.inner`, `np.tensordot`, `np.kron`."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules import cholesky, determinants, einsum, norms, pseudo_inverses  # noqa: F401
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.shared import refuse_out, unsupported
from s2sdiff.runtime import unbroadcast
from s2sdiff.runtime.joined import structured
from s2sdiff.runtime.later import Later

__all__: list[str] = []


def products(targets, number):
    """The rule of matrix products, which differ in what they raise of a number."""
    @derivative(of=targets)
    def matmul(x, y):
        if isinstance(x, SEQUENCES) or isinstance(y, SEQUENCES):
            return of_lists(matmul, x, y)
        elif np.ndim(x) == 2 and np.ndim(y) == 2:
            return x @ y, lambda z_bar: (z_bar @ y.T, x.T @ z_bar)
        elif np.ndim(x) == 2 and np.ndim(y) == 1:
            return x @ y, lambda z_bar: (np.outer(z_bar, y), x.T @ z_bar)
        elif np.ndim(x) == 1 and np.ndim(y) == 2:
            return x @ y, lambda z_bar: (y @ z_bar, np.outer(x, z_bar))
        elif np.ndim(x) == 1 and np.ndim(y) == 1:
            return x @ y, lambda z_bar: (z_bar * y, z_bar * x)
        elif np.ndim(x) > 1 and np.ndim(y) > 1:
            shape_x, shape_y = np.shape(x), np.shape(y)

            def pullback(z_bar):
                return unbroadcast(z_bar @ y.mT, shape_x), unbroadcast(x.mT @ z_bar, shape_y)

            return x @ y, pullback
        elif np.ndim(x) == 0 or np.ndim(y) == 0:
            return number(x, y), None
        else:
            return stacked_matmul(x, y)

    return matmul


matmul = products([operator.matmul, np.ndarray.__matmul__], operator.matmul)
products([np.matmul], np.matmul)


def of_lists(rule, x, y):
    """The rule of a product for arrays that may be given as nested lists."""
    z, pullback_arrays = rule(np.asarray(x), np.asarray(y))

    def pullback(z_bar):
        x_bar, y_bar = pullback_arrays(z_bar)
        return structured(x_bar, x), structured(y_bar, y)

    return z, pullback


def stacked_matmul(x, y):
    """`x @ y` for a vector and a stack of matrices."""
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        left = np.expand_dims(x, 0) if np.ndim(x) == 1 else x
        right = np.expand_dims(y, -1) if np.ndim(y) == 1 else y
        if np.ndim(y) == 1:
            z_bar = np.expand_dims(z_bar, -1)
        if np.ndim(x) == 1:
            z_bar = np.expand_dims(z_bar, -2)
        x_bar = unbroadcast(z_bar @ np.swapaxes(right, -1, -2), np.shape(left))
        y_bar = unbroadcast(np.swapaxes(left, -1, -2) @ z_bar, np.shape(right))
        return np.reshape(x_bar, shape_x), np.reshape(y_bar, shape_y)

    return x @ y, pullback


@derivative(of=np.linalg.matmul)
def linalg_matmul(x1, x2, /):
    return stacked_matmul(np.asarray(x1), np.asarray(x2))


@derivative(of=[np.dot, np.ndarray.dot], wrt=("a", "b"))
def dot(a, b, out=None):
    if out is not None:
        refuse_out("np.dot")
    if isinstance(a, SEQUENCES) or isinstance(b, SEQUENCES):
        return of_lists(dot if max(np.ndim(a), np.ndim(b)) < 3 else general_dot, a, b)
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        return np.dot(a, b), lambda z_bar: (np.dot(z_bar, b.T), np.dot(a.T, z_bar))
    elif np.ndim(a) == 2 and np.ndim(b) == 1:
        return np.dot(a, b), lambda z_bar: (np.outer(z_bar, b), np.dot(a.T, z_bar))
    elif np.ndim(a) == 1 and np.ndim(b) == 2:
        return np.dot(a, b), lambda z_bar: (np.dot(b, z_bar), np.outer(a, z_bar))
    elif np.ndim(a) == 1 and np.ndim(b) == 1:
        return np.dot(a, b), lambda z_bar: (z_bar * b, z_bar * a)
    else:
        return general_dot(a, b, later=True)


def general_dot(a, b, later=False):
    """`np.dot` for scalars and for arrays of rank above 2."""
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return np.dot(a, b), lambda z_bar: (unbroadcast(z_bar * b, a.shape),
                                            unbroadcast(z_bar * a, b.shape))
    axes = (a.ndim - 1,), (max(b.ndim - 2, 0),)
    if later:
        return np.dot(a, b), lambda z_bar: contraction_back(z_bar, a, b, *axes)
    return np.dot(a, b), lambda z_bar: (back_of_first(z_bar, a, b, *axes),
                                        back_of_second(z_bar, a, b, *axes))


def contraction_back(g, a, b, axes_a, axes_b):
    """The cotangents of two arrays that were contracted over pairs of axes."""
    return Later({0: lambda: back_of_first(g, a, b, axes_a, axes_b),
                  1: lambda: back_of_second(g, a, b, axes_a, axes_b)})


def back_of_first(g, a, b, axes_a, axes_b):
    free_a, free_b = left_over(a, axes_a), left_over(b, axes_b)
    summed = [i for _, i in sorted(zip(axes_b, axes_a, strict=True))]
    found = np.tensordot(g, b, (tuple(range(len(free_a), np.ndim(g))), free_b))
    return np.transpose(found, positions((*free_a, *summed)))


def back_of_second(g, a, b, axes_a, axes_b):
    free_a, free_b = left_over(a, axes_a), left_over(b, axes_b)
    summed = [i for _, i in sorted(zip(axes_a, axes_b, strict=True))]
    found = np.tensordot(a, g, (free_a, tuple(range(len(free_a)))))
    return np.transpose(found, positions((*summed, *free_b)))


def left_over(a, axes):
    """The axes of an array that are not among some."""
    return tuple([i for i in range(a.ndim) if i not in axes])


def positions(order):
    """The permutation that brings axes which came in this order back to their places."""
    return tuple(order.index(i) for i in range(len(order)))


@derivative(of=np.tensordot, wrt=("a", "b"))
def tensordot(a, b, axes: Any = 2):
    z = np.tensordot(a, b, axes=axes)
    a, b = np.asarray(a), np.asarray(b)
    if isinstance(axes, (int, np.integer)):
        axes_a, axes_b = tuple(range(a.ndim - axes, a.ndim)), tuple(range(axes))
    else:
        axes_a, axes_b = (tuple(np.ravel(side).tolist()) for side in axes)
    axes_a, axes_b = tuple(i % a.ndim for i in axes_a), tuple(i % b.ndim for i in axes_b)
    return z, lambda z_bar: contraction_back(z_bar, a, b, axes_a, axes_b)


@derivative(of=np.linalg.tensordot, wrt=("x1", "x2"))
def linalg_tensordot(x1, x2, /, *, axes=2):
    return tensordot(x1, x2, axes)


@derivative(of=np.vdot)
def vdot(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)

    def pullback(z_bar):
        # Re(z_bar * conj(da) * b) is Re(conj(z_bar * b) * da): the one place that conjugates.
        a_bar = np.reshape(np.conj(z_bar * np.ravel(b)), shape_a)
        return a_bar, np.reshape(z_bar * np.conj(np.ravel(a)), shape_b)

    return np.vdot(a, b), pullback


if hasattr(np, "vecdot"):
    _vecdot: Any = np.vecdot

    @derivative(of=[np.vecdot, np.linalg.vecdot], wrt=("x1", "x2"))
    def vecdot(x1, x2, /, *, axis=-1):
        def pullback(z_bar):
            # The first one is conjugated, as in `np.vdot`.
            g = np.expand_dims(z_bar, -1)
            first, second = np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1)
            x1_bar = unbroadcast(np.conj(g * second), first.shape)
            x2_bar = unbroadcast(g * np.conj(first), second.shape)
            return np.moveaxis(x1_bar, -1, axis), np.moveaxis(x2_bar, -1, axis)

        return _vecdot(x1, x2, axis=axis), pullback


if hasattr(np, "matvec"):
    _matvec: Any = np.matvec
    _vecmat: Any = np.vecmat

    @derivative(of=_matvec)
    def matvec(x1, x2):
        shape_1, shape_2 = np.shape(x1), np.shape(x2)

        def pullback(z_bar):
            x1_bar = np.expand_dims(z_bar, -1) * np.expand_dims(x2, -2)
            x2_bar = _matvec(np.swapaxes(x1, -1, -2), z_bar)
            return unbroadcast(x1_bar, shape_1), unbroadcast(x2_bar, shape_2)

        return _matvec(x1, x2), pullback

    @derivative(of=_vecmat)
    def vecmat(x1, x2):
        shape_1, shape_2 = np.shape(x1), np.shape(x2)

        def pullback(z_bar):
            # The vector is conjugated, as in `np.vecdot`.
            x1_bar = np.conj(_matvec(x2, z_bar))
            x2_bar = np.expand_dims(np.conj(x1), -1) * np.expand_dims(z_bar, -2)
            return unbroadcast(x1_bar, shape_1), unbroadcast(x2_bar, shape_2)

        return _vecmat(x1, x2), pullback


@derivative(of=np.inner)
def inner(a, b):
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return np.inner(a, b), lambda z_bar: (z_bar * np.asarray(b), z_bar * np.asarray(a))
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        return np.inner(a, b), lambda z_bar: (z_bar @ b, z_bar.T @ a)
    else:
        return general_inner(a, b)


def general_inner(a, b):
    """`np.inner` for scalars and for arrays of rank above 1."""
    z = np.inner(a, b)
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return z, general_dot(a, b, later=True)[1]
    axes = (a.ndim - 1,), (b.ndim - 1,)
    return z, lambda z_bar: contraction_back(z_bar, a, b, *axes)


@derivative(of=np.outer, wrt=("a", "b"))
def outer(a, b, out=None):
    if out is not None:
        refuse_out("np.outer")
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return np.outer(a, b), lambda z_bar: (z_bar @ b, a @ z_bar)
    else:
        return general_outer(a, b)


def general_outer(a, b):
    """`np.outer` of arrays of any rank, which it flattens."""
    shape_a, shape_b = np.shape(a), np.shape(b)

    def pullback(z_bar):
        return (np.reshape(z_bar @ np.ravel(b), shape_a), np.reshape(np.ravel(a) @ z_bar, shape_b))

    return np.outer(a, b), pullback


@derivative(of=np.linalg.outer)
def linalg_outer(x1, x2, /):
    return np.linalg.outer(x1, x2), lambda z_bar: (z_bar @ x2, x1 @ z_bar)


@derivative(of=np.kron)
def kron(a, b):
    z = np.kron(a, b)
    a, b = np.asarray(a), np.asarray(b)
    ndim = max(a.ndim, b.ndim)
    shape_a, shape_b = (1,) * (ndim - a.ndim) + a.shape, (1,) * (ndim - b.ndim) + b.shape
    split = tuple(n for pair in zip(shape_a, shape_b, strict=True) for n in pair)
    evens, odds = tuple(range(0, 2 * ndim, 2)), tuple(range(1, 2 * ndim, 2))

    def pullback(z_bar):
        g, axes = np.reshape(z_bar, split), tuple(range(ndim))
        return Later({
            0: lambda: np.reshape(np.tensordot(g, np.reshape(b, shape_b), (odds, axes)), a.shape),
            1: lambda: np.reshape(np.tensordot(g, np.reshape(a, shape_a), (evens, axes)), b.shape)})

    return z, pullback


@derivative(of=np.cross, wrt=("a", "b"))
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    if axis is not None:
        axisa, axisb, axisc = axis, axis, axis
    left = np.moveaxis(np.asarray(a), axisa, -1)
    right = np.moveaxis(np.asarray(b), axisb, -1)
    if left.shape[-1] != 3 or right.shape[-1] != 3:
        raise unsupported("np.cross of vectors of length 2 has no derivative here",
                          "write `a[0] * b[1] - a[1] * b[0]`")

    def pullback(z_bar):
        g = np.moveaxis(z_bar, axisc, -1)
        a_bar = unbroadcast(np.cross(right, g), left.shape)
        b_bar = unbroadcast(np.cross(g, left), right.shape)
        return np.moveaxis(a_bar, -1, axisa), np.moveaxis(b_bar, -1, axisb)

    return np.cross(a, b, axisa, axisb, axisc), pullback


@derivative(of=np.linalg.cross, wrt=("x1", "x2"))
def linalg_cross(x1, x2, /, *, axis=-1):
    return np.linalg.cross(x1, x2, axis=axis), cross(x1, x2, axis=axis)[1]
