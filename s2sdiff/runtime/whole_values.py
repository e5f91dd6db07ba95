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
from s2sdiff.runtime.named_tuples import like_tuple
from s2sdiff.runtime.plain_classes import is_plain
from s2sdiff.runtime.shadows import (
    Bars,
    Parts,
    add_slot,
    add_to,
    conjugated,
    fields_of,
    of_fields,
    of_objects,
    owner_of,
    shadow_to_add_to,
    withdrawn,
)
from s2sdiff.runtime.walks import Walk

__all__ = ["arrived", "by_place", "deposit", "first_items", "give", "items_of", "parts", "taken",
           "withdraw"]

_NUMBERS = (float, complex, np.inexact)
_ONE_NUMBER = frozenset({float, np.float64})
_CONTAINERS = (list, dict, tuple, set, frozenset, deque)
_WALKING = ("__iter__", "__len__")


def parts(x: Any) -> Any:
    """What stands for a value where its cotangent is dealt with after it may have changed."""
    return _parts(x, {})


def _parts(x: Any, seen: dict[int, tuple[Any, Any]]) -> Any:
    t = type(x)
    if t in _WHOLE or isinstance(x, (*_NUMBERS, np.ndarray, int, str, bytes, Parts)):
        return x
    known = seen.get(id(x))
    if known is not None:
        return known[1]
    if t is list and all(class_of(v) in _ONE_NUMBER for v in x):
        made = Parts(x, dict(enumerate(x)))
        seen[id(x)] = x, made
        return made
    if isinstance(x, tuple):
        # One that is held in many places is walked once, and lives as long as its number is known.
        items = like_tuple(x, [_parts(i, seen) for _, i in _contents(x)])
        seen[id(x)] = x, items
        return items
    content = x.items() if t is dict else items_of(x)
    if content is None:
        return x
    made = Parts(x, {})
    seen[id(x)] = x, made
    found = made.items
    for k, v in content:
        found[k] = _parts(v, seen)
    return made


#: Types of which most values are that are no containers.
_WHOLE = frozenset({float, np.float64, np.ndarray, int, bool, str, type(None)})


def items_of(x: Any) -> list[tuple[Any, Any]] | None:
    """Keys of slots and what is there; None for what is no container.

    >>> items_of([5.0, 6.0]), items_of({"w": 1.0}), items_of(len)
    ([(0, 5.0), (1, 6.0)], [('w', 1.0)], None)
    """
    t = type(x)
    if t is list or t is tuple:
        return list(enumerate(x))
    if t is dict or t is Parts:
        return list((x if t is dict else x.items).items())
    if is_plain(t):
        return list(x.__dict__.items()) or None
    if isinstance(x, Walk):
        return list(enumerate(x.items))
    if isinstance(x, _CONTAINERS):
        return _contents(x)
    if isinstance(x, types.CellType):
        try:
            return [("cell_contents", x.cell_contents)]
        except ValueError:
            return []
    if isinstance(x, types.MethodType):
        return [("__self__", x.__self__)]
    if isinstance(x, functools.partial):
        return [*enumerate(x.args), *x.keywords.items()]
    if isinstance(x, types.FunctionType):
        return [(i, c) for i, c in enumerate(x.__closure__ or ())] or None
    if isinstance(x, (type, types.ModuleType, types.BuiltinFunctionType, range, slice)):
        return None
    fields = getattr(x, "__dict__", None)
    found = list(fields.items()) if isinstance(fields, dict) else []
    for cls in class_of(x).__mro__:
        names = vars(cls).get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if name[:2] == "__" and name[-2:] != "__":
                name = f"_{cls.__name__.lstrip('_')}{name}"
            if name not in ("__dict__", "__weakref__") and hasattr(x, name):
                found.append((name, getattr(x, name)))
    return found or None


def _contents(x: Any) -> list[tuple[Any, Any]]:
    """What a container itself holds; refuses one that says otherwise to who walks over it."""
    base: Any = next(cls for cls in _CONTAINERS if isinstance(x, cls))
    walk: Any = base.__iter__
    found: list[tuple[Any, Any]]
    if isinstance(x, dict):
        found = list(dict.items(x))
    elif issubclass(base, (set, frozenset)):
        found = [(e, e) for e in walk(x)]
    else:
        found = list(enumerate(walk(x)))
    if class_of(x) is not base and any(
            isinstance(getattr(class_of(x), name), types.FunctionType) for name in _WALKING) and \
            any(isinstance(v, (*_NUMBERS, np.ndarray)) for _, v in found):
        raise refusal(UnsupportedError,
                      f"a {type(x).__name__} with active values is a {base.__name__} that says "
                      "itself what walking over it gives",
                      "give the method that walks a name of its own")
    return found


def held_at(place: Any, key: Any) -> Any:
    """Where the cotangent of an item lies: the keywords of a partial are a dict that one can have.

    >>> held_at(functools.partial(round, number=1.5), "number")
    {'number': 1.5}
    """
    named = isinstance(place, functools.partial) and isinstance(key, str)
    return place.keywords if named else place


def deposit(bars: Bars, x: Any, g: Any) -> Any:
    """Add a cotangent to the shadows of all places in a value.

    Returns
    -------
    The part that has no place: that of a number, or of the numbers in a tuple; None for none.
    """
    if g is None:
        return None
    if type(x) in _ONE_NUMBER:
        return g
    if isinstance(x, np.ndarray):
        if x.dtype.kind in "fc":
            add_to(shadow_to_add_to(bars, x), conjugated(g, x.dtype))
        elif x.dtype.kind == "O" and not _is_nothing(g):
            raise of_objects()
        return None
    if isinstance(x, _NUMBERS):
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
    if g is None or type(x) in _ONE_NUMBER or isinstance(x, (*_NUMBERS, np.ndarray)):
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


def _withdraw(bars: Bars, x: Any, g: Any, seen: set[int], captured: bool) -> Any:
    t = type(x)
    if t is float or isinstance(x, _NUMBERS):
        return g
    if t in _WHOLE and t is not np.ndarray:
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
    if isinstance(place, (list, dict, deque)) and class_of(place) not in _CONTAINERS:
        _no_attributes(bars, place)
    if isinstance(place, functools.partial):
        mine = {**mine, **bars.pop(id(place.keywords), (None, {}))[1]}
    if isinstance(place, list):
        return [_withdraw(bars, v, mine.get(k), seen, captured) for k, v in content]
    return {k: _withdraw(bars, v, mine.get(k), seen, captured) for k, v in content}


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
            if not isinstance(e, _NUMBERS)):
        raise of_objects()


def _is_nothing(g: Any) -> bool:
    """No cotangent, also in a container of such."""
    if isinstance(g, dict):
        return all(map(_is_nothing, g.values()))
    return g is None or (isinstance(g, (tuple, list)) and all(map(_is_nothing, g)))
