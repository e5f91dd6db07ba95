"""Cotangents where a mask says so, and zero elsewhere, whatever stands there."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.batches import Batch
from s2sdiff.runtime.carried import class_of

__all__ = ["masked", "masked_evenly"]

#: From so many entries on, `np.where` takes longer over a branch for each than bits do.
_MANY = 2048
_ZERO = np.zeros(())


def masked(g: Any, mask: Any) -> Any:
    """`g` where the mask is true, and 0 elsewhere, also where `g` is nan or infinite there.

    >>> masked(np.array([1.0, np.inf]), np.array([True, False]))
    array([1., 0.])
    """
    if class_of(g) is np.ndarray and g.dtype.char == "d":
        if type(g) is type(mask) is np.ndarray and g.size < _MANY and g.shape == mask.shape \
                and mask.dtype.char == "?":
            made = np.zeros(g.shape)
            np.copyto(made, g, where=mask)
            return made
        if g.size < _MANY or class_of(mask) is not np.ndarray or mask.shape != g.shape or \
                mask.dtype != bool:
            return np.where(mask, g, _ZERO)
        return _of_bits(g, mask)
    kind = class_of(g)
    if kind is float and class_of(mask) is np.ndarray and mask.size >= _MANY and \
            mask.dtype == bool:
        return _of_bits(np.float64(g), mask)
    if np.ndim(mask) or np.ndim(g) or type(g) is Batch or kind is np.ndarray:
        return np.where(mask, g, 0)
    return g if mask else kind(0)


def _of_bits(g: Any, mask: Any) -> Any:
    """All bits of a double or none: -1 and 0 in two's complement."""
    bits = np.negative(mask.view(np.int8)).astype(np.int64)
    np.bitwise_and(bits, g.view(np.int64), out=bits)
    return bits.view(np.float64)


def masked_evenly(g: Any, above: Any, level: Any) -> Any:
    """`g` where `above` is true, half of it where only `level` is, and 0 elsewhere.

    The cotangent of one of two operands, of which the greater is taken: `x > y` and `x >= y`.

    >>> masked_evenly(np.array([1.0, 2.0, np.nan]), np.array([True, False, False]),
    ...               np.array([True, True, False]))
    array([1., 1., 0.])
    """
    taken = masked(g, above)
    # Where one is true the other is: they are the same if so many are.  Few are compared at once.
    if type(above) is type(level) is np.ndarray and above.size == level.size < _MANY:
        if above.tobytes() == level.tobytes():
            return taken
    elif np.count_nonzero(above) == np.count_nonzero(level):
        return taken
    return taken + masked(0.5 * g, level & ~above) if np.ndim(level) else masked(0.5 * g, level)
