"""Cotangents as hooks and users' rules see them: in the structure of the value, and back."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import RuleError, refusal
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.batches import unbatched
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import items_of, parts
from s2sdiff.runtime.declared import constant_fields
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.runtime.structures import gradient, holds_numbers

__all__ = ["given_back", "handed", "has_parts", "matched"]

_NUMBERS = (float, complex, np.inexact, np.ndarray)


def handed(bar: Any, x: Any) -> Any:
    """A cotangent in the structure of its value: that of an object is one of its class.

    >>> handed({"w": 2.0}, {"w": 1.0, "b": 0.5})
    {'w': 2.0, 'b': 0.0}
    """
    unbatched(bar)
    return match(bar, x) if isinstance(x, _NUMBERS) else gradient(bar, x)


def given_back(entry: Any, x: Any) -> Any:
    """A cotangent that a user's rule gives, looked at, as backward code has it.

    Parameters
    ----------
    x : the argument, or `parts` of it

    Raises
    ------
    RuleError
        It has another structure, shape or dtype than the argument.

    >>> given_back([1, 2.0], [0.5, 0.5])
    [1.0, 2.0]
    """
    return _back(entry, parts(x), {})


def matched(given: Any, x: Any) -> Any:
    """`match` of what a hook or a differential gives: only backward code has dicts for lists.

    >>> matched({"a": 2}, {"a": 0.5})
    {'a': 2.0}
    """
    _check_containers(given, x)
    return match(given, x)


def _check_containers(given: Any, x: Any) -> None:
    if given is None or not isinstance(x, (dict, tuple, list)):
        return
    if isinstance(x, dict) != isinstance(given, dict):
        raise _unfit(given, x)
    if isinstance(x, dict):
        strange = next((k for k in given if k not in x), None)
        if strange is not None:
            raise _of_strange(strange, x, x)
        for k, g in given.items():
            _check_containers(g, x[k])
    elif isinstance(given, (tuple, list)):
        for g, v in zip(given, x):
            _check_containers(g, v)


def has_parts(x: Any) -> bool:
    """Whether `parts` of a value, or what is in tuples there, have a place of their own."""
    return isinstance(x, Parts) or (isinstance(x, tuple) and any(map(has_parts, x)))


def _back(entry: Any, like: Any, seen: dict[int, Any]) -> Any:
    if entry is None or entry is NotImplemented:
        return entry
    if isinstance(like, _NUMBERS):
        return match(entry, like)
    if isinstance(like, tuple):
        if not isinstance(entry, (tuple, list)) or len(entry) != len(like):
            raise _unfit(entry, like)
        found = [_back(g, x, seen) for g, x in zip(entry, like, strict=True)]
        return like_fields(like, found) if hasattr(like, "_fields") else tuple(found)
    if not isinstance(like, Parts) or not holds_numbers(like):
        return None
    # What is found twice may have one cotangent, the whole, in both places, or a share in each.
    if seen.get(id(like)) is entry:
        return None
    seen[id(like)] = entry
    return _slots(entry, like, seen)


def _slots(entry: Any, like: Parts, seen: dict[int, Any]) -> Any:
    place, items = like.place, like.items
    if isinstance(place, (list, deque)) and not isinstance(entry, dict):
        if not isinstance(entry, (list, tuple, deque, np.ndarray)) or len(entry) != len(items):
            raise _unfit(entry, place)
        return [_back(g, x, seen) for g, x in zip(entry, items.values(), strict=True)]
    # A derivative that is inherited may give an object of the class that it was written for.
    inherited = class_of(entry) is not object and isinstance(place, class_of(entry))
    if not inherited and not isinstance(entry, (dict, class_of(place))):
        raise _unfit(entry, place)
    given, constant = dict(items_of(entry) or ()), constant_fields(class_of(place))
    strange = next((k for k, g in given.items() if k not in items and g is not None), None)
    if strange is not None:
        raise _of_strange(strange, place, items)
    return {k: _back(given[k], x, seen) for k, x in items.items()
            if k in given and k not in constant}


def _of_strange(key: Any, place: Any, items: Any) -> Exception:
    return refusal(RuleError, f"a cotangent of a {type(place).__name__} has {key!r}, which the "
                   "value has not", f"give those of {', '.join(map(str, items))}")


def _unfit(entry: Any, place: Any) -> Exception:
    def of(x: Any) -> str:
        count = f" of {len(x)}" if isinstance(x, (list, tuple, dict, deque)) else ""
        return f"{type(x).__name__}{count}"

    return refusal(RuleError, f"a cotangent of type {of(entry)} was given for a value of type "
                   f"{of(place)}",
                   "return one in the value's structure, that of an object as one of its class or "
                   "as a dict by the names of attributes")
