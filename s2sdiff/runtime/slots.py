"""Shadows of lists, dicts and sets: a dict from index, key or element to cotangent; absent is zero.

A mutator's rule changes such a shadow from what it is after the call to what it was before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from s2sdiff.runtime.arrays import add, match

__all__ = [
    "Moving", "add_all", "add_share", "give", "only", "put", "put_all", "shares", "shifted",
    "sorted_back", "under",
]


def give(slots: dict, key: Any, g: Any) -> None:
    """Add a cotangent to a slot; None is zero.

    >>> slots = {0: 1.0}
    >>> give(slots, 0, 2.0), give(slots, 1, None), slots
    (None, None, {0: 3.0})
    """
    if g is not None:
        slots[key] = add(slots.get(key), g)


def shares(bar: Any, n: int, zero: Any = None) -> list:
    """The cotangents of a list's `n` items as a list of its own, `zero` where there is none.

    >>> shares({1: 2.0}, 3, 0.0), shares(None, 2), shares((1.0, None), 2, 0.0)
    ([0.0, 2.0, 0.0], [None, None], [1.0, 0.0])
    """
    if bar is None:
        return [zero] * n
    items = [bar.get(i) for i in range(n)] if isinstance(bar, dict) else list(bar)
    return items if zero is None else [zero if g is None else g for g in items]


def add_share(slots: list, key: Any, g: Any) -> None:
    """Add to the cotangents under an index or a slice; no array is changed in place.

    >>> slots = [None, 1.0]
    >>> add_share(slots, -1, 2.0), add_share(slots, 0, 5.0), slots
    (None, None, [5.0, 3.0])
    """
    if isinstance(key, slice):
        for i, part in zip(range(len(slots))[key], shares(g, len(slots[key])), strict=True):
            slots[i] = add(slots[i], part)
    elif g is not None:
        slots[key] = add(slots[key], g)


def add_all(slots: list, bar: Any) -> None:
    """Add the cotangent of a list of floats, by index or item by item.

    >>> slots = [0.0, 1.0]
    >>> add_all(slots, {0: 2.0}), add_all(slots, (None, 5.0)), slots
    (None, None, [2.0, 6.0])
    """
    if bar is not None:
        for i, g in bar.items() if isinstance(bar, dict) else enumerate(bar):
            if g is not None:
                slots[i] += match(g, 0.0)


def add_part(slots: list, key: slice, bar: Any) -> None:
    """Add the cotangent of what was read by a slice of a list of floats.

    >>> slots = [0.0, 1.0, 2.0]
    >>> add_part(slots, slice(None, None, -1), [5.0, None, 7.0]), slots
    (None, [7.0, 1.0, 7.0])
    """
    if bar is not None:
        places = range(len(slots))[key]
        for i, g in bar.items() if isinstance(bar, dict) else enumerate(bar):
            if g is not None:
                slots[places[i]] += match(g, 0.0)


def of_part(bar: Any, key: slice, n: int) -> list:
    """The cotangent of a list of `n` floats, from that of what was read of it by a slice.

    >>> of_part([5.0], slice(1, 2), 3)
    [0.0, 5.0, 0.0]
    """
    slots = [0.0] * n
    add_part(slots, key, bar)
    return slots


def in_full(bar: Any, first: int, second: int) -> list:
    """The cotangent of two lists of floats that were joined, item by item.

    >>> in_full({2: 5.0}, 1, 2)
    [0.0, 0.0, 5.0]
    """
    slots = [0.0] * (first + second)
    add_all(slots, bar)
    return slots


def only(g: Any, index: int, n: int) -> dict:
    """The cotangent of a list of `n` elements of which one was read.

    >>> only(2.0, -1, 3)
    {2: 2.0}
    """
    return {} if g is None else {index % n: g}


def under(g: Any, key: Any) -> dict:
    """The cotangent of a dict of which what is under one key was read.

    >>> under(2.0, "w"), under(None, "w")
    ({'w': 2.0}, {})
    """
    return {} if g is None else {key: g}


def put(slots: dict, index: int, n: int, g: Any) -> None:
    """Add to the cotangent of one element of a list of `n`.

    >>> slots = {2: 1.0}
    >>> put(slots, -1, 3, 2.0), slots
    (None, {2: 3.0})
    """
    give(slots, index % n, g)


def put_all(slots: dict, bar: Any) -> None:
    """Add the cotangent of a list, by index or item by item.

    >>> slots = {2: 1.0}
    >>> put_all(slots, {2: 0.5}), put_all(slots, [None, 2.0]), put_all(slots, None), slots
    (None, None, None, {2: 1.5, 1: 2.0})
    """
    if bar is not None:
        for key, g in bar.items() if isinstance(bar, dict) else enumerate(bar):
            give(slots, key, g)


class Moving(dict):
    """The slots of a deque, all of which move at once: they lie under index less `ahead`.

    >>> slots = Moving()
    >>> slots[0] = "a"
    >>> shifted(slots, 0, 1), slots[1], dict(slots)
    (None, 'a', {1: 'a'})
    """

    __slots__ = ("ahead",)

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0

    def under(self, key: Any) -> Any:
        """Where a slot lies; those of attributes have names, and stay."""
        return key if isinstance(key, str) else key - self.ahead

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.under(key))

    def __setitem__(self, key: Any, g: Any) -> None:
        super().__setitem__(self.under(key), g)

    def __delitem__(self, key: Any) -> None:
        super().__delitem__(self.under(key))

    def __contains__(self, key: Any) -> bool:
        return super().__contains__(self.under(key))

    def __iter__(self) -> Iterator[Any]:
        return iter([k if isinstance(k, str) else k + self.ahead for k in super().__iter__()])

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self.under(key), default)

    def pop(self, key: Any, *default: Any) -> Any:
        return super().pop(self.under(key), *default)

    def keys(self) -> Any:
        return list(self)

    def items(self) -> Any:
        return list(zip(self, super().values(), strict=True))


def shifted(slots: dict, start: int, by: int) -> None:
    """Move the slots from index `start` on, as elements move when some are put in or taken out.

    >>> slots = {0: "a", 2: "c", 3: "d"}
    >>> shifted(slots, 2, -1), slots
    (None, {0: 'a', 1: 'c', 2: 'd'})
    """
    if type(slots) is Moving and (start == 0 or (start == 1 and 0 not in slots)):
        slots.ahead += by
        return
    moved = {k: slots.pop(k) for k in list(slots) if k >= start}
    for k, g in moved.items():
        slots[k + by] = g


def sorted_back(slots: dict, origins: Sequence[int], count: int) -> dict:
    """Send slots back to where their elements were: element k is `origins[k]` of `count` old ones.

    Elements that came in with the call are numbered from `count` on; their cotangents are returned,
    by their number among the new ones.

    >>> slots = {0: 1.0, 1: 2.0, 2: 4.0}
    >>> sorted_back(slots, [1, 3, 1], 2), slots
    ({1: 2.0}, {1: 5.0})
    """
    after = dict(slots)
    slots.clear()
    new: dict = {}
    for k, g in after.items():
        origin = origins[k]
        if origin < count:
            give(slots, origin, g)
        else:
            give(new, origin - count, g)
    return new
