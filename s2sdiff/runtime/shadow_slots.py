"""Shadows of lists, dicts, sets, objects and cells: slots, from index, key or name to a cotangent.

See `shadows` for what a shadow is; a cotangent in a slot is that of a number or of a tuple.
"""

from __future__ import annotations

import functools
import types
from collections import deque
from typing import Any

from s2sdiff.runtime.arrays import add, match
from s2sdiff.runtime.slots import Moving, shifted

__all__ = [
    "Bars", "Parts", "add_field", "add_first", "add_number", "add_numbers", "add_slot", "fields_of",
    "of_fields", "slot", "slots", "take_field", "take_first", "take_number", "unplaced",
]

#: From a place's id to the place, which is thus kept, and its shadow.
Bars = dict[int, tuple[Any, Any]]


class Parts:
    """A container and what was in it at one time, for cotangents of that time.

    Behind a view of a dict is the dict, in which those of its items lie that are read there.
    """

    __slots__ = ("behind", "items", "place")

    def __init__(self, place: Any, items: dict[Any, Any], behind: Any = None) -> None:
        self.place, self.items, self.behind = place, items, behind


_WITH_ITEMS = (list, dict, set, frozenset, deque, types.CellType, functools.partial, Parts,
               types.FunctionType, types.MethodType, type, types.ModuleType)


def of_fields(x: Any) -> Any:
    """What an object's attributes have their shadow under: its `__dict__`, if it has one."""
    if isinstance(x, _WITH_ITEMS):
        return x
    return fields_of(x)


def fields_of(x: Any) -> Any:
    """What attributes have their shadow under, those of a container's subclass, too."""
    held = None if isinstance(x, (type, types.ModuleType)) else getattr(x, "__dict__", None)
    return held if type(held) is dict else x


def slots(bars: Bars, place: Any) -> dict[Any, Any]:
    """The shadow of a list, dict, set, object or cell."""
    found = bars.get(id(place))
    if found is None:
        found = bars[id(place)] = (place, Moving() if issubclass(type(place), deque) else {})
    return found[1]


def slot(bars: Bars, place: Any, key: Any) -> Any:
    """Take the cotangent of what is under a key out of a place's shadow; None: zero."""
    found = bars.get(id(place))
    return None if found is None else found[1].pop(key, None)


def unplaced(bars: Bars, place: Any) -> dict[Any, Any]:
    """Take a place's whole shadow out of the table, as that of a call's keyword arguments."""
    return bars.pop(id(place), (None, {}))[1]


def add_slot(bars: Bars, place: Any, key: Any, g: Any) -> None:
    """Add to the cotangent of what is under a key."""
    if g is not None:
        mine = slots(bars, place)
        mine[key] = add(mine.get(key), g)


def add_number(bars: Bars, place: Any, key: Any, g: Any) -> None:
    """Add to the cotangent of a number under a key."""
    found = bars.get(id(place))
    mine = slots(bars, place) if found is None else found[1]
    mine[key] = mine.get(key, 0.0) + g


def add_numbers(bars: Bars, place: Any, g: Any) -> None:
    """Add to the cotangents of numbers in a list, which may hold others by now.

    >>> bars, place = {}, [0.5]
    >>> add_numbers(bars, place, [1.0, 2.0]), add_numbers(bars, place, {1: 3.0})
    (None, None)
    >>> slots(bars, place)
    {0: 1.0, 1: 5.0}
    """
    if g is not None:
        mine = slots(bars, place)
        for key, share in g.items() if isinstance(g, dict) else enumerate(g):
            if share is not None:
                mine[key] = mine.get(key, 0.0) + share


def add_field(bars: Bars, owner: Any, name: str, g: Any) -> None:
    """Add to the cotangent of a number that is an attribute of an object."""
    add_number(bars, fields_of(owner), name, g)


def take_field(bars: Bars, owner: Any, name: str, zero: Any) -> Any:
    """Take the cotangent of a number that was set as an attribute of an object."""
    return take_number(bars, fields_of(owner), name, zero)


def add_first(bars: Bars, place: Any, g: Any) -> None:
    """Put a cotangent in front of a deque's others, whose places move by one."""
    found = bars.get(id(place))
    if found is not None:
        shifted(found[1], 0, 1)
    if g is not None:
        slots(bars, place)[0] = g


def take_first(bars: Bars, place: Any, zero: Any) -> Any:
    """Take the first cotangent of a deque out, where all others move by one."""
    g = take_number(bars, place, 0, zero)
    shifted(slots(bars, place), 1, -1)
    return g


def take_number(bars: Bars, place: Any, key: Any, zero: Any) -> Any:
    """Take the cotangent of a number of `zero`'s type out of a place's shadow."""
    found = bars.get(id(place))
    g = zero if found is None else found[1].pop(key, zero)
    return g if type(g) is type(zero) else match(g, zero)
