"""Cotangents of a whole sequence: lists for lists, tuples for tuples, arrays for arrays."""

from __future__ import annotations

import itertools
from collections import OrderedDict, deque
from typing import Any

import numpy as np

from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime.batched_shapes import zeros_now
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.walks import Walk

__all__ = [
    "KEYS", "as_given", "check_keys", "drawn", "in_order", "items_of", "like", "no_keys_back",
    "of_lists", "pairs_back", "pairs_of", "parts_back", "walked",
]

#: What may be walked over any number of times, and how cotangents go back into it is known.
WALKED = (list, tuple, np.ndarray, OrderedDict, dict, set, frozenset, deque, str, bytes, range)


def walked(values: Any) -> bool:
    """Whether walking over the values gives what they hold, in order, and changes nothing."""
    return isinstance(values, Walk) or any(
        isinstance(values, cls) and class_of(values).__iter__ is cls.__iter__ for cls in WALKED)


def items_of(values: Any) -> Any:
    """The values as something that can be walked again and has a length."""
    return values if class_of(values) in (list, tuple, np.ndarray) else drawn(values)


def like(values: Any, bars: list) -> Any:
    """The cotangents of the items of a sequence as a cotangent of the sequence; None is zero.

    >>> like((1.0, 2.0), [3.0, None])
    (3.0, None)
    >>> like(np.ones(2), [3.0, None])
    array([3., 0.])
    """
    if isinstance(values, np.ndarray):
        g: Any = zeros_now(values.shape, np.result_type(
            values, *[b for b in bars if b is not None]))
        for i, b in enumerate(bars):
            if b is not None:
                g[i] = b
        return g
    if isinstance(values, tuple):
        return like_fields(values, bars) if hasattr(values, "_fields") else tuple(bars)
    if isinstance(values, (dict, str, bytes, range)):
        # A walk over a dict yields its keys, and those have no derivative.
        return None
    if isinstance(values, deque):
        return {i: b for i, b in enumerate(bars) if b is not None}
    return bars


def drawn(iterable: Any, most: int | None = None) -> list:
    """The items of an iterable that a function walks over; refuses to lose their cotangents.

    Of one that may have no end, no more than `most` are drawn.

    >>> drawn((1.0, 2.0)), drawn(iter("ab"))
    ([1.0, 2.0], ['a', 'b'])
    """
    if isinstance(iterable, Walk):
        return iterable.take()
    known = walked(iterable)
    items = list(iterable if known else itertools.islice(iterable, most))
    if isinstance(iterable, dict):
        check_keys(items)
    elif not known and any(map(is_differentiable, items)):
        raise unsupported(f"drawing active values from a {type(iterable).__name__} here uses it up",
                          "make a list of it first")
    return items


def as_given(iterable: Any, items: list) -> Any:
    """What a set is filled with: from a set or a dict in one go, as the plain call does.

    In which order a set is walked depends on how it was filled.
    """
    in_one_go = isinstance(iterable, (set, frozenset)) or type(iterable) is dict
    return iterable if in_one_go else items


#: What gives the keys of a dict alone.
KEYS = (type({}.keys()), type(OrderedDict().keys()))


def no_keys_back(bars: list, keys: list) -> None:
    """Refuse a cotangent of keys: nobody knows what they were made of.

    >>> no_keys_back([None, 1.0], [2.0, 3])
    """
    if any(b is not None and not isinstance(k, (int, str, bytes))
           for b, k in zip(bars, keys, strict=True)):
        raise unsupported(*_OF_KEYS)


def check_keys(keys: list) -> None:
    """Refuse to read keys that may be active: a dict has no cotangents for its keys."""
    if any(map(is_differentiable, keys)):
        raise unsupported(*_OF_KEYS)


_OF_KEYS = ("keys of a dict that are floats are read, which have no derivative there",
            "keep active values among the values, or use a list of pairs")


def parts_back(bars: list, items: Any, source: Any) -> Any:
    """`like` for the items drawn from a source: None where nothing is to be handed back.

    >>> parts_back([None, 2.0], [1.0, 1.0], [1.0, 1.0]), parts_back([2.0], [1.0], {1.0})
    ([None, 2.0], {1.0: 2.0})
    """
    if not walked(source) or all(b is None for b in bars):
        return None
    if isinstance(source, (set, frozenset)):
        # The set may have changed since: its elements were those.
        return {x: b for x, b in zip(items, bars, strict=True) if b is not None}
    return like(source, bars)


def in_order(bars: Any, count: int) -> list:
    """The cotangents of `count` items, which came as a list, a tuple, an array, slots or None.

    >>> in_order({1: 2.0}, 3), in_order(None, 1), in_order((1.0,), 1)
    ([None, 2.0, None], [None], [1.0])
    """
    if bars is None:
        return [None] * count
    if isinstance(bars, dict):
        return [bars.get(i) for i in range(count)]
    return list(bars)


def pairs_of(other: Any) -> list[tuple[Any, Any]]:
    """The keys and values that `dict.update` is given, as a list of pairs."""
    if isinstance(other, dict):
        return list(other.items())
    if hasattr(other, "keys"):
        return [(key, other[key]) for key in other.keys()]  # noqa: SIM118 (no dict: a mapping)
    # A pair that is none is left to Python to refuse.
    return [tuple(pair) if isinstance(pair, (tuple, list)) else pair for pair in drawn(other)]


def of_lists(other: Any) -> list[bool]:
    """Which of the pairs are lists; the others get tuples of cotangents."""
    if isinstance(other, dict) or not walked(other):
        return []
    pairs = other.items if isinstance(other, Walk) else other
    return [isinstance(pair, list) for pair in pairs]


def pairs_back(bars: list, pairs: list, other: Any, listed: list[bool]) -> Any:
    """The cotangents of the values of a mapping, or of pairs, in the form that they came in."""
    found = {key: g for (key, _), g in zip(pairs, bars, strict=True) if g is not None}
    if not found:
        return None
    if hasattr(other, "keys"):
        return found
    if not walked(other):
        return None
    rows = [[None, g] if as_list else (None, g) for as_list, g in zip(listed, bars, strict=True)]
    return rows if isinstance(other, list) else tuple(rows)
