"""`setattr` and `delattr`: the shadow of an object holds its attributes' cotangents by name."""

from __future__ import annotations

import inspect
import types
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.rules.writes_arrays import attribute_set

__all__: list[str] = []


def check_plain(owner: Any, name: str, hook: str) -> None:
    """Refuse attributes whose setting or deleting runs code of the user's."""
    cls = type(owner)
    if hook and getattr(cls, hook) not in (getattr(object, hook), getattr(type, hook),
                                           getattr(types.ModuleType, hook)):
        raise unsupported(f"{cls.__name__} defines {hook}, which the derivative does not see here",
                          "call the method that sets the attribute")
    found = inspect.getattr_static(cls, name, None)
    if hasattr(type(found), "__set__") and not isinstance(found, types.MemberDescriptorType):
        raise unsupported(f"{cls.__name__}.{name} is a property or descriptor, whose code the "
                          "derivative does not see here",
                          f"write `x.{name} = value` as a statement, or set what it stands for")


@derivative(of=setattr, writes="obj")
def setattr_(obj, name, value, /):
    if isinstance(obj, np.ndarray):
        return attribute_set(obj, name, value)
    check_plain(obj, name, "__setattr__")
    setattr(obj, name, value)
    return None, lambda _, obj_bar: (None, None, obj_bar.pop(name, None))


@derivative(of=object.__setattr__, writes="self")
def object_setattr(self, name, value, /):
    check_plain(self, name, "")
    object.__setattr__(self, name, value)
    return None, lambda _, self_bar: (None, None, self_bar.pop(name, None))


@derivative(of=delattr, writes="obj")
def delattr_(obj, name, /):
    check_plain(obj, name, "__delattr__")
    delattr(obj, name)
    return None, lambda _, obj_bar: (None, None)


@derivative(of=object.__delattr__, writes="self")
def object_delattr(self, name, /):
    check_plain(self, name, "")
    object.__delattr__(self, name)
    return None, lambda _, self_bar: (None, None)
