"""Differentials of functions that are linear in each of their operands: one term for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.registry import derivative

__all__ = ["bilinear"]


def bilinear(function: Callable[..., Any], a: Any, b: Any, *options: Any) -> Any:
    """`function(a, b, *options)` and its differential."""

    def differential(a_dot, b_dot):
        if a_dot is None:
            return function(a, b_dot, *options)
        if b_dot is None:
            return function(a_dot, b, *options)
        return function(a_dot, b, *options) + function(a, b_dot, *options)

    return function(a, b, *options), differential


@derivative(of=np.einsum, wrt="operands", mode="jvp")
def einsum(*operands, **options):
    options.pop("out", None)

    def differential(operands_dot):
        terms = [np.einsum(*operands[:i], dot, *operands[i + 1:], **options)
                 for i, dot in enumerate(operands_dot) if dot is not None]
        return sum(terms[1:], terms[0])

    return np.einsum(*operands, **options), differential


@derivative(of=np.tensordot, wrt=("a", "b"), mode="jvp")
def tensordot(a, b, axes=2):
    return bilinear(np.tensordot, a, b, axes)


@derivative(of=np.kron, wrt=("a", "b"), mode="jvp")
def kron(a, b):
    return bilinear(np.kron, a, b)
