"""Iterators in the language that are handed to code which is not differentiated."""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.drawing import Lazy

__all__ = ["unfollowed"]

#: Builtin functions that draw from no iterator that they are given.
_ASKING = frozenset({isinstance, type, id, callable, hasattr, getattr, repr, str, print, iter, bool,
                     hash, format, operator.is_, operator.is_not, operator.not_, operator.truth})


#: Names of methods and functions that only keep, compare or look for it.
_KEEPING = frozenset({"append", "appendleft", "insert", "add", "setdefault", "__setitem__",
                      "setitem", "get", "index", "count", "remove", "discard", "pop", "eq", "ne"})


def unfollowed(fn: Any, args: tuple) -> None:
    """Refuse to let code that is not differentiated draw from what writes meanwhile."""
    if any(isinstance(a, Lazy) and a.runs() for a in args) and isinstance(
            fn, _BUILTIN) and fn not in _ASKING and fn.__name__ not in _KEEPING:
        raise refusal(UnsupportedError, "an iterator whose function writes gives items to code "
                      "that is not followed", "draw from it in a loop or with next, or make a "
                      "list of it first")


_BUILTIN = (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType,
            type, np.ufunc)
