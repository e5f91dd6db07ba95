"""Methods that change a `collections.deque`, whose shadow has its slots by index, as a list's.

What a bounded deque drops at the other end is found by letting numbers take the same way.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.sequences import drawn, parts_back
from s2sdiff.runtime.slots import give, shifted, sorted_back

__all__ = ["deque_delitem", "deque_iadd", "deque_imul", "deque_setitem"]


def renumbered(self: Any, method: Any, *args: Any) -> list:
    """Where the elements of a deque come from after a method that only moves and drops them."""
    numbers = deque(range(deque.__len__(self)), self.maxlen)
    method(numbers, *args)
    return list(numbers)


@derivative(of=deque.__init__, writes="self")
def initialise(self, iterable=(), maxlen=None):
    items = drawn(iterable)
    deque.__init__(self, items, maxlen)
    lost = len(items) - deque.__len__(self)

    def pullback(_, self_bar):
        bars = [None] * lost + [self_bar.pop(j, None) for j in range(len(items) - lost)]
        self_bar.clear()  # of what it held before, nothing is left
        return None, parts_back(bars, items, iterable), None

    return None, pullback


@derivative(of=deque.append, writes="self")
def append(self, x, /):
    n, full = deque.__len__(self), deque.__len__(self) == self.maxlen
    deque.append(self, x)

    def pullback(_, self_bar):
        if not full:
            return None, self_bar.pop(n, None)
        g = self_bar.pop(n - 1, None)
        shifted(self_bar, 0, 1)
        return None, g

    return None, pullback


@derivative(of=deque.appendleft, writes="self")
def appendleft(self, x, /):
    deque.appendleft(self, x)

    def pullback(_, self_bar):
        g = self_bar.pop(0, None)
        shifted(self_bar, 1, -1)
        return None, g

    return None, pullback


def lengthened(self: Any, iterable: Any, method: Any) -> Any:
    """The rule for `extend` and `extendleft`."""
    n = deque.__len__(self)
    items = drawn(iterable)
    origins = renumbered(self, method, range(n, n + len(items)))
    method(self, items)

    def pullback(_, self_bar):
        new = sorted_back(self_bar, origins, n)
        return None, parts_back([new.get(j) for j in range(len(items))], items, iterable)

    return None, pullback


@derivative(of=deque.extend, writes="self")
def extend(self, iterable, /):
    return lengthened(self, iterable, deque.extend)


@derivative(of=deque.extendleft, writes="self")
def extendleft(self, iterable, /):
    return lengthened(self, iterable, deque.extendleft)


@derivative(of=deque.__iadd__, writes="self")
def deque_iadd(self, value, /):
    return self, lengthened(self, value, deque.extend)[1]


@derivative(of=deque.pop, writes="self")
def pop(self, /):
    value = deque.pop(self)
    n = deque.__len__(self)
    return value, lambda value_bar, self_bar: give(self_bar, n, value_bar)


@derivative(of=deque.popleft, writes="self")
def popleft(self, /):
    value = deque.popleft(self)

    def pullback(value_bar, self_bar):
        shifted(self_bar, 0, 1)
        give(self_bar, 0, value_bar)

    return value, pullback


def moved(self: Any, method: Any, *args: Any) -> Any:
    """The rule for a method that only moves or drops elements, for all of its parameters."""
    n = deque.__len__(self)
    origins = renumbered(self, method, *args)
    method(self, *args)

    def pullback(_, self_bar):
        sorted_back(self_bar, origins, n)
        return (None,) * (1 + len(args)) if args else None

    return None, pullback


@derivative(of=deque.rotate, writes="self")
def rotate(self, n=1, /):
    return moved(self, deque.rotate, n)


@derivative(of=deque.reverse, writes="self")
def reverse(self, /):
    return moved(self, deque.reverse)


@derivative(of=deque.clear, writes="self")
def clear(self, /):
    return moved(self, deque.clear)


@derivative(of=deque.__delitem__, writes="self")
def deque_delitem(self, key, /):
    return moved(self, deque.__delitem__, key)


@derivative(of=deque.__imul__, writes="self")
def deque_imul(self, value, /):
    return self, moved(self, deque.__imul__, value)[1]


@derivative(of=deque.remove, writes="self")
def remove(self, value, /):
    try:
        at = deque.index(self, value)
    except ValueError:
        deque.remove(self, value)
        raise
    return moved(self, deque.__delitem__, at)


@derivative(of=deque.insert, writes="self")
def insert(self, index, object, /):
    n = deque.__len__(self)
    deque.insert(self, index, object)
    origins = deque(range(n))
    origins.insert(index, n)
    origins = list(origins)

    def pullback(_, self_bar):
        return None, None, sorted_back(self_bar, origins, n).get(0)

    return None, pullback


@derivative(of=deque.__setitem__, writes="self")
def deque_setitem(self, key, value, /):
    deque.__setitem__(self, key, value)
    at = key.__index__() % deque.__len__(self)
    return None, lambda _, self_bar: (None, None, self_bar.pop(at, None))
