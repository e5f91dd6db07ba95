"""Arrays of objects: what copies one gives another with the very same items."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.ir import Bind, Const, Ref

__all__ = ["hands_on_items", "makes_one"]

_MAKING = (np.empty, np.zeros, np.ones, np.full, np.array, np.asarray, np.asanyarray, np.fromiter,
           np.empty_like, np.full_like, np.ndarray)
_METHODS = ("copy", "tolist", "flatten", "take", "repeat", "item", "__copy__", "astype", "ravel",
            "compress", "choose", "reshape")
_HANDING = frozenset(map(id, (
    np.copy, np.array, np.asarray, np.asanyarray, np.concatenate, np.stack, np.hstack, np.vstack,
    np.dstack, np.column_stack, np.append, np.insert, np.delete, np.roll, np.repeat, np.tile,
    np.where, np.take, np.choose, np.select, np.compress, np.extract, np.resize, np.pad,
    np.take_along_axis, np.flip, np.broadcast_to, np.block,
    *(vars(np.ndarray)[n] for n in _METHODS))))


def makes_one(s: Bind) -> bool:
    """A call that says that it makes an array of objects, by its dtype or of None."""
    if not any(map(s.calls, _MAKING)):
        return False
    given = (*s.args[1:], *[a for k, a in s.kwargs if k == "dtype"])
    return any((isinstance(a, Ref) and a.object in (object, np.object_)) or (
        isinstance(a, Const) and a.value in ("O", "object")) for a in given) or (
        s.calls(np.full) and s.args[1:2] == (Const(None),))


def hands_on_items(s: Bind) -> bool:
    """A call that gives the items of an array of objects, or another array of them."""
    if s.calls(ops.method):
        return isinstance(s.args[1], Const) and s.args[1].value in _METHODS
    fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
    return id(fn) in _HANDING
