"""What gives iterators, as generator functions: loops over them are written into the loop.

`for y in map(f, xs)` is the loop that `map_1` has, with the body where it yields.  So all of them
are as lazy as what they stand for, and call in the same order.
"""

from __future__ import annotations

import inspect
import itertools
import types
from collections.abc import Iterator
from typing import Any

__all__ = ["ALWAYS", "OVER_OTHERS", "named", "standin"]


def map_1(function: Any, xs: Any, /) -> Iterator[Any]:
    for x in xs:
        yield function(x)


def map_2(function: Any, xs: Any, ys: Any, /) -> Iterator[Any]:
    for x, y in zip(xs, ys):
        yield function(x, y)


def map_3(function: Any, xs: Any, ys: Any, zs: Any, /) -> Iterator[Any]:
    for x, y, z in zip(xs, ys, zs):
        yield function(x, y, z)


def filter_(function: Any, xs: Any, /) -> Iterator[Any]:
    for x in xs:
        if function(x):
            yield x


def true(function: Any, xs: Any, /) -> Iterator[Any]:
    for x in xs:
        if x:
            yield x


def filterfalse(function: Any, xs: Any, /) -> Iterator[Any]:
    for x in xs:
        if not function(x):
            yield x


def starmap(function: Any, rows: Any, /) -> Iterator[Any]:
    for row in rows:
        yield function(*row)


def running_sums(xs: Any) -> Iterator[Any]:
    some = False
    total = None
    for x in xs:
        total = total + x if some else x
        some = True
        yield total


def accumulate(xs: Any, function: Any) -> Iterator[Any]:
    some = False
    total = None
    for x in xs:
        total = function(total, x) if some else x
        some = True
        yield total


def takewhile(predicate: Any, xs: Any, /) -> Iterator[Any]:
    for x in xs:
        if not predicate(x):
            break
        yield x


def dropwhile(predicate: Any, xs: Any, /) -> Iterator[Any]:
    started = False
    for x in xs:
        if not started and not predicate(x):
            started = True
        if started:
            yield x


def chained(rows: Any, /) -> Iterator[Any]:
    for row in rows:
        yield from row


def both(xs: Any, ys: Any, /) -> Iterator[Any]:
    for zs in (xs, ys):
        yield from zs


def all_three(xs: Any, ys: Any, zs: Any, /) -> Iterator[Any]:
    for ws in (xs, ys, zs):
        yield from ws


def chain_1(xs: Any, /) -> Iterator[Any]:
    yield from xs


def chain_2(xs: Any, ys: Any, /) -> Iterator[Any]:
    yield from xs
    yield from ys


def chain_3(xs: Any, ys: Any, zs: Any, /) -> Iterator[Any]:
    yield from xs
    yield from ys
    yield from zs


def enumerate_(iterable: Any, start: Any = 0) -> Iterator[Any]:
    i = start
    for x in iterable:
        yield i, x
        i += 1


def islice_(xs: Any, start: Any, stop: Any, step: Any = 1, /) -> Iterator[Any]:
    i = 0
    at = 0 if start is None else start
    by = 1 if step is None else step
    if at < 0 or by < 1:
        raise ValueError("islice() begins at an index >= 0, and its steps are positive")
    if stop is None:
        for x in xs:
            if i == at:
                yield x
                at += by
            i += 1
    elif stop < 0:
        raise ValueError("islice() ends at None or at an index >= 0")
    elif stop > 0:
        for x in xs:
            if i == at:
                yield x
                at += by
            i += 1
            if i >= stop:
                break


def islice_to(xs: Any, stop: Any, /) -> Iterator[Any]:
    i = 0
    if stop is None:
        for x in xs:
            yield x
    elif stop < 0:
        raise ValueError("islice() ends at None or at an index >= 0")
    elif stop > 0:
        for x in xs:
            yield x
            i += 1
            if i >= stop:
                break


