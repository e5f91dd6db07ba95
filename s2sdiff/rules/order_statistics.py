"""Entries in order: `np.sort`, `np.partition`; equal values share evenly."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import like
from s2sdiff.runtime import place
from s2sdiff.runtime.carried import CARRIED, plain_value

__all__: list[str] = []


@derivative(of=np.sort, wrt="a")
def sort(a, axis=-1, kind=None, order=None, *, stable=None):
    z = np.sort(a, axis=axis, kind=kind, order=order, stable=stable)
    return z, lambda z_bar: sorted_back(z_bar, a, axis)


@derivative(of=np.sort, wrt="a", mode="jvp")
def sort_forward(a, axis=-1, kind=None, order=None, *, stable=None):
    z = np.sort(a, axis=axis, kind=kind, order=order, stable=stable)

    def differential(a_dot):
        flat = (-1,) if axis is None else np.shape(a)
        rows, dots = np.reshape(a, flat), np.reshape(a_dot, flat)
        along = axis or 0
        places = rows.argsort(along)
        dots = np.take_along_axis(dots, places, along)
        return evened(dots, np.take_along_axis(rows, places, along), along)

    return z, differential


@like(1)
def sorted_back(z_bar: Any, a: Any, axis: int | None) -> Any:
    """The cotangent of `a` for that of `a` sorted along an axis.

    >>> sorted_back(np.array([1.0, 2.0, 3.0]), np.array([5.0, 4.0, 4.0]), 0)
    array([3. , 1.5, 1.5])
    """
    a = plain_value(a)  # which place is whose does not move
    rows = np.asarray(a) if axis is not None else np.ravel(a)
    flat, axis = axis is None, axis or 0
    order = rows.argsort(axis)
    if type(z_bar) in CARRIED:
        z_bar = evened(z_bar, np.take_along_axis(rows, order, axis), axis)
        return np.reshape(np.take_along_axis(z_bar, order.argsort(axis), axis), np.shape(a))
    a_bar = np.empty(rows.shape, rows.dtype if rows.dtype.kind in "fc" else z_bar.dtype)
    if rows.ndim == 1:
        z = rows[order]
        ties = np.count_nonzero(z[1:] == z[:-1])
        a_bar[order] = evened(z_bar, z, 0) if ties else z_bar
    else:
        z = np.take_along_axis(rows, order, axis)
        np.put_along_axis(a_bar, order, evened(z_bar, z, axis), axis)
    return a_bar.reshape(np.shape(a)) if flat else a_bar


@derivative(of=np.partition, wrt="a")
def partition(a, kth, axis=-1, kind: Any = "introselect", order=None):
    z = np.partition(a, kth, axis=axis, kind=kind, order=order)

    def pullback(z_bar):
        return permuted_back(z_bar, a, z, axis)

    return z, pullback


def permuted_back(z_bar: Any, a: Any, z: Any, axis: int | None) -> Any:
    """The cotangent of `a` whose entries along an axis were put in another order as `z`.

    >>> a = np.array([5.0, 4.0, 4.0])
    >>> permuted_back(np.array([1.0, 2.0, 3.0]), a, np.sort(a), 0)
    array([3. , 1.5, 1.5])
    """
    shape = np.shape(a)
    a, z = plain_value(a), plain_value(z)  # which place is whose does not move
    a = np.asarray(a) if axis is not None else np.ravel(a)
    axis = 0 if axis is None else axis
    from_z = np.argsort(z, axis=axis, kind="stable")
    from_a = np.argsort(a, axis=axis, kind="stable")
    sorted_bar = np.take_along_axis(z_bar, from_z, axis)
    sorted_bar = evened(sorted_bar, np.take_along_axis(a, from_a, axis), axis)
    a_bar = np.take_along_axis(sorted_bar, np.argsort(from_a, axis=axis), axis)
    return np.reshape(a_bar, shape)


def evened(g: Any, values: Any, axis: int) -> Any:
    """The mean of `g` over each run of equal sorted values."""
    rows = np.moveaxis(values, axis, -1)
    same = rows[..., 1:] == rows[..., :-1]
    if not np.any(same):
        return g
    starts = np.concatenate([np.ones((*rows.shape[:-1], 1), bool), ~same], axis=-1)
    runs = np.cumsum(starts.ravel()) - 1
    moved = np.moveaxis(g, axis, -1)
    sums = place(np.ravel(moved), (int(runs[-1]) + 1,), runs)
    counts = np.bincount(runs).astype(moved.dtype)
    return np.moveaxis(np.reshape((sums / counts)[runs], moved.shape), -1, axis)
