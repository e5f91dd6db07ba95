"""Attributes that never hold anything but counts, switches and texts, for `plain_writes`."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Const, Store
from s2sdiff.transforms.plain_calls import functions_of

__all__ = ["only_counts"]


def only_counts(cls: type, name: str, look_at: Callable[..., Any]) -> bool:
    """An attribute into which the class's own methods put nothing that has a derivative."""
    found = inspect.getattr_static(cls, name, None)
    if isinstance(found, property) or isinstance(
            getattr(type(found), "__set__", None), types.FunctionType) or isinstance(
            cls.__setattr__, types.FunctionType):
        return False
    return all(_puts_counts(cls, f, name, look_at) for base in cls.__mro__[:-1]
               for value in vars(base).values() for f in functions_of(value))


def _puts_counts(cls: type, method: types.FunctionType, name: str,
                 look_at: Callable[..., Any]) -> bool:
    code = method.__code__
    if any(isinstance(c, types.CodeType) and name in c.co_names for c in code.co_consts):
        return False
    if not _BY_NAME.isdisjoint(code.co_names):
        return False
    if name not in code.co_names:
        return True
    if code.co_filename == "<string>":
        field = getattr(cls, "__dataclass_fields__", {}).get(name)
        return field is not None and field.type in (int, bool, str, "int", "bool", "str")
    look = look_at(cls, method)
    return not any(isinstance(s, Store) and s.key == Const(name) and s.value is not None
                   and not look.is_count(s.value) for s in ir.walk(look.body))


#: Who uses one of these may store under any name.
_BY_NAME = frozenset({"setattr", "__setattr__", "__dict__", "vars"})
