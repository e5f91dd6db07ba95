"""Calls and displays with stars: cotangents gathered for many arguments, and cut up again."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import calls
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import as_array, class_of
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.runtime.values import Slots, is_inert
from s2sdiff.runtime.walks import Walk

__all__ = ["apply", "apply_method", "item", "mapping_share", "packed", "split", "unless_later"]


def apply(fn: Any, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """`fn(*args, **kwargs)`; the pullback gives a tuple and a dict of cotangents."""
    return _apply(lambda wrt: calls.called(fn, wrt, args, kwargs, True), args, kwargs)


def apply_method(name: str, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """`args[0].name(*args[1:], **kwargs)`; the pullback gives a tuple and a dict of cotangents."""
    return _apply(lambda wrt: calls.called_method(wrt, name, args[0], args[1:], kwargs, True),
                  args, kwargs)


def _apply(made: Callable[[Slots], tuple[Any, Any]], args: tuple,
           kwargs: dict[str, Any]) -> tuple[Any, Any]:
    wrt: Slots = tuple(i for i, a in enumerate(args) if not is_inert(a)) + tuple(
        k for k, v in kwargs.items() if not is_inert(v))
    value, pullback = made(wrt)

    def pull(bar: Any) -> tuple[tuple, dict]:
        entries = pullback(bar) if wrt else ()
        found = dict(zip(wrt, (entries,) if len(wrt) == 1 else entries, strict=True))
        return tuple(found.get(i) for i in range(len(args))), {k: found.get(k) for k in kwargs}

    return value, pull


def item(bar: Any, key: Any) -> Any:
    """One part of a container's cotangent; None where there is none."""
    if isinstance(bar, dict):
        return bar.get(key)
    return None if bar is None else bar[key]


def unless_later(bar: Any, at: int, *keys: Any) -> Any:
    """The cotangent of the value under the key at a place of a display: none if it comes again.

    >>> unless_later({"a": 1.0}, 0, "a", "b"), unless_later({"a": 1.0}, 0, "a", "a")
    (1.0, None)
    """
    return None if keys[at] in keys[at + 1:] else item(bar, keys[at])


def split(bar: Any, starred: tuple[bool, ...], *values: Any) -> tuple:
    """The cotangent of `(a, *b, c)` cut up for `a`, `b` and `c`."""
    if bar is None or (isinstance(bar, (tuple, list)) and all(g is None for g in bar)):
        return (None,) * len(values)
    # What was read by its places alone has a cotangent for each of these.
    place = bar.get if isinstance(bar, dict) else bar.__getitem__
    parts: list[Any] = []
    at = 0
    for star, value in zip(starred, values, strict=True):
        if not star:
            parts.append(place(at))
            at += 1
            continue
        value = value.items if isinstance(value, Walk) else value
        held = value.place if isinstance(value, Parts) else value
        if isinstance(getattr(class_of(held), "__iter__", None), types.FunctionType) and \
                not isinstance(held, Walk):
            raise refusal(UnsupportedError, f"*{type(held).__name__} with active elements",
                          "make a tuple of it first")
        if not isinstance(value, Parts) and not hasattr(value, "__len__"):
            raise refusal(UnsupportedError, f"*{type(value).__name__} beside active values",
                          "star an array, a list or a tuple")
        n = len(value.items) if isinstance(value, Parts) else len(value)
        items = [place(i) for i in range(at, at + n)]
        at += n
        if isinstance(value, Parts):
            parts.append(list(items))
        elif isinstance(value, np.ndarray):
            rows = [match(g, x) for g, x in zip(items, value, strict=True)]
            parts.append(np.stack(rows) if n else None)
        elif isinstance(value, (tuple, list)):
            parts.append(_like(value, items))
        elif isinstance(value, (range, str, bytes)):
            parts.append(None)
        else:
            raise refusal(UnsupportedError, f"*{type(value).__name__} with active elements",
                          "star an array, a list or a tuple")
    return tuple(parts)


def _like(value: Any, items: Any) -> Any:
    """Cotangents of the items of a list or tuple, whose class may be made in its own way."""
    if isinstance(value, list):
        return list(items)
    return like_fields(value, items) if hasattr(type(value), "_fields") else tuple(items)


def mapping_share(bar: dict[str, Any], value: Any) -> dict[str, Any]:
    """The part of a call's keyword cotangents that belongs to a `**mapping`, or to its parts."""
    place = value.place if isinstance(value, Parts) else value
    if isinstance(place, dict):
        keys = value.items if isinstance(value, Parts) else value
        return {k: None if bar is None else bar.get(k) for k in keys}
    if bar is not None and any(bar.get(k) is not None for k in place.keys()):  # noqa: SIM118
        raise refusal(UnsupportedError, f"**{type(place).__name__} with active elements",
                      "make a dict of them first")
    return {}


def packed(value: Any, *parts: Any) -> Any:
    """The cotangent of something that was unpacked, of its own kind."""
    if isinstance(value, np.ndarray):
        return np.stack([as_array(match(p, x)) for p, x in zip(parts, value, strict=True)])
    if isinstance(value, (tuple, list)):
        return _like(value, parts)
    if isinstance(value, Walk):
        return parts
    raise refusal(UnsupportedError, f"unpacking a {type(value).__name__} with active elements",
                  "unpack an array, a list or a tuple")
