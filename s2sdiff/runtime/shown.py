"""The view of a tangent that a value is of the array that the tangent is of."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.lib.stride_tricks import as_strided

from s2sdiff.runtime.carried import CarriedArray, plain_value

__all__ = ["shown_in"]


def shown_in(value: np.ndarray, pairs: list[tuple[Any, Any]]) -> Any:
    """The view of an array's tangent that `value` is of the array; None where that is not known.

    >>> x, dot = np.arange(6.0)[::-1], np.arange(60.0, 66.0)[::-1]
    >>> shown_in(np.broadcast_to(x[1:3], (2, 2)), [(x, dot)])
    array([[64., 63.],
           [64., 63.]])
    """
    value = plain_value(value)
    for v, d in pairs:
        v = plain_value(v)
        if type(d) is CarriedArray:
            both = [shown_in(value, [(v, part)]) for part in (d.value, d.tangent)]
            if both[0] is not None and both[1] is not None:
                return CarriedArray(both[0], both[1], d.run)
            continue
        if not (d.dtype == v.dtype == value.dtype and _alike(v, d)
                and np.may_share_memory(value, v)):
            continue
        low, high = byte_bounds(v)
        first, last = byte_bounds(value)
        # Between the elements of a view with steps there are others, which are not its own.
        step = math.gcd(*_steps(v)) or v.itemsize
        start = value.__array_interface__["data"][0] - low
        own = v.__array_interface__["data"][0] - low
        if low <= first and last <= high and not (start - own) % step and not any(
                s % step for s in _steps(value)):
            corner = d[tuple([slice(None, None, -1 if s < 0 else 1) for s in d.strides])]
            flat = as_strided(corner, ((high - low) // v.itemsize,), (v.itemsize,))
            return as_strided(flat[start // v.itemsize:], value.shape, value.strides,
                              writeable=_writeable(value))
    return None


def _writeable(a: np.ndarray) -> bool:
    """Whether it may be written into; of what `np.broadcast_arrays` gives NumPy warns at that."""
    if not a.__array_interface__["data"][1]:
        return True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return a.flags.writeable


def _steps(a: np.ndarray) -> list[int]:
    return [s for s, n in zip(a.strides, a.shape, strict=True) if n > 1]


def _alike(v: np.ndarray, d: np.ndarray) -> bool:
    return v.shape == d.shape and (v.strides == d.strides or (
        v.flags.c_contiguous and d.flags.c_contiguous))
