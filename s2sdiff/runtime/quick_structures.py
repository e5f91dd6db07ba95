"""Gradients in the structure of values that are made of plain containers, objects and numbers.

`structures` finds them for all values, in several walks; most parameters are lists and dicts of
arrays and floats, or objects of plain classes, none of which is found twice.  One walk does there.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.declared import constant_fields, registered
from s2sdiff.runtime.named_tuples import is_named
from s2sdiff.runtime.plain_classes import is_plain
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.runtime.shadows import owner_of

__all__ = ["LENT", "OTHER", "only_floats", "own", "quick_gradient"]

#: Says that a value is made of something else.
OTHER: Any = object()


class _Other(Exception):
    """What is walked over is nothing plain, or is found twice."""


def quick_gradient(bar: Any, like: Any, seen: dict[Any, Any]) -> Any:
    """`structures.gradient_beside`, or OTHER.

    >>> quick_gradient({"w": 2.0}, {"w": 1.0, "b": 0.5, "name": "dense"}, {})
    {'w': 2.0, 'b': 0.0, 'name': None}
    >>> both = [1.0]
    >>> quick_gradient(None, [both, both], {}) is OTHER
    True
    """
    try:
        return _of(bar, like, _Walk(seen))
    except _Other:
        return OTHER


class _Walk:
    """One walk: the places met, what `own` has seen, and the fields that are no variables."""

    __slots__ = ("constants", "met", "seen")

    def __init__(self, seen: dict[Any, Any]) -> None:
        self.met: set[int] = set()
        self.seen = seen
        self.constants: dict[type, frozenset[str]] = {}


def _of(g: Any, x: Any, walk: _Walk) -> Any:
    t = type(x)
    if t is float:
        return g if type(g) is float else match(g, x)
    if t is np.ndarray:
        return own(match(g, x), walk.seen)
    if t in _NUMBERS:
        return match(g, x)
    if t in _NO_NUMBERS:
        return None
    if t is tuple:
        bars = (None,) * len(x) if g is None else g
        if not isinstance(bars, tuple) or len(bars) != len(x):
            raise _Other
        return tuple([_of(p, v, walk) for p, v in zip(bars, x, strict=True)])
    if is_named(t) and not t.__dictoffset__:
        return tuple.__new__(t, _of(g, tuple(x), walk))
    if id(x) in walk.met:
        raise _Other  # there is one gradient of both
    walk.met.add(id(x))
    if t is list:
        return _of_items(g, x, walk)
    if t is dict:
        bars = _slots(g)
        return {k: _of(bars.get(k), v, walk) for k, v in x.items()}
    if t is Parts:
        t, held = type(x.place), x.items
        if t is list:
            return _of_items(g, [*held.values()], walk)
        if t is dict:
            bars = _slots(g)
            return {k: _of(bars.get(k), v, walk) for k, v in held.items()}
        if not _is_known(t, walk):
            raise _Other
    else:
        held = x.__dict__ if _is_known(t, walk) else None
    if not held:
        raise _Other
    bars, constant, made = _slots(g), walk.constants[t], object.__new__(t)
    made.__dict__.update({k: None if k in constant else _of(bars.get(k), v, walk)
                          for k, v in held.items()})
    return made


def _of_items(g: Any, items: list[Any], walk: _Walk) -> list[Any]:
    if type(g) is not list:
        bars = _slots(g)
        return [_of(bars.get(i), v, walk) for i, v in enumerate(items)]
    if len(g) != len(items):
        raise _Other
    if only_floats(items) and only_floats(g):
        return [*g]
    return [_of(p, v, walk) for p, v in zip(g, items, strict=True)]


def _slots(g: Any) -> dict[Any, Any]:
    if g is None:
        return {}
    if type(g) is not dict:
        raise _Other
    return g


def only_floats(values: Iterable[Any]) -> bool:
    """Whether there is nothing but Python's floats, as in most lists of numbers."""
    return {*map(type, values)} <= {float}


def own(made: Any, seen: dict[Any, Any]) -> Any:
    """A leaf of its own: both terms of a sum have one array, and callers write into theirs."""
    if type(made) is not np.ndarray:
        return made
    if not made.flags.writeable or seen.get(LENT):
        return made.copy()
    key = ("memory", id(made if made.base is None else owner_of(made)))
    others = seen.get(key)
    if others is None:
        seen[key] = [made]
        return made
    if any(np.may_share_memory(made, a) for a in others):
        return made.copy()
    others.append(made)
    return made


#: Says in `seen` that arrays may be somebody else's.
LENT = "lent"


def _is_known(cls: Any, walk: _Walk) -> bool:
    """Whether a class is plain; what fields of its objects are no variables is noted."""
    if not is_plain(cls):
        return False
    if cls in walk.constants:
        return True
    if registered(cls) is not None:
        return False
    walk.constants[cls] = constant_fields(cls)
    return True


_NUMBERS = frozenset({complex, *[np.dtype(c).type for c in "efdgFDG"]})
_NO_NUMBERS = frozenset({int, bool, str, bytes, type(None), type, types.ModuleType,
                         types.FunctionType, types.BuiltinFunctionType, types.MethodType,
                         range, slice, np.bool_, *[np.dtype(c).type for c in "bhilqBHILQ"]})
