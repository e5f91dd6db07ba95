"""Iterators that make items of other iterators' items, in the language: `zip`, `map` and their kin.

Each asks the others in the order in which Python's own does, and calls no function earlier.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.drawing import Lazy, OfClass, all_of, begin, following, is_sequence, says
from s2sdiff.runtime.drawing_others import END
from s2sdiff.runtime.views import check_numbered
from s2sdiff.runtime.walks import as_held, reads_itself

__all__ = [
    "backwards", "chained", "chained_of", "elements", "every", "extended", "extended_left",
    "filtered", "filtered_out", "grown", "joined", "mapped", "most_left", "most_of", "numbered",
    "put_in", "some", "spread",
    "turns_round", "united", "updated", "zipped",
]


class Zipped(Lazy):
    def __init__(self, sources: list, strict: bool) -> None:
        self.sources, self.strict = sources, strict

    def following(self) -> Any:
        items: list = []
        for it in self.sources:
            item = following(it)
            if item is END:
                if self.strict:
                    all_end(self.sources, len(items))
                return END
            items.append(item)
        return tuple(items) if items else END


def all_end(sources: list, count: int) -> None:
    """Refuse, where `zip` raises, to say when: one of the sources has no item, another one has."""
    if count or any(following(it) is not END for it in sources[1:]):
        raise refusal(UnsupportedError, "zip(..., strict=True) of iterables of different lengths",
                      "compare their lengths before")


def zipped(*sources: Any, strict: bool = False) -> Any:
    return Zipped([begin(s) for s in sources], strict)


class Mapped(Lazy):
    calls = True

    def __init__(self, function: Any, source: Any) -> None:
        self.function, self.source = function, source

    def following(self) -> Any:
        item = following(self.source)
        return END if item is END else self.function(item)


class Spread(Mapped):
    """The items are tuples of arguments."""

    def following(self) -> Any:
        item = following(self.source)
        return END if item is END else self.function(*item)


def mapped(function: Any, source: Any, /, *others: Any) -> Any:
    return Spread(function, zipped(source, *others)) if others else Mapped(function, begin(source))


def spread(function: Any, source: Any, /) -> Any:
    return Spread(function, begin(source))


class Filtered(Lazy):
    calls = True

    def __init__(self, function: Any, source: Any, kept: bool) -> None:
        self.function, self.source, self.kept = function, source, kept

    def following(self) -> Any:
        while True:
            item = following(self.source)
            if item is END:
                return END
            good = bool(item) if self.function is None else bool(self.function(item))
            if good is self.kept:
                return item


def filtered(function: Any, source: Any, /) -> Any:
    return Filtered(function, begin(source), True)


def filtered_out(function: Any, source: Any, /) -> Any:
    return Filtered(function, begin(source), False)


class Numbered(Lazy):
    def __init__(self, source: Any, start: Any) -> None:
        self.source, self.number = source, start

    def following(self) -> Any:
        item = following(self.source)
        if item is END:
            return END
        i = self.number
        self.number = i + 1
        return i, item


def numbered(iterable: Any, start: Any = 0) -> Any:
    return Numbered(begin(iterable), start)


def some(source: Any, /) -> bool:
    return found(source, True)


def every(source: Any, /) -> bool:
    return not found(source, False)


def found(source: Any, good: bool) -> bool:
    """Whether some item is true, or false; those behind it are not asked for."""
    it = begin(source)
    while True:
        item = following(it)
        if item is END:
            return False
        if bool(item) is good:
            return True


class Backwards(Lazy):
    def __init__(self, source: Any) -> None:
        self.source, self.at = source, len(source)

    def following(self) -> Any:
        i = self.at - 1
        if i < 0 or i >= len(self.source):
            self.at = 0
            return END
        self.at = i
        return self.source[i]


def backwards(source: Any, /) -> Any:
    if says(source, "__reversed__"):
        return begin(source.__reversed__())
    if reads_itself(source) and isinstance(source, list):
        return Backwards(as_held(source))
    if is_sequence(source) or says(source, "__getitem__"):
        return Backwards(source)
    return begin(reversed(source))


def turns_round(x: Any) -> bool:
    """Whether the class of an object says in Python how it is walked over from its end."""
    by_index = isinstance(x, tuple) or not is_sequence(x)
    return says(x, "__reversed__") or (by_index and says(x, "__getitem__"))


class Elements(Lazy):
    """The elements of an array, with their indices."""

    def __init__(self, source: Any) -> None:
        self.source, self.places, self.at = source, list(np.ndindex(source.shape)), 0

    def following(self) -> Any:
        i = self.at
        if i >= len(self.places):
            return END
        self.at = i + 1
        place = self.places[i]
        return place, self.source[place]


def most_of(source: Any, most: int, /) -> list:
    """`all_of`, but no more than so many: what is unpacked asks for one more than it has names."""
    return most_left(begin(source), most)


def most_left(it: Any, most: int, /) -> list:
    """`rest_of`, but no more than so many."""
    found = it if isinstance(it, Lazy) else OfClass(it)
    items: list = []
    while len(items) < most:
        item = following(found)
        if item is END:
            break
        items.append(item)
    return items


def elements(arr: Any) -> Any:
    check_numbered(arr)
    return Elements(np.asarray(arr))


class Chained(Lazy):
    def __init__(self, sources: Any) -> None:
        self.sources, self.current = sources, None

    def following(self) -> Any:
        while True:
            if self.current is None:
                source = following(self.sources)
                if source is END:
                    return END
                self.current = begin(source)
            item = following(self.current)
            if item is not END:
                return item
            self.current = None


def chained(*sources: Any) -> Any:
    return Chained(begin(sources))


def chained_of(sources: Any, /) -> Any:
    return Chained(begin(sources))


# ------------------------------------------------------------------- containers that are filled


def extended(items: Any, source: Any, /) -> None:
    """`items.extend(source)`: each item is there before the next one is drawn."""
    it = begin(source)
    while True:
        item = following(it)
        if item is END:
            return
        items.append(item)


def grown(items: Any, source: Any, /) -> Any:
    """`items += source`"""
    extended(items, source)
    return items


def put_in(items: Any, part: Any, source: Any, /) -> None:
    """`items[part] = source`, of which all is drawn before."""
    items[part] = all_of(source)


def extended_left(items: Any, source: Any, /) -> None:
    """`items.extendleft(source)`"""
    it = begin(source)
    while True:
        item = following(it)
        if item is END:
            return
        items.appendleft(item)


def updated(items: Any, source: Any, /, **more: Any) -> None:
    """`items.update(source, **more)` of a dict and an iterator over pairs."""
    it = begin(source)
    while True:
        pair = following(it)
        if pair is END:
            break
        key, value = pair
        items[key] = value
    for name in more:
        items[name] = more[name]


def united(items: Any, source: Any, /) -> Any:
    """`items |= source` of a dict and an iterator over pairs."""
    updated(items, source)
    return items


def joined(items: Any, /, *sources: Any) -> None:
    """`items.update(*sources)` of a set."""
    for source in sources:
        it = begin(source)
        while True:
            item = following(it)
            if item is END:
                break
            items.add(item)
