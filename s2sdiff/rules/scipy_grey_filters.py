"""Grey morphology of `scipy.ndimage`: the least or greatest element under a shape.

The elements picked share the cotangent, and so do the shape's heights there and what lies beyond.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_rank_filters import Around, around, picked_back, picked_dot
from s2sdiff.rules.shared import compiled, refuse_out
from s2sdiff.runtime.later import Later

__all__: list[str] = []

_filters: Any = compiled("scipy.ndimage._filters")


def around_shapes(x: Any, size: Any, footprint: Any, structure: Any, mode: Any, cval: Any,
                  origin: Any, minimum: Any, axes: Any) -> Around:
    """What lies around each element, raised by a shape."""
    if structure is None:
        return around(x, size, footprint, mode, cval, origin, axes)
    chosen = np.ones(np.shape(structure), bool) if footprint is None else footprint
    flat = around(x, None, chosen, mode, cval, origin, axes)
    heights = np.reshape(np.asarray(structure), flat.footprint.shape)
    return replace(flat, heights=-heights if minimum else heights)


def shape_back(g: Any, x: Any, y: Any, there: Around, structure: Any, minimum: Any) -> Any:
    """The cotangent of a shape, by that of what it raised."""
    equal = there.picked(x, y)
    share = g / np.maximum(sum(equal, np.zeros(y.shape, int)), 1)
    found = np.zeros(there.footprint.shape)
    found[there.footprint] = [np.sum(np.where(here, share, 0)) for here in equal]
    return np.reshape(-found if minimum else found, np.shape(structure))


def shape_dot(dot: Any, x: Any, y: Any, there: Around, minimum: Any) -> Any:
    equal = np.array(there.picked(x, y))
    moved = np.reshape(dot, there.footprint.shape)[there.footprint]
    total = np.tensordot(-moved if minimum else moved, equal, 1)
    return total / np.maximum(np.sum(equal, axis=0), 1)


#: What may move, and what is numbers that count.
_MOVING = ("input", "structure", "cval", "size", "footprint", "origin", "axes")


def least_or_greatest(input, size, footprint, structure, output, mode, cval, origin, minimum,
                      axes=None):
    """What grey dilation and erosion call."""
    x, y, there = opened_grey(input, size, footprint, structure, output, mode, cval, origin,
                              minimum, axes)

    def pullback(bar):
        return Later({
            0: lambda: picked_back(bar, x, y, there()),
            1: lambda: None if structure is None else shape_back(bar, x, y, there(), structure,
                                                                 minimum),
            # What was not picked inside was picked beyond the ends.
            2: lambda: np.sum(bar) - np.sum(picked_back(bar, x, y, there())),
            **{k: lambda: None for k in range(3, len(_MOVING))}})

    return y, pullback


def least_or_greatest_forward(input, size, footprint, structure, output, mode, cval, origin,
                              minimum, axes=None):
    x, y, there = opened_grey(input, size, footprint, structure, output, mode, cval, origin,
                              minimum, axes)

    def differential(input_dot, structure_dot, cval_dot, *others):
        total = np.zeros_like(y) if input_dot is None else picked_dot(input_dot, x, y, there())
        if structure_dot is not None:
            total = total + shape_dot(structure_dot, x, y, there(), minimum)
        if cval_dot is not None:
            total = total + cval_dot * (1.0 - picked_dot(np.ones_like(y), x, y, there()))
        return total

    return y, differential


def opened_grey(input: Any, size: Any, footprint: Any, structure: Any, output: Any, mode: Any,
                cval: Any, origin: Any, minimum: Any, axes: Any) -> tuple:
    if isinstance(output, np.ndarray):
        refuse_out("a grey filter of scipy.ndimage")
    y = _filters._min_or_max_filter(input, size, footprint, structure, output, mode, cval, origin,
                                    minimum, axes)
    return np.asarray(input), y, lambda: around_shapes(
        np.asarray(input), size, footprint, structure, mode, cval, origin, minimum, axes)


if hasattr(_filters, "_min_or_max_filter"):
    derivative(of=_filters._min_or_max_filter, wrt=_MOVING)(least_or_greatest)
    derivative(of=_filters._min_or_max_filter, wrt=_MOVING, mode="jvp")(least_or_greatest_forward)
