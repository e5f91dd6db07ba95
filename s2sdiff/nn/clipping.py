"""Gradients kept within bounds, in their own structure."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks

__all__ = ["clip_by_global_norm", "clip_by_value", "global_norm"]

Gradient = TypeVar("Gradient")


def global_norm(gradient: Any) -> float:
    """The Euclidean norm of all numbers of a gradient together.

    >>> global_norm([np.array([3.0]), {"bias": 4.0, "size": None}])
    5.0
    """
    return sd.TangentVector(gradient).norm()


def clip_by_global_norm(gradient: Gradient, limit: float) -> Gradient:
    """The gradient, scaled down to this norm where it is longer.

    Pascanu et al., https://arxiv.org/abs/1211.5063.

    >>> clip_by_global_norm([np.array([3.0]), 4.0], 2.5)
    [array([1.5]), 2.0]
    """
    checks.in_range("limit", limit, 0.0, math.inf)
    norm = global_norm(gradient)
    if norm <= limit:
        return gradient
    scale = limit / norm
    return sd.tangent_map(lambda g: g * scale, gradient)


def clip_by_value(gradient: Gradient, limit: float) -> Gradient:
    """The gradient with each number brought to between -limit and limit.

    >>> clip_by_value([np.array([3.0, -0.5]), -4.0], 1.0)
    [array([ 1. , -0.5]), -1.0]
    """
    checks.in_range("limit", limit, 0.0, math.inf)
    return sd.tangent_map(lambda g: np.clip(g, -limit, limit), gradient)
