"""Cotangents of a whole sequence: lists for lists, tuples for tuples, arrays for arrays."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime.values import is_differentiable

__all__ = ["drawn", "in_order", "items_of", "like", "parts_back"]

#: What may be walked over any number of times, and how cotangents go back into it is known.
WALKED = (list, tuple, np.ndarray, dict, set, frozenset, deque, str, bytes, range)


def items_of(values: Any) -> Any:
    """The values as something that can be walked again and has a length."""
    return values if isinstance(values, (list, tuple, np.ndarray)) else list(values)


def like(values: Any, bars: list) -> Any:
    """The cotangents of the items of a sequence as a cotangent of the sequence; None is zero.

    >>> like((1.0, 2.0), [3.0, None])
    (3.0, None)
    >>> like(np.ones(2), [3.0, None])
    array([3., 0.])
    """
    if isinstance(values, np.ndarray):
        g = np.zeros(values.shape, np.result_type(values, *[b for b in bars if b is not None]))
        for i, b in enumerate(bars):
            if b is not None:
                g[i] = b
        return g
    if isinstance(values, tuple):
        return type(values)(*bars) if hasattr(values, "_fields") else tuple(bars)
    if isinstance(values, (dict, str, bytes, range)):
        # A walk over a dict yields its keys, and those have no derivative.
        return None
    if isinstance(values, deque):
        return {i: b for i, b in enumerate(bars) if b is not None}
    return bars


def drawn(iterable: Any) -> list:
    """The items of an iterable that a function walks over; refuses to lose their cotangents.

    >>> drawn((1.0, 2.0)), drawn(iter("ab"))
    ([1.0, 2.0], ['a', 'b'])
    """
    items = list(iterable)
    if not isinstance(iterable, WALKED) and any(map(is_differentiable, items)):
        raise unsupported(f"drawing active values from a {type(iterable).__name__} here uses it up",
                          "make a list of it first")
    return items


def parts_back(bars: list, items: list, source: Any) -> Any:
    """`like` for the items drawn from a source: None where nothing is to be handed back.

    >>> parts_back([None, 2.0], [1.0, 1.0], [1.0, 1.0]), parts_back([2.0], [1.0], {1.0})
    ([None, 2.0], {1.0: 2.0})
    """
    if not isinstance(source, WALKED) or all(b is None for b in bars):
        return None
    if isinstance(source, (set, frozenset)):
        # The set may have changed since: its elements were those.
        return {x: b for x, b in zip(items, bars, strict=True) if b is not None}
    return like(source, bars)


def in_order(bars: Any, count: int) -> list:
    """The cotangents of `count` items, which came as a list, a tuple, an array, slots or None.

    >>> in_order({1: 2.0}, 3), in_order(None, 1), in_order((1.0,), 1)
    ([None, 2.0, None], [None], [1.0])
    """
    if bars is None:
        return [None] * count
    if isinstance(bars, dict):
        return [bars.get(i) for i in range(count)]
    return list(bars)
