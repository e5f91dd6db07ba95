"""Methods that change a list: elements move, and their cotangents move back.

The shadow of a list is a dict from index to cotangent, in which zeros are absent.
"""

from __future__ import annotations

import bisect
import operator
import random
from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.sequences import drawn, parts_back
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime.slots import give, shifted, sorted_back

__all__ = ["list_delitem", "list_iadd", "list_imul", "list_setitem", "only_lists"]


@derivative(of=list.append, writes="self")
def append(self, object, /):
    n = list.__len__(self)
    list.append(self, object)
    return None, lambda _, self_bar: (None, self_bar.pop(n, None))


@derivative(of=list.extend, writes="self")
def extend(self, iterable, /):
    n = list.__len__(self)
    items = drawn(iterable)
    list.extend(self, items)

    def pullback(_, self_bar):
        bars = [self_bar.pop(n + j, None) for j in range(len(items))]
        return None, parts_back(bars, items, iterable)

    return None, pullback


@derivative(of=list.__init__, writes="self")
def initialise(self, iterable=(), /):
    items = drawn(iterable)
    list.__init__(self, items)

    def pullback(_, self_bar):
        bars = [self_bar.pop(j, None) for j in range(len(items))]
        return None, parts_back(bars, items, iterable)

    return None, pullback


@derivative(of=list.insert, writes="self")
def insert(self, index, object, /):
    n, i = list.__len__(self), operator.index(index)
    list.insert(self, i, object)
    at = max(i + n, 0) if i < 0 else min(i, n)

    def pullback(_, self_bar):
        g = self_bar.pop(at, None)
        if at < n:
            shifted(self_bar, at + 1, -1)
        return None, None, g

    return None, pullback


@derivative(of=list.pop, writes="self")
def pop(self, index=-1, /):
    n, i = list.__len__(self), operator.index(index)
    value = list.pop(self, i)
    at = i % n

    def pullback(value_bar, self_bar):
        if at < n - 1:
            shifted(self_bar, at, 1)
        give(self_bar, at, value_bar)
        return None, None

    return value, pullback


@derivative(of=list.remove, writes="self")
def remove(self, value, /):
    try:
        at = list.index(self, value)
    except ValueError:
        list.remove(self, value)
        raise
    list.__delitem__(self, at)

    def pullback(_, self_bar):
        shifted(self_bar, at, 1)
        return None, None

    return None, pullback


@derivative(of=list.clear, writes="self")
def clear(self, /):
    list.clear(self)
    return None, lambda _, self_bar: self_bar.clear()


@derivative(of=list.reverse, writes="self")
def reverse(self, /):
    n = list.__len__(self)
    list.reverse(self)

    def pullback(_, self_bar):
        sorted_back(self_bar, range(n - 1, -1, -1), n)

    return None, pullback


@derivative(of=list.sort, writes="self")
def sort(self, /, *, key=None, reverse=False):
    n = list.__len__(self)
    items = list.__getitem__(self, slice(None))
    ranks = items if key is None else [key(x) for x in items]
    order = sorted(range(n), key=ranks.__getitem__, reverse=reverse)
    list.__setitem__(self, slice(None), [items[i] for i in order])

    def pullback(_, self_bar):
        sorted_back(self_bar, order, n)
        return None, None, None

    return None, pullback


@derivative(of=list.__setitem__, writes="self")
def list_setitem(self, key, value, /):
    if isinstance(key, slice):
        return slice_set(self, key, value)
    list.__setitem__(self, key, value)
    at = operator.index(key) % list.__len__(self)
    return None, lambda _, self_bar: (None, None, self_bar.pop(at, None))


def slice_set(self, key, value):
    """The rule for `self[i:j:k] = value`; elements behind it move where the lengths differ."""
    places = range(list.__len__(self))[key]
    # What cannot be walked over, Python itself refuses.
    items = drawn(value) if hasattr(value, "__iter__") or hasattr(value, "__getitem__") else value
    list.__setitem__(self, key, items)
    count = len(items)

    def pullback(_, self_bar):
        if places.step == 1:
            bars = [self_bar.pop(places.start + j, None) for j in range(count)]
            if count != len(places):
                shifted(self_bar, places.start + count, len(places) - count)
        else:
            bars = [self_bar.pop(i, None) for i in places]
        return None, None, parts_back(bars, items, value)

    return None, pullback


@derivative(of=list.__delitem__, writes="self")
def list_delitem(self, key, /):
    n = list.__len__(self)
    list.__delitem__(self, key)
    if not isinstance(key, slice):
        at = operator.index(key) % n

        def pullback(_, self_bar):
            if at < n - 1:
                shifted(self_bar, at, 1)
            return None, None

        return None, pullback
    gone = set(range(n)[key])
    kept = [i for i in range(n) if i not in gone]

    def pullback_of_slice(_, self_bar):
        sorted_back(self_bar, kept, n)
        return None, None

    return None, pullback_of_slice


@derivative(of=list.__iadd__, writes="self")
def list_iadd(self, value, /):
    return self, extend(self, value)[1]


@derivative(of=list.__imul__, writes="self")
def list_imul(self, value, /):
    n = list.__len__(self)
    list.__imul__(self, value)
    origins = [i % n for i in range(list.__len__(self))]

    def pullback(_, self_bar):
        sorted_back(self_bar, origins, n)
        return None, None

    return self, pullback


def only_lists(values: Any, name: str) -> None:
    """Refuse what a function of the library that writes lists is not known to do with others."""
    if not isinstance(values, list):
        raise unsupported(f"{name} of a {type(values).__name__}", "make a list of it first")


@derivative(of=bisect.insort_right, writes="a")
def insort_right(a, x, lo=0, hi=None, *, key=None):
    return inserted(bisect.bisect_right, a, x, lo, hi, key)


@derivative(of=bisect.insort_left, writes="a")
def insort_left(a, x, lo=0, hi=None, *, key=None):
    return inserted(bisect.bisect_left, a, x, lo, hi, key)


def inserted(find: Any, a: Any, x: Any, lo: int, hi: Any, key: Any) -> Any:
    """The rule for `bisect.insort`: an insertion where the search leads."""
    only_lists(a, "bisect.insort")
    sought = x if key is None else key(x)
    pull = insert(a, find(a, sought, lo, hi, key=key), x)[1]

    def pullback(_, a_bar):
        return None, pull(None, a_bar)[2], None, None, None

    return None, pullback


@derivative(of=random.shuffle, writes="x")
def shuffle(x):
    only_lists(x, "random.shuffle")
    n = len(x)
    origins = list(range(n))
    random.shuffle(origins)
    x[:] = [x[i] for i in origins]

    def pullback(_, x_bar):
        sorted_back(x_bar, origins, n)

    return None, pullback
