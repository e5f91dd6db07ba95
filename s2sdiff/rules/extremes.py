"""Who receives the cotangent of a maximum, a minimum or an order statistic; ties share evenly."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant

__all__ = ["all_equal", "extreme", "share", "winners"]


def winners(a: Any, z: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Which entries of `a` are equal to the extreme `z`, where nan is equal to nan.

    >>> winners(np.array([1.0, 3.0, 3.0]), 3.0)
    array([False,  True,  True])
    """
    a = np.asarray(a)
    if axis is not None and not keepdims:
        z = np.expand_dims(z, axis)
    chosen = a == z
    # Only a nan among the extremes asks for the other passes over `a`.
    return chosen | ((a != a) & (z != z)) if np.isnan(np.sum(z)) else chosen


def share(z_bar: Any, chosen: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """A cotangent in equal parts for the chosen entries along the reduced axes, 0 for others.

    >>> share(1.0, np.array([False, True, True]))
    array([0. , 0.5, 0.5])
    """
    if axis is not None and not keepdims:
        z_bar = np.expand_dims(z_bar, axis)
    if axis is None and not np.ndim(z_bar):
        return np.where(chosen, z_bar / max(int(np.count_nonzero(chosen)), 1), 0.0)
    # The count has the cotangent's own precision: an integer would make float32 a float64.
    precision = getattr(z_bar, "dtype", None) or np.float64
    count = np.maximum(np.sum(chosen, axis=axis, keepdims=True, dtype=precision), 1)
    return np.where(chosen, z_bar / count, 0.0)


def all_equal(a: Any, s: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Where all of `a` along the axes is one value; the rounded mean hides this from `std`.

    >>> bool(all_equal([0.1, 0.1, 0.1], np.std([0.1, 0.1, 0.1])))
    True
    """
    if not np.size(a):
        return s == 0
    return (np.max(a, axis=axis, keepdims=keepdims) == np.min(a, axis=axis, keepdims=keepdims)) | (
        s == 0)


def extreme(function, a, axis, keepdims, initial, where):
    """The rule for `np.max` and `np.min` with a first value or a mask."""
    mask = True if where is None else where
    options = {} if initial is None else {"initial": initial}
    z = function(a, axis=axis, keepdims=keepdims, where=mask, **options)

    def pullback(z_bar):
        chosen = np.broadcast_to(winners(a, z, axis, keepdims) & mask, np.shape(a))
        if initial is None:
            return share(z_bar, chosen, axis, keepdims), None
        z_kept, z_bar_kept = z, z_bar
        if axis is not None and not keepdims:
            z_kept, z_bar_kept = np.expand_dims(z, axis), np.expand_dims(z_bar, axis)
        first = z_kept == initial
        count = np.sum(chosen, axis=axis, keepdims=True) + first
        part = z_bar_kept / np.maximum(count, 1).astype(z.dtype)
        return np.where(chosen, part, 0.0), np.sum(np.where(first, part, 0.0))

    return z, pullback


constant(winners, all_equal)
