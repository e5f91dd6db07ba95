"""Joining arrays and taking them apart: `np.concatenate`, `np.stack`, `np.split`, `np.meshgrid`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules import insertions, splitting  # noqa: F401
from s2sdiff.rules.sequences import drawn, parts_back
from s2sdiff.rules.shared import carried, refuse_out
from s2sdiff.runtime.joined import (
    gathered,
    layers,
    lengths_of,
    pieces,
    shapes_of,
    split_like,
)
from s2sdiff.runtime.several import lines, summed

__all__: list[str] = []


@derivative(of=np.concatenate, wrt="arrays")
def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    if out is not None:
        refuse_out("np.concatenate")
    if axis is None or dtype is not None:
        return joined_as(np.concatenate, split_like, arrays, axis, dtype, casting)
    z = np.concatenate(arrays, axis=axis)
    lengths = lengths_of(arrays, axis)
    return z, lambda z_bar: pieces(z_bar, lengths, axis)


@derivative(of=np.stack, wrt="arrays")
def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    if out is not None:
        refuse_out("np.stack")
    if dtype is not None:
        return joined_as(np.stack, layers, arrays, axis, dtype, casting)
    shapes = shapes_of(arrays)
    return np.stack(arrays, axis=axis), lambda z_bar: layers(z_bar, shapes, axis)


def joined_as(function, back, arrays, axis, dtype, casting):
    """The rule for `np.concatenate` and `np.stack` with a dtype, or of flattened arrays."""
    z = function(arrays, axis=axis, dtype=dtype, casting=casting)
    shapes = shapes_of(arrays)
    return z, lambda z_bar: back(carried(z_bar, z.dtype), shapes, axis)


@derivative(of=np.vstack, wrt="tup")
def vstack(tup, *, dtype=None, casting: Any = "same_kind"):
    z, shapes = np.vstack(tup, dtype=dtype, casting=casting), shapes_of(tup)
    return z, lambda z_bar: split_widened(carried(z_bar, z.dtype), shapes, 2, 0)


@derivative(of=np.hstack, wrt="tup")
def hstack(tup, *, dtype=None, casting: Any = "same_kind"):
    z, shapes = np.hstack(tup, dtype=dtype, casting=casting), shapes_of(tup)
    return z, lambda z_bar: split_widened(carried(z_bar, z.dtype), shapes, 1, min(z.ndim - 1, 1))


@derivative(of=np.dstack, wrt="tup")
def dstack(tup):
    z, shapes = np.dstack(tup), shapes_of(tup)
    return z, lambda z_bar: split_widened(z_bar, shapes, 3, 2)


@derivative(of=np.column_stack, wrt="tup")
def column_stack(tup):
    z, shapes = np.column_stack(tup), shapes_of(tup)
    return z, lambda z_bar: split_widened(z_bar, shapes, -2, 1)


def split_widened(g: Any, shapes: Any, rank: int, axis: int) -> Any:
    """The pieces of a stack whose members were first brought to at least some rank.

    The rank -2 makes columns of vectors, as `np.column_stack` does.
    """
    wide = [widened_shape(tuple(int(n) for n in shape), rank) for shape in shapes]
    pieces = split_like(g, wide, axis)
    return gathered([np.reshape(p, shape) for p, shape in zip(pieces, shapes, strict=True)], shapes)


def widened_shape(shape: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """The shape after `np.atleast_1d`, `_2d` or `_3d`; for -2, that of a column."""
    if len(shape) >= abs(rank):
        return shape
    if rank == -2:
        return (*shape, 1) if shape else (1, 1)
    if rank == 3 and len(shape) == 2:
        return (*shape, 1)
    if rank == 3:
        return (1, *(shape or (1,)), 1)
    return (1,) * (rank - len(shape)) + shape


@derivative(of=np.append, wrt=("arr", "values"))
def append(arr, values, axis=None):
    shapes = (np.shape(arr), np.shape(values))
    return np.append(arr, values, axis=axis), lambda z_bar: split_like(z_bar, shapes, axis)


@derivative(of=np.block, wrt="arrays")
def block(arrays):
    z = np.block(arrays)
    shapes, places = blocks_of(arrays)

    def pullback(z_bar):
        pieces = iter(split_like(np.ravel(z_bar)[places], shapes, None))

        def restored(part):
            return [restored(p) for p in part] if isinstance(part, list) else next(pieces)

        return restored(arrays)

    return z, pullback


def blocks_of(arrays: Any) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """The shapes of all blocks in their order, and where their items lie in the whole."""
    shapes: list[tuple[int, ...]] = []

    def numbered(part: Any) -> Any:
        if isinstance(part, list):
            return [numbered(p) for p in part]
        start = sum(math.prod(shape) for shape in shapes)
        shapes.append(np.shape(part))
        return np.reshape(np.arange(start, start + np.size(part)), np.shape(part))

    return shapes, np.argsort(np.ravel(np.block(numbered(arrays))))


@derivative(of=np.meshgrid, wrt="xi")
def meshgrid(*xi, copy=True, sparse=False, indexing: Any = "xy"):
    shapes, swapped = shapes_of(xi), indexing == "xy" and len(xi) > 1
    return np.meshgrid(*xi, copy=copy, sparse=sparse, indexing=indexing), \
        lambda grids_bar: lines(grids_bar, shapes, swapped)


@derivative(of=np.broadcast_arrays, wrt="args")
def broadcast_arrays(*args, subok=False):
    shapes = shapes_of(args)
    return np.broadcast_arrays(*args, subok=subok), lambda arrays_bar: summed(arrays_bar, shapes)


constant(blocks_of, lengths_of, shapes_of)


@derivative(of=np.fromiter, wrt="iter")
def fromiter(iter, dtype, count=-1, **like):
    items = drawn(iter)
    a = np.fromiter(items, dtype, count, **like)

    def pullback(a_bar):
        return parts_back([*a_bar, *[None] * (len(items) - len(a))], items, iter)

    return a, pullback
