"""What models are made of: names and parts of containers and objects, and others in their place."""

from __future__ import annotations

import copy
import dataclasses
import types
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["is_number", "named", "rebuilt"]


def is_number(x: Any) -> bool:
    """A floating number or array, real or complex."""
    return isinstance(x, (float, complex, np.inexact)) or (
        isinstance(x, np.ndarray) and x.dtype.kind in "fc")


def children(x: Any) -> list[tuple[str, Any]]:
    """Names and parts of a container, or of a dataclass or another object that is no function."""
    if isinstance(x, dict):
        return [(str(k), v) for k, v in x.items()]
    if isinstance(x, (tuple, list, deque)):
        names = getattr(x, "_fields", range(len(x)))
        return [(str(k), v) for k, v in zip(names, x)]
    if isinstance(x, type) or (callable(x) and not dataclasses.is_dataclass(x)):
        return []
    return [(name, getattr(x, name)) for name in attributes(x)]


def attributes(x: Any) -> list[str]:
    """The names of what an object holds, in its `__dict__` and in slots."""
    slots = [name for cls in type(x).__mro__ for name, member in vars(cls).items()
             if isinstance(member, types.MemberDescriptorType) and hasattr(x, name)]
    return [*getattr(x, "__dict__", {}), *slots]


def named(x: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All floating numbers and arrays in a model, with their paths."""
    if is_number(x):
        yield path, x
    else:
        for name, part in children(x):
            yield from named(part, f"{path}.{name}" if path else name)


def rebuilt(x: Any, function: Callable[[str, Any], Any]) -> Any:
    """The model with `function(path, part)` in the place of each part, from the inside out.

    An object that is found twice is one in the result, too, under the path where it is found first.
    """
    return _rebuilt(x, function, "", {})


def _rebuilt(x: Any, function: Callable[[str, Any], Any], path: str, seen: dict[int, Any]) -> Any:
    if id(x) in seen:
        return seen[id(x)]
    parts = [] if is_number(x) else children(x)
    made = x
    if parts:
        made = _with_parts(x, [
            _rebuilt(part, function, f"{path}.{name}" if path else name, seen)
            for name, part in parts])
    made = function(path, made)
    if parts and not isinstance(x, tuple):
        seen[id(x)] = made
    return made


def _with_parts(x: Any, parts: list[Any]) -> Any:
    if isinstance(x, tuple):
        return tuple.__new__(type(x), parts)
    made = copy.copy(x)
    if isinstance(x, list):
        made[:] = parts
    elif isinstance(x, deque):
        made.clear()
        made.extend(parts)
    elif isinstance(x, dict):
        made.update(zip(x, parts))
    else:
        # Neither `__init__` nor the `__setattr__` of a frozen class is run.
        for name, part in zip(attributes(x), parts):
            object.__setattr__(made, name, part)
    return made
