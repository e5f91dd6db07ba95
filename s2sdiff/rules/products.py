"""Products with one factor left out: the derivatives of `np.prod` and `np.cumprod`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.rules.shared import axes_of, axis_among, carried, cast_to, like
from s2sdiff.runtime import scaled

__all__ = ["cumulative_product_back", "general_prod", "product_of_all_others", "product_of_others"]


def product_of_others(a: Any, axis: Any = None) -> Any:
    """For each entry the product of all others along the axes, without dividing by anything.

    >>> product_of_others(np.array([2.0, 0.0, 5.0]))
    array([ 0., 10.,  0.])
    """
    shape = np.shape(a)
    axes = axes_of(axis, len(shape))
    if not axes:
        return np.ones_like(a)
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(a, axes, last)
    rows = np.reshape(moved, moved.shape[: len(shape) - len(axes)] + (lengths(shape, axes),))
    others = before(rows) * np.flip(before(np.flip(rows, -1)), -1)
    return np.moveaxis(np.reshape(others, moved.shape), last, axes)


@like(0)
def product_of_all_others(a: Any) -> Any:
    """For each entry the product of all others in the whole array.

    >>> product_of_all_others(np.array([[2.0], [3.0], [5.0]]))
    array([[15.],
           [10.],
           [ 6.]])
    """
    a = np.asarray(a)
    flat = a if a.ndim == 1 else a.ravel()
    others = np.empty(flat.shape, flat.dtype)
    others[:1] = 1
    np.multiply.accumulate(flat[:-1], out=others[1:])
    others[:-1] *= np.multiply.accumulate(flat[:0:-1])[::-1]
    return others if flat is a else others.reshape(a.shape)


def lengths(shape: tuple[int, ...], axes: tuple[int, ...]) -> int:
    """The number of entries along several axes."""
    count = 1
    for i in axes:
        count = count * shape[i]
    return count


def before(rows: Any) -> Any:
    """The product of all entries in front of each, along the last axis."""
    if not rows.shape[-1]:
        return rows
    one = np.ones_like(rows[..., :1])
    return np.concatenate([one, np.cumprod(rows[..., :-1], axis=-1)], axis=-1)


def cumulative_product_back(c_bar: Any, a: Any, axis: int) -> Any:
    """The pullback of `np.cumprod` along one axis; zeros among the factors are welcome."""
    rows = np.moveaxis(a, axis, -1)
    rest = np.moveaxis(c_bar, axis, -1)
    if not rows.shape[-1]:
        return c_bar
    # Horner's scheme from the end: behind[j] = c_bar[j] + a[j + 1] * behind[j + 1].
    total = rest[..., -1]
    behind = [total]
    for j in range(rows.shape[-1] - 2, -1, -1):
        total = rest[..., j] + scaled(total, rows[..., j + 1])
        behind = [total, *behind]
    return np.moveaxis(scaled(np.stack(behind, axis=-1), before(rows)), -1, axis)


def general_prod(function, a, axis, dtype, keepdims, initial, where):
    """The rule for a product with a dtype, a first factor or a mask."""
    mask = True if where is None else where
    first = 1.0 if initial is None else initial
    options = {} if initial is None else {"initial": initial}
    p = function(a, axis=axis, dtype=dtype, keepdims=keepdims, where=mask, **options)
    shape, axis = np.shape(a), axis_among(a, axis)

    def pullback(p_bar):
        p_bar = carried(p_bar, p.dtype)
        factors = np.where(mask, cast_to(a, p.dtype), 1.0)
        rest = np.prod(factors, axis=axis, keepdims=keepdims)
        initial_bar = None if initial is None else np.sum(p_bar * rest)
        if axis is not None and not keepdims:
            p_bar = np.expand_dims(p_bar, axis)
        others = product_of_others(factors, axis) * first
        return np.broadcast_to(np.where(mask, p_bar * others, 0.0), shape), initial_bar

    return p, pullback
