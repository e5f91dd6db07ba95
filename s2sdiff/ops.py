"""Syntax that has no function in Python's `operator` module, as functions, so that IR can call it.

Binary, unary, comparison and in-place operators, `a[i]` and `is` are the functions of `operator`;
attribute access is the builtin `getattr`; a slice is the builtin `slice`.  The printer turns all of
them back into syntax, so none of these runs in generated code; each still does what it says.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sized
from typing import Any

import numpy as np

__all__ = [
    "IN_PLACE", "IN_PLACE_ARITHMETIC", "appended", "both_moving_with", "class_name", "contains",
    "cube", "dict_", "growing", "grown", "item_of", "list_", "method", "moving_with",
    "narrowed", "not_contains", "number", "reshaped", "resized", "scatter_add", "set_",
    "times_cube", "times_square", "tuple_", "unpack",
]

#: The operator that an in-place operator is, on values that cannot be changed.
IN_PLACE_ARITHMETIC: dict[Any, Any] = {
    operator.iadd: operator.add, operator.isub: operator.sub, operator.imul: operator.mul,
    operator.itruediv: operator.truediv, operator.ipow: operator.pow,
    operator.ifloordiv: operator.floordiv, operator.imod: operator.mod,
    operator.imatmul: operator.matmul,
}
IN_PLACE: dict[Any, Any] = {
    **IN_PLACE_ARITHMETIC, operator.iand: operator.and_, operator.ior: operator.or_,
    operator.ixor: operator.xor, operator.ilshift: operator.lshift,
    operator.irshift: operator.rshift,
}


def tuple_(*items: Any) -> tuple:
    """`(a, *b)`"""
    return items


def list_(*items: Any) -> list:
    """`[a, *b]`"""
    return list(items)


def set_(*items: Any) -> set:
    """`{a, *b}`"""
    return set(items)


def dict_(*items: Any, **mappings: Any) -> dict:
    """`{k: v, …}`: keys and values alternate."""
    return dict(zip(items[::2], items[1::2], strict=True), **mappings)


def unpack(value: Any, before: int, after: int | None) -> tuple:
    """The right side of `a, b = value`; with `after` not None, of `a, *rest, b = value`.

    `before` counts the targets in front of the star (all of them, if there is none).
    """
    if after is None:
        # Python asks an iterator for one more than there are names.
        given: Any = value if isinstance(value, Sized) else itertools.islice(value, before + 1)
        return tuple(given)
    items = tuple(value)
    if len(items) < before + after:
        raise ValueError(
            f"not enough values to unpack (expected at least {before + after}, got {len(items)})")
    stop = len(items) - after
    return (*items[:before], list(items[before:stop]), *items[stop:])


def method(owner: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """`owner.name(*args, **kwargs)`"""
    return getattr(owner, name)(*args, **kwargs)


def resized(owner: Any, *args: Any, **kwargs: Any) -> Any:
    """`owner.resize(*args, **kwargs)`; the owner itself."""
    owner.resize(*args, **kwargs)
    return owner


def reshaped(owner: Any, shape: Any) -> Any:
    """`owner.shape = shape`; the owner itself."""
    owner.shape = shape
    return owner


#: An array is given another shape in place.
RESHAPING = (resized, reshaped)


def growing(items: list) -> list:
    """A list that only `appended` and `item_of` see, until it is `grown`."""
    return items


def appended(items: list, item: Any) -> list:
    """`items.append(item)`; the list itself."""
    items.append(item)
    return items


def item_of(items: list, key: Any) -> tuple:
    """`items[key]`, and the list itself."""
    return items[key], items


def grown(items: list) -> list:
    """A list that is complete."""
    return items


def number(x: Any) -> Any:
    """A variable that may be None, where it is known to be a number."""
    return x


def named(items: tuple, cls: Any) -> Any:
    """`cls(*items)` of a class of named tuples that does nothing else."""
    return cls(*items)


def class_name(x: Any) -> str:
    """The name of the class of an object that has a place."""
    return type(x).__name__


def narrowed(x: Any, *classes: type) -> Any:
    """An object that has a place, where it is known to be of one of these classes."""
    return x


def contains(item: Any, container: Any) -> bool:
    """`item in container`"""
    return item in container


def not_contains(item: Any, container: Any) -> bool:
    """`item not in container`"""
    return item not in container


#: As what is written: `np.add.at(a, i, v)`, as one object.
scatter_add: Any = np.add.at


def cube(x: Any) -> Any:
    """`x * x * x`"""
    return x * x * x


def times_square(c: Any, x: Any) -> Any:
    """`c * x * x`"""
    return c * x * x


def times_cube(c: Any, x: Any) -> Any:
    """`c * x * x * x`"""
    return c * x * x * x


def moving_with(smooth: Any, function: Any, x: Any) -> Any:
    """`function(x)`, whose derivative is that of a number that is equal to it."""
    return function(x)


def both_moving_with(smooth: Any, function: Any, x: Any, y: Any) -> Any:
    """`function(x, y)`, whose derivative is that of a number that is equal to it."""
    return function(x, y)
