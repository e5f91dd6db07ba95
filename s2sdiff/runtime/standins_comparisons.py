"""`functools.cmp_to_key`, in the language that is differentiated (see `standins`)."""

from __future__ import annotations

import functools
from typing import Any

from s2sdiff.runtime.unseen import only_reads

__all__ = ["Compared", "cmp_to_key", "is_key", "key_of"]

_KEY: Any = type(functools.cmp_to_key(lambda a, b: 0))


class Compared:
    """An item with the function that tells its place among others."""

    def __init__(self, compare: Any, item: Any) -> None:
        self.compare, self.item = compare, item

    def __lt__(self, other: Any) -> bool:
        return self.compare(self.item, other.item) < 0

    def __gt__(self, other: Any) -> bool:
        return self.compare(self.item, other.item) > 0


def cmp_to_key(mycmp: Any) -> Any:
    only_reads(mycmp)
    return lambda item: Compared(mycmp, item)


def is_key(function: Any) -> bool:
    """What `functools.cmp_to_key` gives.

    >>> is_key(functools.cmp_to_key(is_key)), is_key(is_key)
    (True, False)
    """
    return isinstance(function, _KEY)


def key_of(key: Any) -> Any:
    """The one here for one of `functools`."""
    return lambda item: Compared(lambda a, b: (key(a) > key(b)) - (key(a) < key(b)), item)
