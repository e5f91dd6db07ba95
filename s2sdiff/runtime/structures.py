"""Gradients in the structure of their values: containers, objects, and what is in them."""

from __future__ import annotations

import copy
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.errors import RuleError, refusal
from s2sdiff.runtime.arrays import add, match
from s2sdiff.runtime.batches import Batch
from s2sdiff.runtime.carried import class_of, new_array
from s2sdiff.runtime.contents import items_of, parts
from s2sdiff.runtime.declared import constant_fields, registered
from s2sdiff.runtime.named_tuples import like_tuple
from s2sdiff.runtime.quick_structures import LENT, OTHER, own, quick_gradient
from s2sdiff.runtime.remaking import put, shell
from s2sdiff.runtime.shadow_slots import Parts

__all__ = ["PATTERNED", "children_of", "gradient", "gradient_beside", "has_patterned",
           "held_tangent", "holds_numbers", "is_patterned", "totals_of"]

#: Classes whose gradients keep what is no number, as the places of a sparse matrix's elements;
#: filled by the rules for them.
PATTERNED: list[type] = []


def is_patterned(x: Any) -> bool:
    """A sparse matrix: cotangent and tangent are those of its elements, {"data": array}."""
    return type(x) in PATTERNED


def has_patterned(x: Any) -> bool:
    """A sparse matrix, or a list or tuple that has one."""
    return any(map(has_patterned, x)) if isinstance(x, (list, tuple)) else is_patterned(x)

_NUMBERS = (float, complex, np.inexact)
_LEAVES = (int, str, bytes, type(None), type, types.ModuleType, types.FunctionType,
           types.BuiltinFunctionType, types.MethodType, types.CellType, np.dtype, np.generic,
           np.ufunc, range, slice)


def holds_numbers(x: Any) -> bool:
    """Whether a value has, at any depth, a number or an array of a floating type.

    >>> holds_numbers({"w": [1.0]}), holds_numbers([1, "a"])
    (True, False)
    """
    return _holds(x, set())


def _holds(x: Any, seen: set[int]) -> bool:
    t = type(x)
    if t is float:
        return True
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "fc"
    if isinstance(x, _NUMBERS):
        return True
    if isinstance(x, (*_LEAVES, set, frozenset)) or id(x) in seen:
        return False
    seen.add(id(x))
    if t is list or t is tuple or t is dict:
        return any(_holds(v, seen) for v in (x.values() if t is dict else x))
    constant = constant_fields(type(x.place if t is Parts else x))
    return any(_holds(v, seen) for k, v in items_of(x) or () if k not in constant)


def gradient(bar: Any, like: Any, lent: bool = False) -> Any:
    """A cotangent as a value of the structure of `like`, with None for what is no number.

    Parameters
    ----------
    bar : a cotangent as backward code has it: a number, an array, a tuple, a list, a dict of slots
    like : the value, or `parts` of it
    lent : arrays in `bar` may be somebody else's, and are copied: a gradient's are the caller's

    >>> gradient({"w": 2.0}, {"w": 1.0, "b": 0.5, "name": "dense"})
    {'w': 2.0, 'b': 0.0, 'name': None}
    """
    return gradient_beside(bar, like, {LENT: lent})


def held_tangent(dot: Any, like: Any) -> Any:
    """`gradient`, with a dict of what it captures in the place of each function.

    It is what calls hand on among themselves: users see None there.

    >>> def scaled_by(k):
    ...     return lambda x: k * x
    >>> held_tangent({"f": {0: {"cell_contents": 1.0}}}, {"f": scaled_by(2.0)})
    {'f': {0: {'cell_contents': 1.0}}}
    """
    value = parts(like)
    return _gradient(dot, value, totals_of(dot, value), {_HELD: True})


#: Says in `seen` that functions have tangents.
_HELD = "held"


def gradient_beside(bar: Any, like: Any, seen: dict[Any, Any]) -> Any:
    """`gradient`, of which no array shares memory with those of others made with the same `seen`.

    >>> g, seen = np.ones(2), {}
    >>> first, second = (gradient_beside([g], [np.zeros(2)], seen) for _ in range(2))
    >>> np.shares_memory(first[0], second[0])
    False
    """
    made = quick_gradient(bar, like, seen)
    if made is not OTHER:
        return made
    value = parts(like)
    # What is found in `seen` by its identity has to stay as long as that is asked.
    seen["kept", id(value)] = value
    return _gradient(bar, value, totals_of(bar, value), seen)


def totals_of(bar: Any, like: Any) -> dict[int, dict[Any, Any]]:
    """The cotangents in `parts` of a value, by the id of each and by key, added up."""
    totals: dict[int, dict[Any, Any]] = {}
    _collect(bar, like, totals)
    return totals


