"""Functions that order what they are given by a key, in the language that is differentiated."""

from __future__ import annotations

from typing import Any

from s2sdiff.runtime import unseen
from s2sdiff.runtime.choosing import place_of

__all__ = ["MISSING", "first", "list_sort", "max_", "min_", "nlargest", "nsmallest", "order",
           "sorted_"]

#: Stands for an argument that was not given, where None is a value as any other.
MISSING: Any = type("Missing", (), {"__repr__": lambda _: "MISSING"})()


def order(keys: list, reverse: bool = False) -> list:
    """The numbers of the keys in the order in which sorting puts them; it has no derivative.

    >>> order([3.0, 1.0, 2.0])
    [1, 2, 0]
    """
    unseen.check_order(sorted, (keys,))
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)


def first(choose: Any, keys: list) -> int:
    """The number of the first of the keys that `max` or `min` chooses; it has no derivative.

    >>> first(max, [1.0, 3.0, 3.0])
    1
    """
    unseen.check_order(choose, (keys,))
    return place_of(choose, keys)


def sorted_(iterable: Any, /, *, key: Any, reverse: bool = False) -> list:
    items = list(iterable)
    keys = items if key is None else [key(x) for x in items]
    return [items[i] for i in order(keys, reverse)]


def list_sort(self: list, /, *, key: Any, reverse: bool = False) -> None:
    keys = list(self) if key is None else [key(x) for x in self]
    self[:] = [self[i] for i in order(keys, reverse)]


def max_(first: Any, /, *others: Any, key: Any, default: Any = MISSING) -> Any:
    if others and default is not MISSING:
        raise TypeError("Cannot specify a default for max() with multiple positional arguments")
    best, rank = MISSING, None
    for x in (first, *others) if others else first:
        value = x if key is None else key(x)
        if best is MISSING or value > rank:
            best, rank = x, value
    if best is MISSING:
        # Without a default, Python's own error.
        return max(()) if default is MISSING else default
    return best


def min_(first: Any, /, *others: Any, key: Any, default: Any = MISSING) -> Any:
    if others and default is not MISSING:
        raise TypeError("Cannot specify a default for min() with multiple positional arguments")
    best, rank = MISSING, None
    for x in (first, *others) if others else first:
        value = x if key is None else key(x)
        if best is MISSING or value < rank:
            best, rank = x, value
    if best is MISSING:
        # Without a default, Python's own error.
        return min(()) if default is MISSING else default
    return best


def nsmallest(n: int, iterable: Any, key: Any = None) -> list:
    if n <= 0:
        return []
    items = list(iterable)
    if key is None:
        return sorted(items)[:n]
    keys = [key(x) for x in items]
    return [items[i] for i in order(keys)[:n]]


def nlargest(n: int, iterable: Any, key: Any = None) -> list:
    if n <= 0:
        return []
    items = list(iterable)
    if key is None:
        return sorted(items, reverse=True)[:n]
    keys = [key(x) for x in items]
    return [items[i] for i in order(keys, True)[:n]]


# --------------------------------------------------------------------------------- signatures
