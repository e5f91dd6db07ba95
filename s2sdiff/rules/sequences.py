"""Cotangents of a whole sequence: lists for lists, tuples for tuples, arrays for arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["items_of", "like"]


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
    if isinstance(values, dict):
        # A walk over a dict yields its keys, and those have no derivative.
        return None
    return bars
