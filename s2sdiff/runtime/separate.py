"""Arguments of one call that hold the same array, list or object."""

from __future__ import annotations

import contextlib
import functools
import types
import weakref
from collections import deque
from collections.abc import Collection
from itertools import islice
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.outside import CARRYING, is_installed, is_of_library, leads_to, root_of
from s2sdiff.runtime.own_fields import own_fields
from s2sdiff.runtime.plain_classes import is_plain
from s2sdiff.runtime.shadows import overlaps, owner_of, shadow

__all__ = ["Arrays", "attributes", "behind", "collect", "may_meet", "overlap", "separate"]

#: Names and views by the id of what owns their memory.
Arrays = dict[int, list[tuple[str, np.ndarray]]]


def separate(names: tuple[str, ...], asked: int, *values: Any) -> None:
    """Refuse arguments that share a place with one of the first so many, which are asked for.

    By place, theirs would be one derivative.  So would be those of an array that one argument holds
    twice, and of an element that an array shows twice, as `np.broadcast_to` does; views of one
    array that do not overlap are apart.  What a method or a closure holds that is an argument, or
    lies in one, is nobody's argument, and may be held by several: only an array that is asked for
    must not be among it.

    >>> a = np.zeros(2)
    >>> separate(("a", "b"), 1, a[:1], a[1:])
    >>> separate(("a", "b"), 1, a, [a])
    Traceback (most recent call last):
    ...
    s2sdiff.errors.AliasingError: a and b hold the same memory, ...
    """
    first: dict[int, str] = {}
    arrays: Arrays = {}
    callables: list[tuple[str, Any]] = []
    for i, (name, value) in enumerate(zip(names, values, strict=True)):
        mine: dict[int, Any] = {}
        callables += [(name, f) for f in collect(name, value, mine, arrays)]
        for key in mine:
            if key in first:
                raise _shared(first[key], name, type(mine[key]).__name__)
        if i < asked:
            first.update(dict.fromkeys(mine, name))
    for found in arrays.values():
        for name, a in found:
            if name in names[:asked] and overlaps(a):
                raise refusal(AliasingError, f"{name} is or holds an array that shows an element "
                              "several times, which would have one derivative for all of them",
                              "pass a copy of the array")
        if len(found) > 1:
            _apart(found, names[:asked])
    for name, f in callables:
        for owner, found in behind(f)[1].items():
            for one, a in arrays.get(owner, ()):
                if one in names[:asked] and one != name and overlap(a, found):
                    raise _shared(one, name, "memory")


def may_meet(values: tuple) -> bool:
    """Whether some memory, list or object may be reached by two ways from these.

    >>> a = np.zeros(2)
    >>> may_meet((a, a + 1.0)), may_meet((a, [a])), may_meet((a[:1], a[1:]))
    (False, True, True)
    """
    places: dict[int, Any] = {}
    arrays: Arrays = {}
    for x in values:
        mine: dict[int, Any] = {}
        if collect("", x, mine, arrays) or not places.keys().isdisjoint(mine):
            return True
        places |= mine
    return any(len(found) > 1 for found in arrays.values())


def overlap(x: np.ndarray, found: list[tuple[str, np.ndarray]]) -> bool:
    """Whether an array has elements that one of some views of its owner has."""
    return any(np.shares_memory(a, x) for _, a in found)


def _apart(found: list[tuple[str, np.ndarray]], asked: tuple[str, ...]) -> None:
    """Mark the elements of one memory that each view has."""
    marks: dict = {}
    for i, (name, a) in enumerate(found):
        mine = shadow(marks, a)
        # (The stubs know `real` of arrays of known dtypes only.)
        before = int(np.max(mine.real, initial=0))  # pyright: ignore[reportAttributeAccessIssue]
        if before and (name in asked or found[before - 1][0] in asked):
            raise _shared(found[before - 1][0], name, "memory")
        mine[...] = i + 1


def _shared(one: str, other: str, what: str) -> AliasingError:
    if one == other:
        return refusal(AliasingError, f"{one} holds the same array twice, or views of it that "
                       "overlap: both would have one derivative", "pass a copy of one of the two")
    return refusal(AliasingError, f"{one} and {other} hold the same {what}, which would have one "
                   "derivative for both", "pass a copy in one of the two")