def _collect(bar: Any, like: Any, totals: dict[int, dict[Any, Any]]) -> None:
    """Add up the cotangents of what is found in several ways: there is one of each."""
    if bar is None:
        return
    if isinstance(like, tuple):
        for g, x in zip(bar, like, strict=True):
            _collect(g, x, totals)
    elif isinstance(like, Parts):
        mine = totals.setdefault(id(like), {})
        constant = constant_fields(class_of(like.place))
        for key, g in _slots(bar).items():
            if g is None or key not in like.items or key in constant:
                continue
            x = like.items[key]
            if not isinstance(x, Parts):
                mine[key] = add(mine.get(key), g)
            _collect(g, x, totals)


def _gradient(bar: Any, like: Any, totals: dict[int, dict[Any, Any]], seen: dict[Any, Any]) -> Any:
    if isinstance(like, (*_NUMBERS, np.ndarray)):
        return own(match(bar, like), seen)
    if isinstance(like, tuple):
        bars = (None,) * len(like) if bar is None else bar
        found = [_gradient(g, x, totals, seen) for g, x in zip(bars, like, strict=True)]
        return like_tuple(like, found)
    held = seen.get(_HELD, False)
    if not isinstance(like, Parts) or isinstance(like.place, (set, frozenset)) or (
            not held and isinstance(like.place, _LEAVES)):
        return None
    if id(like) in seen:
        return seen[id(like)]
    place = like.place
    slots = totals.get(id(like), {})
    made = None if isinstance(place, _LEAVES) else shell(place)
    if made is None and not held:
        return None
    made = {} if made is None else made
    known = None if isinstance(place, (list, dict, deque)) else registered(class_of(place))
    if known is not None:
        seen[id(like)] = made = _of_registered(known, like, slots, totals, seen)
        return made
    seen[id(like)] = made
    whole = isinstance(place, tuple(PATTERNED))
    for k, x in like.items.items():
        g = copy.deepcopy(getattr(place, k)) if whole and not holds_numbers(x) else \
            _gradient(slots.get(k), x, totals, seen)
        put(made, k, g)
    if not isinstance(place, (list, dict, deque)):
        for k in constant_fields(class_of(place)).intersection(like.items):
            put(made, k, None)
    return made


def _of_registered(known: Any, like: Parts, slots: dict[Any, Any],
                   totals: dict[int, dict[Any, Any]], seen: dict[Any, Any]) -> Any:
    """The gradient of an object of a registered class: its children's, put together again."""
    place = like.place
    children = children_of(known, place, {
        k: _gradient(slots.get(k), x, totals, seen) if holds_numbers(x) else
        x.place if isinstance(x, Parts) else x for k, x in like.items.items()})
    originals, rest = known.flatten_func(place)
    found = [g if holds_numbers(x) else gradient(None, x)
             for g, x in zip(children, originals, strict=True)]
    return known.unflatten_func(rest, tuple(found))


def children_of(known: Any, place: Any, attributes: dict[Any, Any]) -> tuple:
    """The children of an object of a registered class that has others in its numbers' places.

    `flatten` is so asked which numbers in the attributes are the children's.

    Raises
    ------
    RuleError
        A child is no attribute, and holds none.
    """
    made = shell(place)
    for k, x in attributes.items():
        put(made, k, x)
    children = tuple(known.flatten_func(made)[0])
    own = set(map(id, _within(made, set())))
    for g, x in zip(children, known.flatten_func(place)[0], strict=True):
        if holds_numbers(x) and not all(id(v) in own for v in _within(g, set())):
            raise refusal(RuleError,
                          f"flatten of {type(place).__qualname__} computes a child that is no "
                          "attribute", "let it give the attributes themselves")
    return children


def _within(x: Any, seen: set[int]) -> Iterator[Any]:
    """The numbers and arrays of floating types in a value."""
    if isinstance(x, (*_NUMBERS, np.ndarray)):
        yield x
    elif not isinstance(x, _LEAVES) and id(x) not in seen:
        seen.add(id(x))
        for _, v in items_of(x) or ():
            yield from _within(v, seen)


def _slots(bar: Any) -> dict[Any, Any]:
    if bar is None:
        return {}
    if isinstance(bar, dict):
        return bar
    if type(bar) is Batch:
        return dict(enumerate(bar))
    if isinstance(bar, (list, tuple, deque)) or (isinstance(bar, np.ndarray) and bar.ndim):
        # NumPy's functions take a list for the array that it makes; rows of a cotangent may be
        # one another, and the gradient's own are the caller's.
        return dict(enumerate(new_array(bar) if isinstance(bar, np.ndarray) else bar))
    return dict(items_of(bar) or ())
