"""Calls of what is met most often, by place: numbers, items of plain lists, dicts and deques, and
functions of the user's.

What they come to is known at once from the types of the arguments, where `by_place` asks what else
they might be.  Each answers None where it does not serve.
"""

from __future__ import annotations

import operator
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.ops import unpack
from s2sdiff.runtime.common import is_common
from s2sdiff.runtime.quick_containers import HEAPS, goes_in, of_heap, taking
from s2sdiff.runtime.quick_fields import quick_write
from s2sdiff.runtime.quick_functions import of_class, of_function, of_method
from s2sdiff.runtime.quick_numbers import (
    NUMBERS,
    Found,
    of_arrays,
    of_choice,
    of_floats,
    of_numbers,
)
from s2sdiff.runtime.shadow_slots import add_slot, slot
from s2sdiff.runtime.shadows import Bars, deposit_item
from s2sdiff.runtime.slots import shifted
from s2sdiff.runtime.values import Slots, sequence
from s2sdiff.runtime.whole_values import deposit

__all__ = ["quick_call", "quick_method"]

_BUILTIN = type(operator.add)
_CALLED = (_BUILTIN, np.ufunc, types.FunctionType)


def quick_call(wrt: Slots, fn: Any, args: tuple) -> Found:
    """The value of `fn(*args)` and its pullback, as `by_place.call_by_place` gives them."""
    kind = type(fn)
    if kind not in _CALLED:
        return of_class(wrt, fn, args) if kind is type else None
    if kind is _BUILTIN and len(args) == 2 and type(args[0]) is float and type(args[1]) is float:
        found = of_choice(wrt, fn, args) if fn is max or fn is min else of_floats(wrt, fn, *args)
        if found is not None:
            return found
    if kind is types.FunctionType and fn is not sequence and fn is not unpack:
        found = of_function(wrt, fn, args)
        if found is not None:
            return found
    if fn is operator.getitem:
        if wrt == (0, 1) and type(args[1]) in (int, str):
            return _beside_a_key(_item((0,), *args))
        return _item(wrt, *args) if len(args) == 2 else None
    if fn is operator.setitem:
        return _put(wrt, *args) if len(args) == 3 else None
    if fn is sequence or (fn is unpack and type(args[0]) is tuple and args[-1] is None):
        return _walked(wrt, args[0])
    if fn is setattr:
        return quick_write(wrt, *args) if len(args) == 3 else None
    if fn in HEAPS:
        return of_heap(wrt, fn, args)
    kinds = set(map(type, args))
    if kinds <= NUMBERS:
        return of_numbers(wrt, fn, args)
    if np.ndarray in kinds and kinds <= _OF_ARRAYS and all(
            type(a) is not np.ndarray or a.dtype.kind in "fcui" for a in args):
        return of_arrays(wrt, fn, args)
    return None


_OF_ARRAYS = NUMBERS | {np.ndarray}


def _walked(wrt: Slots, items: Any) -> Found:
    """What a loop runs over, where that is what it is given."""
    if wrt != (0,) or type(items) not in (list, tuple):
        return None
    if type(items) is list:
        return items, lambda bar, bars: None
    return items, lambda bar, bars: None if bar is None else deposit(bars, items, bar)


def _item(wrt: Slots, a: Any, key: Any) -> Found:
    if wrt != (0,):
        return None
    if type(a) is np.ndarray:
        return _number(a, key) if a.dtype.kind == "f" else None
    if type(key) is int and isinstance(a, tuple) and type(a).__getitem__ is tuple.__getitem__:
        return _of_tuple(a, key)
    if not _names_item(a, key):
        return None
    value = a[key]
    at = key if type(a) is dict or key >= 0 else key + len(a)

    def pull(bar: Any, bars: Bars) -> Any:
        add_slot(bars, a, at, bar)

    return value, pull


def _beside_a_key(found: Found) -> Found:
    """The same where a key is asked for its cotangent, too, which it has not."""
    if found is None:
        return None
    value, pull = found
    return value, lambda bar, bars: (pull(bar, bars), None)


def _number(a: np.ndarray, key: Any) -> Found:
    """One number of an array; of views there is more to be said."""
    if not (type(key) is int if a.ndim == 1 else
            type(key) is tuple and len(key) == a.ndim and set(map(type, key)) == {int}):
        return None

    def pull(bar: Any, bars: Bars) -> Any:
        deposit_item(bars, a, key, bar)

    return a[key], pull


def _of_tuple(a: tuple, key: int) -> Found:
    value, at, n = a[key], key % len(a), len(a)

    def pull(bar: Any, bars: Bars) -> Any:
        return None if bar is None else (None,) * at + (bar,) + (None,) * (n - at - 1)

    return value, pull


def _names_item(a: Any, key: Any) -> bool:
    """A key of a plain container that names one item, and is what it is."""
    t = type(a)
    return type(key) in (int, str) if t is dict else type(key) is int and t in (list, deque)


def _put(wrt: Slots, a: Any, key: Any, value: Any) -> Found:
    if not goes_in(value) or not _names_item(a, key) or (type(a) is dict and is_common(a)):
        return None
    a[key] = value
    at = key if type(a) is dict or key >= 0 else key + len(a)
    return None, taking(wrt, lambda bars: slot(bars, a, at), 2, value)


def quick_method(wrt: Slots, name: str, owner: Any, args: tuple) -> Found:
    """The value of `owner.name(*args)` and its pullback, as `by_place.method_by_place` does."""
    t = type(owner)
    if t is not list and (t is not deque or owner.maxlen == 0):
        return of_method(wrt, name, owner, args)
    if name == "append" and len(args) == 1 and goes_in(args[0]):
        at = len(owner)
        if t is deque and at == owner.maxlen:
            owner.append(args[0])
            return None, taking(wrt, lambda bars: _pushed_out(bars, owner), 1, args[0])
        owner.append(args[0])
        return None, taking(wrt, lambda bars: slot(bars, owner, at), 1, args[0])
    if args or wrt != (0,) or name not in ("pop", "popleft") or not owner or (
            name == "popleft" and t is list):
        return None
    value, first = getattr(owner, name)(), name == "popleft"
    at = 0 if first else len(owner)

    def pull(bar: Any, bars: Bars) -> None:
        found = bars.get(id(owner))
        if first and found is not None:
            shifted(found[1], 0, 1)
        add_slot(bars, owner, at, bar)

    return value, pull


def _pushed_out(bars: Bars, owner: deque) -> Any:
    """Take the last cotangent of a full deque out, where the first item is there again."""
    g = slot(bars, owner, owner.maxlen - 1)  # type: ignore[operator]
    found = bars.get(id(owner))
    if found is not None:
        shifted(found[1], 0, 1)
    return g
