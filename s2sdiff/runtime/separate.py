"""Arguments of one call that hold the same array, list or object."""

from __future__ import annotations

import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime.shadows import owner_of

__all__ = ["separate"]


def separate(names: tuple[str, ...], asked: int, *values: Any) -> None:
    """Refuse arguments that share a place with one of the first so many, which are asked for.

    By place, theirs would be one derivative.

    >>> a = np.zeros(2)
    >>> separate(("a", "b"), 1, a, [a])
    Traceback (most recent call last):
    ...
    s2sdiff.errors.AliasingError: a and b hold the same ndarray, ...
    """
    first: dict[int, str] = {}
    for i, (name, value) in enumerate(zip(names, values, strict=True)):
        mine: dict[int, Any] = {}
        _collect(value, mine)
        for key, place in mine.items():
            if key in first:
                raise refusal(AliasingError, f"{first[key]} and {name} hold the same "
                              f"{type(place).__name__}, which would have one derivative for both",
                              "pass a copy in one of the two")
        if i < asked:
            first.update(dict.fromkeys(mine, name))


def _collect(value: Any, places: dict[int, Any]) -> None:
    """All places that a value leads to, by identity."""
    waiting = [value]
    while waiting:
        x = waiting.pop()
        if isinstance(x, np.ndarray):
            if x.dtype.kind in "fcO":
                place = owner_of(x)
                places[id(place)] = place
            continue
        if isinstance(x, (float, int, complex, str, np.generic, type, types.ModuleType,
                          types.FunctionType)) or x is None or id(x) in places:
            continue
        held: Any = None
        if isinstance(x, dict):
            held = x.values()
        elif isinstance(x, (list, tuple, set, frozenset, deque)):
            held = x
        elif isinstance(getattr(x, "__dict__", None), dict):
            held = vars(x).values()
        if held is None:
            continue
        if not isinstance(x, tuple):
            places[id(x)] = x
        waiting.extend(held)
