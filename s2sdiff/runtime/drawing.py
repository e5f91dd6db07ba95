"""Iterators with a state, in the language: what `iter` and `next` are where values are active.

A place in a sequence, or in a dict, is all the state that there is; each item is read when its turn
comes, so that it has its cotangent where it lies then.  What makes items of others' items is in
`drawing_lazily`.
"""

from __future__ import annotations

import inspect
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.walks import View

__all__ = [
    "END", "NEXT", "Drawn", "Lazy", "all_of", "begin", "following", "given", "in_python",
    "next_of_class", "next_or", "next_or_stop", "rest", "says",
]

#: What comes after the last item.
END: Any = type("End", (), {"__repr__": lambda _: "END"})()


class Drawn:
    """`source` is a sequence; or a dict, of which `keys` are walked over, with them if `pairs`."""

    def __init__(self, source: Any, keys: Any, pairs: Any) -> None:
        self.source = source
        self.keys = keys
        self.pairs = pairs
        self.at = 0
        self.ended = False


class Lazy:
    """What makes each item when it is asked for, by `following()`, which gives END at the end."""

    def following(self) -> Any:
        raise NotImplementedError


class OfClass(Lazy):
    """An iterator whose class says in Python how it goes on."""

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator

    def following(self) -> Any:
        try:
            return self.iterator.__next__()
        except StopIteration:
            return END


def begin(source: Any, /) -> Any:
    """`iter(source)`"""
    if isinstance(source, (Drawn, Lazy)):
        return source
    if isinstance(source, View):
        return Drawn(source.owner, list(source.owner), source.pairs)
    if isinstance(source, dict):
        return Drawn(list(source), None, False)
    if is_sequence(source):
        return Drawn(source, None, False)
    if says(source, "__iter__"):
        found = source.__iter__()
        return OfClass(found) if says(found, "__next__") else begin(found)
    return Other(source)


def is_sequence(source: Any) -> bool:
    """Whether items can be read at their places."""
    return isinstance(source, (list, tuple, np.ndarray, deque, range, str, bytes))


def says(x: Any, name: str) -> bool:
    """Whether the class of an object has a method in Python."""
    return in_python(getattr(type(x), name, None))


def in_python(method: Any) -> bool:
    """Whether a method is a function in Python, and no generator."""
    return isinstance(method, types.FunctionType) and not inspect.isgeneratorfunction(method)


class Other:
    """An iterator of whatever else, which must not give active values."""

    def __init__(self, source: Any) -> None:
        self.iterator, self.name = iter(source), type(source).__name__

    def draw(self) -> Any:
        """The next item, or END."""
        item = next(self.iterator, END)
        if holds_numbers(item):
            raise refusal(UnsupportedError,
                          f"iter of a {self.name} walks over active values, which is possible "
                          "only once", "make a list of it first")
        return item


def item_of_other(it: Other) -> Any:
    return it.draw()


def following(it: Any, /) -> Any:
    """The next item; once there was none, there will be none: END."""
    if isinstance(it, Drawn):
        return of_place(it)
    return it.following() if isinstance(it, Lazy) else item_of_other(it)


def of_place(it: Any) -> Any:
    if it.ended:
        return END
    if it.keys is not None and len(it.keys) != len(it.source):
        raise RuntimeError("dictionary changed size during iteration")
    i = it.at
    if i >= len(it.source):
        it.ended = True
        return END
    it.at = i + 1
    if it.keys is None:
        return it.source[i]
    key = it.keys[i]
    if it.pairs:
        return key, it.source[key]
    return it.source[key]


def given(item: Any) -> bool:
    """Whether that is an item.

    >>> it = begin("a")
    >>> given(following(it)), given(following(it))
    (True, False)
    """
    return item is not END


def next_or_stop(it: Any, /) -> Any:
    """`next(it)`"""
    item = following(it)
    if item is END:
        raise StopIteration
    return item


def next_or(it: Any, default: Any, /) -> Any:
    """`next(it, default)`"""
    item = following(it)
    return default if item is END else item


def rest(it: Any, /) -> list:
    """All that is left, for a function that draws all of it at once."""
    items: list = []
    while True:
        item = following(it)
        if item is END:
            return items
        items.append(item)


def all_of(source: Any, /) -> list:
    """All items of an object whose class says in Python how it goes on."""
    return rest(begin(source))


def next_of_class(source: Any, *default: Any) -> Any:
    """`next(source, *default)` for such an object, which is asked as Python asks it."""
    if not default:
        return source.__next__()
    try:
        return source.__next__()
    except StopIteration:
        return default[0]


#: What stands for `next`, by the number of arguments.
NEXT = {1: next_or_stop, 2: next_or}
