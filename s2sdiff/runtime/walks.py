"""What `zip`, `enumerate`, `dict.values` and their kin give where elements may be active.

Their cotangents go back to where the elements came from when it was made, so that it must be drawn
from once, in full, and before the sources change; all else is refused.  To code that is not
differentiated it is an iterator, or a view, like the one that it stands for.
"""

from __future__ import annotations

import itertools
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of, plain_value

__all__ = ["POOLING", "Anew", "Held", "View", "Walk", "as_held", "reads_itself", "steps"]


#: Iterators that have taken all items before they give the first.
POOLING: tuple[Any, ...] = (
    itertools.combinations, itertools.combinations_with_replacement, itertools.permutations,
    itertools.product,
)


class Walk:
    """An iterator, and all that it will give."""

    __slots__ = ("__weakref__", "items", "make", "native")

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make, self.items = make, list(make())
        self.native: Iterator[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self.native is None:
            self.native = iter(self.make())
        return next(self.native)

    def take(self) -> list[Any]:
        """All items, for code that sends cotangents back."""
        if self.native is not None:
            raise refusal(UnsupportedError,
                          "an iterator over active values is drawn from more than once",
                          "make a list of it first")
        self.check()
        self.native = iter(())
        return self.items

    def check(self) -> None:
        """Refuse sources that have changed."""
        now = list(self.make())
        if len(now) != len(self.items) or not all(map(same, now, self.items)):
            raise refusal(UnsupportedError,
                          "what an iterator over active values walks over was changed before it "
                          "was drawn from", "make a list of it first")


class Anew:
    """The items of an iterator that would be made now."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make

    def __iter__(self) -> Iterator[Any]:
        return iter(self.make())


class Held:
    """The items that a list holds whose class reads others by index."""

    __s2sdiff_alike__ = True

    def __init__(self, source: Any) -> None:
        self.source = source

    def __len__(self) -> int:
        return list.__len__(self.source)

    def __getitem__(self, i: Any) -> Any:
        return list.__getitem__(self.source, i)


def as_held(source: Any, /) -> Any:
    """A sequence in which an index gives what walking over `source` gives."""
    if not reads_itself(source):
        return source
    return Held(source) if isinstance(source, list) else tuple(source)


def reads_itself(x: Any) -> bool:
    """Whether the class of a list or tuple says in Python what an index gives, or how long it is.

    Python's iterators do not ask for either.
    """
    methods = (type(x).__getitem__, type(x).__len__) if isinstance(x, (list, tuple)) else ()
    return any(isinstance(method, types.FunctionType) for method in methods)


class View(Walk):
    """The values or items of a dict, which may be walked over any number of times."""

    __slots__ = ("owner", "pairs")

    def __init__(self, make: Callable[[], Any], owner: Any, pairs: bool) -> None:
        super().__init__(make)
        self.owner, self.pairs = owner, pairs

    def __iter__(self) -> Iterator[Any]:
        return iter(self.make())

    def __len__(self) -> int:
        return len(self.make())

    def __contains__(self, item: Any) -> bool:
        return item in self.make()

    def __reversed__(self) -> Iterator[Any]:
        return reversed(self.make())

    def take(self) -> list[Any]:
        self.check()
        return self.items


def steps(*pairs: Any, stop: int | None = None, arrays: bool = True) -> Iterator[int]:
    """The indices of the items of sequences, walked over side by side while others may write.

    `pairs` are sequences and what each was made of: Python's own iterators over those go along, and
    say how far to go; they raise what they raise.  Refused where they give something else by now;
    numbers that arrays make anew each time may be such, unless no array is written (`arrays`).

    >>> counts = {"a": 1, "b": 2}
    >>> list(steps(list(counts), counts))
    [0, 1]
    """
    sequences = pairs[::2]
    rounds = zip(*[iter(_again(s, x)) for s, x in zip(sequences, pairs[1::2], strict=True)])
    checked = [s is not x and not isinstance(x, dict)
               for s, x in zip(sequences, pairs[1::2], strict=True)]
    for i, items in enumerate(rounds):
        if stop is not None and i >= stop:
            return
        for item, sequence, check in zip(items, sequences, checked, strict=True):
            if check and not (i < len(sequence) and unchanged(item, sequence[i], arrays)):
                raise refusal(UnsupportedError,
                              "what an iterator over active values walks over may be written "
                              "meanwhile", "loop over an index, or make a list of it first")
        yield i


def _again(items: Any, x: Any) -> Any:
    """What gives the items that a walk over something gives now."""
    if getattr(x, "begun", None) is not None and hasattr(x, "now"):
        return x.now()
    # These are used up, and depend on nothing.
    used = isinstance(x, np.ndindex) or type(x) in POOLING
    return x.make() if isinstance(x, Walk) else items if used else x


def unchanged(x: Any, y: Any, arrays: bool) -> bool:
    """Surely the same."""
    if x is y:
        return True
    if isinstance(x, tuple) and isinstance(y, tuple):
        return len(x) == len(y) and all(
            unchanged(a, b, arrays) for a, b in zip(x, y, strict=True))
    if not arrays and isinstance(x, (np.generic, np.ndarray)):
        return same(x, y)
    return class_of(x) is class_of(y) and isinstance(x, (int, str, bytes, range)) and x == y


def same(x: Any, y: Any) -> bool:
    """The same object; for what an array makes anew at each walk, the same number or memory.

    >>> a = np.ones((2, 2))
    >>> same(a[0], a[0]), same(a[0], a[1]), same((a[0, 0], 2.0), (a[0, 0], 2.0))
    (True, False, True)
    """
    if x is y:
        return True
    if class_of(x) is not class_of(y):
        return False
    if isinstance(x, np.ndarray):
        return plain_value(x).__array_interface__ == plain_value(y).__array_interface__
    if isinstance(x, tuple):
        return len(x) == len(y) and all(map(same, x, y))
    return isinstance(x, (int, float, complex, str, np.generic)) and bool(x == y or x != x)
