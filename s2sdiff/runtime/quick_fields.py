"""Numbers and objects that lie in an object's fields, read and written by place at once.

Nobody in Python is asked for them, whose class says nothing of that name; for all else the answer
is None, and `fields` looks at what it may be.
"""

from __future__ import annotations

import enum
import functools
import types
from typing import Any

import numpy as np

from s2sdiff.runtime import unseen
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.declared import is_constant
from s2sdiff.runtime.dots import Dots
from s2sdiff.runtime.shadow_slots import add_slot, fields_of, slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import Slots

__all__ = ["is_object", "quick_read", "quick_read_in", "quick_write", "quick_write_in"]

_IN_PYTHON = 1 << 9
#: What holds more than fields: each of int, list, tuple, bytes, str, dict, BaseException and type
#: has a flag for its subclasses.
_WITH_ITEMS = sum(1 << bit for bit in range(24, 32))
_MORE_THAN_FIELDS = (set, frozenset, types.ModuleType, enum.Enum, float, complex, functools.partial)
_KINDS = _IN_PYTHON | _WITH_ITEMS
_REAL = frozenset({float, complex, np.float64})
_NOTHING = frozenset({type(None), int, bool, str})


def quick_read(name: str, owner: Any) -> Any:
    """The value of `owner.name` and its pullback, as `by_place.attribute_by_place` gives them where
    the owner's entry is asked for."""
    found = _read(name, owner)
    if found is None:
        return None
    held, value = found

    def pull(bar: Any, bars: Bars) -> Any:
        add_slot(bars, held, name, bar)

    return value, _no_cotangent if type(value) in _NOTHING else pull


def quick_read_in(dots: Dots, name: str, owner: Any) -> Any:
    """The value of `owner.name` and its tangent, as `pushed_by_place.attribute_in` gives them."""
    found = _read(name, owner)
    return None if found is None else (found[1], dots.get(found[0], name, found[1]))


def _read(name: str, owner: Any) -> tuple[Any, Any] | None:
    """Where an object has its fields, and the number or object that is read there under a name."""
    cls = type(owner)
    held = _fields(cls, name, owner)
    if held is None:
        return None
    value = held.get(name, _MISSING) if type(held) is dict and name in held else \
        getattr(owner, name, _MISSING) if _in_slot(cls, name) else _MISSING
    if value is _MISSING or not _is_plain(value) or (
            hasattr(cls, "__dataclass_fields__") and is_constant(cls, name)):
        return None
    unseen.met(cls)
    return held, value


_MISSING = object()


def quick_write(wrt: Slots, owner: Any, name: Any, value: Any) -> Any:
    """What `setattr(owner, name, value)` gives and its pullback, as `by_place.call_by_place`."""
    held = _written(owner, name, value)
    if held is None:
        return None
    number = type(value) in _REAL

    def pull(bar: Any, bars: Bars) -> Any:
        g = slot(bars, held, name)
        mine = match(g, value) if number else g
        found = [mine if i == 2 else None for i in wrt]
        return found[0] if len(found) == 1 else tuple(found)

    return None, pull


def quick_write_in(dots: Dots, owner: Any, name: str, value: Any, dot: Any) -> bool:
    """`owner.name = value` and its tangent; False where `pushed_by_place.set_in` must ask more."""
    held = _written(owner, name, value)
    if held is None:
        return False
    dots.put(held, name, value, dot)
    return True


def _written(owner: Any, name: Any, value: Any) -> Any:
    """Where an object has its fields, of which one has been written, if it may at once."""
    cls = type(owner)
    if type(name) is not str or cls.__setattr__ is not object.__setattr__ or not _is_plain(value):
        return None
    held = _fields(cls, name, owner)
    if held is not None:
        unseen.met(cls)
        setattr(owner, name, value)
    return held


def _is_plain(value: Any) -> bool:
    return type(value) in _REAL or type(value) in _NOTHING or is_object(value)


def _no_cotangent(bar: Any, bars: Bars) -> None:
    return None


def _fields(cls: Any, name: str, owner: Any) -> Any:
    """Where an object has its fields, if what is under a name there is what anybody reads."""
    if not is_object(owner) or cls.__getattribute__ is not object.__getattribute__ or \
            name[:2] == "__":
        return None
    for c in cls.__mro__:
        if name in c.__dict__:
            found = c.__dict__[name]
            if type(found) is types.MemberDescriptorType:
                return fields_of(owner)
            if hasattr(type(found), "__get__"):
                return None
            break
    held = getattr(owner, "__dict__", None)
    return held if type(held) is dict else None


def _in_slot(cls: Any, name: str) -> bool:
    """Whether a class has a slot for a name."""
    return any(type(c.__dict__.get(name)) is types.MemberDescriptorType for c in cls.__mro__)


def is_object(value: Any) -> bool:
    """An object of a class of the user's that holds things under names alone."""
    return type(value).__flags__ & _KINDS == _IN_PYTHON and not isinstance(
        value, _MORE_THAN_FIELDS)
