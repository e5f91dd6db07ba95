"""The cotangent of what was written at places that an array names, some of them several times."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["last_of", "taken_at"]


def taken_at(bar: np.ndarray, index: Any) -> Any:
    """The cotangent of what was written to `a[index]`, taken out of that of `a`.

    Of what was written to one place, the last is left.

    >>> bar = np.array([1.0, 2.0, 3.0])
    >>> taken_at(bar, np.array([2, 0, 2])), bar
    (array([0., 1., 3.]), array([0., 2., 0.]))
    """
    g = last_of(bar[index], index, bar.shape)
    bar[index] = 0
    return g


def last_of(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Cotangents of what was written there, and zeros for what was written over at once."""
    if not isinstance(g, np.ndarray) or g.size < 2:
        return g
    # NumPy writes in order, so that the same write tells which of several is left.
    order, marks = np.arange(g.size).reshape(g.shape), np.empty(shape, np.intp)
    marks[index] = order
    over = marks[index] != order
    if over.any():
        g[over] = 0
    return g
