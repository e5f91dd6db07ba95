"""Gradients kept within bounds, in their own structure."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from s2sdiff.nn import checks
from s2sdiff.nn.leaves import mapped

__all__ = ["clip_by_global_norm", "clip_by_value", "global_norm"]

Gradient = TypeVar("Gradient")


def global_norm(gradient: Any) -> float:
    """The Euclidean norm of all numbers of a gradient together.

    >>> global_norm([np.array([3.0]), {"bias": 4.0, "size": None}])
    5.0
    """
    total = 0.0

    def add(g: Any) -> Any:
        nonlocal total
        total += float(np.sum(np.abs(g, dtype=None).astype(np.float64) ** 2))
        return g

    mapped(add, gradient)
    return math.sqrt(total)


def clip_by_global_norm(gradient: Gradient, limit: float) -> Gradient:
    """The gradient, scaled down to this norm where it is longer.

    Pascanu et al., https://arxiv.org/abs/1211.5063.

    >>> clip_by_global_norm([np.array([3.0]), 4.0], 2.5)
    [array([1.5]), 2.0]
    """
    checks.in_range("limit", limit, 0.0, np.inf)
    norm = global_norm(gradient)
    if norm <= limit:
        return gradient
    scale = limit / norm
    return mapped(lambda g: type(g)(g * scale) if np.isscalar(g) else g * scale, gradient)


def clip_by_value(gradient: Gradient, limit: float) -> Gradient:
    """The gradient with each number brought to between -limit and limit.

    >>> clip_by_value([np.array([3.0, -0.5]), -4.0], 1.0)
    [array([ 1. , -0.5]), -1.0]
    """
    checks.in_range("limit", limit, 0.0, np.inf)

    def clipped(g: Any) -> Any:
        found = np.clip(g, -limit, limit)
        return type(g)(found) if np.isscalar(g) else found

    return mapped(clipped, gradient)
