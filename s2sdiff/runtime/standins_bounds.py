"""Bounds that the least value of a function lies between, or on (see `standins_minimize`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.carried import plain_value
from s2sdiff.runtime.standins_solved import change_of

__all__ = ["free_of", "limits", "met", "on_bounds"]


def free_of(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The numbers of the coordinates that lie between their bounds."""
    at_low, at_high = met(x, low, high)
    return np.flatnonzero(~(at_low | at_high))


def met(x: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """Which coordinates lie on which bounds; it has no derivative."""
    x, low, high = map(plain_value, (x, low, high))
    return x <= low, x >= high


def limits(bounds: Any, n: int) -> Any:
    """The bounds as two arrays."""
    if bounds is None:
        return np.full(n, -np.inf), np.full(n, np.inf)
    if hasattr(bounds, "lb"):
        return np.broadcast_to(bounds.lb, (n,)) * 1.0, np.broadcast_to(bounds.ub, (n,)) * 1.0
    low = [-np.inf if pair[0] is None else pair[0] for pair in bounds]
    high = [np.inf if pair[1] is None else pair[1] for pair in bounds]
    return np.array(low, dtype=float), np.array(high, dtype=float)


def on_bounds(x: Any, low: Any, high: Any) -> Any:
    """The point, which moves with the bounds that it lies on."""
    at_low, at_high = met(x, low, high)
    return x + change_of(np.where(at_low, low, np.where(at_high, high, 0.0)))
