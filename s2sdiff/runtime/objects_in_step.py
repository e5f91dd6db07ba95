"""Objects in forward mode: attributes read and written, what holds arguments called.

What they hold has its tangent in the table of `dots`, under the place where it lies.  `Call` is how
a function is called with tangents: `call(fn, {slot: tangent}, args, kwargs)` gives value and
tangent.
"""

from __future__ import annotations

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
from s2sdiff.runtime.asked_instead import asked_instead_in_step
from s2sdiff.runtime.attributes import has_no_place
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.constant_values import of_field
from s2sdiff.runtime.declared import is_constant
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.fields import FIELD, frozen, in_class, is_in_class, keeps_objects
from s2sdiff.runtime.methods import meant
from s2sdiff.runtime.shadow_slots import fields_of
from s2sdiff.runtime.special_fields import HELD, METHODS, default_names
from s2sdiff.runtime.values import is_inert

__all__ = ["Call", "delete", "method", "read", "stored", "write"]

Call = Callable[[Any, dict[Any, Any], tuple, dict[str, Any]], tuple[Any, Any]]

_SHARED = (type, types.ModuleType, types.FunctionType, enum.Enum)


def method(dots: Dots, name: str, owner: Any, given: dict[Any, Any], args: tuple,
           kwargs: dict[str, Any], call: Call) -> tuple[Any, Any]:
    """`owner.name(*args, **kwargs)`; slot 0 is the owner."""
    found, takes_owner = meant(owner, name)
    if takes_owner:
        return call(found, given, (owner, *args), kwargs)
    rest = {s - 1 if isinstance(s, int) else s: d for s, d in given.items() if s != 0}
    if found is None:
        found, _ = read(dots, name, owner, given.get(0), call)
    return call(found, rest, args, kwargs)


def read(dots: Dots, name: str, owner: Any, owner_dot: Any, call: Call,
         plainly: bool = False) -> tuple[Any, Any]:
    """`owner.name`, through properties, too.

    With `plainly` a class's own `__getattribute__`, and its `__getattr__`, are not asked.
    """
    asked = None if plainly else answering(owner, name)
    if asked is not None:
        return asked_instead_in_step(
            owner, name, owner_dot, lambda: call(asked, {0: owner_dot}, (owner, name), {}), call)
    if name == "__dict__" and not isinstance(owner, _SHARED):
        fields = owner.__dict__
        if fields is owner:
            return fields, zero_in(dots, owner) if owner_dot is None else owner_dot
        return fields, dots.shown(fields)
    if isinstance(owner, dict) and fields_of(owner) is owner:
        zero_in(dots, owner)
    if name == "__class__" or isinstance(owner, (type, types.ModuleType, enum.Enum)):
        value = getattr(owner, name)
        return value, zero_in(dots, value)
    if isinstance(owner, super):
        return _of_super(dots, owner, name, owner_dot, call)
    found = in_class(owner, name)
    unseen.met(class_of(owner))
    if any(found is h for h in HELD):
        return _held(dots, owner, name)
    if name == "__closure__" and isinstance(owner, types.FunctionType):
        # What the cells hold has its tangents in them.
        return owner.__closure__, tuple([None for _ in owner.__closure__ or ()])
    held = getattr(owner, "__dict__", None)
    stored = isinstance(held, dict) and name in held
    if isinstance(found, property):
        ruled = found.fget is None or registry.find(found) is not None
        return asked_instead_in_step(owner, name, owner_dot, lambda: call(
            found if ruled else found.fget, {0: owner_dot}, (owner,), {}), call, plainly)
    if isinstance(found, functools.cached_property) and not stored:
        value, dot = call(found.func, {0: owner_dot}, (owner,), {})
        owner.__dict__[name] = value
        dots.put(fields_of(owner), name, value, dot)
        return value, dot
    if isinstance(found, FIELD) and name in getattr(owner, "_fields", ()):
        value, at = getattr(owner, name), class_of(owner)._fields.index(name)  # type: ignore
        return value, zero_in(dots, value) if owner_dot is None else tuple.__getitem__(
            owner_dot, at)
    getter = getattr(class_of(found), "__get__", None) if found is not None else None
    if isinstance(getter, types.FunctionType) and (
            not stored or hasattr(type(found), "__set__") or hasattr(type(found), "__delete__")):
        return asked_instead_in_step(owner, name, owner_dot, lambda: call(
            getter, {1: owner_dot}, (found, owner, class_of(owner)), {}), call, plainly)
    dynamic = None if plainly else getattr(class_of(owner), "__getattr__", None)
    if dynamic is not None and not stored and not is_in_class(owner, name):
        return call(dynamic, {0: owner_dot}, (owner, name), {})
    value = object.__getattribute__(owner, name) if plainly else getattr(owner, name)
    if is_constant(class_of(owner), name) and not is_inert(value):
        value = of_field(value, name, owner)
        return value, zero_in(dots, value)
    if isinstance(value, METHODS) and not stored:
        # The numbers that its owner is, or has in it, lie with the method.
        dots.put(value, "__self__", owner, owner_dot)
        return value, None
    # Nothing active is ever written as an attribute of a function.
    place = isinstance(owner, _PLACES) or (
        isinstance(owner, types.FunctionType) and name[:2] != "__")
    if not class_of(owner).__flags__ & (1 << 9) and not place and not is_inert(value):
        raise refusal(UnsupportedError,
                      f"forward mode does not follow .{name} of a {type(owner).__name__}",
                      "use reverse mode (sd.vjp), or keep the value in a variable")
    return value, dots.get(fields_of(owner), name, value)


