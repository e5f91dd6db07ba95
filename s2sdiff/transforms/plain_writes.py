"""Whether a method writes as anybody sees who reads it: stores, mutators, and what it calls."""

from __future__ import annotations

import inspect
import types
from typing import Any

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import Bind, Const, Free, Ref, Store, Var
from s2sdiff.runtime.iterated import listed
from s2sdiff.transforms import early
from s2sdiff.transforms.new_memory import MUTATORS
from s2sdiff.transforms.resolve import namespace_value

__all__ = ["writes"]

_known: dict[Any, bool] = {}


def writes(cls: type, method: types.FunctionType) -> bool:
    """Does a method of a class store into anything that it did not make itself?

    >>> import collections
    >>> writes(collections.UserList, collections.UserList.__iadd__)
    True
    >>> writes(collections.UserList, collections.UserList.__lt__)
    False
    """
    if inspect.isgeneratorfunction(method):
        method = listed(method)
    key = cls, method.__code__
    if key not in _known:
        _known[key] = False  # recursion adds nothing of its own
        try:
            _known[key] = any(_writes(s, cls, method) for s in ir.walk(early.swept(method).body))
        except errors.DifferentiationError:
            _known[key] = True
    return _known[key]


def _writes(s: ir.Stmt, cls: type, method: types.FunctionType) -> bool:
    if isinstance(s, Store):
        return s.place != "name"
    if isinstance(s, ir.Raw):
        return s.memory
    if not isinstance(s, Bind):
        return False
    fn: Any = s.fn
    if isinstance(fn, Ref) and fn.object is ops.method and isinstance(s.args[1], Const):
        name = s.args[1].value
        mine = isinstance(s.args[0], Var) and s.args[0].name == method.__code__.co_varnames[0]
        found = getattr(cls, name, None) if mine else None
        if isinstance(found, types.FunctionType):
            return writes(cls, found)
        return name in MUTATORS
    value = fn.object if isinstance(fn, Ref) else \
        namespace_value(method, fn.name) if isinstance(fn, Free) else None
    if value is setattr or value is delattr:
        return True
    return isinstance(value, types.FunctionType) and registry.find(value) is None and \
        (value.__module__ or "").partition(".")[0] != "s2sdiff" and writes(cls, value)
