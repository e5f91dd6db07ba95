"""Transposes and diagonals of stacks of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import place

__all__ = ["on_diagonal", "transposed"]


def transposed(a: Any) -> Any:
    """The transposes of a stack of matrices."""
    return np.swapaxes(a, -1, -2)


def on_diagonal(
    g: Any, shape: tuple[int, ...], offset: int = 0, axis1: int = 0, axis2: int = 1
) -> np.ndarray:
    """Zeros of `shape` with `g`, whose last axis runs along it, on a diagonal.

    >>> on_diagonal(np.array([1.0, 2.0]), (2, 3), 1)
    array([[0., 1., 0.],
           [0., 0., 2.]])
    """
    ndim = len(shape)
    axis1, axis2 = axis1 % ndim, axis2 % ndim
    count = max(min(shape[axis1] + min(offset, 0), shape[axis2] - max(offset, 0)), 0)
    along = np.arange(count)
    rest = [i for i in range(ndim) if i not in (axis1, axis2)]
    inner = (*[shape[i] for i in rest], shape[axis1], shape[axis2])
    g = np.broadcast_to(g, (*inner[:-2], count))
    placed = place(g, inner, (..., along - min(offset, 0), along + max(offset, 0)))
    return np.moveaxis(placed, (-2, -1), (axis1, axis2))
