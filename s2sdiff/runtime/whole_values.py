"""Cotangents of whole values: put into the shadows of all places in a value, and taken out."""

from __future__ import annotations

import functools
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, InternalError, UnsupportedError, refusal
from s2sdiff.runtime.arrays import add, match
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import (
    CONTAINERS,
    NUMBERS,
    ONE_NUMBER,
    WHOLE,
    held_at,
    items_of,
    parts,
)
from s2sdiff.runtime.shadow_slots import Parts, add_slot, fields_of, of_fields
from s2sdiff.runtime.shadows import (
    Bars,
    add_to,
    check_apart,
    conjugated,
    of_objects,
    owner_of,
    shadow_to_add_to,
    withdrawn,
)

__all__ = ["arrived", "by_place", "deposit", "first_items", "give", "taken", "taken_apart",
           "withdraw"]


def deposit(bars: Bars, x: Any, g: Any) -> Any:
    """Add a cotangent to the shadows of all places in a value.

    Returns
    -------
    The part that has no place: that of a number, or of the numbers in a tuple; None for none.
    """
    if g is None:
        return None
    if type(x) in ONE_NUMBER:
        return g
    if isinstance(x, np.ndarray):
        if x.dtype.kind in "fc":
            add_to(shadow_to_add_to(bars, x), conjugated(g, x.dtype))
        elif x.dtype.kind == "O" and not _is_nothing(g):
            raise of_objects()
        return None
    if isinstance(x, NUMBERS):
        return g
    if isinstance(x, tuple):
        found = [deposit(bars, i, p) for i, p in zip(x, g, strict=True)]
        return None if all(p is None for p in found) else tuple(found)
    content = items_of(x)
    if content is None:
        return None
    place = of_fields(x.place if isinstance(x, Parts) else x)
    given = dict(enumerate(g)) if isinstance(g, (list, tuple, np.ndarray)) else \
        g if isinstance(g, dict) else dict(items_of(g) or ())
    left = {k for k, p in given.items() if p is not None}
    for key, value in content:
        if key in left:
            left.discard(key)
            add_slot(bars, held_at(place, key), key, deposit(bars, value, given[key]))
    if left:
        raise refusal(AliasingError,
                      f"a {type(place).__name__} was changed after it was read, in a way that the "
                      "derivative cannot follow", "make a copy of it before it is changed")
    return None


def arrived(bars: Bars, x: Any, g: Any) -> Any:
    """`deposit` of the cotangent that a result gets from a caller who keeps them by place, too.

    What a container has is in its places already: nothing is walked through.

    >>> arrived({}, 5.0, 2.0), arrived({}, [5.0], None), arrived({}, ([5.0], 3.0), (None, 2.0))
    (2.0, None, (None, 2.0))
    """
    if g is None or type(x) in ONE_NUMBER or isinstance(x, (*NUMBERS, np.ndarray)):
        return deposit(bars, x, g)
    if isinstance(x, tuple):
        found = [arrived(bars, i, p) for i, p in zip(x, g, strict=True)]
        return None if all(p is None for p in found) else tuple(found)
    if not _is_nothing(g):
        raise InternalError(f"a {type(x).__name__} has got a cotangent as a whole")
    return None


def give(bars: Bars, x: Any, old: Any, g: Any) -> Any:
    """`deposit`, where the part without a place is added to what there was of it before."""
    return add(old, deposit(bars, x, g))


def withdraw(bars: Bars, x: Any, g: Any = None, captured: bool = False) -> Any:
    """Take a value's cotangent out of the shadows of the places in it.

    `g` is its part without a place.  Arrays that are found twice have theirs the first time.  What
    a function captures has its cotangents with the cells, whoever has the function: with `captured`
    they are taken, too, where nobody asks the cells any more.
    """
    return _withdraw(bars, x, g, set(), captured)


def first_items(bar: Any, count: int, key: Any) -> Any:
    """The cotangent of a list that has grown since it was read at `key`, for what it had."""
    if isinstance(key, slice):
        raise refusal(UnsupportedError, "a slice of a list that is grown afterwards",
                      "write the slice where it is read (values[:n])")
    return None if bar is None else bar[:count]


