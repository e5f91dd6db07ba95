"""Iterators that make items of other iterators' items, in the language: `zip`, `map` and their kin.

Each asks the others in the order in which Python's own does, and calls no function earlier.
"""

from __future__ import annotations

import itertools
from typing import Any

from s2sdiff.runtime.drawing import END, Lazy, begin, following, is_sequence

__all__ = ["MAKERS"]


class Zipped(Lazy):
    def __init__(self, sources: list) -> None:
        self.sources = sources

    def following(self) -> Any:
        items: list = []
        for it in self.sources:
            item = following(it)
            if item is END:
                return END
            items.append(item)
        return tuple(items) if items else END


def zipped(*sources: Any) -> Any:
    return Zipped([begin(s) for s in sources])


class Longest(Lazy):
    def __init__(self, sources: list, fill: Any) -> None:
        self.sources, self.fill = sources, fill

    def following(self) -> Any:
        items: list = []
        some = False
        for it in self.sources:
            item = following(it)
            if item is END:
                items.append(self.fill)
            else:
                some = True
                items.append(item)
        return tuple(items) if some else END


def longest(*sources: Any, fillvalue: Any = None) -> Any:
    return Longest([begin(s) for s in sources], fillvalue)


class Mapped(Lazy):
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


class While(Lazy):
    def __init__(self, function: Any, source: Any) -> None:
        self.function, self.source, self.ended = function, source, False

    def following(self) -> Any:
        if self.ended:
            return END
        item = following(self.source)
        if item is END:
            return END
        if self.function(item):
            return item
        self.ended = True
        return END


def taken_while(predicate: Any, source: Any, /) -> Any:
    return While(predicate, begin(source))


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
    return Backwards(source) if is_sequence(source) else begin(reversed(source))


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


class Cut(Lazy):
    """`at` is the number of the item that comes; it gives that with the number `number`."""

    def __init__(self, source: Any, start: int, stop: Any, step: int) -> None:
        self.source, self.at = source, 0
        self.number, self.stop, self.step = start, stop, step

    def following(self) -> Any:
        while self.at < self.number:
            item = following(self.source)
            if item is END:
                return END
            self.at = self.at + 1
        if self.stop is not None and self.at >= self.stop:
            return END
        item = following(self.source)
        if item is END:
            return END
        self.at = self.at + 1
        ahead = self.number + self.step
        self.number = ahead if self.stop is None or ahead <= self.stop else self.stop
        return item


def cut(source: Any, *bounds: Any) -> Any:
    # Of what it is to do, Python's own knows all, and says what is wrong.
    itertools.islice((), *bounds)
    if len(bounds) == 1:
        return Cut(begin(source), 0, bounds[0], 1)
    start, stop = bounds[0], bounds[1]
    step = bounds[2] if len(bounds) == 3 else None
    return Cut(begin(source), 0 if start is None else start, stop, 1 if step is None else step)


class Summed(Lazy):
    def __init__(self, source: Any, function: Any) -> None:
        self.source, self.function, self.total = source, function, END

    def following(self) -> Any:
        item = following(self.source)
        if item is END:
            return END
        if self.total is END:
            self.total = item
        elif self.function is None:
            self.total = self.total + item
        else:
            self.total = self.function(self.total, item)
        return self.total


def summed(source: Any, function: Any = None) -> Any:
    return Summed(begin(source), function)


#: What makes them; where the iterables stand among the arguments, from which place to which.
MAKERS: dict[Any, tuple[Any, int, int | None]] = {
    iter: (begin, 0, 1), zip: (zipped, 0, None), map: (mapped, 1, None), filter: (filtered, 1, 2),
    enumerate: (numbered, 0, 1), reversed: (backwards, 0, 0), itertools.chain: (chained, 0, None),
    itertools.chain.from_iterable: (chained_of, 0, 1), itertools.islice: (cut, 0, 1),
    itertools.zip_longest: (longest, 0, None), itertools.starmap: (spread, 1, 2),
    itertools.filterfalse: (filtered_out, 1, 2), itertools.takewhile: (taken_while, 1, 2),
    itertools.accumulate: (summed, 0, 1),
}
