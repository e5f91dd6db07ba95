"""Cotangents of an array, where what it was made of has them row by row."""

from __future__ import annotations

from typing import Any

__all__ = ["of_rows"]


def of_rows(g: Any, shape: tuple[int, ...]) -> Any:
    """The cotangents of an array's rows, some of which have none, or are given by their indices.

    >>> of_rows({1: 2.0}, (2,)), of_rows([None, 3.0], (2,)), of_rows([2.0, 3.0], (2,))
    ([None, 2.0], [None, 3.0], None)
    """
    if isinstance(g, dict):
        n = shape[0] if shape else 0
        listed = g and all(type(k) is int and 0 <= k < n for k in g)
        return [g.get(i) for i in range(n)] if listed else None
    parted = shape[:1] == (len(g),) and any(
        p is None or isinstance(p, (dict, list, tuple)) for p in g)
    return g if parted else None
