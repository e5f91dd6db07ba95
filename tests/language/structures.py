"""Values of any structure: leaves, copies, comparison bit for bit, and cotangents for them."""

from __future__ import annotations

import copy
import enum
import struct
import types
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = [
    "difference", "is_differentiable", "leaves", "like", "overwrite", "pairing", "parts", "rebuilt",
]


def is_differentiable(x: Any) -> bool:
    """Floats and complex numbers of Python and NumPy, and arrays of them."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "fc"
    return isinstance(x, (float, complex, np.inexact))


def fields(x: Any) -> dict[str, Any]:
    """The attributes that an object has of its own, those in slots too."""
    slots = [n for c in type(x).__mro__ for n in _named(c.__dict__.get("__slots__", ()))]
    found = {n: getattr(x, n) for n in slots if n != "__dict__" and hasattr(x, n)}
    return {**found, **getattr(x, "__dict__", {})}


def _named(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def is_record(x: Any) -> bool:
    """An object of a class of the table, or a plain namespace."""
    ours = type(x).__module__.startswith("tests.language.")
    return isinstance(x, types.SimpleNamespace) or (
        ours and not isinstance(x, (np.ndarray, enum.Enum, tuple, list, dict, deque)))


def parts(x: Any) -> list[tuple[str, Any]] | None:
    """What a value is made of, with the way there; None for a leaf."""
    if isinstance(x, dict):
        return [(f"[{k!r}]", v) for k, v in x.items()]
    if isinstance(x, (list, tuple, deque)):
        return [(f"[{i}]", v) for i, v in enumerate(x)]
    if is_record(x):
        return [(f".{n}", v) for n, v in fields(x).items()]
    return None


def filled(x: Any, items: list[Any]) -> Any:
    """A new value of the same structure, made of other parts; constructors are not run."""
    if isinstance(x, dict):
        made = copy.copy(x)
        for k, v in zip(x, items, strict=True):
            dict.__setitem__(made, k, v)
        return made
    if isinstance(x, deque):
        return deque(items, x.maxlen)
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return type(x)(*items)
    if isinstance(x, (list, tuple)):
        return type(x)(items)
    made = type(x).__new__(type(x))
    for n, v in zip(fields(x), items, strict=True):
        object.__setattr__(made, n, v)
    return made


def leaves(x: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Paths and leaves, in order."""
    inner = parts(x)
    if inner is None:
        yield path, x
    for label, item in inner or ():
        yield from leaves(item, path + label)


def rebuilt(x: Any, make: Callable[[str, Any], Any], path: str = "") -> Any:
    """The same structure with `make(path, leaf)` at each leaf."""
    inner = parts(x)
    if inner is None:
        return make(path, x)
    return filled(x, [rebuilt(item, make, path + label) for label, item in inner])


def difference(a: Any, b: Any, path: str = "") -> str:
    """Where two values differ in type, structure or any bit; empty where they do not."""
    where = path or "the whole"
    if type(a) is not type(b):
        return f"{where}: {type(a).__name__}, expected {type(b).__name__}"
    of_a, of_b = parts(a), parts(b)
    if of_a is None or of_b is None:
        return "" if _same(a, b) else f"{where}: {a!r}, expected {b!r}"
    if [label for label, _ in of_a] != [label for label, _ in of_b]:
        labels = [[label for label, _ in of] for of in (of_a, of_b)]
        return f"{where}: has {labels[0]}, expected {labels[1]}"
    pairs = zip(of_a, of_b, strict=True)
    return next(filter(None, (difference(p, q, path + n) for (n, p), (_, q) in pairs)), "")


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return _same(a.real, b.real) and _same(a.imag, b.imag)
    if isinstance(a, np.generic):
        return a.tobytes() == b.tobytes()
    if isinstance(a, np.random.Generator):
        return a.bit_generator.state == b.bit_generator.state
    # Functions and iterators are made anew with the arguments, and say nothing by being other ones.
    return a == b or callable(a) or hasattr(a, "__next__")


def like(x: Any, rng: np.random.Generator) -> Any:
    """A random cotangent: numbers of size one in a value's structure, types and dtypes."""

    def made(_: str, leaf: Any) -> Any:
        if not is_differentiable(leaf):
            return None
        numbers = rng.uniform(0.5, 1.5, np.shape(leaf)) * rng.choice([-1.0, 1.0], np.shape(leaf))
        if np.iscomplexobj(leaf):
            numbers = numbers + 1j * rng.uniform(-1.0, 1.0, np.shape(leaf))
        if isinstance(leaf, np.ndarray):
            return np.asarray(numbers, leaf.dtype)
        return type(leaf)(numbers)

    return rebuilt(x, made)


def pairing(cotangent: Any, value: Any) -> float:
    """Re(sum(cotangent * value)) over all leaves; None counts for nothing."""
    pairs = zip(leaves(cotangent), leaves(value), strict=True)
    return float(sum(np.real(np.sum(c * v)) for (_, c), (_, v) in pairs if c is not None))


def overwrite(x: Any) -> None:
    """Spoil every number in a value, in place, as a caller may do after the call."""
    if isinstance(x, np.ndarray):
        if x.flags.writeable and x.dtype.kind in "fciub":
            x[...] = 0 if x.dtype.kind in "iub" else 7.25
        return
    for label, item in parts(x) or ():
        if parts(item) is not None or isinstance(item, np.ndarray):
            overwrite(item)
        elif isinstance(item, (float, complex)):
            if isinstance(x, dict):
                dict.__setitem__(x, next(k for k in x if f"[{k!r}]" == label), 7.25)
            elif isinstance(x, (list, deque)):
                x[int(label[1:-1])] = 7.25
            elif is_record(x):
                object.__setattr__(x, label[1:], 7.25)
