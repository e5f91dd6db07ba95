"""Rules of functions that hand on the very objects that are in their arguments, called by place.

`list(items)`, `sorted`, `zip`, `d.get(k)`: nothing is copied, for whoever writes into an element of
the result writes into that of the argument.  Elements that are arrays or containers have their
cotangents in shadows of their own; those of numbers and tuples move between slots.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from typing import Any

import numpy as np

from s2sdiff.errors import MissingDerivativeError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.shadow_slots import Parts, add_slot, of_fields, slots
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import Slots, argument
from s2sdiff.runtime.walks import Walk
from s2sdiff.runtime.whole_values import deposit, withdraw

__all__ = ["hands_on", "shared", "shares"]

#: What has slots in a table of shadows.
PLACES = (list, dict, set, frozenset, deque, Walk)


def shares(rule: Rule) -> str:
    """What the result of a function holds of its arguments; "" for rules of other functions.

    "items": it is a new container of their elements; "element": it is one of them; "rest": it is a
    tuple of them, with a list of others; "parts": it is new, or holds elements of elements.
    """
    return getattr(rule.function, "__s2sdiff_shares__", "")


def hands_on(rule: Rule, values: tuple) -> bool:
    """Whether a rule gives on what is in these containers, and calls no class of the user's.

    It may be called by value then, with whatever objects in them: it does not look at those.
    """
    return shares(rule) in ("items", "element", "rest") and all(map(_is_handed, values))


def _is_handed(x: Any) -> bool:
    """A container of Python's own whose items are none that Python would walk over, or an item."""
    if class_of(x) in _EXACT or (
            isinstance(x, tuple) and class_of(x).__iter__ is tuple.__iter__):
        return all(class_of(v) in _EXACT or _is_item(v)
                   for v in (dict.values(x) if isinstance(x, dict) else x))
    return isinstance(x, Walk) or _is_item(x)


def _is_item(x: Any) -> bool:
    """Nothing that is walked over: not the keys of a dict, nor an array of objects."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind != "O"
    return isinstance(x, (float, complex, int, np.generic, str, bytes)) or not any(
        hasattr(class_of(x), name) for name in (
            "__iter__", "__getitem__", "__len__", "keys", "__array__"))


_EXACT = frozenset({list, tuple, dict, set, frozenset, deque, OrderedDict, defaultdict})


def shared(rule: Rule, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A call by the rule of such a function; the pullback gives a tuple of entries."""
    caller = rule_caller(rule, wrt)
    given = [argument(slot, args, kwargs) for slot in wrt]
    if shares(rule) == "parts":
        given = [parts(x) for x in given]
    made: tuple[Any, Any] = caller.function(*args, **kwargs)
    value, pullback = made
    element = shares(rule) == "element"
    after = args[1] if shares(rule) == "rest" and args[2] is not None else None
    same = any(value is x for x in given)

    def pull(bar: Any, bars: Bars) -> tuple:
        if element or same:
            seed = None if isinstance(value, (np.ndarray, *PLACES)) else bar
        else:
            seed = held(bars, value, bar)
        if after is not None:
            # The list of what is left over, in the tuple of what was unpacked.
            items: Any = value
            found = list(seed) if seed is not None else [None] * len(items)
            found[after] = held(bars, items[after], None)
            seed = tuple(found)
        if seed is None:
            return (None,) * len(wrt)
        entries = caller.entries(pullback(seed))
        return tuple(handed(bars, x, e) for x, e in zip(given, entries, strict=True))

    return value, pull


def has_slots(x: Any) -> bool:
    """A container, or an object with attributes; no tuple is one, whatever else its class has."""
    if isinstance(x, PLACES):
        return True
    return not isinstance(x, (tuple, np.generic, np.ndarray, Parts)) and (
        hasattr(x, "__dict__") or hasattr(class_of(x), "__slots__"))


def held(bars: Bars, value: Any, bar: Any) -> Any:
    """The cotangent of a new container's numbers and tuples, taken out of its shadow."""
    if isinstance(value, np.ndarray):
        return withdraw(bars, value)
    if has_slots(value):
        place = of_fields(value)
        found = dict(slots(bars, place))
        bars.pop(id(place))
        return found or None
    return bar


def handed(bars: Bars, x: Any, entry: Any) -> Any:
    """Add an entry to the shadow of an argument; the part without a place is returned."""
    if entry is NotImplemented:
        if not holds_numbers(x):
            return None
        raise refusal(MissingDerivativeError, "a derivative that was asked for is not known",
                      "keep that argument constant with sd.stop_gradient")
    if entry is None or not has_slots(x):
        return deposit(bars, x, entry)
    for key, g in entry.items() if isinstance(entry, dict) else enumerate(entry):
        add_slot(bars, of_fields(x), key, g)
    return None
