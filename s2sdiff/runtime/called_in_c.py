"""Functions of the user's that functions in C call: what they write has no derivative there."""

from __future__ import annotations

import bisect
import types
from collections import defaultdict
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.inert import is_inert

__all__ = ["given_functions", "made_in_sight", "searches_in_sight"]


def given_functions(args: tuple, kwargs: dict[str, Any]) -> dict[Any, Any]:
    """By place or name, the functions among arguments that capture what may be active.

    >>> key = (lambda x: lambda i: x * i)(2.0)
    >>> list(given_functions(([1, 2],), {"key": key, "default": None}))
    ['key']
    """
    return {s: f for s, f in (*enumerate(args), *kwargs.items())
            if type(f) is types.FunctionType and not is_inert(f)}


def made_in_sight(items: defaultdict, key: Any) -> None:
    """Refuse to let a dict make an item by a function that captures what may be active."""
    if key not in items and not is_inert(items.default_factory):
        raise refusal(UnsupportedError, "a dict makes a missing item by a function that captures "
                      "what may be active, and may write it", "put the item in before it is read")


def searches_in_sight(fn: Any, kwargs: dict[str, Any]) -> None:
    """Refuse to search by such a function."""
    if "key" in kwargs and any(fn is f for f in _SEARCHES) and not is_inert(kwargs["key"]):
        raise refusal(UnsupportedError, f"{fn.__name__} calls a key that captures what may be "
                      "active, and may write it", "bisect a list of the keys")


_SEARCHES = (bisect.bisect_left, bisect.bisect_right)
