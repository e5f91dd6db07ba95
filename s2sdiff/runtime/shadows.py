"""Shadows: the cotangents of what can be written, kept by place for one run of a pullback.

`bars` maps a place (an array's memory, a list, dict, set, object or cell) to its shadow.  An
array's shadow is memory laid out as its own, so that a view's cotangent is the same view of it;
complex numbers lie there conjugated, by which the pairing of the real and imaginary parts, and of
views of other fields, is that of the numbers in them.  The shadow of anything else is a dict of
slots, from index, key or attribute name to the cotangent of the number or tuple that is there.
What is an array or container itself has its cotangent in its own shadow, so a slot has none for it.
"""

from __future__ import annotations

import functools
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, UnsupportedError, refusal
from s2sdiff.runtime.arrays import add, add_at, match
from s2sdiff.runtime.walks import Walk

__all__ = [
    "Bars", "Parts", "add_slot", "deposit", "deposit_item", "fields_of", "give", "of_fields",
    "overlaps", "owner_of", "parts", "shadow", "slot",
    "slots", "taken", "unplaced", "withdraw", "withdraw_item",
]

#: From a place's id to the place, which is thus kept, and its shadow.
Bars = dict[int, tuple[Any, Any]]

_NUMBERS = (float, complex, np.inexact)


def owner_of(a: np.ndarray) -> np.ndarray:
    """The array whose memory a view shows."""
    while a.base is not None:
        base = a.base if isinstance(a.base, np.ndarray) else _behind(a.base)
        if not isinstance(base, np.ndarray):
            break
        a = base
    return a


def _behind(base: Any) -> Any:
    """What stands behind a base that is no array: that of `as_strided`, or of a buffer."""
    if isinstance(base, memoryview):
        return base.obj
    return base.base if type(base).__name__ == "DummyArray" else base


# ------------------------------------------------------------------------------------ arrays


def _address(a: np.ndarray) -> int:
    return a.__array_interface__["data"][0]


def _memory(bars: Bars, owner: np.ndarray) -> np.ndarray:
    """The shadow of all memory that an array owns, flat, in its dtype."""
    # Memory that comes from elsewhere may be owned by two arrays.
    place = owner if owner.base is None else _behind(owner.base)
    found = bars.get(id(place))
    if found is None:
        made = np.zeros(owner.size, owner.dtype)
        bars[id(place)] = (place, made) if place is owner else ((place, owner), made)
        return made
    if place is not owner and found[0][1] is not owner:
        raise refusal(AliasingError, "two arrays over one buffer that is no array's are written",
                      "make one array of the buffer, and views of that")
    return found[1]


def shadow(bars: Bars, a: np.ndarray) -> np.ndarray:
    """The cotangents of an array's elements, as memory that is changed in place.

    >>> bars, a = {}, np.ones(3)
    >>> shadow(bars, a[1:])[0] += 2.0
    >>> shadow(bars, a)
    array([0., 2., 0.])
    """
    owner = owner_of(a)
    if owner.dtype.kind == "O":
        raise _of_objects()
    memory = _memory(bars, owner)
    if a is owner and owner.flags.c_contiguous:
        return memory.reshape(owner.shape)
    if a.size == 0:
        return np.zeros(a.shape, a.dtype)
    # (The stubs know `real` of arrays of known dtypes only.)
    halves = owner.dtype.kind == "c" and \
        a.dtype == owner.real.dtype  # pyright: ignore[reportAttributeAccessIssue]
    pairs = a.dtype.kind == "c" and \
        a.real.dtype == owner.dtype  # pyright: ignore[reportAttributeAccessIssue]
    if a.dtype != owner.dtype and not halves and not pairs:
        raise refusal(AliasingError,
                      f"a view of {owner.dtype} numbers as {a.dtype} is written or read where "
                      "their memory is written", "use .astype, which makes a new array")
    return np.ndarray(a.shape, a.dtype, memory, _address(a) - _address(owner), a.strides)


def overlaps(a: np.ndarray) -> bool:
    """Some element of memory may be two elements of the view."""
    if a.size < 2 or a.flags.c_contiguous or a.flags.f_contiguous:
        return False
    reach = a.itemsize
    for stride, n in sorted((abs(s), n) for s, n in zip(a.strides, a.shape, strict=True) if n > 1):
        if stride < reach:
            return True
        reach = stride * (n - 1) + reach
    return False


