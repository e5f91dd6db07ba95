"""Attributes of objects, read and written by place: fields, slots, cells, properties."""

from __future__ import annotations

import collections
import enum
import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import unseen
from s2sdiff.runtime.answering import answering
from s2sdiff.runtime.asked_instead import asked_instead
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.constant_values import of_field
from s2sdiff.runtime.declared import is_constant
from s2sdiff.runtime.raising import Raised
from s2sdiff.runtime.shadow_slots import add_slot, fields_of, slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.special_fields import HELD, METHODS, nothing, of_held, of_number, of_super
from s2sdiff.runtime.values import is_inert

__all__ = [
    "FIELD", "SHARED", "delete", "frozen", "in_class", "is_in_class", "keeps_objects", "read",
    "set_by_python", "stored", "write",
]

Called = Callable[..., tuple[Any, Any]]
_NUMBERS = (float, complex, np.generic, np.ndarray)
#: What a named tuple's class has under the name of a field; `[]` may mean something else there.
FIELD = type(vars(collections.namedtuple("_Point", "x"))["x"])


def in_class(owner: Any, name: str) -> Any:
    """What the class of an object has under a name; None: nothing, or just that."""
    for cls in class_of(owner).__mro__:
        if name in vars(cls):
            return vars(cls)[name]
    return None


def is_in_class(owner: Any, name: str) -> bool:
    """Whether the class of an object has something under a name, be it None."""
    return any(name in vars(cls) for cls in class_of(owner).__mro__)


def read(owner: Any, name: str, called: Called, plainly: bool = False) -> tuple[Any, Any]:
    """`owner.name`, with a pullback that gives the owner's entry.

    With `plainly` a class's own `__getattribute__`, and its `__getattr__`, are not asked.
    """
    if isinstance(owner, _NUMBERS):
        return of_number(owner, name)
    asked = None if plainly else answering(owner, name)
    if asked is not None:
        return asked_instead(
            owner, name, lambda called: called(asked, (0,), (owner, name), {}), called)
    if name == "__class__":
        return owner.__class__, nothing
    if isinstance(owner, super):
        return of_super(owner, name, called)
    if name == "__dict__" and not isinstance(owner, (type, types.ModuleType, types.FunctionType)):
        # The dict that the object's attributes are in, which is their place, too.
        return owner.__dict__, nothing
    if isinstance(owner, (type, types.ModuleType, enum.Enum)):
        # Nothing active is ever written there; what has a place has its cotangent there.
        return getattr(owner, name), nothing
    found = in_class(owner, name)
    unseen.met(type(owner))
    if any(found is h for h in HELD):
        return of_held(owner, name)
    held = getattr(owner, "__dict__", None)
    stored = isinstance(held, dict) and name in held
    if isinstance(found, property):
        getter = found.fget
        if getter is None or registry.find(found) is not None:
            return called(found if getter is not None else getattr(owner, name), (0,), (owner,), {})
        return asked_instead(owner, name, lambda called: called(getter, (0,), (owner,), {}),
                             called, plainly)
    if isinstance(found, functools.cached_property) and not stored:
        value, pullback = called(found.func, (0,), (owner,), {})
        if isinstance(value, Raised):
            return value, pullback
        owner.__dict__[name] = value

        def cached(bar: Any, bars: Bars) -> tuple:
            first = slot(bars, fields_of(owner), name)
            add_slot(bars, fields_of(owner), name, first)
            add_slot(bars, fields_of(owner), name, bar)
            return pullback(slot(bars, fields_of(owner), name), bars)

        return value, cached
    if isinstance(owner, tuple):
        names = getattr(owner, "_fields", ())
        if name in names and isinstance(found, FIELD):
            at, n = names.index(name), len(owner)
            return getattr(owner, name), lambda bar, bars: (
                None if bar is None else (None,) * at + (bar,) + (None,) * (n - at - 1),)
    getter = getattr(type(found), "__get__", None) if found is not None else None
    if isinstance(getter, types.FunctionType) and (
            not stored or hasattr(type(found), "__set__") or hasattr(type(found), "__delete__")):
        # Of an object in a class, which is a place: what it is asked for is the owner's entry.
        def get(called: Called) -> tuple[Any, Any]:
            value, pullback = called(getter, (0, 1), (found, owner, type(owner)), {})
            return value, lambda bar, bars: pullback(bar, bars)[1:] if not isinstance(
                value, Raised) else pullback(None, bars)[1:]

        return asked_instead(owner, name, get, called, plainly)
    dynamic = None if plainly else getattr(type(owner), "__getattr__", None)
    if dynamic is not None and not stored and not is_in_class(owner, name):
        return called(dynamic, (0,), (owner, name), {})
    value = object.__getattribute__(owner, name) if plainly else getattr(owner, name)
    if isinstance(value, METHODS) and isinstance(owner, tuple):
        # What a method that is called later gives for the numbers in it lies with the method.
        return value, lambda bar, bars: (slot(bars, value, 0),)
    if is_inert(value) or isinstance(value, (types.MethodType, type)):
        return value, nothing
    if is_constant(type(owner), name):
        return of_field(value, name, owner), nothing

    def pullback(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, fields_of(owner), name, bar)
        return (None,)

    return value, pullback


#: What the whole program shares.
SHARED = (type, types.ModuleType, types.FunctionType, enum.Enum)


