"""`a.flat[k]`, `a.flat[k] = v` and walks over `a.flat`, in the language that is differentiated.

`flat` walks over an array in the order of its indices, whatever lies where in memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.overlaps import overlapping

__all__ = ["apart", "filled", "item", "items", "lies_in_order", "places", "put"]


def item(a: Any, key: Any) -> Any:
    """`a.flat[key]`, which is no view."""
    if class_of(a) is not np.ndarray:
        found = a.flat  # on a line of its own: `.flat[key]` is what stands for this
        return found[key]
    taken = np.reshape(a, -1)[key]
    return np.array(taken) if isinstance(taken, np.ndarray) else taken


def items(a: Any, writes: bool) -> Any:
    """`a.flat`, for what walks over it once; with `writes`, something is written meanwhile."""
    if class_of(a) is not np.ndarray:
        return a.flat
    if writes and not lies_in_order(a):
        raise refusal(UnsupportedError, "a walk over .flat of an array whose elements do not lie "
                      "in order, in which something is written", "walk over np.ndindex(a.shape)")
    return np.reshape(a, -1)


def put(a: Any, key: Any, value: Any) -> None:
    """`a.flat[key] = value`; a shorter value is repeated, a longer one cut off."""
    if class_of(a) is not np.ndarray:
        found = a.flat
        found[key] = value
        return
    apart(a, value)
    at, count = places(a, key)
    if np.ndim(value) > 0:
        elements = np.reshape(value, -1)
        value = elements[0] if count is None else elements[np.arange(count) % np.size(elements)]
    if lies_in_order(a):
        np.reshape(a, -1)[key] = value
    else:
        a[at] = value


def filled(a: Any, value: Any) -> Any:
    """What `a` is after `a.flat = value`: too short a value begins again, an empty one is none."""
    apart(a, value)
    return np.resize(value, np.shape(a)) if np.size(value) else np.array(a)


def apart(a: Any, value: Any) -> None:
    """Refuse a value that is a view of what it is written into, element by element."""
    if overlapping(a, value):
        raise refusal(UnsupportedError, "an assignment to .flat reads memory that it has written "
                      "already, as its value is a view of the array", "give it a copy of the value")


def lies_in_order(a: Any) -> bool:
    """Whether a flat view of an array exists; it has no derivative."""
    return bool(a.flags.c_contiguous)


def places(a: Any, key: Any) -> tuple[Any, int | None]:
    """Indices of what a key of `flat` means, and how many; None: one. They have no derivative."""
    chosen = np.arange(a.size)[key]
    at = np.unravel_index(chosen, a.shape)
    return at, (None if np.ndim(chosen) == 0 else np.size(chosen))
