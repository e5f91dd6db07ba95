"""Jacobians of functions of structures, inside of functions that are differentiated: the text.

Each number of each part of the arguments is moved by itself; what the columns are put together to
has the result's structure, and at each leaf of it that of the arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.nested import listed
from s2sdiff.runtime.values import is_differentiable

__all__ = ["by_parts", "shape_of"]

_NUMBERS = (float, complex, np.inexact, np.ndarray)


def shape_of(x: Any) -> Any:
    """What a value is made of: "array", "number", or a container's name with keys and shapes.

    None for any other, and for what is empty.

    >>> shape_of({"w": [1.0, np.ones(2)]}), shape_of([1])
    (('dict', (('w', ('list', ((0, 'number'), (1, 'array')))),)), None)
    """
    if isinstance(x, _NUMBERS):
        kind = "array" if np.ndim(x) else "number"
        return kind if is_differentiable(x) and np.size(x) else None
    cls = class_of(x)
    keys = list(x) if cls is dict else range(len(x)) if cls in (list, tuple) else ()
    parts = tuple([(k, shape_of(x[k])) for k in keys])
    plain = all(shape is not None and type(k) in (str, int) for k, shape in parts)
    return (cls.__name__, parts) if parts and plain else None


def by_parts(count: int, slots: tuple[int, ...], shapes: tuple[Any, ...], result: Any,
             alone: bool) -> str:
    """The text of a function of `count` arguments.

    Parameters
    ----------
    shapes, result : of the arguments in `slots`, and of what the function gives, by `shape_of`
    alone : the blocks of one argument are asked for, not a tuple of those of several
    """
    names, _ = listed((None,) * count, {})
    lines = [f"def by_parts({names}):"]
    columns: dict[str, str] = {}
    for slot, shape in zip(slots, shapes, strict=True):
        for place, kind in _leaves(shape, f"a{slot}"):
            at = columns[place] = f"columns{len(columns)}"
            unit = "unit" if kind == "array" else "1.0"
            moved = ", ".join(_moved(shape, f"a{slot}", place, unit) if i == slot else "None"
                              for i in range(count))
            column = f"jvp(f, ({names},), ({moved},))[1]"
            if kind == "array":
                flat = f"np.eye(np.size({place}), dtype={place}.dtype)"
                lines += [f"    units = np.reshape({flat}, (-1, *np.shape({place})))",
                          f"    {at} = [{column} for unit in units]"]
            else:
                lines.append(f"    {at} = [{column}]")

    def block(place: str, kind: str, path: str) -> str:
        at = columns[place]
        if kind == "number":
            return f"{at}[0]{path}"
        return (f"np.reshape(np.stack([column{path} for column in {at}], -1), "
                f"np.shape({at}[0]{path}) + np.shape({place}))")

    def blocks(path: str, _: str) -> str:
        found = [_filled(shape, f"a{slot}", lambda place, kind: block(place, kind, path))
                 for slot, shape in zip(slots, shapes, strict=True)]
        return found[0] if alone else f"({', '.join(found)},)"

    lines.append(f"    return {_filled(result, '', blocks)}")
    return "\n".join(lines) + "\n"


def _leaves(shape: Any, place: str) -> Iterator[tuple[str, str]]:
    """Where each leaf is, and what it is."""
    if isinstance(shape, str):
        yield place, shape
        return
    for key, inner in shape[1]:
        yield from _leaves(inner, f"{place}[{key!r}]")


def _moved(shape: Any, root: str, moving: str, unit: str) -> str:
    """A tangent in which one leaf moves."""
    def dot(place: str, kind: str) -> str:
        zero = f"np.zeros_like({place})" if kind == "array" else f"0.0 * {place}"
        return unit if place == moving else zero

    return _filled(shape, root, dot)


def _filled(shape: Any, place: str, made: Any) -> str:
    """The structure with what is made of each leaf, given where it is."""
    if isinstance(shape, str):
        return made(place, shape)
    name, parts = shape
    entries = [(k, _filled(inner, f"{place}[{k!r}]", made)) for k, inner in parts]
    if name == "dict":
        return "{" + ", ".join(f"{k!r}: {e}" for k, e in entries) + "}"
    inside = ", ".join(e for _, e in entries)
    return f"({inside},)" if name == "tuple" else f"[{inside}]"
