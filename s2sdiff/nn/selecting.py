"""Elements that a mask selects, at the speed of a product."""

from __future__ import annotations

from typing import Any

import numpy as np

import s2sdiff as sd

__all__ = ["selected"]

_BITS = {np.dtype(np.float32): np.int32, np.dtype(np.float64): np.int64}


def selected(x: Any, mask: Any) -> Any:
    """`x` where the mask holds, zero elsewhere, as `np.where(mask, x, 0)`.

    Parameters
    ----------
    x : number or floating array
    mask : bool array; the shapes broadcast

    Notes
    -----
    Where a mask has no pattern, the branch in `np.where` costs ten times the rest of it.  A product
    with the mask has no branch, but turns inf and nan that are not selected into nan.  Here the
    bits are taken with those of -1 or of 0.

    Examples
    --------
    >>> selected(np.array([1.0, np.nan, -2.0]), np.array([True, False, True]))
    array([ 1.,  0., -2.])
    """
    bits = _BITS.get(x.dtype) if isinstance(x, np.ndarray) and np.ndim(mask) else None
    if bits is None:
        return np.where(mask, x, 0)
    return (x.view(bits) & -mask.astype(bits)).view(x.dtype)


@sd.derivative(of=selected, wrt="x")
def selected_derivative(x, mask):
    shape = np.shape(x)
    return selected(x, mask), lambda v: sum_to(selected(v, mask), shape)


def sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    """The sum over the axes along which an array of this shape was broadcast."""
    front = np.ndim(x) - len(shape)
    x = np.sum(x, axis=tuple(range(front)))
    return np.sum(x, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