#: Of the library's classes, those whose attributes lie where they are written.
_PLACES = (types.SimpleNamespace, types.CellType, types.MethodType, types.FrameType, BaseException)


def _held(dots: Dots, owner: Any, name: str) -> tuple[Any, Any]:
    """What a partial or a method holds to be called with, which has its tangents there."""
    value = getattr(owner, name)
    if name == "keywords":
        return value, dots.shown(value)
    if name == "__self__":
        return value, dots.get(owner, name, value)
    keys = range(len(value)) if name == "args" else default_names(owner)
    return value, tuple([dots.get(owner, k, v) for k, v in zip(keys, value or (), strict=True)])


def _of_super(dots: Dots, owner: Any, name: str, owner_dot: Any, call: Call) -> tuple[Any, Any]:
    """`super().name`; the tangent of a tuple is that of `super()`."""
    me, start = owner.__self__, owner.__thisclass__
    mro = owner.__self_class__.__mro__
    for cls in mro[mro.index(start) + 1:]:
        found = vars(cls).get(name)
        if isinstance(found, property) and found.fget is not None and not isinstance(me, type):
            dot = zero_in(dots, me) if owner_dot is None else owner_dot
            return call(found.fget, {0: dot}, (me,), {})
        if name in vars(cls):
            break
    value = getattr(owner, name)
    if has_no_place(me) and not isinstance(value, types.FunctionType) and not is_inert(value):
        if not isinstance(value, METHODS):
            raise refusal(UnsupportedError, f"super().{name} of a {type(me).__name__} is no method",
                          "read it by the name of its class")
        dots.put(value, "__self__", me, zero_in(dots, me) if owner_dot is None else owner_dot)
    return value, zero_in(dots, value)


def write(dots: Dots, owner: Any, name: str, value: Any, dot: Any, call: Call) -> None:
    """`owner.name = value`."""
    if name == "__dict__" and not isinstance(owner, _SHARED) and isinstance(value, dict):
        # Its items are the object's fields, and have their tangents as one and as the other.
        dots.keep(value, zero_in(dots, value) if dot is None else dot)
        object.__setattr__(owner, name, value)
        return
    if type(owner) is np.ndarray and not hasattr(owner, name):
        setattr(owner, name, value)  # raises what Python raises
    if isinstance(owner, np.ndarray) or name == "__dict__" or (
            isinstance(owner, _SHARED) and not is_inert(value) and name != "__wrapped__"):
        raise refusal(UnsupportedError, f"forward mode does not follow a write to .{name} of a "
                      f"{type(owner).__name__}", "store the value in an object, or return it")
    unseen.met(class_of(owner))
    unseen.kept(owner, name, value)
    own = getattr(class_of(owner), "__setattr__", None)
    if getattr(own, "__name__", "") != "__setattr__" or (
            isinstance(own, types.FunctionType) and not frozen(own)):
        call(own, {0: zero_in(dots, owner), 2: dot}, (owner, name, value), {})
        return
    if isinstance(own, types.FunctionType):
        own(owner, name, value)  # raises what Python raises
    stored(dots, owner, name, value, dot, call)


def _place(dots: Dots, owner: Any) -> Any:
    """What the tangents of an object's fields lie under."""
    place = fields_of(owner)
    if place is owner and isinstance(owner, dict):
        zero_in(dots, owner)  # its items are its fields
    return place


def stored(dots: Dots, owner: Any, name: str, value: Any, dot: Any, call: Call) -> None:
    """`object.__setattr__(owner, name, value)`."""
    found = in_class(owner, name)
    if isinstance(found, property) and found.fset is not None:
        call(found.fset, {1: dot}, (owner, value), {})
        return
    setter = getattr(class_of(found), "__set__", None) if found is not None else None
    if isinstance(setter, types.FunctionType):
        call(setter, {2: dot}, (found, owner, value), {})
        return
    keeps_objects(found, owner, name, value)
    place = _place(dots, owner)
    own = type(owner).__setattr__
    # One of Python's has checks of its own, as that of `threading.local`.
    store: Any = own if isinstance(own, types.WrapperDescriptorType) else object.__setattr__
    store(owner, name, value)
    dots.put(place, name, value, dot)


def delete(dots: Dots, owner: Any, name: str, call: Call) -> None:
    """`del owner.name`."""
    unseen.met(class_of(owner))
    found = in_class(owner, name)
    own = getattr(class_of(owner), "__delattr__", None)
    deleter = getattr(class_of(found), "__delete__", None) if found is not None else None
    if getattr(own, "__name__", "") != "__delattr__" or (
            isinstance(own, types.FunctionType) and not frozen(own)):
        call(own, {0: zero_in(dots, owner)}, (owner, name), {})
    elif isinstance(found, property) and found.fdel is not None:
        call(found.fdel, {}, (owner,), {})
    elif isinstance(deleter, types.FunctionType):
        call(deleter, {}, (found, owner), {})
    else:
        place = _place(dots, owner)
        delattr(owner, name)
        dots.drop(place, name)
