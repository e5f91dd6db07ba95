"""Values as flat lists of numbers: results, arguments and cotangents of any nesting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np

__all__ = ["copied", "cotangent", "equal", "flat", "is_floating", "moved", "pairing"]


def is_floating(value: Any) -> bool:
    """Whether a value is a number or an array that has a derivative."""
    return isinstance(value, (float, complex)) or (
        isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "fc")


def parts(value: Any) -> list[Any] | None:
    """What a container holds; None of anything else."""
    if isinstance(value, (tuple, list)):
        return list(value)
    return list(value.values()) if isinstance(value, dict) else None


def mapped(function: Callable[[Any], Any], value: Any) -> Any:
    """`value` with `function` applied to what its containers hold."""
    held = parts(value)
    if held is None:
        return function(value)
    new = [mapped(function, part) for part in held]
    if isinstance(value, dict):
        return dict(zip(value, new, strict=True))
    return type(value)(*new) if hasattr(value, "_fields") else type(value)(new)


def flat(value: Any) -> Iterator[Any]:
    """The leaves of a nested value, in order."""
    held = parts(value)
    if held is None:
        yield value
        return
    for part in held:
        yield from flat(part)


def copied(value: Any) -> Any:
    """A copy that shares no memory."""
    return deepcopy(value)


def cotangent(value: Any, rng: np.random.Generator) -> Any:
    """A random cotangent of a value: None where it has no derivative."""

    def leaf(x: Any) -> Any:
        if not is_floating(x):
            return None
        drawn = rng.uniform(0.5, 1.5, np.shape(x)) * rng.choice([-1.0, 1.0], np.shape(x))
        if np.iscomplexobj(x):
            drawn = drawn + 1j * rng.uniform(0.5, 1.5, np.shape(x))
        # Small results count as much as large ones beside them.
        drawn = drawn / (np.max(np.abs(x), initial=0.0) or 1.0)
        return type(x)(drawn) if isinstance(x, (float, complex)) else np.asarray(
            drawn, x.dtype)[()] if isinstance(x, np.generic) else np.asarray(drawn, x.dtype)

    return mapped(leaf, value)


def pairing(bar: Any, value: Any) -> float:
    """Re(sum(cotangent * value)) over all leaves that have a derivative."""
    total = 0.0
    for b, x in zip(flat(bar), flat(value), strict=True):
        if b is not None and is_floating(b):
            total += float(np.sum(np.real(np.asarray(b) * np.asarray(x, dtype=np.result_type(b)))))
    return total


def moved(value: Any, direction: list[Any], step: float) -> Any:
    """`value + step * direction`, the direction given leaf by leaf (None: not moved)."""
    steps = iter(direction)

    def leaf(x: Any) -> Any:
        d = next(steps)
        if d is None:
            return deepcopy(x)
        new = x + step * d
        if isinstance(x, np.ndarray):
            return np.asarray(new, x.dtype)
        return type(x)(new)

    return mapped(leaf, value)


def equal(a: Any, b: Any, tolerance: float = 0.0) -> bool:
    """Whether two values have the same types, shapes and numbers; nan equals nan."""
    held, other = parts(a), parts(b)
    if held is not None or other is not None:
        return type(a) is type(b) and len(held or ()) == len(other or ()) and all(
            equal(x, y, tolerance) for x, y in zip(held or (), other or (), strict=True))
    if is_floating(a) or is_floating(b):
        if np.shape(a) != np.shape(b) or not is_floating(a) or not is_floating(b):
            return False
        return bool(np.allclose(a, b, rtol=tolerance, atol=0.0, equal_nan=True))
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and np.array_equal(a, b)
    if isinstance(a, (int, str, bytes, type(None), np.generic)):
        return bool(a == b)
    return type(a) is type(b)
