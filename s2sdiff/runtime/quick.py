"""Calls of what is met most often, by place: numbers, and items of plain lists, dicts and deques.

What they come to is known at once from the types of the arguments, where `by_place` asks what else
they might be.  Each answers None where it does not serve.
"""

from __future__ import annotations

import operator
from collections import deque
from typing import Any

from s2sdiff import ops, registry
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.rule_calls import match_entry, rule_caller
from s2sdiff.runtime.shadows import Bars, add_slot, slot
from s2sdiff.runtime.slots import shifted
from s2sdiff.runtime.values import Slots

__all__ = ["quick_call", "quick_method"]

_NUMBERS = frozenset({float, int, complex})
_ARITHMETIC = frozenset({operator.add, operator.sub, operator.mul, operator.truediv, operator.neg,
                         operator.pos})
_IN_PLACE = {i: p for i, p in ops.IN_PLACE_ARITHMETIC.items() if p in _ARITHMETIC}
_Found = tuple[Any, Any] | None


def quick_call(wrt: Slots, fn: Any, args: tuple) -> _Found:
    """The value of `fn(*args)` and its pullback, as `by_place.call_by_place` gives them."""
    if type(fn) is not _BUILTIN:
        return None
    if fn is operator.getitem:
        return _item(wrt, *args) if len(args) == 2 else None
    if fn is operator.setitem:
        return _put(wrt, *args) if len(args) == 3 else None
    if not _NUMBERS.issuperset(map(type, args)):
        return None
    plain = _IN_PLACE.get(fn, fn)
    return _numbers(wrt, plain, args) if plain in _ARITHMETIC else None


_BUILTIN = type(operator.add)


def _numbers(wrt: Slots, fn: Any, args: tuple) -> _Found:
    rule = registry.find(fn)
    if rule is None or rule.function is None or not rule.pure or rule.constant or rule.writes:
        return None
    # With numbers nothing is broadcast, which is most of what the library's rules are about.
    shares = _SHARES.get(fn)
    if shares is None:
        value, pullback = rule.function(*args)
    else:
        value = fn(*args)

    if type(value) is int:
        return value, lambda bar, bars: None if len(wrt) == 1 else (None,) * len(wrt)

    def pull(bar: Any, bars: Bars) -> Any:
        g = 0.0 if bar is None else match(bar, value)
        entries = pullback(g) if shares is None else shares(g, *args)
        found = [_matched(entries[i], args[i], rule, wrt) for i in wrt]
        return found[0] if len(found) == 1 else tuple(found)

    return value, pull


#: The entries of operators' pullbacks for numbers.
_SHARES: dict[Any, Any] = {
    operator.add: lambda g, x, y: (g, g),
    operator.sub: lambda g, x, y: (g, -g),
    operator.mul: lambda g, x, y: (g * y, g * x),
    operator.neg: lambda g, x: (-g,),
    operator.pos: lambda g, x: (g,),
}


def _matched(entry: Any, x: Any, rule: Any, wrt: Slots) -> Any:
    if type(x) is int:
        return None
    return entry if type(entry) is type(x) else match_entry(entry, x, rule_caller(rule, wrt))


def _item(wrt: Slots, a: Any, key: Any) -> _Found:
    if wrt != (0,) or not _names_item(a, key):
        return None
    value = a[key]
    at = key if type(a) is dict or key >= 0 else key + len(a)

    def pull(bar: Any, bars: Bars) -> Any:
        add_slot(bars, a, at, bar)

    return value, pull


def _names_item(a: Any, key: Any) -> bool:
    """A key of a plain container that names one item, and is what it is."""
    t = type(a)
    return type(key) in (int, str) if t is dict else type(key) is int and t in (list, deque)


def _put(wrt: Slots, a: Any, key: Any, value: Any) -> _Found:
    if 1 in wrt or type(value) not in _NUMBERS or not _names_item(a, key):
        return None
    a[key] = value
    at = key if type(a) is dict or key >= 0 else key + len(a)
    return None, _taking(wrt, a, lambda bars: slot(bars, a, at), 2, value)


def _taking(wrt: Slots, a: Any, take: Any, where: int, value: Any) -> Any:
    """The pullback of what puts a number into a container, as argument `where`."""
    def pull(bar: Any, bars: Bars) -> Any:
        g = take(bars)
        mine = None if type(value) is int else match(g, value)
        found = [mine if i == where else None for i in wrt]
        return found[0] if len(found) == 1 else tuple(found)

    return pull


def quick_method(wrt: Slots, name: str, owner: Any, args: tuple) -> _Found:
    """The value of `owner.name(*args)` and its pullback, as `by_place.method_by_place` does."""
    t = type(owner)
    if t is not list and (t is not deque or owner.maxlen is not None):
        return None
    if name == "append" and len(args) == 1 and type(args[0]) in _NUMBERS:
        at = len(owner)
        owner.append(args[0])
        return None, _taking(wrt, owner, lambda bars: slot(bars, owner, at), 1, args[0])
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
