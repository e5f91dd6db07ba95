"""What containers, objects and arrays hold, noted so that it can be put back."""

from __future__ import annotations

import types
from collections import OrderedDict, deque
from typing import Any

import numpy as np

from s2sdiff.runtime.batches import Batch
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.declared import constant_fields
from s2sdiff.runtime.remaking import empty, put

__all__ = ["CONTAINERS", "STATELESS", "fill", "note", "slots", "unchanged"]

STATELESS = (int, float, complex, str, bytes, type(None), np.generic, type, types.FunctionType,
              types.BuiltinFunctionType, types.ModuleType, np.ufunc)
CONTAINERS = (list, dict, set, deque)


def note(x: Any, held: list[tuple[Any, Any]], seen: set[int], arrays: bool = True) -> None:
    """Note what a value holds, and what is in that."""
    if isinstance(x, Batch):
        x = x.rows
    if isinstance(x, STATELESS) or id(x) in seen:
        return
    seen.add(id(x))
    if isinstance(x, np.ndarray):
        if arrays:
            held.append((x, x.copy()))
        return
    content = slots(x)
    if not isinstance(x, (tuple, frozenset)):
        held.append((x, content))
    for _, v in content:
        note(v, held, seen, arrays)
    if isinstance(x, CONTAINERS) and type(x) not in CONTAINERS:
        note(getattr(x, "__dict__", None), held, seen, arrays)


def unchanged(now: list[tuple[Any, Any]], before: list[tuple[Any, Any]]) -> bool:
    """Whether the same is under the same keys.

    >>> unchanged([("a", 1)], [("a", 2)])
    False
    """
    return len(now) == len(before) and all(
        (k is m or k == m) and v is w for (k, v), (m, w) in zip(now, before, strict=True))


def slots(x: Any) -> list[tuple[Any, Any]]:
    """Items or attributes that a run may change."""
    if isinstance(x, (*STATELESS, np.ndarray)):
        return []
    if isinstance(x, OrderedDict):
        return list(OrderedDict.items(x))  # which has an order of its own
    constant = constant_fields(class_of(x)) if not isinstance(x, CONTAINERS) else ()
    return [(k, v) for k, v in items_of(x) or () if k not in constant]


def fill(x: Any, content: Any) -> None:
    """Let something hold again what was noted."""
    if isinstance(x, np.ndarray):
        if x.flags.writeable:
            np.copyto(x, content)
        return
    now = slots(x)
    if len(now) == len(content) and all(
            k == key and v is value for (k, v), (key, value) in zip(now, content, strict=True)):
        return
    if isinstance(x, set):
        set.clear(x)
        set.update(x, [v for _, v in content])
        return
    if isinstance(x, CONTAINERS):
        empty(x)
    else:
        for name in {k for k, _ in now} - {k for k, _ in content}:
            object.__delattr__(x, name)
    for key, v in content:
        put(x, key, v)
