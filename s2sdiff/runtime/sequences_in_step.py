"""Tangents of sequences that are joined and repeated, `a + b` and `2 * a`: done to both alike."""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.runtime.writes_in_step import natively

__all__ = ["of_sequences"]

_SEQUENCES = (list, tuple, deque)


def of_sequences(fn: Any, args: tuple, dots: dict[Any, Any],
                 zero: Callable[[Any], Any]) -> Any:
    """Value and tangent of `a + b` and `n * a` of lists, tuples and deques; None else.

    >>> of_sequences(operator.mul, (2, [0.5, 0.7]), {1: [1.0, 0.0]}, lambda x: None)
    ([0.5, 0.7, 0.5, 0.7], [1.0, 0.0, 1.0, 0.0])
    """
    if len(args) != 2:
        return None
    a, b = args
    if fn is operator.mul:
        if isinstance(a, _SEQUENCES) and _is_count(b) and natively(a, "__mul__"):
            return fn(a, b), dots[0] * b
        if isinstance(b, _SEQUENCES) and _is_count(a) and natively(b, "__rmul__"):
            return fn(a, b), a * dots[1]
    elif fn is operator.add and isinstance(a, _SEQUENCES) and isinstance(b, _SEQUENCES) and \
            natively(a, "__add__") and natively(b, "__radd__"):
        return fn(a, b), (dots[0] if 0 in dots else zero(a)) + (dots[1] if 1 in dots else zero(b))
    return None


def _is_count(n: Any) -> bool:
    return isinstance(n, np.integer) or (isinstance(n, int) and all(
        getattr(type(n), name) is getattr(int, name) for name in ("__mul__", "__rmul__")))