def pairwise(xs: Any, /) -> Iterator[Any]:
    some = False
    last = None
    for x in xs:
        if some:
            yield last, x
        some = True
        last = x


def zip_first(xs: Any, ys: Any, /) -> Iterator[Any]:
    """`zip(xs, ys)`, of which `xs` is written into the loop: it is asked first."""
    indexed = type(ys) in (list, tuple, range) or (
        type(ys).__name__ == "ndarray" and type(ys).__module__ == "numpy")
    other: Any = None if indexed else iter(ys)
    i = 0
    for x in xs:
        if indexed:
            if i >= len(ys):
                break
            y = ys[i]
            i += 1
        else:
            y = next(other, other)
            if y is other:
                break
        yield x, y


def zip_second(xs: Any, ys: Any, /) -> Iterator[Any]:
    """`zip(xs, ys)`, of which `ys` is written into the loop, and goes on if `xs` has an item."""
    indexed = type(xs) in (list, tuple, range) or (
        type(xs).__name__ == "ndarray" and type(xs).__module__ == "numpy")
    other: Any = None if indexed else iter(xs)
    x = None if indexed else next(other, other)
    i = 0
    if len(xs) > 0 if indexed else x is not other:
        for y in ys:
            if indexed:
                x = xs[i]
            yield x, y
            if indexed:
                i += 1
                if i >= len(xs):
                    break
            else:
                x = next(other, other)
                if x is other:
                    break


def named(function: Any) -> tuple[Any, ...]:
    """What lowering a function depends on beside its code: the generators that its names mean.

    >>> named(map_1)
    ()
    """
    known, found = function.__globals__, list[Any]()
    for n in function.__code__.co_names:
        v = known.get(n)
        if type(v) is types.FunctionType and v.__code__.co_flags & inspect.CO_GENERATOR:
            found.append(v)
    if not known.keys().isdisjoint(_HIDDEN):
        found += [n for n in sorted(_HIDDEN) if n in known]
    return tuple(found)


_HIDDEN = frozenset({"enumerate", "filter", "map"})


#: With how many arguments they are written into the loops over them.
ALWAYS: dict[Any, dict[int, Any]] = {
    map: {2: map_1, 3: map_2, 4: map_3}, filter: {2: filter_},
    itertools.filterfalse: {2: filterfalse}, itertools.starmap: {2: starmap},
    itertools.accumulate: {1: running_sums, 2: accumulate},
    itertools.takewhile: {2: takewhile}, itertools.dropwhile: {2: dropwhile},
    itertools.chain.from_iterable: {1: chained}, itertools.chain: {2: both, 3: all_three},
    itertools.islice: {2: islice_to, 3: islice_, 4: islice_}, itertools.pairwise: {1: pairwise},
}

#: Those of which loops are known otherwise, unless they walk over what is written into the loop.
OVER_OTHERS: dict[Any, dict[int, Any]] = {
    enumerate: {1: enumerate_, 2: enumerate_},
    itertools.chain: {1: chain_1, 2: chain_2, 3: chain_3},
}


#: `zip` of two, by which of them is written into the loop.
_ZIPPED: dict[Any, Any] = {(0,): zip_first, (1,): zip_second}


def standin(function: Any, count: int, others: tuple[int, ...], keeps_all: bool) -> Any:
    """The generator function for a call with so many arguments, or None.

    `others`: which of them are written into the loop themselves; `keeps_all`: whether the function
    is given as None.

    >>> standin(map, 2, (), False) is map_1, standin(enumerate, 1, (), False) is None
    (True, True)
    """
    if function is zip:
        return _ZIPPED.get(others) if count == 2 else None
    try:
        found = (OVER_OTHERS.get(function) if others else None) or ALWAYS.get(function)
    except TypeError:
        return None
    made = (found or {}).get(count)
    if keeps_all:
        return true if made is filter_ else None
    return made
