"""Whether a method writes as anybody sees who reads it: stores, mutators, and what it calls.

What it has made itself does not count, nor does what cannot matter to a derivative: a count that
goes up, and an attribute that never holds anything but counts, switches and texts.
"""

from __future__ import annotations

import builtins
import inspect
import operator
import types
from typing import Any

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import Bind, Const, Free, Ref, Store, Var
from s2sdiff.runtime.iterated import listed
from s2sdiff.transforms import early
from s2sdiff.transforms.implicit import is_text
from s2sdiff.transforms.new_memory import INPLACE, MUTATORS
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
            _known[key] = _found(cls, method)
        except errors.DifferentiationError:
            _known[key] = True
    return _known[key]


def _found(cls: type, method: types.FunctionType) -> bool:
    body = early.swept(method).body
    bound = _bound(body)
    return any(_writes(s, cls, method, bound) for s in ir.walk(body))


def _bound(body: ir.Block) -> dict[str, Any]:
    """By variable: the computation that gives it, or None where that is not a single one."""
    bound: dict[str, Any] = {}
    for s in ir.walk(body):
        for t in ir.defines(s):
            bound[t] = s if isinstance(s, Bind) and t not in bound else None
    return bound


def _writes(s: ir.Stmt, cls: type, method: types.FunctionType, bound: dict[str, Any]) -> bool:
    if isinstance(s, Store):
        return not _is_own(s.target, bound) and not _harmless(s, cls, method, bound) and (
            s.place != "name" or _taken_out(s.target, bound))
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
        return name in MUTATORS and not _is_own(s.args[0], bound)
    value = fn.object if isinstance(fn, Ref) else \
        namespace_value(method, fn.name) if isinstance(fn, Free) else None
    if value is setattr or value is delattr or value is object.__setattr__:
        return True
    if value in INPLACE if isinstance(value, types.BuiltinFunctionType) else False:
        return _taken_out(s.args[0], bound) and not _counts(value, s.args[1], bound)
    return isinstance(value, types.FunctionType) and registry.find(value) is None and \
        (value.__module__ or "").partition(".")[0] != "s2sdiff" and writes(cls, value)


def _is_own(a: Any, bound: dict[str, Any]) -> bool:
    """A container or an array that the method has made itself."""
    made = bound.get(a.name) if isinstance(a, Var) else None
    return made is not None and _meant(made.fn) in _MAKING


def _meant(fn: Any) -> Any:
    """The function that is called, where that is a builtin one."""
    return fn.object if isinstance(fn, Ref) else \
        getattr(builtins, fn.name, None) if isinstance(fn, Free) else None


_MAKING: tuple[Any, ...] = (ops.list_, ops.dict_, ops.set_, list, dict, set, bytearray, ops.grown,
                            ops.appended)


def _taken_out(a: Any, bound: dict[str, Any]) -> bool:
    """What lies in an object, a container or outside, and may be an array."""
    made = bound.get(a.name) if isinstance(a, Var) else None
    return isinstance(a, Free) or (made is not None and isinstance(made.fn, Ref) and any(
        made.fn.object is f for f in (getattr, operator.getitem, ops.method)))


def _harmless(s: Store, cls: type, method: types.FunctionType, bound: dict[str, Any]) -> bool:
    if s.place != "item" and s.fn in (operator.iadd, operator.isub):
        return _counts(s.fn, s.value, bound)
    mine = isinstance(s.target, Var) and s.target.name == method.__code__.co_varnames[0]
    return mine and s.fn is setattr and isinstance(s.key, Const) and \
        _is_count(s.value, bound) and _only_counts(cls, s.key.value)


def _counts(fn: Any, value: Any, bound: dict[str, Any]) -> bool:
    """Adding a constant changes no derivative."""
    return fn in (operator.iadd, operator.isub) and _is_count(value, bound)


def _is_count(a: Any, bound: dict[str, Any]) -> bool:
    """A number, a switch or a text that has no derivative."""
    if isinstance(a, Const):
        return a.value is None or isinstance(a.value, (int, str, bytes))
    made = bound.get(a.name) if isinstance(a, Var) else None
    return made is not None and (_meant(made.fn) in _COUNTING or is_text(_meant(made.fn)))


_COUNTING: tuple[Any, ...] = (len, hash, id, str, repr, bool, isinstance, format, type, iter)


def _only_counts(cls: type, name: str) -> bool:
    """An attribute into which the class's own methods put nothing that has a derivative."""
    for base in cls.__mro__[:-1]:
        for value in vars(base).values():
            value = value.fget if isinstance(value, property) else value
            if not isinstance(value, types.FunctionType) or name not in value.__code__.co_names:
                continue
            body = early.swept(value).body
            bound = _bound(body)
            for s in ir.walk(body):
                if isinstance(s, Store) and s.key == Const(name) and s.value is not None and not (
                        _is_count(s.value, bound)):
                    return False
    return True
