"""Numbers and objects that lie in an object's `__dict__`, read and written by place at once.

Nobody in Python is asked for them, whose class says nothing of that name; for all else the answer
is None, and `fields` looks at what it may be.
"""

from __future__ import annotations

import enum
import functools
import types
from typing import Any

from s2sdiff.runtime import unseen
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.declared import is_constant
from s2sdiff.runtime.dots import Dots
from s2sdiff.runtime.shadow_slots import add_slot, slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import Slots

__all__ = ["quick_read", "quick_read_in", "quick_write", "quick_write_in"]

_IN_PYTHON = 1 << 9
#: What holds more than fields: each of int, list, tuple, bytes, str, dict, BaseException and type
#: has a flag for its subclasses.
_WITH_ITEMS = sum(1 << bit for bit in range(24, 32))
_MORE_THAN_FIELDS = (set, frozenset, types.ModuleType, enum.Enum, float, complex, functools.partial)
_KINDS = _IN_PYTHON | _WITH_ITEMS
_REAL = frozenset({float, complex})
_NOTHING = frozenset({type(None), int, bool, str})


def quick_read(name: str, owner: Any) -> Any:
    """The value of `owner.name` and its pullback, as `by_place.attribute_by_place` gives them where
    the owner's entry is asked for."""
    held = _read(name, owner)
    if held is None:
        return None
    value = held[name]

    def pull(bar: Any, bars: Bars) -> Any:
        add_slot(bars, held, name, bar)

    return value, _no_cotangent if type(value) in _NOTHING else pull


def quick_read_in(dots: Dots, name: str, owner: Any) -> Any:
    """The value of `owner.name` and its tangent, as `pushed_by_place.attribute_in` gives them."""
    held = _read(name, owner)
    return None if held is None else (held[name], dots.get(held, name, held[name]))


def _read(name: str, owner: Any) -> dict | None:
    """An object's `__dict__`, if what is read under a name is a number or an object in it."""
    cls = type(owner)
    held = _fields(cls, name, owner)
    if held is None or name not in held or not _is_plain(held[name]) or (
            hasattr(cls, "__dataclass_fields__") and is_constant(cls, name)):
        return None
    unseen.met(cls)
    return held


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


def _written(owner: Any, name: Any, value: Any) -> dict | None:
    """The `__dict__` of an object into which a number or an object has been written, if it may."""
    cls = type(owner)
    if type(name) is not str or cls.__setattr__ is not object.__setattr__ or not _is_plain(value):
        return None
    held = _fields(cls, name, owner)
    if held is not None:
        unseen.met(cls)
        setattr(owner, name, value)
    return held


def _is_plain(value: Any) -> bool:
    return type(value) in _REAL or type(value) in _NOTHING or _is_object(value)


def _no_cotangent(bar: Any, bars: Bars) -> None:
    return None


def _fields(cls: Any, name: str, owner: Any) -> dict | None:
    """An object's `__dict__`, if what is under a name there is what anybody reads."""
    if not _is_object(owner) or cls.__getattribute__ is not object.__getattribute__ or \
            name[:2] == "__":
        return None
    for c in cls.__mro__:
        if name in c.__dict__:
            if hasattr(type(c.__dict__[name]), "__get__"):
                return None
            break
    held = getattr(owner, "__dict__", None)
    return held if type(held) is dict else None


def _is_object(value: Any) -> bool:
    """An object of a class of the user's that holds things under names alone."""
    return type(value).__flags__ & _KINDS == _IN_PYTHON and not isinstance(
        value, _MORE_THAN_FIELDS)
