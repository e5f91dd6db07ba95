"""Attributes of objects, read and written by place: fields, slots, cells, properties."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import calls
from s2sdiff.runtime.shadows import Bars, add_slot, deposit, owner_of, parts, slot, withdraw
from s2sdiff.runtime.values import is_inert

__all__ = ["delete", "read", "write"]

Called = Callable[..., tuple[Any, Any]]
_NUMBERS = (float, complex, np.generic, np.ndarray)


def _in_class(owner: Any, name: str) -> Any:
    for cls in type(owner).__mro__:
        if name in vars(cls):
            return vars(cls)[name]
    return None


def _nothing(bar: Any, bars: Bars) -> tuple:
    return (None,)


def read(owner: Any, name: str, called: Called) -> tuple[Any, Any]:
    """`owner.name`, with a pullback that gives the owner's entry."""
    if isinstance(owner, _NUMBERS):
        return _of_number(owner, name)
    if isinstance(owner, super):
        return getattr(owner, name), _nothing
    found = _in_class(owner, name)
    held = getattr(owner, "__dict__", None)
    stored = isinstance(held, dict) and name in held
    if isinstance(found, property):
        getter = found.fget
        if getter is None or registry.find(found) is not None:
            return called(found if getter is not None else getattr(owner, name), (0,), (owner,), {})
        return called(getter, (0,), (owner,), {})
    if isinstance(found, functools.cached_property) and not stored:
        value, pullback = called(found.func, (0,), (owner,), {})
        owner.__dict__[name] = value

        def cached(bar: Any, bars: Bars) -> tuple:
            first = slot(bars, owner, name)
            add_slot(bars, owner, name, first)
            add_slot(bars, owner, name, bar)
            return pullback(slot(bars, owner, name), bars)

        return value, cached
    if isinstance(owner, tuple) and hasattr(owner, "_fields") and name in owner._fields:
        at, n = owner._fields.index(name), len(owner)
        return owner[at], lambda bar, bars: (
            None if bar is None else (None,) * at + (bar,) + (None,) * (n - at - 1),)
    user = isinstance(getattr(type(owner), "__getattribute__", None), types.FunctionType)
    dynamic = getattr(type(owner), "__getattr__", None)
    if user or (found is not None and not stored and _described(found)):
        raise refusal(UnsupportedError,
                      f".{name} of a {type(owner).__name__} is read by a descriptor or by "
                      "__getattribute__", "store the value in a plain attribute")
    if isinstance(dynamic, types.FunctionType) and found is None and not stored:
        return called(dynamic, (0,), (owner, name), {})
    value = getattr(owner, name)
    if is_inert(value) or isinstance(value, (types.MethodType, type)):
        return value, _nothing

    def pullback(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, owner, name, bar)
        return (None,)

    return value, pullback


def _described(found: Any) -> bool:
    """A descriptor of a class of the user's."""
    return isinstance(getattr(type(found), "__get__", None), types.FunctionType)


def _of_number(owner: Any, name: str) -> tuple[Any, Any]:
    if callable(getattr(owner, name)):
        return getattr(owner, name), _nothing
    value, pullback = calls.attribute((0,), name, owner)
    if isinstance(value, np.ndarray) and isinstance(owner, np.ndarray) and \
            owner_of(value) is owner_of(owner):
        return value, _nothing
    stand_in = parts(owner)

    def pull(bar: Any, bars: Bars) -> tuple:
        seed = withdraw(bars, value, bar)
        return (None if seed is None else deposit(bars, stand_in, pullback(seed)),)

    return value, pull


def write(owner: Any, name: str, value: Any, called: Called) -> tuple[None, Any]:
    """`owner.name = value`, with a pullback that gives the value's entry."""
    if isinstance(owner, (type, types.ModuleType, types.FunctionType)):
        what = "class" if isinstance(owner, type) else \
            "module" if isinstance(owner, types.ModuleType) else "function"
        raise refusal(UnsupportedError,
                      f"an active value is written to .{name} of a {what}, which the whole "
                      "program shares", "store it in an object, or return it")
    found = _in_class(owner, name)
    if isinstance(found, property) and found.fset is not None:
        _, pullback = called(found.fset, (1,), (owner, value), {})
        return None, lambda bar, bars: pullback(None, bars)
    own = getattr(type(owner), "__setattr__", None)
    if isinstance(own, types.FunctionType) and not _frozen(own):
        _, pullback = called(own, (2,), (owner, name, value), {})
        return None, lambda bar, bars: pullback(None, bars)
    if found is not None and isinstance(getattr(type(found), "__set__", None), types.FunctionType):
        raise refusal(UnsupportedError,
                      f".{name} of a {type(owner).__name__} is written by a descriptor",
                      "store the value in a plain attribute")
    setattr(owner, name, value)
    return None, lambda bar, bars: (slot(bars, owner, name),)


def _frozen(own: Any) -> bool:
    """What a frozen dataclass has in the place of __setattr__, which raises."""
    return own.__qualname__.startswith("__create_fn__") or "FrozenInstanceError" in getattr(
        own, "__globals__", {}) or own.__code__.co_filename == "<string>"


def delete(owner: Any, name: str) -> tuple[None, Any]:
    """`del owner.name`: what was there has no cotangent from then on."""
    delattr(owner, name)

    def pullback(bar: Any, bars: Bars) -> tuple:
        slot(bars, owner, name)
        return ()

    return None, pullback
