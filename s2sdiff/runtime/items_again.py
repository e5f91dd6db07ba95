"""Reading and writing items by place, as code that is differentiated again.

Each gives the value and a pullback, which returns an entry for each argument: what `items`, `quick`
and the rules of mutators do for plain containers and arrays, in a few lines.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.errors import MissingDerivativeError, refusal
from s2sdiff.runtime import reasons
from s2sdiff.runtime.arrays import match, unbroadcast
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.shadow_slots import add_slot, slot
from s2sdiff.runtime.shadows import Bars, deposit_item, owner_of, withdraw_item
from s2sdiff.runtime.whole_values import deposit, withdraw

__all__ = ["known_entry", "written_out"]

_NUMBERS = (int, float, complex, np.number)


def known_entry(entry: Any, rule: Any) -> Any:
    """An entry of a rule's pullback; NotImplemented is a refusal.

    >>> known_entry(2.0, len)
    2.0
    """
    if entry is NotImplemented:
        raise refusal(MissingDerivativeError,
                      f"a derivative of {reasons.name_of(rule)} that was asked for is not known",
                      "keep that argument constant with sd.stop_gradient")
    return entry


def written_out(fn: Any, args: tuple) -> Any:
    """The function of the same arguments that gives value and pullback; None for any other call."""
    if not args:
        return None
    a, *rest = args
    key = rest[0] if rest else None
    if fn in (operator.getitem, list.__getitem__, tuple.__getitem__, dict.__getitem__):
        if class_of(a) is np.ndarray and a.dtype.kind in "fc" and _is_fixed(key):
            value = a[key]
            view = isinstance(value, np.ndarray) and owner_of(value) is owner_of(a)
            return _view if view else _elements
        return _READING.get(class_of(a)) if _names_item(a, key) else None
    if fn is operator.setitem:
        if class_of(a) is np.ndarray and a.dtype.kind in "fc" and _is_fixed(key):
            return _write_elements if _is_plain(rest[1]) else None
        return _WRITING.get(class_of(a)) if _names_item(a, key) else None
    if fn is list.append and type(a) is list:
        return _append
    if fn in (list, tuple) and len(args) == 1 and type(a) in (list, tuple):
        return _COPYING[fn, class_of(a)]
    if fn is ops.unpack and rest[1] is None and type(a) in (tuple, list):
        return _unpack_tuple if type(a) is tuple else _unpack_list
    return None


def _names_item(a: Any, key: Any) -> bool:
    return type(key) in (int, str) if type(a) is dict else type(key) is int


def _is_fixed(key: Any) -> bool:
    """An index that nobody writes until the pullback runs."""
    if type(key) is tuple:
        return all(_is_fixed(k) for k in key)
    return key is None or isinstance(key, (int, np.integer, slice, type(...)))


def _is_plain(x: Any) -> bool:
    return isinstance(x, _NUMBERS) or (class_of(x) is np.ndarray and x.dtype.kind in "fciub")


def _of_list(a: list, key: int) -> Any:
    value, at = a[key], key % len(a)

    def pull(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, a, at, bar)
        return None, None

    return value, pull


def _of_dict(a: dict, key: Any) -> Any:
    value = a[key]

    def pull(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, a, key, bar)
        return None, None

    return value, pull


def _of_tuple(a: tuple, key: int) -> Any:
    value, at, count = a[key], key % len(a), len(a)

    def pull(bar: Any, bars: Bars) -> tuple:
        if bar is None:
            return None, None
        return (None,) * at + (bar,) + (None,) * (count - at - 1), None

    return value, pull


def _view(a: np.ndarray, key: Any) -> Any:
    def pull(bar: Any, bars: Bars) -> tuple:
        return None, None

    return a[key], pull


def _elements(a: np.ndarray, key: Any) -> Any:
    value = a[key]

    def pull(bar: Any, bars: Bars) -> tuple:
        deposit_item(bars, a, key, withdraw(bars, value, bar))
        return None, None

    return value, pull


def _put_list(a: list, key: int, value: Any) -> Any:
    a[key] = value
    at = key % len(a)

    def pull(bar: Any, bars: Bars) -> tuple:
        g = slot(bars, a, at)
        return None, None, match(g, value) if isinstance(value, _NUMBERS) else g

    return None, pull


def _put_dict(a: dict, key: Any, value: Any) -> Any:
    a[key] = value

    def pull(bar: Any, bars: Bars) -> tuple:
        g = slot(bars, a, key)
        return None, None, match(g, value) if isinstance(value, _NUMBERS) else g

    return None, pull


def _write_elements(a: np.ndarray, key: Any, value: Any) -> Any:
    shape = np.shape(value)
    a[key] = value

    def pull(bar: Any, bars: Bars) -> tuple:
        g = withdraw_item(bars, a, key)
        return None, None, deposit(bars, value, match(unbroadcast(g, shape), value))

    return None, pull


def _append(a: list, value: Any) -> Any:
    at = len(a)
    a.append(value)

    def pull(bar: Any, bars: Bars) -> tuple:
        g = slot(bars, a, at)
        return None, match(g, value) if isinstance(value, _NUMBERS) else g

    return None, pull


def _unpack_tuple(a: tuple, before: int, after: None) -> Any:
    def pull(bar: Any, bars: Bars) -> tuple:
        return bar, None, None

    return a, pull


def _unpack_list(a: list, before: int, after: None) -> Any:
    def pull(bar: Any, bars: Bars) -> tuple:
        if bar is not None:
            for i, g in enumerate(bar):
                add_slot(bars, a, i, g)
        return None, None, None

    return tuple(a), pull


def _tuple_of_tuple(a: tuple) -> Any:
    def pull(bar: Any, bars: Bars) -> tuple:
        return (bar,)

    return a, pull


def _tuple_of_list(a: list) -> Any:
    def pull(bar: Any, bars: Bars) -> tuple:
        if bar is not None:
            for i, g in enumerate(bar):
                add_slot(bars, a, i, g)
        return (None,)

    return tuple(a), pull


def _list_of_tuple(a: tuple) -> Any:
    value, count = list(a), len(a)

    def pull(bar: Any, bars: Bars) -> tuple:
        return (tuple([slot(bars, value, i) for i in range(count)]),)

    return value, pull


def _list_of_list(a: list) -> Any:
    value, count = list(a), len(a)

    def pull(bar: Any, bars: Bars) -> tuple:
        for i in range(count):
            add_slot(bars, a, i, slot(bars, value, i))
        return (None,)

    return value, pull


_COPYING: dict[Any, Any] = {
    (tuple, tuple): _tuple_of_tuple, (tuple, list): _tuple_of_list,
    (list, tuple): _list_of_tuple, (list, list): _list_of_list,
}
_READING: dict[type, Any] = {list: _of_list, dict: _of_dict, tuple: _of_tuple}
_WRITING: dict[type, Any] = {list: _put_list, dict: _put_dict}
