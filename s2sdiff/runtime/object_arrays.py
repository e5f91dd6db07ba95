"""Arrays of Python objects: each element is a slot of its own, as in a list.

The slots are those of the array that owns the memory, numbered in the order of that memory, so that
views of it have the same.  Only what reads and writes elements is followed; all else is refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.shadow_slots import add_slot, slot
from s2sdiff.runtime.shadows import Bars, owner_of
from s2sdiff.runtime.values import is_inert
from s2sdiff.runtime.whole_values import withdraw

__all__ = ["alone", "converted", "holds_nothing", "holds_objects", "item", "write"]


def holds_objects(a: Any) -> bool:
    """Exactly an array, and one of objects.

    >>> holds_objects(np.empty(2, object)), holds_objects(np.empty(2))
    (True, False)
    """
    return class_of(a) is np.ndarray and a.dtype.kind == "O"


def holds_nothing(x: Any) -> bool:
    """Whether nothing differentiable is in a value now, be it an array of objects.

    >>> holds_nothing(np.array(["hot", None], object)), holds_nothing(np.array([1.5], object))
    (True, False)
    """
    return is_inert(x) or (holds_objects(x) and all(map(is_inert, x.flat)))


def numbers(a: np.ndarray) -> np.ndarray:
    """The numbers of an array's elements in the memory of its owner.

    >>> numbers(np.empty((2, 3), object)[1:, ::2])
    array([[3, 5]])
    """
    owner = owner_of(a)
    every = np.arange(owner.size, dtype=np.int64)
    at = a.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    return np.ndarray(a.shape, np.int64, every, at, a.strides) if a.size else \
        np.zeros(a.shape, np.int64)


def item(wrt: tuple, a: np.ndarray, key: Any) -> tuple[Any, Any]:
    """`a[key]`: an element, or a view."""
    at, value, owner = numbers(a)[key], a[key], owner_of(a)
    chosen = np.ndim(at) > 0 and not np.shares_memory(value, a)
    new = (owner_of(value), np.ravel(numbers(value))) if chosen else None

    def pull(bar: Any, bars: Bars) -> tuple:
        if not np.ndim(at):
            add_slot(bars, owner, int(at), bar)
        elif new is not None:
            for k, i in zip(np.ravel(at), new[1], strict=True):
                add_slot(bars, owner, int(k), slot(bars, new[0], int(i)))
        return (None,) * len(wrt)

    return value, pull


def alone(wrt: tuple, a: np.ndarray, *index: Any) -> tuple[Any, Any]:
    """`a.item(*index)`: an element."""
    at, owner = int(numbers(a).item(*index)), owner_of(a)

    def pull(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, owner, at, bar)
        return (None,) * len(wrt)

    return a.item(*index), pull


def write(wrt: tuple, a: np.ndarray, key: Any, value: Any) -> tuple[Any, Any]:
    """`a[key] = value`: of one element, or of a constant."""
    at, owner = numbers(a)[key], owner_of(a)
    if np.ndim(at) and not is_inert(value):
        raise _unknown("several elements that are written at once")
    a[key] = value

    def pull(bar: Any, bars: Bars) -> tuple:
        shares = [slot(bars, owner, int(i)) for i in np.ravel(at)]
        return tuple(shares[0] if s == 2 and not np.ndim(at) else None for s in wrt)

    return None, pull


def converted(wrt: tuple, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """`a.astype(float)` of an array whose elements are numbers."""
    a, *_ = args
    value, owner, at = a.astype(*args[1:], **kwargs), owner_of(a), numbers(a)
    elements = [a[i] for i in np.ndindex(a.shape)]
    if value.dtype.kind not in "fc" or any(
            np.ndim(x) or not isinstance(x, (int, float, complex, np.number)) for x in elements):
        raise _unknown("a conversion of other elements than numbers")

    def pull(bar: Any, bars: Bars) -> tuple:
        g = withdraw(bars, value, bar)
        if g is not None:
            for k, x, share in zip(np.ravel(at), elements, np.ravel(g), strict=True):
                add_slot(bars, owner, int(k), match(share, x))
        return (None,) * len(wrt)

    return value, pull


def _unknown(what: str) -> Exception:
    return refusal(UnsupportedError, f"{what} of an array of objects",
                   "read and write its elements one by one, or use a list")
