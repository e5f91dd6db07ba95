"""Stand-ins for iterators that call functions: they give lists."""

from __future__ import annotations

import collections
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import plain_value

__all__ = [
    "accumulate", "chained", "dropwhile", "filter_", "filterfalse", "handed", "map_", "nditer",
    "starmap", "takewhile",
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


def nditer(op: Any, flags: Any = None, op_flags: Any = None, op_dtypes: Any = None,
           order: Any = "K") -> list:
    """Views of single elements, in the order in which they lie in memory."""
    check_nditer(op, flags, op_dtypes)
    array = op if isinstance(op, np.ndarray) else np.asarray(op)
    return [array[(*place, ...)] for place in places_of(array, flags, order)]


def check_nditer(op: Any, flags: Any, op_dtypes: Any) -> None:
    if isinstance(op, (list, tuple)) or op_dtypes is not None or not _ALONE.issuperset(flags or ()):
        raise refusal(UnsupportedError, "np.nditer over several arrays, by blocks or with "
                      "conversions has no derivative here",
                      "loop over np.ndindex(a.shape), or over one array")


_ALONE = frozenset({"refs_ok", "zerosize_ok", "multi_index", "c_index", "f_index"})


def places_of(op: Any, flags: Any, order: Any) -> list:
    """The indices of an array's elements as `np.nditer` comes to them; they have no derivative."""
    allowed: Any = [f for f in flags or () if not f.endswith("index")]
    walk = np.nditer(plain_value(op), ["multi_index", *allowed], order=order)
    return [walk.multi_index for _ in walk]


def handed(owner: Any, items: list) -> Any:
    """What a method of a container gets of a generator's items; another class's is given no list.

    >>> handed([], [1]), next(handed("", [1]))
    ([1], 1)
    """
    return items if isinstance(owner, (list, collections.deque)) else iter(items)
