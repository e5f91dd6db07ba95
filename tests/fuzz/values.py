"""What arguments and results are made of: leaves, copies, directions, and what shares memory."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


def is_active(x: Any) -> bool:
    """Whether a value has a cotangent: floats and complex numbers, and arrays of them."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "fc"
    return isinstance(x, (float, complex, np.inexact))


def is_object(x: Any) -> bool:
    """An object of a class that a fuzzed program defines."""
    return type(x).__module__ == "fuzzed" and not isinstance(x, type) and not callable_function(x)


def callable_function(x: Any) -> bool:
    return hasattr(x, "__code__")


def attributes(x: Any) -> dict[str, Any]:
    """An object's fields, in `__dict__` or in slots."""
    slots = [n for c in type(x).__mro__ for n in getattr(c, "__slots__", ()) if hasattr(x, n)]
    return {**{n: getattr(x, n) for n in slots}, **getattr(x, "__dict__", {})}


def parts(x: Any) -> list[Any]:
    """What is directly inside a value."""
    if isinstance(x, dict):
        return list(x.values())
    if isinstance(x, (tuple, list)):
        return list(x)
    return list(attributes(x).values()) if is_object(x) else []


def leaves(x: Any) -> list[Any]:
    """What a value is made of, in order."""
    if isinstance(x, (dict, tuple, list)) or is_object(x):
        return [leaf for part in parts(x) for leaf in leaves(part)]
    return [x]


def rebuild(x: Any, make: Callable[[Any], Any]) -> Any:
    """The same structure with another value at each leaf; an object becomes a dict of fields."""
    if isinstance(x, dict):
        return {key: rebuild(item, make) for key, item in x.items()}
    if isinstance(x, (tuple, list)):
        return type(x)(rebuild(item, make) for item in x)
    if is_object(x):
        return Fields({name: rebuild(item, make) for name, item in attributes(x).items()})
    return make(x)


def pairs(g: Any, v: Any) -> Iterator[tuple[Any, Any]]:
    """Leaves of two structures of one form; nothing where either has None."""
    if g is None or v is None:
        return
    if isinstance(v, Fields):
        own = g if isinstance(g, Fields) else attributes(g)
        for name, item in v.items():
            yield from pairs(own.get(name), item)
    elif isinstance(v, dict):
        for key, item in v.items():
            yield from pairs(g[key], item)
    elif isinstance(v, (tuple, list)):
        for a, b in zip(g, v, strict=True):
            yield from pairs(a, b)
    else:
        yield g, v


def pruned(direction: Any, g: Any) -> Any:
    """The direction without the objects that have no cotangent: those do not move."""
    if isinstance(direction, Fields):
        if g is None:
            return None
        own = attributes(g)
        return Fields({n: pruned(item, own.get(n)) for n, item in direction.items()})
    if isinstance(direction, dict) and isinstance(g, dict):
        return {key: pruned(item, g.get(key)) for key, item in direction.items()}
    if isinstance(direction, (tuple, list)) and isinstance(g, (tuple, list)):
        return type(direction)(map(pruned, direction, g))
    return direction


def moved(x: Any, direction: Any, step: float) -> Any:
    """A copy of a value in fresh memory, a step along the direction, of the same types."""
    return shifted(copy.deepcopy(x), direction, step)


def shifted(x: Any, v: Any, step: float) -> Any:
    """Move what is inside, in place where it can be, so that what is shared stays shared."""
    if v is None:
        return x
    if isinstance(x, np.ndarray):
        x[...] = x + step * v
        return x
    if isinstance(x, tuple):
        return tuple(shifted(a, b, step) for a, b in zip(x, v, strict=True))
    if isinstance(x, (list, dict)):
        for key in range(len(x)) if isinstance(x, list) else list(x):
            x[key] = shifted(x[key], v[key], step)
        return x
    if is_object(x):
        for name, item in attributes(x).items():
            setattr(x, name, shifted(item, v.get(name), step))
        return x
    return type(x)(x + step * v)


def wide(x: Any) -> Any:
    """The value in double precision, in fresh memory where it changes."""
    if isinstance(x, np.ndarray):
        return x.astype(np.float64) if x.dtype == np.float32 else x
    if isinstance(x, (tuple, list)):
        return type(x)(map(wide, x))
    if isinstance(x, dict):
        return {key: wide(item) for key, item in x.items()}
    if is_object(x):
        made = copy.copy(x)
        for name, item in attributes(x).items():
            setattr(made, name, wide(item))
        return made
    return np.float64(x) if isinstance(x, np.float32) else x


def is_single(x: Any) -> bool:
    return any(getattr(leaf, "dtype", None) == np.float32 for leaf in leaves(x))


def holds_itself(x: Any, around: tuple[int, ...] = ()) -> bool:
    """Whether a value is somewhere inside of itself."""
    return id(x) in around or any(holds_itself(v, (*around, id(x))) for v in parts(x))


def same(a: Any, b: Any, rounding: int = 0) -> bool:
    """Equal in type, dtype and shape, and to the bit or up to so many roundings."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(
            same(x, y, rounding) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k], rounding) for k in a)
    if is_object(a):
        return same(attributes(a), attributes(b), rounding)
    if is_active(a):
        x, y = np.asarray(a), np.asarray(b)
        if x.dtype != y.dtype or x.shape != y.shape or x.tobytes() == y.tobytes():
            return x.dtype == y.dtype and x.shape == y.shape
        limit = rounding * np.finfo(x.dtype).eps
        return rounding > 0 and np.allclose(x, y, limit, limit, equal_nan=True)
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    return callable_function(a) or bool(np.array_equal(a, b))


def sharing(*values: Any) -> set[tuple[int, int]]:
    """Which of the arrays and containers in some values, by order, are one or share memory."""
    found = list(held(values))
    return {(i, j) for j, b in enumerate(found) for i, a in enumerate(found[:j]) if a is b
            or (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
                and np.shares_memory(a, b))}


def held(x: Any) -> Iterator[Any]:
    if isinstance(x, (np.ndarray, list, dict)) or is_object(x):
        yield x
    for part in parts(x):
        yield from held(part)


def scrambled(x: Any) -> Any:
    """Write other numbers into everything that can be written, as a caller may."""
    if isinstance(x, np.ndarray) and x.flags.writeable and x.dtype.kind in "fc":
        x.fill(0.123)
    elif isinstance(x, (list, dict)):
        for key in range(len(x)) if isinstance(x, list) else list(x):
            x[key] = scrambled(x[key])
    elif isinstance(x, tuple):
        return tuple(map(scrambled, x))
    elif is_object(x):
        for name, item in attributes(x).items():
            setattr(x, name, scrambled(item))
    return 0.321 if type(x) is float else x


@dataclasses.dataclass(eq=False)
class Fields:
    """What belongs to an object's fields: its direction, for one."""

    named: dict[str, Any]

    def get(self, name: str) -> Any:
        return self.named.get(name)

    def items(self) -> Any:
        return self.named.items()
