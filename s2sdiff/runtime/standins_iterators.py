"""Stand-ins for iterators that call functions: they give lists."""

from __future__ import annotations

import collections
from typing import Any

__all__ = [
    "accumulate", "chained", "dropwhile", "filter_", "filterfalse", "handed", "map_", "starmap",
    "takewhile",
]


def map_(function: Any, iterable: Any, /, *others: Any) -> list:
    if others:
        return [function(*items) for items in zip(iterable, *others)]
    return [function(x) for x in iterable]


def filter_(function: Any, iterable: Any, /) -> list:
    if function is None:
        return [x for x in iterable if x]
    return [x for x in iterable if function(x)]


def filterfalse(function: Any, iterable: Any, /) -> list:
    if function is None:
        return [x for x in iterable if not x]
    return [x for x in iterable if not function(x)]


def starmap(function: Any, iterable: Any, /) -> list:
    return [function(*items) for items in iterable]


def accumulate(iterable: Any, func: Any = None, *, initial: Any = None) -> list:
    totals = [] if initial is None else [initial]
    for x in iterable:
        if not totals:
            totals.append(x)
        elif func is None:
            totals.append(totals[-1] + x)
        else:
            totals.append(func(totals[-1], x))
    return totals


def takewhile(predicate: Any, iterable: Any, /) -> list:
    taken = []
    for x in iterable:
        if not predicate(x):
            break
        taken.append(x)
    return taken


def dropwhile(predicate: Any, iterable: Any, /) -> list:
    rest: list = []
    for x in iterable:
        if rest or not predicate(x):
            rest.append(x)
    return rest


def chained(iterables: Any, /) -> list:
    return [x for items in iterables for x in items]


def handed(owner: Any, items: list) -> Any:
    """What a method of a container gets of a generator's items; another class's is given no list.

    >>> handed([], [1]), next(handed("", [1]))
    ([1], 1)
    """
    return items if isinstance(owner, (list, collections.deque)) else iter(items)
