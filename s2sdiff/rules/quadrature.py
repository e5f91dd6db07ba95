"""Integrals over the decay of a log-concave density, for slopes that have no closed form.

The nodes are spread over what counts, which makes the integrand one and the same smooth bump
for all arguments, so that a fixed number of Gauss's nodes gives nearly all digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["NOTHING", "by_blocks", "decay", "descend", "doubled", "gauss"]

#: Where exp(-x) has vanished beside 1.
NOTHING = 40.0
#: Elements that are worked on at once, so that nodes times elements stay in the cache.
BLOCK = 2048

_rules: dict[int, tuple[np.ndarray, np.ndarray]] = {}


def gauss(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss and Legendre's nodes and weights for the interval from 0 to 1, as columns.

    As many as would take long to find are those of parts of the interval.
    """
    if count not in _rules:
        parts = -(-count // 512)
        nodes, weights = np.polynomial.legendre.leggauss(-(-count // parts))
        begins = np.arange(parts)[:, None]
        _rules[count] = ((begins + (nodes + 1) / 2).reshape(-1, 1) / parts,
                         np.tile(weights, parts)[:, None] / 2 / parts)
    return _rules[count]


def descend(loss: Callable, slope: Callable, start: Any) -> Any:
    """Where an increasing convex function is NOTHING, by Newton's steps from a point above it."""
    s = start
    for _ in range(60):
        step = (loss(s) - NOTHING) / slope(s)
        s = s - step
        if not np.any(np.abs(step) > 0.02 * np.abs(s)):
            break
    return s


def decay(loss: Callable, slope: Callable, start: Any, weigh: Callable, count: int = 40) -> Any:
    """The integrals of exp(-loss(s)) times each of `weigh(s)`, over s from 0 on.

    `loss` is convex and increasing from 0, with `slope`; at `start` it is above NOTHING.
    """
    nodes, weights = gauss(count)
    reach = descend(loss, slope, start)
    s = nodes * reach
    mass = weights * reach * np.exp(-loss(s))
    return [np.add.reduce(mass * w, axis=0) for w in weigh(s)]


def by_blocks(function: Callable, *arguments: Any) -> Any:
    """`function`, which takes vectors and gives a list of them, on arrays that broadcast.

    Computed in double precision; the results have the precision of the arguments.
    """
    given = [np.asarray(a) if isinstance(a, (list, tuple)) else a for a in arguments]
    dtype = np.result_type(*given)
    dtype = dtype if np.issubdtype(dtype, np.inexact) else np.dtype(float)
    arrays = np.broadcast_arrays(*given)
    flat = [a.reshape(-1).astype(np.result_type(dtype, float)) for a in arrays]
    starts, shape = range(0, max(flat[0].size, 1), BLOCK), arrays[0].shape
    with np.errstate(all="ignore"):
        found = [function(*[a[i:i + BLOCK] for a in flat]) for i in starts]
    return [np.concatenate(parts).reshape(shape).astype(dtype)[()]
            for parts in zip(*found, strict=True)]


def doubled(function: Callable, *arguments: Any) -> Any:
    """What a function gives, computed in double precision where single ones are given.

    For exponentials of sums of logarithms, which are large.
    """
    dtype = np.result_type(*arguments)
    if dtype.char not in "ef":
        return function(*arguments)
    return function(*[np.asarray(a, float) for a in arguments]).astype(dtype)[()]
