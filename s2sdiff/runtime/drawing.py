"""Iterators with a state, in the language: what `iter` and `next` are where values are active.

A place in a sequence, or in a dict, is all the state that there is; each item is read when its turn
comes, so that it has its cotangent where it lies then.  What makes items of others' items is in
`drawing_lazily`.
"""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import values
from s2sdiff.runtime.drawing_others import END, Other, item_of_other, only_once, other
from s2sdiff.runtime.walks import Anew, View, Walk, as_held, unchanged

__all__ = [
    "NEXT", "STANDINS", "Drawn", "Lazy", "all_of", "begin", "following", "given", "in_python",
    "next_of_class", "next_or", "next_or_stop", "quiet", "rest", "rest_for_loop", "rest_of", "says",
]

#: Set by the compiler: whether calling a function may write what others see.
may_write: Callable[[Any], bool] | None = None


class Lazy:
    """What makes each item when it is asked for, by `following()`, which gives END at the end."""

    #: What they hold differs from draw to draw, and code is not made anew for that.
    __s2sdiff_alike__ = True
    #: Whether a function of the user's is called for that.
    calls = False

    def following(self) -> Any:
        raise NotImplementedError

    def runs(self) -> bool:
        """Whether drawing from it runs code of the user's that matters to what others do."""
        function = getattr(self, "function", None)
        assert may_write is not None
        return self.calls and (function is None or may_write(function))

    def drawn_from(self) -> list[Any]:
        """What it may draw from itself."""
        return list(vars(self).values())

    def __iter__(self) -> Any:
        return self

    def __contains__(self, wanted: Any) -> bool:
        self._must_not_run()
        return contained(self, wanted)

    def __next__(self) -> Any:
        self._must_not_run()
        return next_or_stop(self)

    def _must_not_run(self) -> None:
        """Code that is followed calls what stands for these methods."""
        if not quiet(self):
            raise refusal(UnsupportedError, "an iterator whose function writes gives items to code "
                          "that is not followed", "draw from it in a loop or with next, or make a "
                          "list of it first")


def contained(it: Any, wanted: Any, /) -> bool:
    """`wanted in it`"""
    while True:
        item = following(it)
        if item is END:
            return False
        if item is wanted or item == wanted:
            return True


class Drawn(Lazy):
    """`source` is a sequence; or a dict, of which `keys` are walked over, with them if `pairs`."""

    def __init__(self, source: Any, keys: Any, pairs: Any) -> None:
        self.source = source
        self.keys = keys
        self.pairs = pairs
        self.at = 0
        self.ended = False
        #: The set that the source is made of, which is to keep as many items.
        self.of: Any = None
        #: Where it was when a loop took all that was left, of which the loop may have left some.
        self.begun: Any = None

    def following(self) -> Any:
        if self.ended:
            if self.begun is not None:
                only_once()
            return END
        if self.keys is not None and len(self.keys) != len(self.source):
            raise RuntimeError("dictionary changed size during iteration")
        if self.of is not None and len(self.of) != len(self.source):
            raise RuntimeError("Set changed size during iteration")
        i = self.at
        if i >= len(self.source):
            self.ended = True
            return END
        self.at = i + 1
        if self.keys is None:
            return self.source[i]
        key = self.keys[i]
        if self.pairs:
            return key, self.source[key]
        return self.source[key]

    def now(self) -> Any:
        """The items that such a loop would draw, as it goes."""
        i = self.begun
        while i < len(self.source if self.keys is None else self.keys):
            key = i if self.keys is None else self.keys[i]
            yield (key, self.source[key]) if self.pairs else self.source[key]
            i += 1


class OfClass(Lazy):
    """An iterator whose class says in Python how it goes on."""

    calls = True

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator

    def following(self) -> Any:
        try:
            return self.iterator.__next__()
        except StopIteration:
            return END


def begin(source: Any, /) -> Any:
    """`iter(source)`"""
    if isinstance(source, (Lazy, Other)):
        return source
    if isinstance(source, View):
        return Drawn(source.owner, list(source.owner), source.pairs)
    if isinstance(source, Walk):
        return Taken(source)
    if isinstance(source, dict):
        return Drawn(list(source), None, False)
    if is_sequence(source) and not says(source, "__iter__"):
        return Drawn(as_held(source), None, False)
    if says(source, "__iter__"):
        found = source.__iter__()
        if isinstance(found, Lazy):
            return found
        return OfClass(found) if says(found, "__next__") else begin(found)
    if isinstance(source, (set, frozenset)):
        drawn = Drawn(list(source), None, False)
        drawn.of = source
        return drawn
    return other(source)


def quiet(x: Any) -> bool:
    """Whether drawing from it calls no function of the user's that may write."""
    if isinstance(x, Lazy):
        return not x.runs() and all(map(quiet, x.drawn_from()))
    if isinstance(x, (list, tuple)):
        return not any(says(e, "__iter__") and not (isinstance(e, Lazy) and quiet(e)) for e in x)
    return not says(x, "__iter__")


def is_sequence(source: Any) -> bool:
    """Whether items can be read at their places."""
    return isinstance(source, (list, tuple, np.ndarray, deque, range, str, bytes))


def says(x: Any, name: str) -> bool:
    """Whether the class of an object has a method in Python, and is neither a walk nor NumPy's own.
    """
    return not isinstance(x, (Walk, np.ndindex)) and in_python(getattr(type(x), name, None))


def in_python(method: Any) -> bool:
    """Whether a method is a function in Python."""
    return isinstance(method, types.FunctionType)


class Taken(Lazy):
    """The items of a walk that was made by a rule, as long as they are what it would give now."""

    def __init__(self, walk: Any) -> None:
        self.items, self.clock, self.at = values.sequence(walk), clock(walk), 0

    def following(self) -> Any:
        i = self.at
        if i >= len(self.items):
            unchanged_now(self.clock, END)
            return END
        self.at = i + 1
        item = self.items[i]
        unchanged_now(self.clock, item)
        return item


def clock(walk: Walk) -> Any:
    """What gives the items of a walk as Python does."""
    return Other(Anew(walk.make), False)


def unchanged_now(clock: Other, item: Any) -> None:
    """Refuse what a walk would not give now."""
    if not unchanged(next(clock.iterator, END), item, True):
        raise refusal(UnsupportedError, "what an iterator over active values walks over may be "
                      "written meanwhile", "loop over an index, or make a list of it first")


def following(it: Any, /) -> Any:
    """The next item; once there was none, there will be none: END."""
    return it.following() if isinstance(it, Lazy) else item_of_other(it)


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


def rest_of(it: Any, /) -> list:
    """All that is left of what an `__iter__` in Python has given."""
    return rest(it if isinstance(it, Lazy) else OfClass(it))


def rest_for_loop(it: Any, /) -> list:
    """All that is left, for a loop that may be left early."""
    begun = it.at
    items = rest(it)
    it.begun = begun
    return items


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
STANDINS: dict[Any, Any] = {Lazy.__next__: next_or_stop, Lazy.__contains__: contained}
