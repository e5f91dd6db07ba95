"""`heapq`: Python's own algorithms, which also note where each element that moved came from.

The comparisons are those of `heapq`, in their order.  Only what moves is noted, so that a push and
a pop stay logarithmic.
"""

from __future__ import annotations

import heapq
from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.writes_lists import only_lists
from s2sdiff.runtime.slots import give

__all__: list[str] = []

#: Stands for the origin of an element that was not in the heap before.
NEW = -1


def rise(heap: list, start: int, at: int, origins: dict[int, int]) -> None:
    """Let the element at an index rise to its place, not above `start`."""
    item, origin = heap[at], origins.get(at, at)
    while at > start:
        above = (at - 1) >> 1
        if not item < heap[above]:
            break
        heap[at], origins[at] = heap[above], origins.get(above, above)
        at = above
    heap[at], origins[at] = item, origin


def sink(heap: list, at: int, origins: dict[int, int]) -> None:
    """Let the element at an index sink to a leaf, and rise again to its place."""
    start, end = at, len(heap)
    item, origin = heap[at], origins.get(at, at)
    below = 2 * at + 1
    while below < end:
        if below + 1 < end and not heap[below] < heap[below + 1]:
            below += 1
        heap[at], origins[at] = heap[below], origins.get(below, below)
        at, below = below, 2 * below + 1
    heap[at], origins[at] = item, origin
    rise(heap, start, at, origins)


def back(slots: dict, origins: dict[int, int]) -> Any:
    """Send the slots of the elements that moved back; the cotangent of the new one is returned."""
    after = {k: slots.pop(k, None) for k in origins}
    new = None
    for k, g in after.items():
        if origins[k] == NEW:
            new = g
        else:
            give(slots, origins[k], g)
    return new


@derivative(of=heapq.heappush, writes="heap")
def heappush(heap, item, /):
    only_lists(heap, "heapq.heappush")
    origins = {len(heap): NEW}
    list.append(heap, item)
    rise(heap, 0, len(heap) - 1, origins)
    return None, lambda _, heap_bar: (None, back(heap_bar, origins))


@derivative(of=heapq.heappop, writes="heap")
def heappop(heap, /):
    only_lists(heap, "heapq.heappop")
    if not heap:
        return heapq.heappop(heap), lambda item_bar, heap_bar: None
    item, last = heap[0], list.pop(heap)
    origins: dict[int, int] = {}
    if heap:
        heap[0], origins[0] = last, len(heap)
        sink(heap, 0, origins)

    def pullback(item_bar, heap_bar):
        back(heap_bar, origins)
        give(heap_bar, 0, item_bar)

    return item, pullback


@derivative(of=heapq.heapreplace, writes="heap")
def heapreplace(heap, item, /):
    only_lists(heap, "heapq.heapreplace")
    if not heap:
        return heapq.heapreplace(heap, item), lambda item_bar, heap_bar: (None, None)
    first, origins = heap[0], {0: NEW}
    heap[0] = item
    sink(heap, 0, origins)

    def pullback(first_bar, heap_bar):
        item_bar = back(heap_bar, origins)
        give(heap_bar, 0, first_bar)
        return None, item_bar

    return first, pullback


@derivative(of=heapq.heappushpop, writes="heap")
def heappushpop(heap, item, /):
    only_lists(heap, "heapq.heappushpop")
    if heap and heap[0] < item:
        return heapreplace(heap, item)
    return item, lambda item_bar, heap_bar: (None, item_bar)


@derivative(of=heapq.heapify, writes="heap")
def heapify(heap, /):
    only_lists(heap, "heapq.heapify")
    origins: dict[int, int] = {}
    for at in reversed(range(len(heap) // 2)):
        sink(heap, at, origins)

    def pullback(_, heap_bar):
        back(heap_bar, origins)

    return None, pullback
