"""Entries that occur several times in the result: `np.repeat`, `np.tile`, `np.resize`; an array's
own `resize`, which leaves some out or adds zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import axis_among
from s2sdiff.runtime import place, reshaped, resized
from s2sdiff.runtime.resizing import memory_order

__all__ = ["gathered_back"]


def gathered_back(z_bar: Any, indices: Any, shape: tuple[int, ...], axis: int) -> Any:
    """The cotangent of an array of `shape` that was read at `indices` along one axis.

    >>> gathered_back(np.array([1.0, 2.0, 3.0]), np.array([0, 0, 1]), (2,), 0)
    array([3., 3.])
    """
    if not shape:
        return np.sum(z_bar)  # of a number NumPy lets the first axis be named
    index = (slice(None),) * (axis % len(shape)) + (indices,)
    return place(z_bar, shape, index)


@derivative(of=[np.repeat, np.ndarray.repeat, np.generic.repeat], wrt="a")
def repeat(a, repeats, axis=None):
    shape, axis = np.shape(a), axis_among(a, axis)
    flat = (int(np.size(a)),) if axis is None else shape
    along = 0 if axis is None else axis
    indices = np.repeat(np.arange(flat[along]), repeats)

    def pullback(z_bar):
        return np.reshape(gathered_back(z_bar, indices, flat, along), shape)

    return np.repeat(a, repeats, axis=axis), pullback


@derivative(of=np.tile, wrt="A")
def tile(A, reps):
    shape = np.shape(A)
    counts = tuple(int(n) for n in reps) if np.ndim(reps) else (int(reps),)
    ndim = max(len(shape), len(counts))
    counts = (1,) * (ndim - len(counts)) + counts
    lengths = (1,) * (ndim - len(shape)) + shape
    split = tuple(n for pair in zip(counts, lengths, strict=True) for n in pair)

    def pullback(z_bar):
        copies = np.reshape(z_bar, split)
        return np.reshape(np.sum(copies, axis=tuple(range(0, 2 * ndim, 2))), shape)

    return np.tile(A, reps), pullback


@derivative(of=np.resize, wrt="a")
def resize(a, new_shape):
    shape = np.shape(a)
    indices = np.ravel(np.resize(np.arange(np.size(a)), new_shape))

    def pullback(z_bar):
        if not np.size(a):
            return np.zeros(shape, z_bar.dtype)
        return np.reshape(place(np.ravel(z_bar), (np.size(a),), indices), shape)

    return np.resize(a, new_shape), pullback


# What it says is text, and of the memory alone.
constant(memory_order)


@derivative(of=resized, wrt="a")
def resized_array(a, *new_shape, refcheck=True):
    shape, size, order = np.shape(a), int(np.size(a)), memory_order(a)
    z = resized(a, *new_shape, refcheck=refcheck)

    def pullback(z_bar):
        flat = np.ravel(z_bar, order)[:size]
        if np.size(flat) < size:
            flat = np.concatenate([flat, np.zeros(size - np.size(flat), z_bar.dtype)])
        return np.reshape(flat, shape, order)

    return z, pullback


@derivative(of=reshaped, wrt="a")
def reshaped_array(a, shape):
    before = np.shape(a)
    return reshaped(a, shape), lambda z_bar: np.reshape(z_bar, before)
