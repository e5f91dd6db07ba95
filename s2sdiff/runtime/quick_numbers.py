"""Arithmetic of numbers and exact arrays, by place, where the types of the arguments say it all.

With them no class of the user's is asked and nothing stands in for what is called: the rule is
called at once, as `ruled` comes to call it after it has asked for everything else.
"""

from __future__ import annotations

import functools
import inspect
import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.registry import PLAIN, Rule, overlay
from s2sdiff.runtime import standins
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.later import Later
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.rule_entries import match_entry
from s2sdiff.runtime.rule_signatures import takes
from s2sdiff.runtime.shadows import Bars, add_to, conjugated, shadow_to_add_to, withdrawn
from s2sdiff.runtime.sharing import shares
from s2sdiff.runtime.values import Slots
from s2sdiff.runtime.views import VIEWS

__all__ = ["NUMBERS", "Found", "of_arrays", "of_choice", "of_floats", "of_numbers", "rule_at_once",
           "without_place"]

Found = tuple[Any, Any] | None

NUMBERS = frozenset({float, int, complex, bool, np.float64, np.float32, np.complex128})
_WHOLE = (int, bool)
_SEVERAL = (tuple, Later)

_IN_PLACE: dict[Any, Any] = dict(ops.IN_PLACE_ARITHMETIC)

_OPERATORS = frozenset({operator.add, operator.sub, operator.mul, operator.truediv, operator.neg,
                        operator.pos, operator.pow, operator.abs, operator.mod,
                        operator.floordiv, operator.matmul, abs, pow, np.clip})
_MODULES = frozenset({"math", "cmath"})
#: Their pullbacks read shapes alone, and what they give is new.
_OF_SHAPES = frozenset({operator.add, operator.sub, np.add, np.subtract})

#: The entries of operators' pullbacks for numbers: nothing is broadcast.
_SHARES: dict[Any, Callable[..., tuple]] = {
    operator.add: lambda g, x, y: (g, g),
    operator.sub: lambda g, x, y: (g, -g),
    operator.mul: lambda g, x, y: (g * y, g * x),
    operator.neg: lambda g, x: (-g,),
    operator.pos: lambda g, x: (g,),
}


def _of_quotient(g: float, x: float, y: float) -> tuple[float, float]:
    x_bar = g / y
    return x_bar, -x_bar * (x / y)


#: The same where both are floats.
_OF_FLOATS = {**_SHARES, operator.truediv: _of_quotient}
_BOTH, _NO_SHARES = (0, 1), (0.0, 0.0)


def of_floats(wrt: Slots, fn: Any, x: float, y: float) -> Found:
    """Sums, products and quotients of two floats, which are the commonest calls of all."""
    fn = without_place(fn)
    shares = _OF_FLOATS.get(fn)
    if shares is None or rule_at_once(fn, 2) is None:
        return None
    value = fn(x, y)

    def entries(bar: Any) -> tuple:
        if type(bar) is float:
            # Of a zero nothing is left, whatever it would be times.
            return shares(bar, x, y) if bar else _NO_SHARES
        if bar is None or (isinstance(bar, np.generic) and not bar):
            return _NO_SHARES
        return tuple([match(g, 0.0) for g in shares(match(bar, value), x, y)])

    if wrt == _BOTH:
        return value, lambda bar, bars: entries(bar)
    at = wrt[0] if len(wrt) == 1 else None

    def pull(bar: Any, bars: Bars) -> Any:
        found = entries(bar)
        return tuple([found[i] for i in wrt]) if at is None else found[at]

    return value, pull


def of_choice(wrt: Slots, fn: Any, args: tuple) -> Found:
    """`max` and `min` of floats, which follow the one that is chosen."""
    if not registry.is_own(fn):
        return None
    value = fn(*args)
    at = next(i for i, x in enumerate(args) if x is value)

    def pull(bar: Any, bars: Bars) -> Any:
        # Who asks for a number's cotangent is given one, if only zero.
        found = [match(bar, value) if i == at and bar is not None else 0.0 for i in wrt]
        return found[0] if len(found) == 1 else tuple(found)

    return value, pull


def without_place(fn: Any) -> Any:
    """What an in-place operator is on numbers, which are made anew."""
    return _IN_PLACE.get(fn, fn)


