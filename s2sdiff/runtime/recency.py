"""Which calls a cached function keeps: numbers for their arguments, in the order of their use."""

from __future__ import annotations

import functools
from typing import Any

from s2sdiff.runtime import unseen
from s2sdiff.runtime.carried import class_of

__all__ = ["Recency", "kept_number", "new_number", "recency"]


class Recency:
    """What `functools.lru_cache` knows of calls, apart from their values."""

    def __init__(self, maxsize: int | None, typed: bool) -> None:
        self.maxsize, self.typed = maxsize, typed
        self.numbers: dict[Any, int] = {}
        self.hits = self.misses = 0
        self.last = -1

    def clear(self) -> None:
        self.numbers.clear()
        self.hits = self.misses = 0

    def info(self) -> Any:
        return functools._CacheInfo(self.hits, self.misses, self.maxsize, len(self.numbers))


def recency(maxsize: Any, typed: bool) -> Recency:
    """A new, empty one."""
    return Recency(maxsize if maxsize is None else max(maxsize, 0), typed)


def kept_number(known: Recency, args: tuple, kwargs: dict[str, Any]) -> int | None:
    """The number of a call with these arguments that is kept, which is now the latest; or None.

    >>> known = recency(1, False)
    >>> kept_number(known, (1,), {}), new_number(known, (1,), {}), kept_number(known, (1,), {})
    (None, (0, None), 0)
    >>> new_number(known, (2,), {}), kept_number(known, (1,), {})
    ((1, 0), None)
    """
    for x in (*args, *kwargs.values()):
        # The function's own table is asked as often as it has to be, and this one is another.
        for name in ("__hash__", "__eq__"):
            unseen.refuse(class_of(x), name, "for a table of calls", (x,))
    key = functools._make_key(args, kwargs, known.typed)
    number = known.numbers.pop(key, None)
    if number is None:
        known.misses += 1
    else:
        known.hits += 1
        known.numbers[key] = number
    return number


def new_number(known: Recency, args: tuple, kwargs: dict[str, Any]) -> tuple:
    """A number for a call that is kept now, None where none is; and that of one that goes."""
    if known.maxsize == 0:
        return None, None
    key = functools._make_key(args, kwargs, known.typed)
    if key in known.numbers and known.maxsize is not None:
        # The function itself has called it with these arguments meanwhile.
        return None, None
    gone = None
    if known.maxsize is not None and len(known.numbers) >= known.maxsize:
        gone = known.numbers.pop(next(iter(known.numbers)))
    known.last += 1
    known.numbers[key] = known.last
    return known.last, gone
