"""`getattr`, `setattr` and `delattr`: fields that are dealt with by their names, by place."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from s2sdiff.runtime import unseen
from s2sdiff.runtime.fields import SHARED, delete, is_in_class, read, stored, write
from s2sdiff.runtime.raising import Raised
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import Slots, is_inert

__all__ = ["SPECIAL", "plainly_there"]

_NUMBERS = (float, complex, np.generic, np.ndarray)
_CONTAINERS = (list, dict, tuple, set, frozenset, deque)


def _getattr(fn: Any, wrt: Slots, args: tuple, called: Any, plainly: bool = False) -> Any:
    owner, name = args[:2]
    try:
        value, pullback = read(owner, name, called, plainly)
    except AttributeError:
        if len(args) == 2:
            raise
        return args[2], lambda bar, bars: tuple(bar if s == 2 else None for s in wrt)
    if isinstance(value, Raised) and isinstance(value.error, AttributeError) and len(args) > 2:
        def instead(bar: Any, bars: Bars) -> tuple:
            (mine,) = pullback(None, bars)  # what was done before it raised
            return tuple({0: mine, 2: bar}.get(s) for s in wrt)  # type: ignore[arg-type]

        return args[2], instead

    def pull(bar: Any, bars: Bars) -> tuple:
        (mine,) = pullback(bar, bars)
        return tuple(mine if s == 0 else None for s in wrt)

    return value, pull


def _getattribute(fn: Any, wrt: Slots, args: tuple, called: Any) -> Any:
    """`object.__getattribute__(owner, name)`: as `getattr`, but that the class is not asked."""
    owner, name = args
    if isinstance(owner, (type, super, *_NUMBERS)):
        return None
    if not plainly_there(owner, name):
        object.__getattribute__(owner, name)  # raises what Python raises
    return _getattr(fn, wrt, args, called, True)


def plainly_there(owner: Any, name: str) -> bool:
    """Whether an object or its class has an attribute, without anybody being asked for it."""
    held = getattr(owner, "__dict__", None)
    return is_in_class(owner, name) or (isinstance(held, dict) and name in held)


def _setattr(fn: Any, wrt: Slots, args: tuple, called: Any) -> Any:
    if isinstance(args[0], np.ndarray):
        return None
    owner, name, value = args
    ended, pullback = write(owner, name, value, called)

    def pull(bar: Any, bars: Bars) -> tuple:
        (share,) = pullback(None, bars)
        return tuple(share if s == 2 else None for s in wrt)

    return ended, pull


def _stored(fn: Any, wrt: Slots, args: tuple, called: Any) -> Any:
    """`object.__setattr__(owner, name, value)`, where what is in the owner is not its fields."""
    owner, name, value = args
    if isinstance(owner, SHARED) and not is_inert(value):
        write(owner, name, value, called)  # which refuses it
    if not isinstance(owner, _CONTAINERS) or name == "__dict__":
        return None
    unseen.met(type(owner))
    unseen.kept(owner, name, value)
    ended, pullback = stored(owner, name, value, called, fn)

    def pull(bar: Any, bars: Bars) -> tuple:
        (share,) = pullback(None, bars)
        return tuple(share if s == 2 else None for s in wrt)

    return ended, pull


def _delattr(fn: Any, wrt: Slots, args: tuple, called: Any) -> Any:
    owner, name = args
    ended, pullback = delete(owner, name, called)

    def pull(bar: Any, bars: Bars) -> tuple:
        pullback(None, bars)
        return (None,) * len(wrt)

    return ended, pull


#: Builtin functions that deal with a field by its name.
SPECIAL: dict[Any, Any] = {getattr: _getattr, setattr: _setattr, delattr: _delattr,
                           object.__getattribute__: _getattribute, object.__setattr__: _stored}