def _add(target: np.ndarray, g: Any) -> None:
    if not overlaps(target):
        target[...] += g
        return
    g = np.broadcast_to(g, target.shape)
    for i in np.ndindex(target.shape):
        target[i] += g[i]


def _conjugate(g: Any, dtype: Any) -> Any:
    """A cotangent as it lies in a shadow of this dtype, and back."""
    if dtype.kind == "c":
        return np.conj(g)
    return g.real if np.iscomplexobj(g) else g


def deposit_item(bars: Bars, a: Any, index: Any, g: Any) -> None:
    """Add `g` to the cotangent of `a[index]`."""
    if g is None:
        return
    if isinstance(a, np.ndarray):
        target = shadow(bars, a)
        g = _conjugate(g, a.dtype)
        if overlaps(target):
            part = target[index]
            if isinstance(part, np.ndarray) and np.shares_memory(part, target):
                _add(part, g)
            else:
                np.add.at(target, index, g)
            return
        add_at(target, index, g)
        return
    add_slot(bars, a, index, g)


def withdraw_item(bars: Bars, a: np.ndarray, index: Any) -> Any:
    """The cotangent of what was just written to `a[index]`, which had another value before."""
    target = shadow(bars, a)
    part = target[index]
    if isinstance(part, np.ndarray):
        if overlaps(part):
            raise refusal(AliasingError, "a view that shows an element several times is written",
                          "write into the array itself")
        part = part.copy()
    target[index] = 0
    return _conjugate(part, a.dtype)


class Parts:
    """A container and what was in it at one time, for cotangents of that time."""

    __slots__ = ("items", "place")

    def __init__(self, place: Any, items: dict[Any, Any]) -> None:
        self.place, self.items = place, items


# ------------------------------------------------------------------------------------- slots


_WITH_ITEMS = (list, dict, set, frozenset, deque, types.CellType, functools.partial, Parts,
               types.FunctionType, types.MethodType, type, types.ModuleType)


def of_fields(x: Any) -> Any:
    """What an object's attributes have their shadow under: its `__dict__`, if it has one."""
    if isinstance(x, _WITH_ITEMS):
        return x
    return fields_of(x)


def fields_of(x: Any) -> Any:
    """What attributes have their shadow under, those of a container's subclass, too."""
    held = None if isinstance(x, (type, types.ModuleType)) else getattr(x, "__dict__", None)
    return held if type(held) is dict else x


def slots(bars: Bars, place: Any) -> dict[Any, Any]:
    """The shadow of a list, dict, set, object or cell."""
    found = bars.get(id(place))
    if found is None:
        found = bars[id(place)] = (place, {})
    return found[1]


def slot(bars: Bars, place: Any, key: Any) -> Any:
    """Take the cotangent of what is under a key out of a place's shadow; None: zero."""
    found = bars.get(id(place))
    return None if found is None else found[1].pop(key, None)


def unplaced(bars: Bars, place: Any) -> dict[Any, Any]:
    """Take a place's whole shadow out of the table, as that of a call's keyword arguments."""
    return bars.pop(id(place), (None, {}))[1]


def add_slot(bars: Bars, place: Any, key: Any, g: Any) -> None:
    """Add to the cotangent of what is under a key."""
    if g is not None:
        mine = slots(bars, place)
        mine[key] = add(mine.get(key), g)


# ------------------------------------------------------------------------------- whole values


def parts(x: Any) -> Any:
    """What stands for a value where its cotangent is dealt with after it may have changed."""
    return _parts(x, {})


def _parts(x: Any, seen: dict[int, Parts]) -> Any:
    if isinstance(x, (*_NUMBERS, np.ndarray, int, str, bytes, type(None), Parts)):
        return x
    if id(x) in seen:
        return seen[id(x)]
    if isinstance(x, tuple):
        items = [_parts(i, seen) for i in x]
        return type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    content = items_of(x)
    if content is None:
        return x
    made = seen[id(x)] = Parts(x, {})
    made.items.update((k, _parts(v, seen)) for k, v in content)
    return made


def items_of(x: Any) -> list[tuple[Any, Any]] | None:
    """Keys of slots and what is there; None for what is no container.

    >>> items_of([5.0, 6.0]), items_of({"w": 1.0}), items_of(len)
    ([(0, 5.0), (1, 6.0)], [('w', 1.0)], None)
    """
    if isinstance(x, Parts):
        return list(x.items.items())
    if isinstance(x, dict):
        return list(x.items())
    if isinstance(x, Walk):
        return list(enumerate(x.items))
    if isinstance(x, (list, tuple)) or type(x).__name__ == "deque":
        return list(enumerate(x))
    if isinstance(x, (set, frozenset)):
        return [(e, e) for e in x]
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
    for cls in type(x).__mro__:
        names = vars(cls).get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if name not in ("__dict__", "__weakref__") and hasattr(x, name):
                found.append((name, getattr(x, name)))
    return found or None


