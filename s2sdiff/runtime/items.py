"""Reading and writing items by place."""

from __future__ import annotations

import operator
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import object_arrays
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.keys import keyed
from s2sdiff.runtime.overloads import GIVING_ON, METHODS, OPERATORS, Called
from s2sdiff.runtime.raising import Raised
from s2sdiff.runtime.shadow_slots import add_slot, slot
from s2sdiff.runtime.shadows import Bars, deposit_item, owner_of
from s2sdiff.runtime.values import no_text
from s2sdiff.runtime.whole_values import withdraw

__all__ = ["HANDING_ON", "SPECIAL"]


def _entries(wrt: tuple, **by_slot: Any) -> tuple:
    return tuple(by_slot.get(f"s{i}") for i in wrt)


def _getitem(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    a, key = keyed(fn, args)
    if isinstance(a, np.ndarray) and class_of(a) is np.ndarray:
        if a.dtype.kind == "O":
            return object_arrays.item(wrt, a, key)
        return _array_item(wrt, a, key)
    if not isinstance(a, (tuple, list, deque, dict)):
        if isinstance(a, (str, bytes, range)):
            return a[key], lambda bar, bars: (None,) * len(wrt)
        return _by_class(fn, wrt, args, called)
    if _overloads(a, "__getitem__"):
        return _by_class(fn, wrt, args, called)
    return _of_container(fn, wrt, args, called)


def _of_container(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """What a container itself holds under a key, whatever a class of the user's says of keys."""
    a, key = args
    if not isinstance(a, dict):
        if isinstance(key, slice):
            value: Any = fn(a, key)
            return value, _sliced(wrt, a, value, range(len(a))[key])
        key = operator.index(key)
        value = fn(a, key)
        at, n = key % len(a), len(a)
        if isinstance(a, tuple):
            def of_tuple(bar: Any, bars: Bars) -> tuple:
                share = None if bar is None else (None,) * at + (bar,) + (None,) * (n - at - 1)
                return _entries(wrt, s0=share)

            return value, of_tuple
        return value, _slot_of(wrt, a, at)
    if not dict.__contains__(a, key) and hasattr(class_of(a), "__missing__"):
        return _missing(wrt, a, key, called)
    return dict.__getitem__(a, key), _slot_of(wrt, a, key)


def _missing(wrt: tuple, a: Any, key: Any, called: Called) -> Any:
    """What a dict gives for a key that it has not: of its own method, or of its factory."""
    if _overloads(a, "__missing__"):
        return called(class_of(a).__missing__, wrt, (a, key), {})
    if getattr(a, "default_factory", None) is None:
        raise KeyError(key)
    value, pullback = called(a.default_factory, (), (), {})
    if isinstance(value, Raised):
        return value, lambda bar, bars: (*pullback(bar, bars), *(None,) * len(wrt))
    a[key] = value

    def pull(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, a, key, bar)
        pullback(slot(bars, a, key), bars)
        return (None,) * len(wrt)

    return value, pull


def _slot_of(wrt: tuple, place: Any, key: Any) -> Any:
    def pullback(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, place, key, bar)
        return (None,) * len(wrt)

    return pullback


def _sliced(wrt: tuple, a: Any, value: Any, keys: range) -> Any:
    def pullback(bar: Any, bars: Bars) -> tuple:
        if isinstance(a, tuple):
            if bar is None:
                return (None,) * len(wrt)
            found = dict(zip(keys, bar, strict=True))
            return _entries(wrt, s0=tuple(found.get(i) for i in range(len(a))))
        for i, key in enumerate(keys):
            add_slot(bars, a, key, slot(bars, value, i))
        return (None,) * len(wrt)

    return pullback


def _array_item(wrt: tuple, a: np.ndarray, key: Any) -> Any:
    value = a[key]
    if isinstance(key, (np.ndarray, tuple)):
        key = _kept(key)
    elif isinstance(key, list):
        key = list(key)
    view = isinstance(value, np.ndarray) and owner_of(value) is owner_of(a)

    def pullback(bar: Any, bars: Bars) -> tuple:
        if not view:
            deposit_item(bars, a, key, withdraw(bars, value, bar))
        return (None,) * len(wrt)

    return value, pullback


def _kept(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(_kept(k) for k in key)
    return key.copy() if isinstance(key, np.ndarray) else list(key) if isinstance(key, list) \
        else key


def _overloads(a: Any, name: str) -> bool:
    return isinstance(getattr(class_of(a), name, None), types.FunctionType)


def _by_class(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    method = getattr(class_of(args[0]), METHODS[fn], None)
    if isinstance(method, types.FunctionType):
        return called(method, wrt, args, {})
    return None


def _setitem(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    if fn is operator.setitem and object_arrays.holds_objects(args[0]):
        return object_arrays.write(wrt, *args)
    if 2 in wrt and isinstance(args[2], (str, bytes)) and isinstance(args[0], np.ndarray):
        no_text(args[2])
    if isinstance(args[0], dict) and 1 in wrt and isinstance(args[1], (float, complex, np.inexact)):
        raise refusal(UnsupportedError, "an active number is the key of a dict, which keeps no "
                      "derivative for its keys", "use its index, or mark it with sd.stop_gradient")
    return _by_class(fn, wrt, args, called)


#: Builtin functions that look at the type of what they are given before rules are asked.
SPECIAL: dict[Any, Any] = {
    operator.getitem: _getitem, operator.setitem: _setitem, operator.delitem: _setitem,
    **dict.fromkeys((dict.__getitem__, list.__getitem__, tuple.__getitem__, deque.__getitem__),
                    _of_container), **OPERATORS,
}

#: Those of them that give what the method of a class gives, as it is.
HANDING_ON = frozenset({operator.getitem, operator.setitem, operator.delitem, *GIVING_ON})
