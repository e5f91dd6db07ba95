"""Iterators with a state, in the language: what `iter` and `next` are where values are active.

A place in a sequence, or in a dict, is all the state that there is; each item is read when its turn
comes, so that it has its cotangent where it lies then.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.walks import View

__all__ = ["NEXT", "Drawn", "begin", "draw", "more", "next_or", "next_or_stop", "rest", "rounds"]


class Drawn:
    """`source` is a sequence; or a dict, of which `keys` are walked over, with them if `pairs`."""

    def __init__(self, source: Any, keys: Any, pairs: Any) -> None:
        self.source = source
        self.keys = keys
        self.pairs = pairs
        self.at = 0
        self.ended = False


def begin(source: Any, /) -> Any:
    """`iter(source)`"""
    if isinstance(source, Drawn):
        return source
    if isinstance(source, View):
        return Drawn(source.owner, list(source.owner), source.pairs)
    if isinstance(source, dict):
        return Drawn(list(source), None, False)
    if is_sequence(source):
        return Drawn(source, None, False)
    return Other(source)


def is_sequence(source: Any) -> bool:
    """Whether items can be read at their places."""
    return isinstance(source, (list, tuple, np.ndarray, deque, range, str, bytes))


class Other:
    """An iterator of whatever else, which must not give active values."""

    def __init__(self, source: Any) -> None:
        self.iterator, self.name, self.item = iter(source), type(source).__name__, None

    def more(self) -> bool:
        """Whether there is another item, which is kept for `draw`."""
        for item in self.iterator:
            self.item = item
            if holds_numbers(item):
                raise refusal(UnsupportedError,
                              f"iter of a {self.name} walks over active values, which is possible "
                              "only once", "make a list of it first")
            return True
        return False


def more_of_other(it: Other) -> bool:
    return it.more()


def item_of_other(it: Other) -> Any:
    return it.item


def more(it: Any) -> bool:
    """Whether there is another item; once there was none, there will be none."""
    if isinstance(it, Other):
        return more_of_other(it)
    if it.ended:
        return False
    if it.keys is not None and len(it.keys) != len(it.source):
        raise RuntimeError("dictionary changed size during iteration")
    if it.at >= len(it.source):
        it.ended = True
        return False
    return True


def draw(it: Any) -> Any:
    """The next item, which there is."""
    if isinstance(it, Other):
        return item_of_other(it)
    i = it.at
    it.at = i + 1
    if it.keys is None:
        return it.source[i]
    key = it.keys[i]
    if it.pairs:
        return key, it.source[key]
    return it.source[key]


def next_or_stop(it: Any, /) -> Any:
    """`next(it)`"""
    if not more(it):
        raise StopIteration
    return draw(it)


def next_or(it: Any, default: Any, /) -> Any:
    """`next(it, default)`"""
    return draw(it) if more(it) else default


def rest(it: Any) -> list:
    """All that is left, for a function that draws all of it at once."""
    items = []
    while more(it):
        items.append(draw(it))
    return items


def rounds(it: Any) -> Any:
    """The rounds of a loop that draws from an iterator.

    >>> it = begin("ab")
    >>> [draw(it) for _ in rounds(it)]
    ['a', 'b']
    """
    while more(it):
        yield


#: What stands for `next`, by the number of arguments.
NEXT = {1: next_or_stop, 2: next_or}
