"""Calls of methods by place: what a name of an object is, found as Python finds it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import types
from collections import defaultdict, deque
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.runtime import fields, raising, standins_managers
from s2sdiff.runtime.answering import answers
from s2sdiff.runtime.attributes import has_no_place
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.declared import is_constant
from s2sdiff.runtime.holders import Call
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import Slots

__all__ = ["called_method", "meant"]


def called_method(wrt: Slots, name: str, owner: Any, args: tuple,
                  kwargs: dict[str, Any], call: Call) -> tuple[Any, Any]:
    """A call of a method, as `call` calls; slot 0 is the owner."""
    if type(owner) is contextlib._GeneratorContextManager:
        owner = standins_managers.converted(owner)
        if type(owner) is contextlib._GeneratorContextManager:
            return getattr(owner, name)(*args, **kwargs), lambda bar, bars: (None,) * len(wrt)
    own = vars(type(owner)).get(name) if type(owner) in _PLAIN else None
    if type(own) is types.MethodDescriptorType:
        return call(own, wrt, (owner, *args), kwargs)
    found, takes_owner = meant(owner, name)
    if found is None:
        return _by_reading(wrt, name, owner, args, kwargs, call)
    if takes_owner:
        return call(found, wrt, (owner, *args), kwargs)
    value, pullback = call(found, _rest(wrt), args, kwargs)
    return value, lambda bar, bars: _with_owner(wrt, pullback(bar, bars))


#: Their methods are what their classes say.
_PLAIN = frozenset({list, dict, set, deque, defaultdict, str})


def meant(owner: Any, name: str) -> tuple[Any, bool]:
    """What is called by a method's name, and whether it is given the owner.

    None for what is first read, as a property is, and then called.
    """
    if isinstance(owner, np.ufunc):
        return getattr(owner, name), False  # a rule is for `np.add.at`, not for all ufuncs'
    if is_constant(class_of(owner), name) or answers(owner) or (
            isinstance(owner, super) and has_no_place(owner.__self__)):  # type: ignore
        return None, False
    # `super()` and modules have the method themselves; a field may hold a function.
    held = getattr(owner, "__dict__", None)
    direct = isinstance(owner, (type, types.ModuleType, super)) or (
        isinstance(held, dict) and name in held)
    raw = None if direct else inspect.getattr_static(class_of(owner), name, None)
    if not direct and (raw is None or isinstance(raw, (property, functools.cached_property))
                       or (isinstance(getattr(class_of(raw), "__get__", None), types.FunctionType)
                           and registry.find(raw) is None)):
        return None, False
    found = None if direct else getattr(class_of(owner), name, None)
    if found is None or isinstance(found, property) or not callable(found):
        return getattr(owner, name), False
    for cls in inspect.getmro(class_of(owner)):
        if name in vars(cls):
            raw = vars(cls)[name]
            break
    else:
        raw = found
    # A method of another object is one of that, whatever class it is an attribute of; what is no
    # descriptor (a ufunc, a function in C) is not given the object.
    if not hasattr(type(raw), "__get__") or isinstance(raw, (
            staticmethod, classmethod, types.ClassMethodDescriptorType, types.GetSetDescriptorType,
            types.MemberDescriptorType, types.MethodType, type)):
        return getattr(owner, name), False
    return raw if registry.find(raw) else found, True


def _by_reading(wrt: Slots, name: str, owner: Any, args: tuple, kwargs: dict[str, Any],
                call: Call) -> tuple[Any, Any]:
    """A call of what code of the class gives for an attribute."""
    method, back = fields.read(owner, name, call)
    if isinstance(method, raising.Raised):
        return method, lambda bar, bars: tuple(
            g if s == 0 else None for (g,) in [back(None, bars)] for s in wrt)
    value, pullback = call(method, _rest(wrt), args, kwargs)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        (mine,) = back(None, bars)
        return (mine, *entries) if 0 in wrt else entries

    return value, pull


def _rest(wrt: Slots) -> Slots:
    return tuple(s - 1 if isinstance(s, int) else s for s in wrt if s != 0)


def _with_owner(wrt: Slots, entries: tuple) -> tuple:
    return (None, *entries) if 0 in wrt else entries
