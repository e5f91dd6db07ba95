"""Methods of ufuncs: `np.add.reduce`, `np.multiply.accumulate`, `np.subtract.outer`, ..."""

from __future__ import annotations

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules import ufuncs_of_two  # noqa: F401
from s2sdiff.rules.extremes import extreme, share, winners
from s2sdiff.rules.products import cumulative_product_back, general_prod, product_of_others
from s2sdiff.rules.shared import axis_among, carried, only_axis, refuse_out, unsupported

__all__: list[str] = []


@derivative(of=np.add.reduce, wrt=("array", "initial"))
def add_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.add.reduce")
    shape = np.shape(array)
    mask = True if where is None else where
    options = {} if initial is None else {"initial": initial}
    s = np.add.reduce(array, axis=axis, dtype=dtype, keepdims=keepdims, where=mask, **options)

    def pullback(s_bar):
        s_bar = carried(s_bar, s.dtype)
        initial_bar = None if initial is None else np.sum(s_bar)
        if axis is not None and not keepdims and shape:
            s_bar = np.expand_dims(s_bar, axis)
        s_bar = np.broadcast_to(s_bar, shape)
        return s_bar if where is None else np.where(mask, s_bar, 0.0), initial_bar

    return s, pullback


@derivative(of=np.multiply.reduce, wrt=("array", "initial"))
def multiply_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.multiply.reduce")
    if initial is not None or where is not None:
        return general_prod(np.multiply.reduce, array, axis, dtype, keepdims, initial, where)
    p = np.multiply.reduce(array, axis=axis, dtype=dtype, keepdims=keepdims)

    def pullback(p_bar):
        p_bar = carried(p_bar, p.dtype)
        if axis is not None and not keepdims and np.ndim(array):
            p_bar = np.expand_dims(p_bar, axis)
        return p_bar * product_of_others(array, axis), None

    return p, pullback


@derivative(of=np.maximum.reduce, wrt=("array", "initial"))
def maximum_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=None):
    return reduced_extreme(
        np.maximum.reduce, np.max, array, axis, dtype, out, keepdims, initial, where)


@derivative(of=np.minimum.reduce, wrt=("array", "initial"))
def minimum_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=None):
    return reduced_extreme(
        np.minimum.reduce, np.min, array, axis, dtype, out, keepdims, initial, where)


def reduced_extreme(reduce, function, array, axis, dtype, out, keepdims, initial, where):
    """The rule for `np.maximum.reduce` and `np.minimum.reduce`."""
    name = f"np.{function.__name__}imum.reduce"
    if out is not None:
        refuse_out(name)
    if dtype is not None:
        raise unsupported(f"{name}(..., dtype=...) has no derivative here", "cast the array first")
    if initial is not None or where is not None:
        return extreme(function, array, axis, keepdims, initial, where)
    z = reduce(array, axis=axis, keepdims=keepdims)
    axis = axis_among(array, axis)

    def pullback(z_bar):
        return share(z_bar, winners(array, z, axis, keepdims), axis, keepdims), None

    return z, pullback


@derivative(of=np.logaddexp.reduce, wrt=("array", "initial"))
def logaddexp_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.logaddexp.reduce")
    mask = True if where is None else where
    options = {} if initial is None else {"initial": initial}
    z = np.logaddexp.reduce(array, axis=axis, dtype=dtype, keepdims=keepdims, where=mask, **options)

    def pullback(z_bar):
        s_bar, s = carried(z_bar, z.dtype), z
        initial_bar = None if initial is None else np.sum(s_bar * np.exp(initial - s))
        if axis is not None and not keepdims and np.ndim(array):
            s_bar, s = np.expand_dims(s_bar, axis), np.expand_dims(s, axis)
        # Where all are -inf, the sum is no less flat than they are.
        weights = np.exp(array - np.where(np.isneginf(s), 0.0, s))
        array_bar = s_bar * weights
        return array_bar if where is None else np.where(mask, array_bar, 0.0), initial_bar

    return z, pullback


@derivative(of=np.add.accumulate, wrt="array")
def add_accumulate(array, axis=0, dtype=None, out=None):
    if out is not None:
        refuse_out("np.add.accumulate")
    c = np.add.accumulate(array, axis=axis, dtype=dtype)

    def pullback(c_bar):
        along = only_axis(axis)
        return np.flip(np.cumsum(np.flip(carried(c_bar, c.dtype), along), axis=along), along)

    return c, pullback


@derivative(of=np.multiply.accumulate, wrt="array")
def multiply_accumulate(array, axis=0, dtype=None, out=None):
    if out is not None:
        refuse_out("np.multiply.accumulate")
    c = np.multiply.accumulate(array, axis=axis, dtype=dtype)

    def pullback(c_bar):
        return cumulative_product_back(carried(c_bar, c.dtype), np.asarray(array), only_axis(axis))

    return c, pullback


@derivative(of=np.add.outer)
def add_outer(A, B):
    shape_a, shape_b = np.shape(A), np.shape(B)

    def pullback(z_bar):
        first, last = tuple(range(len(shape_a))), tuple(range(-len(shape_b), 0))
        return np.sum(z_bar, axis=last), np.sum(z_bar, axis=first)

    return np.add.outer(A, B), pullback


@derivative(of=np.subtract.outer)
def subtract_outer(A, B):
    shape_a, shape_b = np.shape(A), np.shape(B)

    def pullback(z_bar):
        first, last = tuple(range(len(shape_a))), tuple(range(-len(shape_b), 0))
        return np.sum(z_bar, axis=last), -np.sum(z_bar, axis=first)

    return np.subtract.outer(A, B), pullback


@derivative(of=np.multiply.outer)
def multiply_outer(A, B):
    A, B = np.asarray(A), np.asarray(B)

    def pullback(z_bar):
        wide = np.reshape(A, A.shape + (1,) * B.ndim)
        first, last = tuple(range(A.ndim)), tuple(range(-B.ndim, 0))
        return np.sum(z_bar * B, axis=last), np.sum(z_bar * wide, axis=first)

    return np.multiply.outer(A, B), pullback


@derivative(of=[np.divide.outer])
def divide_outer(A, B):
    A, B = np.asarray(A), np.asarray(B)
    z = np.divide.outer(A, B)

    def pullback(z_bar):
        first, last = tuple(range(A.ndim)), tuple(range(-B.ndim, 0))
        return np.sum(z_bar / B, axis=last), -np.sum(z_bar * z / B, axis=first)

    return z, pullback
