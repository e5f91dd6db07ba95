"""Random generators that a function reaches: their states, kept and set for a second run."""

from __future__ import annotations

import copy
import random
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

__all__ = ["replayed", "states"]

_Saved = list[tuple[Callable[[Any], None], Callable[[], Any], Any]]


def states(f: Any, args: tuple, kwargs: dict[str, Any]) -> _Saved:
    """How to set each generator in reach, how to read it, and its state now."""
    found: dict[int, tuple[Callable[[Any], None], Callable[[], Any]]] = {}
    _collect(f, found, set(), 0)
    for value in (*args, *kwargs.values()):
        _collect(value, found, set(), 0)
    return [(write, read, read()) for write, read in found.values()]


@contextmanager
def replayed(saved: _Saved) -> Iterator[None]:
    """Inside, every generator is as it was; afterwards it is as it has become since."""
    now = [read() for _, read, _ in saved]
    for write, _, state in saved:
        write(state)
    try:
        yield
    finally:
        for (write, _, _), state in zip(saved, now, strict=True):
            write(state)


def _collect(value: Any, found: dict, seen: set[int], depth: int) -> None:
    if id(value) in seen or depth > 4:
        return
    seen.add(id(value))
    if isinstance(value, np.random.Generator):
        bits = value.bit_generator

        def write(state: Any) -> None:
            bits.state = copy.deepcopy(state)

        found[id(bits)] = write, lambda: copy.deepcopy(bits.state)
    elif isinstance(value, np.random.RandomState):
        found[id(value)] = value.set_state, value.get_state
    elif isinstance(value, random.Random):
        found[id(value)] = value.setstate, value.getstate
    elif value is np.random or value is np:
        found[id(np.random)] = np.random.set_state, np.random.get_state
    elif value is random:
        found[id(random)] = random.setstate, random.getstate
    elif isinstance(value, types.FunctionType):
        for cell in value.__closure__ or ():
            try:
                _collect(cell.cell_contents, found, seen, depth + 1)
            except ValueError:
                continue
        for name in value.__code__.co_names:
            inner = value.__globals__.get(name)
            if inner is not np or "random" in value.__code__.co_names:
                _collect(inner, found, seen, depth + 1)
    elif isinstance(value, types.MethodType):
        _collect(value.__func__, found, seen, depth)
        _collect(value.__self__, found, seen, depth)
    elif isinstance(value, (tuple, list)):
        for item in value:
            _collect(item, found, seen, depth + 1)
    elif hasattr(value, "__dict__") and not isinstance(value, (type, types.ModuleType)):
        for item in list(vars(value).values()):
            _collect(item, found, seen, depth + 1)
