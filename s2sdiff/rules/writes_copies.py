"""`np.copyto`, `np.put`, `np.place`, `np.putmask`, `np.fill_diagonal`: what goes where.

All but `np.copyto` hand out the values in turn to numbered places of the flattened array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.indexing import indices_within
from s2sdiff.rules.writes_arrays import array_setitem, check_written, returned, taken
from s2sdiff.runtime.batched_shapes import zeros_now

__all__: list[str] = []


@derivative(of=np.copyto, writes="dst")
def copyto(dst, src, casting: Any = "same_kind", where: Any = True):
    # What nobody may write is only copied onto itself, which NumPy lets pass.
    active = check_written(dst, src) and dst.flags.writeable
    mask = None if where is True else np.array(np.broadcast_to(where, np.shape(dst)))
    np.copyto(dst, src, casting=casting, where=where)
    back = returned(src)

    def pullback(_, dst_bar):
        if not active:
            return None, None, None, None
        if mask is None:
            return None, back(taken(dst_bar, ...)), None, None
        g = np.where(mask, dst_bar, 0)
        dst_bar[mask] = 0
        return None, back(g), None, None

    return None, pullback


def handed_out(active: bool, places: np.ndarray, sources: np.ndarray, values: Any) -> Any:
    """Pullback of `a.flat[places] = np.ravel(values)[sources]`, with every place named once."""
    back, shape, size = returned(values), np.shape(values), int(np.size(values))

    def pull(a_bar):
        if not active or not len(places):
            return None
        a_bar = a_bar if a_bar.shape else a_bar[None]
        index = np.unravel_index(places, a_bar.shape)
        g = a_bar[index]
        a_bar[index] = 0
        values_bar = zeros_now(size, g.dtype)
        np.add.at(values_bar, sources, g)
        return back(np.reshape(values_bar, shape))

    return pull


def put_rule(a, ind, v, mode):
    """The rule for `np.put`: of several values for one place the last one stays."""
    active = check_written(a, v)
    size, count = a.size, max(int(np.size(v)), 1)
    numbers = np.ravel(indices_within(ind, size, mode))
    np.put(a, ind, v, mode=mode)
    # Where there is no value, nothing is written.
    places = numbers % max(size, 1) if np.size(v) else numbers[:0]
    places, last = np.unique(places[::-1], return_index=True)
    return handed_out(active, places, (len(numbers) - 1 - last) % count, v)


@derivative(of=np.put, writes="a")
def put(a, ind, v, mode: Any = "raise"):
    pull = put_rule(a, ind, v, mode)
    return None, lambda _, a_bar: (None, None, pull(a_bar), None)


@derivative(of=np.ndarray.put, writes="self")
def put_method(self, indices, values, mode: Any = "raise"):
    pull = put_rule(self, indices, values, mode)
    return None, lambda _, self_bar: (None, None, pull(self_bar), None)


@derivative(of=np.place, writes="arr")
def place(arr, mask, vals):
    active = check_written(arr, vals)
    places = np.flatnonzero(mask)
    np.place(arr, mask, vals)
    pull = handed_out(active, places, np.arange(len(places)) % max(int(np.size(vals)), 1), vals)
    return None, lambda _, arr_bar: (None, None, pull(arr_bar))


@derivative(of=np.putmask, writes="a")
def putmask(a, mask, values):
    active = check_written(a, values)
    places = np.flatnonzero(mask) if np.size(values) else np.arange(0)
    np.putmask(a, mask, values)
    pull = handed_out(active, places, places % max(int(np.size(values)), 1), values)
    return None, lambda _, a_bar: (None, None, pull(a_bar))


@derivative(of=np.fill_diagonal, writes="a")
def fill_diagonal(a, val, wrap=False):
    active = check_written(a, val)
    np.fill_diagonal(a, val, wrap=wrap)
    marks = np.zeros(a.shape, bool)
    np.fill_diagonal(marks, True, wrap=wrap)
    places = np.flatnonzero(marks)
    pull = handed_out(active, places, np.arange(len(places)) % max(int(np.size(val)), 1), val)
    return None, lambda _, a_bar: (None, pull(a_bar), None)


@derivative(of=np.put_along_axis, writes="arr")
def put_along_axis(arr, indices, values, axis):
    if axis is None:
        pull_flat = put_rule(arr, indices, values, "raise")
        return None, lambda _, arr_bar: (None, None, pull_flat(arr_bar), None)
    indices = np.array(indices)
    if indices.ndim != np.ndim(arr):
        # NumPy says what is wrong with them.
        np.put_along_axis(arr, indices, values, axis)
    shape = np.shape(arr)
    index = tuple(
        indices if i == axis % len(shape)
        else np.reshape(np.arange(n), [-1 if j == i else 1 for j in range(len(shape))])
        for i, n in enumerate(shape)
    )
    pull = array_setitem(arr, index, values)[1]

    def pullback(_, arr_bar):
        return None, None, pull(None, arr_bar)[2], None

    return None, pullback
