"""What functions and methods of libraries of tables of data write (`runtime.datasets`)."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff import ops
from s2sdiff.ir import Bind, Const, Star
from s2sdiff.runtime.datasets import is_dataset
from s2sdiff.transforms.known_effects import ALL, NOTHING, READING

__all__ = ["written"]

#: Methods of tables that call functions, also those in lists and dicts.
_RUNNING = tuple(map(Const, ("agg", "aggregate", "apply", "assign", "filter", "map", "mask", "pipe",
                             "transform", "where")))


def written(s: Bind, kind: Any) -> frozenset:
    """What a library of tables of data writes: a table at most, and what it is told to call."""
    first = 2 if s.calls(ops.method) else 0
    given = [kind(a) for a in (*s.args[first:], *[a for _, a in s.kwargs])]
    if Star in map(type, s.args) or not all(
            k.is_number or k.type in (str, list, dict, tuple) or is_dataset(k.type) or (
                k.inert and k.type is not types.FunctionType) for k in given):
        return ALL
    name = s.args[1] if first else Const("")
    if name in _RUNNING:
        return ALL
    reads = isinstance(name, Const) and name.value in READING and "inplace" not in dict(s.kwargs)
    return NOTHING if not first or reads else frozenset({0})