def write(owner: Any, name: str, value: Any, called: Called) -> tuple[None, Any]:
    """`owner.name = value`, with a pullback that gives the value's entry."""
    if isinstance(owner, SHARED):
        if is_inert(value) or name == "__wrapped__":
            # What a function captures has its cotangents in cells, whoever holds it.
            setattr(owner, name, value)
            return None, nothing
        what = "a class" if isinstance(owner, type) else \
            "a module" if isinstance(owner, types.ModuleType) else \
            "a function" if isinstance(owner, types.FunctionType) else "an enumeration's member"
        raise refusal(UnsupportedError,
                      f"an active value is written to .{name} of {what}, which the whole "
                      "program shares", "store it in an object, or return it")
    cls = class_of(owner)
    unseen.met(cls)
    unseen.kept(owner, name, value)
    if name == "__dict__" and value is owner:
        # A dict whose items are its attributes: they have their cotangents in one place.
        setattr(owner, name, value)
        return None, nothing
    if name == "__dict__":
        raise refusal(UnsupportedError, f"the __dict__ of a {type(owner).__name__} is replaced",
                      "set its attributes one by one")
    found = in_class(owner, name)
    if isinstance(found, property) and found.fset is not None:
        ended, pullback = called(found.fset, (1,), (owner, value), {})
        return _ended(ended), lambda bar, bars: pullback(None, bars)
    own = getattr(cls, "__setattr__", None)
    # A C method of this name sets the attribute; one of another name is somebody's choice.
    if getattr(own, "__name__", "") != "__setattr__" or (
            isinstance(own, types.FunctionType) and not frozen(own)):
        ended, pullback = called(own, (2,), (owner, name, value), {})
        return _ended(ended), lambda bar, bars: pullback(None, bars)
    return stored(owner, name, value, called, setattr)


def stored(owner: Any, name: str, value: Any, called: Called, store: Any) -> tuple[None, Any]:
    """`object.__setattr__(owner, name, value)`, or another `store`, of an object with fields."""
    found = in_class(owner, name)
    if isinstance(found, property) and found.fset is not None:
        ended, pullback = called(found.fset, (1,), (owner, value), {})
        return _ended(ended), lambda bar, bars: pullback(None, bars)
    setter = getattr(type(found), "__set__", None) if found is not None else None
    if isinstance(setter, types.FunctionType):
        ended, pullback = called(setter, (0, 1, 2), (found, owner, value), {})
        return _ended(ended), lambda bar, bars: pullback(None, bars)[2:]
    keeps_objects(found, owner, name, value)
    store(owner, name, value)
    return None, lambda bar, bars: (slot(bars, fields_of(owner), name),)


def keeps_objects(found: Any, owner: Any, name: str, value: Any) -> None:
    """Refuse to write what may be active where a C class keeps numbers in memory of its own.

    Other objects may lie there, too, as those of a `ctypes.Union`.
    """
    if hasattr(type(found), "__set__") and not isinstance(found, (
            property, types.MemberDescriptorType, types.GetSetDescriptorType)) and \
            not is_inert(value):
        raise refusal(UnsupportedError, f"an active value is written to .{name} of a "
                      f"{type(owner).__name__}, which keeps it in memory of its own",
                      "keep it in an object of a class that is written in Python")


def _ended(value: Any) -> Any:
    """None, which writing gives, unless it raised."""
    return value if isinstance(value, Raised) else None


def frozen(own: Any) -> bool:
    """What raises in the place of __setattr__ in frozen dataclasses, and in SciPy's tuples.

    These let any further attribute be set, which they note in the `__dict__`.
    """
    code = own.__code__
    return code.co_filename == "<string>" and (
        "FrozenInstanceError" in (*code.co_names, *code.co_freevars) or
        str(own.__globals__.get("__name__")).startswith("namedtuple_"))


def set_by_python(owner: Any, name: str) -> bool:
    """Whether `owner.name = value` runs no code of the user's: it sets the attribute, or raises."""
    own = getattr(type(owner), "__setattr__", None)
    found = in_class(owner, name)
    setter = found.fset if isinstance(found, property) else \
        getattr(type(found), "__set__", None) if found is not None else None
    return not isinstance(owner, (type, types.ModuleType)) and not isinstance(
        setter, types.FunctionType) and (
        frozen(own) if isinstance(own, types.FunctionType)
        else getattr(own, "__name__", "") == "__setattr__")


def delete(owner: Any, name: str, called: Called) -> tuple[None, Any]:
    """`del owner.name`: what was there has no cotangent from then on."""
    unseen.met(class_of(owner))
    found = in_class(owner, name)
    own = getattr(class_of(owner), "__delattr__", None)
    deleter = getattr(class_of(found), "__delete__", None) if found is not None else None
    if isinstance(own, types.FunctionType) and not frozen(own):
        ended, pullback = called(own, (0,), (owner, name), {})
    elif isinstance(found, property) and found.fdel is not None:
        ended, pullback = called(found.fdel, (0,), (owner,), {})
    elif isinstance(deleter, types.FunctionType):
        ended, pullback = called(deleter, (0, 1), (found, owner), {})
    else:
        return _deleted(owner, name)
    return _ended(ended), lambda bar, bars: pullback(None, bars)


def _deleted(owner: Any, name: str) -> tuple[None, Any]:
    delattr(owner, name)
    place = owner if class_of(owner).__delattr__ is dict.__delitem__ else fields_of(owner)

    def pullback(bar: Any, bars: Bars) -> tuple:
        slot(bars, place, name)
        return ()

    return None, pullback
