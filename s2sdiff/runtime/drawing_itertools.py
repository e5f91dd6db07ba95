"""More iterators that make items of others' items, in the language: those of `itertools`."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from s2sdiff.runtime import drawing_lazily as lazily
from s2sdiff.runtime.drawing import Lazy, begin, following, rest
from s2sdiff.runtime.drawing_others import END

__all__ = ["MAKERS", "grouped"]


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


class While(Lazy):
    calls = True

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


class Paired(Lazy):
    def __init__(self, source: Any) -> None:
        self.source, self.last = source, END

    def following(self) -> Any:
        if self.last is END:
            self.last = following(self.source)
            if self.last is END:
                return END
        item, before = following(self.source), self.last
        if item is END:
            return END
        self.last = item
        return before, item


def paired(iterable: Any, /) -> Any:
    return Paired(begin(iterable))


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
    calls = True

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


class Cycled(Lazy):
    def __init__(self, source: Any) -> None:
        self.source, self.items, self.at, self.ended = source, [], 0, False

    def following(self) -> Any:
        if not self.ended:
            item = following(self.source)
            if item is not END:
                self.items.append(item)
                return item
            self.ended = True
        if not self.items:
            return END
        i = self.at
        self.at = (i + 1) % len(self.items)
        return self.items[i]


def cycled(source: Any, /) -> Any:
    return Cycled(begin(source))


class Counted(Lazy):
    def __init__(self, at: Any, step: Any) -> None:
        self.at, self.step = at, step

    def following(self) -> Any:
        found = self.at
        self.at = found + self.step
        return found


def counted(start: Any = 0, step: Any = 1) -> Any:
    return Counted(start, step)


class Dropped(Lazy):
    calls = True

    def __init__(self, function: Any, source: Any) -> None:
        self.function, self.source, self.begun = function, source, False

    def following(self) -> Any:
        while True:
            item = following(self.source)
            if item is END or self.begun:
                return item
            if not self.function(item):
                self.begun = True
                return item


def dropped_while(predicate: Any, source: Any, /) -> Any:
    return Dropped(predicate, begin(source))


def combined(*sources: Any, repeat: int = 1) -> Any:
    """All is drawn when it is made, as by `itertools.product`."""
    rows: list = [()]
    for pool in [rest(begin(s)) for s in sources] * repeat:
        rows = [(*row, x) for row in rows for x in pool]
    return begin(rows)


def chosen_by(choices: Any) -> Any:
    """What gives tuples of the items at the places that `choices(places, r)` gives."""
    def made(iterable: Any, r: Any) -> Any:
        pool = rest(begin(iterable))
        return begin([tuple([pool[i] for i in places]) for places in choices(range(len(pool)), r)])

    return made


def permuted(iterable: Any, r: Any = None) -> Any:
    pool = rest(begin(iterable))
    found = itertools.permutations(range(len(pool)), r)
    return begin([tuple([pool[i] for i in places]) for places in found])


class Grouped(Lazy):
    """Runs of items with one key; `number` is that of the group that was given last."""

    calls = True

    def __init__(self, source: Any, function: Any) -> None:
        self.source, self.function = source, function
        self.number, self.begun, self.named, self.waits = 0, False, False, False
        self.item, self.key, self.wanted = None, None, None

    def step(self) -> bool:
        item = following(self.source)
        if item is END:
            return False
        self.item, self.waits, self.begun = item, True, True
        self.key = item if self.function is None else self.function(item)
        return True

    def following(self) -> Any:
        self.number = self.number + 1
        while not self.begun or (self.named and same(self.wanted, self.key)):
            if not self.step():
                return END
        self.wanted, self.named = self.key, True
        return self.key, Group(self, self.number, self.key)


class Group(Lazy):
    """The items of a group, which there are until the next group is asked for."""

    calls = True

    def __init__(self, of: Grouped, number: int, key: Any) -> None:
        self.of, self.number, self.key = of, number, key

    def following(self) -> Any:
        of = self.of
        if of.number != self.number or (not of.waits and not of.step()) or not same(
                self.key, of.key):
            return END
        of.waits = False
        return of.item


def same(wanted: Any, key: Any) -> bool:
    return wanted is key or bool(wanted == key)


def grouped(iterable: Any, key: Any = None) -> Any:
    return Grouped(begin(iterable), key)


#: What makes them; where the iterables stand among the arguments, from which place to which.
MAKERS: dict[Any, tuple[Any, int, int | None]] = {
    iter: (begin, 0, 1), zip: (lazily.zipped, 0, None), map: (lazily.mapped, 1, None),
    filter: (lazily.filtered, 1, 2), enumerate: (lazily.numbered, 0, 1),
    reversed: (lazily.backwards, 0, 0), np.ndenumerate: (lazily.elements, 0, 0),
    itertools.chain: (lazily.chained, 0, None),
    itertools.chain.from_iterable: (lazily.chained_of, 0, 1),
    itertools.starmap: (lazily.spread, 1, 2), itertools.filterfalse: (lazily.filtered_out, 1, 2),
    itertools.islice: (cut, 0, 1), itertools.zip_longest: (longest, 0, None),
    itertools.takewhile: (taken_while, 1, 2), itertools.accumulate: (summed, 0, 1),
    itertools.pairwise: (paired, 0, 1), itertools.cycle: (cycled, 0, 1),
    itertools.count: (counted, -1, 0),  # it draws from nothing, and may be given nothing
    itertools.dropwhile: (dropped_while, 1, 2), itertools.product: (combined, 0, None),
    itertools.permutations: (permuted, 0, 1), any: (lazily.some, 0, 1), all: (lazily.every, 0, 1),
    **{f: (chosen_by(f), 0, 1) for f in (
        itertools.combinations, itertools.combinations_with_replacement)},
}
