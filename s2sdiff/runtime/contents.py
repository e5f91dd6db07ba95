"""What is in a value: by the keys of slots, and kept as it was at one time."""

from __future__ import annotations

import functools
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.named_tuples import like_tuple
from s2sdiff.runtime.plain_classes import is_plain
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.runtime.walks import View, Walk

__all__ = ["CONTAINERS", "NUMBERS", "ONE_NUMBER", "WHOLE", "held_at", "items_of", "parts"]

NUMBERS = (float, complex, np.inexact)
ONE_NUMBER = frozenset({float, np.float64})
CONTAINERS = (list, dict, tuple, set, frozenset, deque)
_WALKING = ("__iter__", "__len__")


def parts(x: Any) -> Any:
    """What stands for a value where its cotangent is dealt with after it may have changed."""
    return _parts(x, {})


def _parts(x: Any, seen: dict[int, tuple[Any, Any]]) -> Any:
    t = type(x)
    if t in WHOLE or isinstance(x, (*NUMBERS, np.ndarray, int, str, bytes, Parts)):
        return x
    known = seen.get(id(x))
    if known is not None:
        return known[1]
    if t is list and all(class_of(v) in ONE_NUMBER for v in x):
        made = Parts(x, dict(enumerate(x)))
        seen[id(x)] = x, made
        return made
    if isinstance(x, tuple):
        # One that is held in many places is walked once, and lives as long as its number is known.
        items = like_tuple(x, [_parts(i, seen) for _, i in _contents(x)])
        seen[id(x)] = x, items
        return items
    content = x.items() if t is dict else items_of(x)
    if content is None:
        return x
    made = Parts(x, {})
    seen[id(x)] = x, made
    if isinstance(x, View):
        x.check()
        made.behind = _parts(x.owner, seen)
    found = made.items
    for k, v in content:
        found[k] = _parts(v, seen)
    return made


#: Types of which most values are that are no containers.
WHOLE = frozenset({float, np.float64, np.ndarray, int, bool, str, type(None)})


def items_of(x: Any) -> list[tuple[Any, Any]] | None:
    """Keys of slots and what is there; None for what is no container.

    >>> items_of([5.0, 6.0]), items_of({"w": 1.0}), items_of(len)
    ([(0, 5.0), (1, 6.0)], [('w', 1.0)], None)
    """
    t = type(x)
    if t is list or t is tuple:
        return list(enumerate(x))
    if t is dict or t is Parts:
        return list((x if t is dict else x.items).items())
    if is_plain(t):
        return list(x.__dict__.items()) or None
    if isinstance(x, Walk):
        return list(enumerate(x.items))
    if isinstance(x, CONTAINERS):
        return _contents(x)
    if isinstance(x, types.CellType):
        try:
            return [("cell_contents", x.cell_contents)]
        except ValueError:
            return []
    if isinstance(x, types.MethodType):
        return [("__self__", x.__self__)]
    if isinstance(x, functools.partial):
        return [*enumerate(x.args), *x.keywords.items()]
    if isinstance(x, types.FunctionType):
        return [(i, c) for i, c in enumerate(x.__closure__ or ())] or None
    if isinstance(x, (type, types.ModuleType, types.BuiltinFunctionType, range, slice)):
        return None
    fields = getattr(x, "__dict__", None)
    found = list(fields.items()) if isinstance(fields, dict) else []
    for cls in class_of(x).__mro__:
        names = vars(cls).get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if name[:2] == "__" and name[-2:] != "__":
                name = f"_{cls.__name__.lstrip('_')}{name}"
            if name not in ("__dict__", "__weakref__") and hasattr(x, name):
                found.append((name, getattr(x, name)))
    return found or None


def _contents(x: Any) -> list[tuple[Any, Any]]:
    """What a container itself holds; refuses one that says otherwise to who walks over it."""
    base: Any = next(cls for cls in CONTAINERS if isinstance(x, cls))
    walk: Any = base.__iter__
    found: list[tuple[Any, Any]]
    if isinstance(x, dict):
        found = list(dict.items(x))
    elif issubclass(base, (set, frozenset)):
        found = [(e, e) for e in walk(x)]
    else:
        found = list(enumerate(walk(x)))
    if class_of(x) is not base and any(
            isinstance(getattr(class_of(x), name), types.FunctionType) for name in _WALKING) and \
            any(isinstance(v, (*NUMBERS, np.ndarray)) for _, v in found):
        raise refusal(UnsupportedError,
                      f"a {type(x).__name__} with active values is a {base.__name__} that says "
                      "itself what walking over it gives",
                      "give the method that walks a name of its own")
    return found


def held_at(place: Any, key: Any) -> Any:
    """Where the cotangent of an item lies: the keywords of a partial are a dict that one can have.

    >>> held_at(functools.partial(round, number=1.5), "number")
    {'number': 1.5}
    """
    named = isinstance(place, functools.partial) and isinstance(key, str)
    return place.keywords if named else place
