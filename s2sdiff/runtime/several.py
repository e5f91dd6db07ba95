"""Cotangents of several arrays that one call gives: what is split, or broadcast together."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import unbroadcast
from s2sdiff.runtime.batched_shapes import zeros_now

__all__ = ["filled", "likes_of", "lines", "others_of", "reshaped", "summed"]


def likes_of(parts: Any) -> list[Any]:
    """Shape and dtype of each part, for the parts whose cotangent is zero.

    >>> likes_of([np.ones(2)])
    [((2,), dtype('float64'))]
    """
    return [(p.shape, p.dtype) for p in parts]


def filled(bars: Any, likes: Any) -> list[Any]:
    """Cotangents of several arrays, with zeros where one is None.

    `likes` holds a `(shape, dtype)` pair for each of them.

    >>> filled([None, 2.0], [((2,), np.float64), ((), np.float64)])
    [array([0., 0.]), 2.0]
    """
    if bars is None:
        bars = [None] * len(likes)
    return [zeros_now(*like) if g is None else g for g, like in zip(bars, likes, strict=True)]


def reshaped(bars: Any, shapes: Any) -> tuple[Any, ...]:
    """Cotangents of several arrays that were given other shapes.

    >>> reshaped([np.ones((1, 2)), None], [(2,), (3,)])
    (array([1., 1.]), None)
    """
    bars = [None] * len(shapes) if bars is None else bars
    return tuple([None if g is None else np.reshape(g, shape)
                  for g, shape in zip(bars, shapes, strict=True)])


def summed(bars: Any, shapes: Any) -> tuple[Any, ...]:
    """Cotangents of several arrays that were broadcast.

    >>> summed([np.ones((3, 2)), None], [(2,), (3, 1)])
    (array([3., 3.]), None)
    """
    bars = [None] * len(shapes) if bars is None else bars
    return tuple([None if g is None else unbroadcast(g, shape)
                  for g, shape in zip(bars, shapes, strict=True)])


def lines(bars: Any, shapes: Any, swapped: bool) -> tuple[Any, ...]:
    """Cotangents of the coordinates along each axis of a grid, of which two may be swapped.

    >>> lines([np.ones((3, 2)), None], [(2,), (3,)], True)
    (array([3., 3.]), None)
    """
    bars = [None] * len(shapes) if bars is None else bars
    return tuple([None if g is None else np.reshape(np.sum(g, axis=others), shape)
                  for g, shape, others in zip(bars, shapes, others_of(len(shapes), swapped),
                                              strict=True)])


def others_of(count: int, swapped: bool) -> list[tuple[int, ...]]:
    """For each axis of a grid all others."""
    own = [1 - i if swapped and i < 2 else i for i in range(count)]
    return [tuple([j for j in range(count) if j != axis]) for axis in own]
