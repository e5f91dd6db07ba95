"""`copy.copy` and `copy.deepcopy` by place: a copy's cotangents go to what it was copied from."""

from __future__ import annotations

import copy
import functools
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import standins_copies
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.named_tuples import is_by_items
from s2sdiff.runtime.plain_classes import is_plain
from s2sdiff.runtime.shadow_slots import add_slot, fields_of, slots
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.whole_values import deposit, withdraw

__all__ = ["SPECIAL", "check_copied"]

Called = Callable[..., tuple[Any, Any]]
_CONTAINERS = (list, dict, set, deque)


def _copied(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`copy.copy` of an object whose class says how; None for what its rule does."""
    if len(args) != 1:
        return None
    (x,) = args
    own = getattr(class_of(x), "__copy__", None)
    if isinstance(own, types.FunctionType):
        return called(own, wrt, args, {})
    if not isinstance(x, (list, dict)) or fields_of(x) is x:
        return None
    check_copied(x)
    made = copy.copy(x)

    def pull(bar: Any, bars: Bars) -> tuple:
        _back(bars, x, made)
        return (None,) * len(wrt)

    return made, pull


def _deeply(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`copy.deepcopy`; all that is copied, at any depth, is known from its memo."""
    if not args:
        return None
    x = args[0]
    memo = args[1] if len(args) == 2 else None
    if memo is not None or standins_copies.asks(x):
        return called(standins_copies.deeply, wrt, (x, {} if memo is None else memo), {})
    memo = {}
    made = copy.deepcopy(x, memo)
    kept = memo.get(id(memo), [])
    pairs = [(old, memo[id(old)]) for old in kept if id(old) in memo]
    for old, _ in pairs:
        check_copied(old)

    def pull(bar: Any, bars: Bars) -> tuple:
        for old, new in pairs:
            _back(bars, old, new)
        # Numbers and tuples travel; nothing else of the argument's has no place.
        entry = bar if isinstance(made, (tuple, float, complex, np.inexact)) else None
        return tuple(entry if s == 0 else None for s in wrt)

    return made, pull


def _back(bars: Bars, old: Any, new: Any) -> None:
    if isinstance(old, np.ndarray):
        if old.dtype.kind in "fc":
            deposit(bars, old, withdraw(bars, new))
        return
    if isinstance(old, tuple):
        return
    places = [(old, new)] if isinstance(old, _CONTAINERS) else []
    if fields_of(old) is not old or not places:
        places.append((fields_of(old), fields_of(new)))
    for there, here in places:
        if id(here) in bars:
            found = dict(slots(bars, here))
            slots(bars, here).clear()
            for key, g in found.items():
                add_slot(bars, there, key, g)


def check_copied(old: Any) -> None:
    """Refuse what is copied by code of its own, or of which one does not know how."""
    cls = class_of(old)
    if cls is functools.partial and not is_inert((old.args, *old.keywords.values())):
        raise refusal(UnsupportedError, "a copy of a partial that holds active values",
                      "make the partial anew, of the copied values")
    if cls in (*_CONTAINERS, tuple, np.ndarray, types.SimpleNamespace, types.MethodType) or \
            not holds_numbers(old):
        return
    # What `namedtuple` writes for copies gives the items.
    # What has no slots is filled as a dict is, whatever setting an attribute means.
    known = "__getnewargs__" if is_by_items(old) else "__setattr__" if is_plain(cls) else None
    plain = cls.__flags__ & (1 << 9) and cls.__reduce_ex__ is object.__reduce_ex__ and all(
        not isinstance(getattr(cls, name, None), types.FunctionType)
        for name in _asked(cls) if name != known)
    if not plain or issubclass(cls, np.ndarray):
        raise refusal(UnsupportedError, f"{cls.__name__} says itself how it is copied",
                      "write a method that makes a copy, and call it")


def _asked(cls: type) -> tuple[str, ...]:
    """The methods that a copy runs; a class that is no container may have others' by that name."""
    return _OWN + _OF_ITEMS if issubclass(cls, _CONTAINERS) else _OWN


_OWN = ("__deepcopy__", "__reduce__", "__getstate__", "__setstate__", "__getnewargs__",
        "__getnewargs_ex__", "__setattr__")
_OF_ITEMS = ("__setitem__", "append", "extend")

#: Builtin functions that look at the type of what they are given before rules are asked.
SPECIAL: dict[Any, Any] = {copy.copy: _copied, copy.deepcopy: _deeply}
