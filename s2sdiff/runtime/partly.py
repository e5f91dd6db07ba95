"""Builtin functions that may have written a part of what they write when they raise."""

from __future__ import annotations

import heapq
import operator
from collections import OrderedDict, deque
from typing import Any

import numpy as np

from s2sdiff import registry

__all__ = ["may_be_partly_done"]

_PARTLY = (
    dict.update, dict.__ior__, OrderedDict.update, list.sort, list.extend, list.__iadd__,
    deque.extend, deque.extendleft, deque.__iadd__, set.update, set.__ior__,
    set.intersection_update, set.difference_update, set.symmetric_difference_update,
    operator.ior, operator.iand, operator.isub, operator.ixor,
    heapq.heappush, heapq.heappop, heapq.heappushpop, heapq.heapreplace, heapq.heapify,
    vars(np.ndarray)["put"],
)


def may_be_partly_done(fn: Any, args: tuple, kwargs: dict[str, Any], error: BaseException) -> bool:
    """Whether something may have been written before the error.

    >>> may_be_partly_done(dict.update, ({}, [(1, 2), (3,)]), {}, ValueError())
    True
    >>> may_be_partly_done(list.pop, ([],), {}, IndexError())
    False
    """
    if any(fn is f for f in _PARTLY):
        # A container is updated item by item; an operator on an array looks at the shapes before.
        return not isinstance(args[0], np.ndarray) or fn is _PARTLY[-1]
    return isinstance(error, FloatingPointError) and _writes_arrays(fn, args, kwargs)


def _writes_arrays(fn: Any, args: tuple, kwargs: dict[str, Any]) -> bool:
    """It computes into an array, as far as the error that NumPy tells of afterwards."""
    if kwargs.get("out") is not None or (isinstance(fn, np.ufunc) and len(args) > fn.nin):
        return True
    rule = registry.find(fn)
    return rule is not None and bool(rule.writes)
