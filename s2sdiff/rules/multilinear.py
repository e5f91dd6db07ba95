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
    def added(p, q):
        return q if p is None else p if q is None else p + q

    if options or not 3 <= len(operands) <= 4 or not isinstance(operands[0], str):
        return general_einsum(operands, options)
    subscripts, x, y = operands[0], operands[1], operands[2]
    if len(operands) == 3:
        def of_two(operands_dot):
            x_dot, y_dot = operands_dot[1], operands_dot[2]
            by_x = None if x_dot is None else np.einsum(subscripts, x_dot, y)
            return added(by_x, None if y_dot is None else np.einsum(subscripts, x, y_dot))

        return np.einsum(subscripts, x, y), of_two
    z = operands[3]

    def of_three(operands_dot):
        x_dot, y_dot, z_dot = operands_dot[1], operands_dot[2], operands_dot[3]
        by_x = None if x_dot is None else np.einsum(subscripts, x_dot, y, z)
        by_y = None if y_dot is None else np.einsum(subscripts, x, y_dot, z)
        by_z = None if z_dot is None else np.einsum(subscripts, x, y, z_dot)
        return added(added(by_x, by_y), by_z)

    return np.einsum(subscripts, x, y, z), of_three


def general_einsum(operands: Any, options: Any) -> tuple:
    """The same for any number of operands."""
    options.pop("out", None)
    # Behind each operand may stand the list of its labels.
    places = range(1, len(operands)) if isinstance(operands[0], str) else \
        range(0, len(operands) - 1, 2)

    def differential(operands_dot):
        terms = [np.einsum(*operands[:i], operands_dot[i], *operands[i + 1:], **options)
                 for i in places if operands_dot[i] is not None]
        return sum(terms[1:], terms[0])

    return np.einsum(*operands, **options), differential


@derivative(of=np.tensordot, wrt=("a", "b"), mode="jvp")
def tensordot(a, b, axes=2):
    return bilinear(np.tensordot, a, b, axes)


@derivative(of=np.kron, wrt=("a", "b"), mode="jvp")
def kron(a, b):
    return bilinear(np.kron, a, b)