def deposit(bars: Bars, x: Any, g: Any) -> Any:
    """Add a cotangent to the shadows of all places in a value.

    Returns
    -------
    The part that has no place: that of a number, or of the numbers in a tuple; None for none.
    """
    if g is None:
        return None
    if isinstance(x, np.ndarray):
        if x.dtype.kind in "fc":
            _add(shadow(bars, x), _conjugate(g, x.dtype))
        elif x.dtype.kind == "O" and not _is_nothing(g):
            raise _of_objects()
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
            add_slot(bars, place, key, deposit(bars, value, given[key]))
    if left:
        raise refusal(AliasingError,
                      f"a {type(place).__name__} was changed after it was read, in a way that the "
                      "derivative cannot follow", "make a copy of it before it is changed")
    return None


def give(bars: Bars, x: Any, old: Any, g: Any) -> Any:
    """`deposit`, where the part without a place is added to what there was of it before."""
    return add(old, deposit(bars, x, g))


def withdraw(bars: Bars, x: Any, g: Any = None) -> Any:
    """Take a value's cotangent out of the shadows of the places in it.

    `g` is its part without a place.  Arrays that are found twice have theirs the first time.
    """
    return _withdraw(bars, x, g, set())


def taken(bars: Bars, x: Any) -> Any:
    """`withdraw` of an array; zeros where nothing was there."""
    return match(withdraw(bars, x), x)


def _withdraw(bars: Bars, x: Any, g: Any, seen: set[int]) -> Any:
    if isinstance(x, np.ndarray):
        if x.dtype.kind == "O":
            return _no_objects(bars, x, seen)
        return _withdrawn(bars, x) if x.dtype.kind in "fc" else None
    if isinstance(x, _NUMBERS):
        return g
    if isinstance(x, tuple):
        known = (None,) * len(x) if g is None else g
        found = [_withdraw(bars, i, p, seen) for i, p in zip(x, known, strict=True)]
        return None if all(p is None for p in found) else tuple(found)
    content = items_of(x)
    place = of_fields(x.place if isinstance(x, Parts) else x)
    if content is None or id(place) in seen:
        return None
    seen.add(id(place))
    mine = bars.pop(id(place), (None, {}))[1]
    found_items = {k: _withdraw(bars, v, mine.get(k), seen) for k, v in content}
    if isinstance(place, list):
        return list(found_items.values())
    return found_items


def _no_objects(bars: Bars, a: np.ndarray, seen: set[int]) -> None:
    """Refuse a cotangent of an array of objects as a whole, for which there is no form."""
    owner = owner_of(a)
    if id(owner) in seen:
        return
    seen.add(id(owner))
    left = bars.get(id(owner), (None, {}))[1]
    if any(g is not None for g in left.values()) or any(
            _withdraw(bars, e, None, seen) is not None for e in a.ravel()
            if not isinstance(e, _NUMBERS)):
        raise _of_objects()


def _is_nothing(g: Any) -> bool:
    """No cotangent, also in a container of such."""
    if isinstance(g, dict):
        return all(map(_is_nothing, g.values()))
    return g is None or (isinstance(g, (tuple, list)) and all(map(_is_nothing, g)))


def _of_objects() -> Exception:
    return refusal(UnsupportedError, "an array of objects has no cotangent as a whole",
                   "read its elements one by one, or use a list")


def _withdrawn(bars: Bars, a: np.ndarray) -> Any:
    owner = owner_of(a)
    place = owner if owner.base is None else _behind(owner.base)
    if id(place) not in bars:
        return None
    if a is owner and a.flags.c_contiguous:
        made = bars.pop(id(place))[1].reshape(a.shape)
        return np.conj(made) if a.dtype.kind == "c" else made
    target = shadow(bars, a)
    if overlaps(target):
        # An element that is seen several times has its cotangent the first time only.
        copied = np.zeros(target.shape, target.dtype)
        for i in np.ndindex(target.shape):
            copied[i] = target[i]
            target[i] = 0
        return _conjugate(copied, a.dtype)
    made = _conjugate(target.copy(), a.dtype)
    target[...] = 0
    return made
