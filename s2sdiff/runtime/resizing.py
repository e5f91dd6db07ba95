"""What `resize` makes of an array that nobody else has: another array."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import plain_value

__all__ = ["memory_order", "reshaped", "resized"]


def resized(a: Any, *new_shape: Any, refcheck: bool = True) -> Any:
    """The array that `a.resize(*new_shape)` makes of `a`, whose memory stays what it is.

    Entries keep their order in memory; what is missing is zero.

    Raises
    ------
    ValueError, TypeError : what `a.resize` raises: of an array that shows another's memory, of one
        that lies in pieces, of what is no shape

    >>> resized(np.array([[1.0, 2.0], [3.0, 4.0]]), 3), resized(np.array([1.0]), (2, 2))
    (array([1., 2., 3.]), array([[1., 0.],
           [0., 0.]]))
    """
    plain, order = plain_value(a), memory_order(a)
    probe = np.empty(plain.shape, np.int8, order)
    probe.resize(*new_shape, refcheck=False)
    in_pieces = not (plain.flags.c_contiguous or plain.flags.f_contiguous)
    if in_pieces or (probe.size != plain.size and not plain.flags.owndata):
        plain.resize(*new_shape, refcheck=refcheck)  # raises
    flat, size = np.ravel(a, order), math.prod(probe.shape)
    if size > plain.size:
        flat = np.concatenate([flat, np.zeros(size - plain.size, plain.dtype)])
    return np.reshape(flat[:size], probe.shape, order).copy(order)  # it owns its memory


def reshaped(a: Any, shape: Any) -> Any:
    """The array that `a.shape = shape` makes of `a`, in the same memory.

    Raises
    ------
    AttributeError, ValueError, TypeError : what the assignment raises: of an array that would have
        to be copied, and of what is no shape of so many

    >>> reshaped(np.array([1.0, 2.0, 3.0, 4.0]), (2, -1))
    array([[1., 2.],
           [3., 4.]])
    """
    # Raises where the entries lie apart, and warns where NumPy does of such an assignment.
    plain_value(a).view().shape = shape
    return np.reshape(a, shape)


def memory_order(a: Any) -> Any:
    """The order in which an array without gaps lies in memory."""
    flags = plain_value(a).flags
    return "F" if flags.f_contiguous and not flags.c_contiguous else "C"
