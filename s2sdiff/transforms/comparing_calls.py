"""Calls that tell whether two are equal, or which of them is less."""

from __future__ import annotations

import collections
import math
import operator

import numpy as np

from s2sdiff import ops
from s2sdiff.ir import Bind, Ref
from s2sdiff.runtime.outside import is_of_user

__all__ = ["EQUAL", "asks_by_method", "orders", "tells_equality"]


def tells_equality(s: Bind) -> bool:
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is None:
        return True
    if fn is ops.method:
        return asks_by_method(s)
    return id(fn) in EQUAL or is_of_user(fn)


def asks_by_method(s: Bind) -> bool:
    return s.calls(ops.method) and getattr(s.args[1], "value", None) in _EQUAL_METHODS


def orders(s: Bind) -> bool:
    return isinstance(s.fn, Ref) and id(s.fn.object) in _ORDERING


_ORDERING = frozenset(map(id, (operator.lt, operator.le, operator.gt, operator.ge, np.less,
                               np.less_equal, np.greater, np.greater_equal)))
EQUAL = frozenset(map(id, (
    operator.eq, operator.ne, operator.is_, operator.is_not, operator.not_, ops.contains,
    ops.not_contains, bool, any, all, np.any, np.all, np.count_nonzero, np.equal, np.not_equal,
    np.array_equal, np.array_equiv, np.allclose, np.isclose, np.isin, math.isclose, np.nonzero,
    np.flatnonzero, np.testing.assert_array_equal, np.testing.assert_equal,
    np.testing.assert_allclose, np.testing.assert_array_almost_equal,
    *(vars(np.ndarray)[n] for n in ("any", "all", "nonzero")),
    *(vars(cls)[n] for cls in (list, tuple, collections.deque) for n in ("index", "count")))))
_EQUAL_METHODS = ("any", "all", "index", "count", "nonzero", "__eq__", "__ne__", "__contains__")
