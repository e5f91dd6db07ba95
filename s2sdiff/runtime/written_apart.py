"""Arguments that are written, and share memory with others."""

from __future__ import annotations

import types
import weakref
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime.own_fields import own_fields
from s2sdiff.runtime.shadows import owner_of

__all__ = ["COPIED", "apart", "apart_beside"]

#: By the ids of their memory's owners: copies of arguments that something outside holds, what they
#: are copies of, and the owners.
COPIED: dict[int, tuple[weakref.ref, weakref.ref, weakref.ref]] = {}


def apart(written: Any, *others: Any) -> None:
    """Refuse a write into memory that another argument has, or holds, too."""
    if any(_leads_to(x, written, set()) for x in others) or _is_copy_of(written, others):
        raise refusal(AliasingError,
                      "an argument shares its memory with another argument, or is it, and is "
                      "written: it would have two derivatives",
                      "pass a copy of one of the two")


def apart_beside(written: Any, first: Any, second: Any, *others: Any) -> None:
    """`apart`, where an operator writes what it is given: numbers' and arrays' own write nothing.

    >>> a = np.ones(2)
    >>> apart_beside(a, a, 2.0, a)
    """
    if not (_is_numeric(first) and _is_numeric(second)):
        apart(written, *others)


def _is_numeric(x: Any) -> bool:
    t = type(x)
    return t in (float, int, complex, bool) or isinstance(x, np.generic) or (
        t is np.ndarray and x.dtype.kind != "O")


def _is_copy_of(written: Any, others: tuple) -> bool:
    known = COPIED.get(id(owner_of(written))) if isinstance(written, np.ndarray) else None
    x = known and known[1]()
    return x is not None and any(isinstance(a, np.ndarray) and np.may_share_memory(x, a)
                                 for a in others)


def _leads_to(x: Any, written: Any, seen: set[int]) -> bool:
    if x is written:
        return True
    if isinstance(x, np.ndarray):
        return isinstance(written, np.ndarray) and np.may_share_memory(written, x)
    held: Any = x.values() if isinstance(x, dict) else \
        x if isinstance(x, (list, tuple, deque)) else own_fields(x).values() \
        if not isinstance(x, (type, types.ModuleType, types.FunctionType)) else ()
    # Long lists of numbers are not walked over for every element that is written.  (A class below
    # list may say itself what its items are.)
    base: Any = list if isinstance(x, list) else tuple
    numbers = isinstance(x, (list, tuple)) and base.__len__(x) > 0 and all(
        isinstance(base.__getitem__(x, i), (float, int)) for i in (0, -1))
    if not held or numbers or id(x) in seen:
        return False
    seen.add(id(x))
    return any(_leads_to(v, written, seen) for v in held)
