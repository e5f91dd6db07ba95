"""Arrays that go on beyond their ends: mirrored, repeated, or constant there.

A filter reads what it would see beyond the ends; on the way back that is added to the elements
which it was copied from.  Modes have the names of `np.pad`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative

__all__ = ["extended", "folded"]


def extended(x: Any, axis: int, before: int, after: int, mode: str, value: Any = 0) -> Any:
    """An array with some more elements at both ends of an axis.

    >>> extended(np.array([1.0, 2.0, 3.0]), 0, 2, 1, "symmetric").tolist()
    [2.0, 1.0, 1.0, 2.0, 3.0, 3.0]
    """
    if before == after == 0:
        return x
    widths = [(0, 0)] * x.ndim
    widths[axis] = before, after
    if mode == "constant" or not x.shape[axis]:
        return np.pad(x, widths, constant_values=value)
    return np.take(x, origins(x.shape[axis], before, after, mode), axis)


def origins(n: int, before: int, after: int, mode: Any) -> Any:
    """Which element stands at each place of an extended axis."""
    return np.pad(np.arange(n), (before, after), mode)


def folded(g: Any, axis: int, before: int, n: int, mode: str) -> Any:
    """The cotangent of an array of `n` elements for that of the extended one.

    >>> folded(np.array([1.0, 10.0, 100.0, 1000.0]), 0, 1, 3, "symmetric").tolist()
    [11.0, 100.0, 1000.0]
    """
    after = g.shape[axis] - before - n
    g = np.moveaxis(g, axis, 0)
    body = g[before:before + n]
    if n and mode != "constant" and before + after:
        places = origins(n, before, after, mode)
        body = increased(body, places[:before], g[:before])
        body = increased(body, places[before + n:], g[before + n:])
    return np.moveaxis(body, 0, axis)


def increased(a: Any, places: Any, rows: Any) -> Any:
    """An array with rows added at places that may come several times.

    >>> increased(np.array([1.0, 2.0]), np.array([0, 0]), np.array([10.0, 20.0])).tolist()
    [31.0, 2.0]
    """
    found = np.array(a)
    np.add.at(found, places, rows)
    return found


@derivative(of=increased, wrt=("a", "rows"))
def increased_(a, places, rows):
    return increased(a, places, rows), lambda z_bar: (z_bar, z_bar[places])