def bound(proxy: Any) -> bool:
    """Whether what a weak proxy stands for is still there.

    >>> class Held: ...
    >>> bound(weakref.proxy(Held()))
    False
    """
    try:
        _ = proxy.__class__
    except ReferenceError:
        return False
    return True


def collect(name: str, value: Any, places: dict[int, Any], arrays: Arrays) -> list[Any]:
    """All that a value leads to: containers and objects by identity, arrays by their memory.

    Returns
    -------
    The methods, partials and closures in it.
    """
    waiting, callables = [value], []
    while waiting:
        x = waiting.pop()
        t = type(x)
        if t in _WITHOUT:
            continue
        if t in weakref.ProxyTypes and not bound(x):
            continue
        if isinstance(x, np.ndarray):
            if x.dtype.kind in "fc":
                arrays.setdefault(id(owner_of(x)), []).append((name, x))
            if x.dtype.kind != "O":
                continue
        elif id(x) in places:
            continue
        elif is_plain(t):
            places[id(x)] = x
            waiting.extend(x.__dict__.values())
            continue
        if isinstance(x, _HOLDING):
            callables.append(x)
            continue
        if isinstance(x, _PLAIN) or id(x) in places:
            continue
        held: Any = None
        if isinstance(x, dict):
            held = x.values()
        elif isinstance(x, (list, tuple, set, frozenset, deque)):
            held = x
        elif isinstance(x, np.ndarray):
            held = x.ravel().tolist()
        else:
            held = attributes(x)
        if held is None:
            continue
        if not isinstance(x, tuple):
            places[id(x)] = x
        if not _NUMBERS.issuperset(map(class_of, held)):
            waiting.extend(held)
    return callables


def attributes(x: Any) -> Collection[Any] | None:
    """The values of an object's attributes, also of those in slots; None where it can have none.

    >>> list(attributes(types.SimpleNamespace(a=1)) or ()), attributes(range(3))
    ([1], None)
    """
    slots = _slots(class_of(x))
    held = own_fields(x).values()
    if not slots:
        return held if held or class_of(x).__dictoffset__ else None
    values = [*held]
    for slot in slots:
        with contextlib.suppress(AttributeError):
            values.append(slot.__get__(x))
    return values


@functools.lru_cache(maxsize=1024)
def _slots(cls: type) -> tuple[Any, ...]:
    return tuple([v for c in cls.__mro__ if "__slots__" in vars(c) for v in vars(c).values()
                  if isinstance(v, types.MemberDescriptorType) and not is_of_library(c)])


def behind(*values: Any) -> tuple[dict[int, Any], Arrays]:
    """`collect` of values, also by what functions and methods capture and read.

    Not what the code of other installed packages reads: nobody's arrays are put there.
    """
    places: dict[int, Any] = {}
    arrays: Arrays = {}
    waiting = [v for x in values for v in _of_module(x)]
    seen: dict[int, Any] = {}
    near = {root_of(x if isinstance(x, _HOLDING) else class_of(x)) for x in waiting}
    while waiting:
        known, held = len(places), []
        for x in waiting:
            held += collect("", x, places, arrays)
        held += map(class_of, islice(places.values(), known, None))
        # By their ids: a class of a class may say anything of what is equal.
        new = {id(f): f for f in held if id(f) not in seen}
        waiting = [x for f in new.values() if (
            not isinstance(f, _CODE) or root_of(f) in near or not is_installed(root_of(f)))
            for x in leads_to(f)]
        seen |= new
    return places, arrays


def _of_module(x: Any) -> list[Any]:
    """What code may read of a module that it names, and that is no part of code itself."""
    if not isinstance(x, types.ModuleType):
        return [x]
    return [v for v in vars(x).values() if not isinstance(v, (types.ModuleType, *_HOLDING))]


#: What holds values without being an object of the user's.
_HOLDING = (types.FunctionType, type, *CARRYING)
_PLAIN = (float, int, complex, str, np.generic, types.ModuleType, np.ufunc)
_CODE = (types.FunctionType, type)
#: Of these types most values are that hold nothing.
_WITHOUT = frozenset({float, int, bool, str, complex, np.float64, type(None)})
_NUMBERS = frozenset({float, int, complex})