def of_numbers(wrt: Slots, fn: Any, args: tuple) -> Found:
    """A call with numbers of the types in `NUMBERS`, and nothing else."""
    fn = without_place(fn)
    rule = rule_at_once(fn, len(args))
    if rule is None:
        return None
    entries_of = _SHARES.get(fn)
    if entries_of is None:
        value, entries_of = rule.function(*args)
        if type(value) not in NUMBERS:
            return None
        own: tuple = ()
    else:
        value, own = fn(*args), args
    if type(value) in _WHOLE:
        return value, lambda bar, bars: None if len(wrt) == 1 else (None,) * len(wrt)

    def pull(bar: Any, bars: Bars) -> Any:
        # Of a zero nothing is left, whatever it would be times; of many, each has its own.
        if bar is None or (type(bar) in NUMBERS and not bar):
            found = [match(None, args[i]) for i in wrt]
        else:
            g = bar if type(bar) is type(value) else match(bar, value)
            entries = entries_of(g, *own)
            entries = entries if isinstance(entries, _SEVERAL) else (entries,)
            found = [_matched(entries[i], args[i], rule, wrt) for i in wrt]
        return found[0] if len(found) == 1 else tuple(found)

    return value, pull


def _matched(entry: Any, x: Any, rule: Rule, wrt: Slots) -> Any:
    if type(x) in _WHOLE:
        return None
    return entry if type(entry) is type(x) else match_entry(entry, x, rule_caller(rule, wrt))


def of_arrays(wrt: Slots, fn: Any, args: tuple) -> Found:
    """A call with exact arrays of floats, of which none is written, and with numbers."""
    rule = rule_at_once(fn, len(args))
    if rule is None:
        return None
    if fn in _OF_SHAPES:
        value, pullback = rule.function(*args)
    else:
        # What it reads on the way back may be written by others until then.
        made, pullback = rule.function(*[copy(a) if type(a) is np.ndarray else a for a in args])
        value = copy(made)
    number = type(value) is not np.ndarray

    def pull(bar: Any, bars: Bars) -> Any:
        g = bar if number else withdrawn(bars, value)
        if g is None:
            found = [None if type(args[i]) is np.ndarray else match(None, args[i]) for i in wrt]
        else:
            entries = pullback(match(g, value))
            entries = entries if isinstance(entries, _SEVERAL) else (entries,)
            found = [_given(bars, entries[i], args[i], rule, wrt) for i in wrt]
        return found[0] if len(found) == 1 else tuple(found)

    return value, pull


def _given(bars: Bars, entry: Any, x: Any, rule: Rule, wrt: Slots) -> Any:
    """An array's entry goes to its shadow, a number's is handed back."""
    if type(x) is not np.ndarray:
        return _matched(entry, x, rule, wrt)
    entry = match_entry(entry, x, rule_caller(rule, wrt))
    if entry is not None:
        add_to(shadow_to_add_to(bars, x), conjugated(entry, x.dtype))
    return None


def rule_at_once(fn: Any, count: int) -> Any:
    """The rule of a function, if it may be called at once."""
    plain = overlay.get() is PLAIN
    if plain:
        found = _known.get((fn, count))
        if found is not None and found[0] == registry.epoch:
            return found[1]
    rule = registry.find(fn)
    if rule is None or not _at_once(rule, fn, count):
        return None
    if plain and len(_known) < _REMEMBERED and type(fn) is not types.FunctionType:
        _known[fn, count] = registry.epoch, rule
    return rule


#: By function of a library and count of arguments: the registry's epoch, and the rule then.
_known: dict[tuple[Any, int], tuple[int, Rule]] = {}
_REMEMBERED = 1024


@functools.lru_cache(maxsize=1024)
def _at_once(rule: Rule, fn: Any, count: int) -> bool:
    """A rule of arithmetic that has one way with numbers and arrays, and takes so many."""
    if isinstance(fn, np.ufunc):
        known = count == fn.nin and fn.nout == 1
    else:
        known = fn in _OPERATORS or getattr(fn, "__module__", None) in _MODULES
    function = rule.function
    return known and function is not None and rule.pure and not rule.constant \
        and not rule.writes and not shares(rule) and fn not in VIEWS \
        and takes(function, count) and standins.for_call(fn, {}) is None \
        and not any(hasattr(function, f"__s2sdiff_{how}__") for how in _OTHERWISE) \
        and _in_order(rule, function.__code__, count)


#: How a rule says that it is not called as it is, or has another one beside it.
_OTHERWISE = ("stops", "otherwise", "hands", "any")


def _in_order(rule: Rule, code: Any, count: int) -> bool:
    """Whether what a pullback gives first is for the arguments of a call, one for each."""
    if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
        return False
    names = code.co_varnames[:count]
    return rule.wrt is None or rule.wrt[:count] == names
