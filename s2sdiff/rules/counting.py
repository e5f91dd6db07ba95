"""Values without repeats and sums of segments: `np.unique`, `np.add.reduceat`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import carried, only_axis, refuse_out

__all__: list[str] = []


@derivative(of=np.unique, wrt="ar")
def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *,
           equal_nan=True, **options):
    result = np.unique(ar, return_index, return_inverse, return_counts, axis,
                       equal_nan=equal_nan, **options)
    several = return_index or return_inverse or return_counts

    def pullback(result_bar):
        z, z_bar = (result[0], result_bar[0]) if several else (result, result_bar)
        if z_bar is None:
            return None
        return unique_back(z_bar, z, ar, axis, equal_nan)

    return result, pullback


def unique_back(z_bar: Any, z: Any, ar: Any, axis: Any, equal_nan: bool) -> Any:
    """Each value's cotangent in equal parts for the entries (or slices) that are equal to it."""
    ar = np.asarray(ar)
    _, inverse, counts = np.unique(ar, return_inverse=True, return_counts=True, axis=axis,
                                   equal_nan=equal_nan)
    inverse = np.ravel(inverse)
    if axis is None:
        # Only without an axis may the values come in an order of their own.
        g = z_bar[np.argsort(z, kind="stable")] / counts.astype(z_bar.dtype)
        return np.reshape(g[inverse], ar.shape)
    rows = np.moveaxis(z_bar, axis, -1) / counts.astype(z_bar.dtype)
    return np.moveaxis(rows[..., inverse], -1, axis)


@derivative(of=np.add.reduceat, wrt="array")
def add_reduceat(array, indices, axis=0, dtype=None, out=None):
    if out is not None:
        refuse_out("np.add.reduceat")
    z = np.add.reduceat(array, indices, axis, dtype)
    shape = np.shape(array)

    def pullback(z_bar):
        along = only_axis(axis)
        rows = np.moveaxis(carried(z_bar, z.dtype), along, 0)
        n = shape[along]
        starts = np.asarray(indices)
        ends = np.append(starts[1:], n)
        # Where the next index is not larger, the result is a single entry.
        lengths = np.maximum(ends - starts, 1)
        total = np.zeros((n, *rows.shape[1:]), rows.dtype)
        firsts = np.cumsum(lengths) - lengths
        places = np.arange(np.sum(lengths)) + np.repeat(starts - firsts, lengths)
        if np.all(starts[1:] > starts[:-1]):
            total[places] = np.repeat(rows, lengths, axis=0)
        else:
            np.add.at(total, places, np.repeat(rows, lengths, axis=0))
        return np.moveaxis(total, 0, along)

    return z, pullback
