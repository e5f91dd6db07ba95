"""What goes into plain containers by place, and through heaps, where types say it all."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from s2sdiff import registry
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.quick_fields import is_object
from s2sdiff.runtime.quick_numbers import NUMBERS, Found
from s2sdiff.runtime.shadow_slots import slots
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import Slots
from s2sdiff.runtime.whole_values import deposit

__all__ = ["HEAPS", "goes_in", "of_heap", "taking"]

HEAPS = frozenset({heapq.heappush, heapq.heappop})
#: What tuples hold that have no place in them.
_FLAT = NUMBERS | {str, type(None)}


def goes_in(value: Any) -> bool:
    """A number, an object, or a tuple in which there are no places."""
    t = type(value)
    return t in NUMBERS or (_FLAT.issuperset(map(type, value)) if t is tuple else is_object(value))


def taking(wrt: Slots, take: Callable[[Bars], Any], where: int, value: Any) -> Any:
    """The pullback of what puts something that `goes_in` into a container, as argument `where`."""
    number, several = type(value) in NUMBERS, type(value) is tuple

    def pull(bar: Any, bars: Bars) -> Any:
        g = take(bars)
        mine = match(g, value) if number else deposit(bars, value, g) if several else g
        found = [mine if i == where else None for i in wrt]
        return found[0] if len(found) == 1 else tuple(found)

    return pull


def of_heap(wrt: Slots, fn: Any, args: tuple) -> Found:
    """A push or a pop: what moves in the heap, its rule knows."""
    heap = args[0]
    if type(heap) is not list or len(args) != 1 + (fn is heapq.heappush) or \
            not all(map(goes_in, args[1:])) or not registry.is_own(fn):
        return None
    rule: Any = registry.find(fn)
    if fn is heapq.heappush:
        value, back = rule.function(heap, args[1])
        return value, taking(wrt, lambda bars: back(None, slots(bars, heap))[1], 1, args[1])
    if not heap or not goes_in(heap[0]) or wrt != (0,):
        return None
    value, back = rule.function(heap)

    def pull(bar: Any, bars: Bars) -> None:
        back(bar, slots(bars, heap))

    return value, pull
