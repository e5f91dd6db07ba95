"""Indices as they are when they are used: an object that says which number it is may change.

Whoever needs the number asks `__index__` once, as Python and NumPy do, and keeps what that says.
"""

from __future__ import annotations

import operator
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.runtime import unseen, values
from s2sdiff.runtime.carried import CARRIED, class_of

__all__ = ["bounds", "cut", "keyed", "settled"]

_FIXED = (int, bool, str, slice, type(None), type(Ellipsis))
_AS_THEY_ARE = frozenset({int, str, float, np.ndarray, *CARRIED})
_INDEXED = (operator.getitem, operator.setitem, operator.delitem, np.ndarray.__getitem__,
            np.ndarray.__setitem__)
_BY_NUMBER = (np.ndarray, np.generic, list, tuple, deque)


def settled(index: Any) -> Any:
    """An index that no longer changes, but for the arrays and lists in it.

    >>> settled((slice(np.array(1), None), None, np.int64(3)))
    (slice(1, None, None), None, np.int64(3))
    """
    if type(index) is slice:
        parts = index.start, index.stop, index.step
        return index if all(class_of(p) in _FIXED for p in parts) else slice(*map(_number, parts))
    if type(index) is tuple:
        return tuple(map(settled, index))
    if class_of(index) in _FIXED or isinstance(index, (np.ndarray, np.generic, list, tuple, int)):
        return index
    return index if hasattr(class_of(index), "__array__") else _number(index)


def _number(part: Any) -> Any:
    """What takes the place of a number; what has none raises where it is used."""
    if class_of(part) in _FIXED or not hasattr(class_of(part), "__index__") or (
            isinstance(part, np.ndarray) and (part.ndim or part.dtype.kind not in "iu")):
        return part
    return operator.index(part)


def cut(*parts: Any) -> slice:
    """A slice whose bounds no longer change."""
    return slice(*map(_number, parts))


def bounds(*parts: Any) -> None:
    """`values.bounds`, and none of them may write when it says which number it is."""
    values.bounds(*parts)
    for p in parts:
        if class_of(p) not in _FIXED:
            unseen.refuse(class_of(p), "__index__", "as a bound of a slice", (p,))


def keyed(fn: Any, args: tuple) -> tuple:
    """The arguments of a call; an index among them, of what is read by number, is settled."""
    if len(args) < 2 or type(args[1]) in _AS_THEY_ARE:
        return args
    if any(fn is f for f in _INDEXED) and isinstance(args[0], _BY_NUMBER):
        return (args[0], settled(args[1]), *args[2:])
    if isinstance(getattr(fn, "__self__", None), np.ufunc) and fn.__name__ == "at":
        return (args[0], settled(args[1]), *args[2:])
    return args

