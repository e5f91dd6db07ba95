"""Products with one factor left out: the derivatives of `np.prod` and `np.cumprod`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import axes_of, axis_among, carried, cast_to, like
from s2sdiff.runtime import scaled

__all__ = ["cumulative_product_back", "general_prod", "product_of_all_others", "product_of_others"]


@like(0)
def product_of_others(a: Any, axis: Any = None) -> Any:
    """For each entry the product of all others along the axes, without dividing by anything.

    >>> product_of_others(np.array([2.0, 0.0, 5.0]))
    array([ 0., 10.,  0.])
    """
    shape = np.shape(a)
    axes = axes_of(axis, len(shape))
    if not axes:
        return np.ones_like(a)
    rows = as_rows(a, axes)
    others = before(rows) * np.flip(before(np.flip(rows, -1)), -1)
    return from_rows(others, shape, axes)


def as_rows(a: Any, axes: tuple[int, ...]) -> Any:
    """What is reduced together, along one last axis."""
    shape = np.shape(a)
    moved = np.moveaxis(a, axes, tuple(range(-len(axes), 0)))
    return np.reshape(moved, moved.shape[: len(shape) - len(axes)] + (lengths(shape, axes),))


def from_rows(rows: Any, shape: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    """What `as_rows` was made of."""
    kept = tuple(n for i, n in enumerate(shape) if i not in axes)
    wide = np.reshape(rows, kept + tuple(shape[i] for i in axes))
    return np.moveaxis(wide, tuple(range(-len(axes), 0)), axes)


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
    if len(flat):
        others[0] = 1
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


def before_moved(rows: Any, dots: Any) -> tuple[Any, Any]:
    """`before` of rows, and its tangent.

    Products of pairs (a, a_dot) are a scan of an associative operation, in log2(n) rounds.
    """
    one = np.ones_like(rows[..., :1])
    a = np.concatenate([one, rows[..., :-1]], axis=-1)
    a_dot = np.concatenate([np.zeros_like(dots[..., :1]), dots[..., :-1]], axis=-1)
    step, count = 1, rows.shape[-1]
    while step < count:
        late, late_dot, early, early_dot = (
            a[..., step:], a_dot[..., step:], a[..., :-step], a_dot[..., :-step])
        a_dot = np.concatenate(
            [a_dot[..., :step], late_dot * early + late * early_dot], axis=-1)
        a = np.concatenate([a[..., :step], late * early], axis=-1)
        step = 2 * step
    return a, a_dot


@like(0)
def others_moved(a: Any, a_dot: Any, axis: Any) -> Any:
    """The tangent of `product_of_others`; it is the cotangent, too, as second derivatives commute.

    >>> others_moved(np.array([2.0, 0.0, 0.0]), np.array([1.0, 0.0, 3.0]), None)
    array([0., 6., 0.])
    """
    shape = np.shape(a)
    axes = axes_of(axis, len(shape))
    if not axes:
        return np.zeros_like(a)
    rows = as_rows(a, axes)
    if not rows.shape[-1]:
        return np.zeros_like(a)
    left, left_dot = before_moved(rows, as_rows(a_dot, axes))
    right, right_dot = before_moved(np.flip(rows, -1), np.flip(as_rows(a_dot, axes), -1))
    found = left_dot * np.flip(right, -1) + left * np.flip(right_dot, -1)
    return from_rows(found, shape, axes)


@derivative(of=product_of_others, wrt="a")
def product_of_others_(a, axis=None):
    return product_of_others(a, axis), lambda y_bar: others_moved(a, y_bar, axis)


@derivative(of=product_of_others, wrt="a", mode="jvp")
def product_of_others_forward(a, axis=None):
    return product_of_others(a, axis), lambda a_dot: others_moved(a, a_dot, axis)


@derivative(of=product_of_all_others, wrt="a")
def product_of_all_others_(a):
    return product_of_all_others(a), lambda y_bar: others_moved(a, y_bar, None)


@derivative(of=product_of_all_others, wrt="a", mode="jvp")
def product_of_all_others_forward(a):
    return product_of_all_others(a), lambda a_dot: others_moved(a, a_dot, None)


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


def cumulative_product_moved(a: Any, a_dot: Any, axis: int) -> Any:
    """The tangent of `np.cumprod` along one axis."""
    rows, dots = np.moveaxis(a, axis, -1), np.moveaxis(a_dot, axis, -1)
    left, left_dot = before_moved(rows, dots)
    return np.moveaxis(left_dot * rows + left * dots, -1, axis)


def cumulative_back_moved(c_bar: Any, a: Any, a_dot: Any, axis: int) -> Any:
    """The tangent of `cumulative_product_back` as the factors move; also its cotangent for them."""
    rows, dots = np.moveaxis(a, axis, -1), np.moveaxis(a_dot, axis, -1)
    rest = np.moveaxis(c_bar, axis, -1)
    if not rows.shape[-1]:
        return np.zeros_like(a)
    total, total_dot = rest[..., -1], np.zeros_like(dots[..., -1])
    behind, behind_dot = [total], [total_dot]
    for j in range(rows.shape[-1] - 2, -1, -1):
        total_dot = total_dot * rows[..., j + 1] + total * dots[..., j + 1]
        total = rest[..., j] + total * rows[..., j + 1]
        behind, behind_dot = [total, *behind], [total_dot, *behind_dot]
    left, left_dot = before_moved(rows, dots)
    found = np.stack(behind, axis=-1) * left_dot + np.stack(behind_dot, axis=-1) * left
    return np.moveaxis(found, -1, axis)


@derivative(of=cumulative_product_back, wrt=("c_bar", "a"))
def cumulative_product_back_(c_bar, a, axis):
    def pullback(y_bar):
        return cumulative_product_moved(a, y_bar, axis), cumulative_back_moved(
            c_bar, a, y_bar, axis)

    return cumulative_product_back(c_bar, a, axis), pullback