def by_place(value: Any, pullback: Any, given: list[Any]) -> Any:
    """A pullback by value as one that keeps cotangents by place, of what was made anew."""
    result, stand_ins = parts(value), [parts(x) for x in given]

    def pull(bar: Any, bars: Bars) -> tuple:
        seed = withdraw(bars, result, bar)
        if seed is None:
            return (None,) * len(stand_ins)
        entries = pullback(seed)
        entries = (entries,) if len(stand_ins) == 1 else entries
        return tuple(deposit(bars, x, e) for x, e in zip(stand_ins, entries, strict=True))

    return pull


def taken(bars: Bars, x: Any) -> Any:
    """`withdraw` of an array; zeros where nothing was there."""
    found = match(withdraw(bars, x), x)
    # Rules that are written out count on an array's, of integers, too.
    return np.zeros(x.shape) if found is None and isinstance(x, np.ndarray) else found


def taken_apart(bars: Bars, x: Any) -> Any:
    """`taken` of an argument, each element of which has a cotangent of its own.

    >>> taken_apart({}, np.ones(2))
    array([0., 0.])
    """
    check_apart(x)
    return taken(bars, x)


def _withdraw(bars: Bars, x: Any, g: Any, seen: set[int], captured: bool) -> Any:
    t = type(x)
    if t is float or isinstance(x, NUMBERS):
        return g
    if t in WHOLE and t is not np.ndarray:
        return None
    if isinstance(x, np.ndarray):
        if x.dtype.kind == "O":
            return _no_objects(bars, x, seen)
        return withdrawn(bars, x) if x.dtype.kind in "fc" else None
    if isinstance(x, tuple):
        if g is None:
            # What is in one that was walked has been taken out.
            if id(x) in seen:
                return None
            seen.add(id(x))
        known = (None,) * len(x) if g is None else g
        found = [_withdraw(bars, i, p, seen, captured) for i, p in zip(x, known, strict=True)]
        return None if all(p is None for p in found) else tuple(found)
    content = items_of(x)
    place = of_fields(x.place if t is Parts else x)
    if content is None or id(place) in seen or (
            not captured and isinstance(place, types.FunctionType)):
        return None
    seen.add(id(place))
    mine = bars.pop(id(place), (None, _NONE))[1]
    if isinstance(place, (list, dict, deque)) and class_of(place) not in CONTAINERS:
        _no_attributes(bars, place)
    if isinstance(place, functools.partial):
        mine = {**mine, **bars.pop(id(place.keywords), (None, {}))[1]}
    if isinstance(place, list):
        return [_withdraw(bars, v, mine.get(k), seen, captured) for k, v in content]
    found = {k: _withdraw(bars, v, mine.get(k), seen, captured) for k, v in content}
    if t is Parts and x.behind is not None:
        behind = _withdraw(bars, x.behind, None, seen, captured) or _NONE
        pairs = getattr(place, "pairs", False)
        for i, k in enumerate(x.behind.items):
            g = behind.get(k)
            found[i] = add(found[i], (None, g) if pairs and g is not None else g)
    return found


#: The shadow of what has none.
_NONE: dict[Any, Any] = {}


def _no_attributes(bars: Bars, place: Any) -> None:
    """Refuse the cotangents of a container's attributes, which its own has no room for."""
    fields = fields_of(place)
    if fields is not place and not _is_nothing(bars.get(id(fields), (None, {}))[1]):
        base = next(cls for cls in (list, dict, deque) if isinstance(place, cls))
        raise refusal(UnsupportedError,
                      f"the derivative with respect to a {class_of(place).__name__}, a "
                      f"{base.__name__} with attributes, is of its items alone, and here its "
                      "attributes count", "keep the items in an attribute, too, or the attributes "
                      "in an argument of their own")


def _no_objects(bars: Bars, a: np.ndarray, seen: set[int]) -> None:
    """Refuse a cotangent of an array of objects as a whole, for which there is no form."""
    owner = owner_of(a)
    if id(owner) in seen:
        return
    seen.add(id(owner))
    left = bars.get(id(owner), (None, {}))[1]
    if any(g is not None for g in left.values()) or any(
            _withdraw(bars, e, None, seen, True) is not None for e in a.ravel()
            if not isinstance(e, NUMBERS)):
        raise of_objects()


def _is_nothing(g: Any) -> bool:
    """No cotangent, also in a container of such."""
    if isinstance(g, dict):
        return all(map(_is_nothing, g.values()))
    return g is None or (isinstance(g, (tuple, list)) and all(map(_is_nothing, g)))
