"""Reading entries: `a[i]`, `np.take`, `np.compress`, `np.select`, `np.choose`."""

from __future__ import annotations

import operator
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.brackets import CONCATENATOR, concatenated
from s2sdiff.rules.repetitions import gathered_back
from s2sdiff.rules.shared import refuse_out, unsupported
from s2sdiff.runtime import place, unbroadcast

__all__ = ["getitem", "getitem_any"]


@derivative(of=[operator.getitem, np.ndarray.__getitem__])
def getitem(a, index):
    shape = np.shape(a)
    return a[index], lambda y_bar: (place(y_bar, shape, index), None)


def getitem_any(a, index):
    """`getitem` for whatever `a` turns out to be when the code runs."""
    if isinstance(a, CONCATENATOR):
        return concatenated(a, index)
    if isinstance(a, (np.ndarray, np.void)) and a.dtype.kind == "V":
        # No active number gets into fields: what makes or writes them refuses that.
        return a[index], lambda y_bar: (None, None)
    if isinstance(a, (np.ndarray, np.generic)):
        return getitem(a, index)
    return a[index], item_back(a, index)


#: What the compiler calls where `a` is not surely an array.
getitem.__s2sdiff_otherwise__ = getitem_any


def item_back(a: Any, index: Any) -> Any:
    """The pullback of `a[index]`, of a tuple, list or dict as it is now.

    >>> item_back((1.0, 5.0), -1)(2.0), item_back({"w": 1.0, "b": 0.0}, "w")(2.0)
    (((None, 2.0), None), ({'w': 2.0, 'b': None}, None))
    """
    if isinstance(a, (list, tuple, deque)):
        count, made = len(a), tuple if isinstance(a, tuple) else list

        def pullback(y_bar):
            if y_bar is None:
                return None, None
            bars: list[Any] = [None] * count
            if isinstance(index, slice):
                for i, g in zip(range(count)[index], y_bar, strict=True):
                    bars[i] = g
            else:
                bars[index] = y_bar
            return made(bars), None

        return pullback
    if isinstance(a, dict):
        keys = list(a)
        return lambda y_bar: (None if y_bar is None else {
            k: y_bar if k == index else None for k in keys}, None)
    inert, name = isinstance(a, (str, bytes, range)), type(a).__name__

    def nothing(y_bar):
        if y_bar is None or inert:
            return None, None
        raise unsupported(f"indexing a {name} has no derivative",
                          "index an array, a list, a tuple or a dict")

    return nothing


@derivative(of=[np.take, np.ndarray.take, np.generic.take], wrt="a")
def take(a, indices, axis=None, out=None, mode: Any = "raise"):
    if out is not None:
        refuse_out("np.take")
    shape = np.shape(a)
    if axis is None:
        places = indices_within(indices, int(np.size(a)), mode)

        def flat_pullback(z_bar):
            return np.reshape(place(z_bar, (int(np.size(a)),), places), shape)

        return np.take(a, indices, mode=mode), flat_pullback
    # A number counts as a vector of one.
    sizes = shape or (1,)
    places = indices_within(indices, sizes[axis], mode)

    def pullback(z_bar):
        return np.reshape(gathered_back(z_bar, places, sizes, axis), shape)

    return np.take(a, indices, axis=axis, mode=mode), pullback


def indices_within(indices: Any, n: int, mode: str) -> np.ndarray:
    """Indices as `mode` of `np.take` understands them.

    >>> indices_within([-1, 5], 3, "clip"), indices_within([4], 3, "wrap")
    (array([0, 2]), array([1]))
    """
    indices = np.array(indices, dtype=np.intp)  # they may change until the pullback runs
    if mode == "raise":
        return indices
    return indices % max(n, 1) if mode == "wrap" else np.clip(indices, 0, n - 1)


@derivative(of=np.take_along_axis, wrt="arr")
def take_along_axis(arr, indices, axis=-1):
    shape = np.shape(arr)
    if axis is None:
        size = int(np.size(arr))

        def flat_pullback(z_bar):
            return np.reshape(place(z_bar, (size,), indices), shape)

        return np.take_along_axis(arr, indices, None), flat_pullback
    index = tuple(
        indices if i == axis % len(shape)
        else np.reshape(np.arange(n), [-1 if j == i else 1 for j in range(len(shape))])
        for i, n in enumerate(shape)
    )
    return np.take_along_axis(arr, indices, axis), lambda z_bar: place(z_bar, shape, index)


@derivative(of=np.compress, wrt="a")
def compress(condition, a, axis=None, out=None):
    if out is not None:
        refuse_out("np.compress")
    return compressed(condition, a, axis)


@derivative(of=[np.ndarray.compress, np.generic.compress], wrt="a")
def compress_method(a, condition, axis=None, out=None):
    if out is not None:
        refuse_out("np.compress")
    return compressed(condition, a, axis)


def compressed(condition, a, axis):
    """The rule for `np.compress`."""
    shape = np.shape(a)
    flat = (int(np.size(a)),) if axis is None else shape
    along = 0 if axis is None else axis
    indices = np.flatnonzero(condition)

    def pullback(z_bar):
        return np.reshape(gathered_back(z_bar, indices, flat, along), shape)

    return np.compress(condition, a, axis=axis), pullback


@derivative(of=np.extract, wrt="arr")
def extract(condition, arr):
    shape, size = np.shape(arr), int(np.size(arr))
    indices = np.flatnonzero(condition)
    return (np.extract(condition, arr),
            lambda z_bar: np.reshape(place(z_bar, (size,), indices), shape))


@derivative(of=np.select, wrt=("choicelist", "default"))
def select(condlist, choicelist, default=0):
    shapes, shape_default = [np.shape(c) for c in choicelist], np.shape(default)

    def pullback(z_bar):
        bars, rest = [], z_bar
        for i in range(len(shapes)):
            bars.append(unbroadcast(np.where(condlist[i], rest, 0.0), shapes[i]))
            rest = np.where(condlist[i], 0.0, rest)
        return contained(bars, choicelist), unbroadcast(rest, shape_default)

    return np.select(condlist, choicelist, default), pullback


def contained(bars: list[Any], like: Any) -> Any:
    """Cotangents in a tuple, list or array, as the argument was one."""
    if isinstance(like, np.ndarray):
        return np.stack(bars)
    return tuple(bars) if isinstance(like, tuple) else bars


@derivative(of=[np.choose, np.ndarray.choose], wrt="choices")
def choose(a, choices, out=None, mode: Any = "raise"):
    if out is not None:
        refuse_out("np.choose")
    chosen = indices_within(a, len(choices), mode)

    def pullback(z_bar):
        bars = [unbroadcast(np.where(chosen == k, z_bar, 0.0), np.shape(c))
                for k, c in enumerate(choices)]
        return contained(bars, choices)

    return np.choose(a, choices, mode=mode), pullback
