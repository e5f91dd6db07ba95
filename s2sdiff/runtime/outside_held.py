"""Arguments that something outside of a call holds, too, and what stands in their place."""

from __future__ import annotations

import linecache
import re
import sys
import weakref
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime import locked
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.memory_copies import copy_alike
from s2sdiff.runtime.separate import Arrays, attributes, behind, collect, overlap
from s2sdiff.runtime.shadows import address, owner_of
from s2sdiff.runtime.side_by_side import mapped
from s2sdiff.runtime.written_apart import COPIED

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "alike", "as_before", "as_given", "given_back", "held_write", "held_writes_refused",
    "left_unwritten", "same", "unless_held", "unless_held_write", "unwritten_copy",
    "written_refusal",
]


def unless_held(x: Any, *outside: Any) -> Any:
    """The argument; one of its own where something outside holds memory of it.

    Arrays that are held are copies that nobody may write; lists, dicts and objects are made anew.

    >>> a = np.zeros(2)
    >>> unless_held(a, {"b": np.ones(2)}) is a, unless_held(a, [a[:1]]) is a
    (True, False)

    Raises
    ------
    AliasingError
        The argument cannot be made anew.
    """
    if type(x) is np.ndarray:
        return unwritten_copy(x) if overlap(x, behind(*outside)[1].get(id(owner_of(x)), [])) else x
    places: dict[int, Any] = {}
    arrays: Arrays = {}
    callables = collect("", x, places, arrays)
    if not arrays and not any(map(_may_take_numbers, places.values())):
        return x
    held = behind(*outside)
    shared = _shared(places, arrays, held)
    if not shared:
        return x
    copies: dict[int, np.ndarray] = {}

    def leaf(_: Any, v: Any) -> Any:
        if id(v) not in shared:
            return v
        return copies[id(v)] if id(v) in copies else copies.setdefault(id(v), unwritten_copy(v))

    own = mapped(leaf, "the argument", x, keeps=lambda v: v)
    made: dict[int, Any] = {}
    left: Arrays = {}
    collect("", own, made, left)
    # A method of the object that was given leads to that one.
    if _shared(made, left, held) or _shared(places, arrays, behind(*callables)):
        raise refusal(AliasingError, "an argument, or an array that it holds, is held outside of "
                      "the call, too, and cannot be made anew", "pass a copy of it")
    return own


def as_before(x: Any, own: Any) -> None:
    """Refuse that an argument, or what `unless_held` made of it, was written.

    The write would have to be seen in both.

    >>> a, b = [1.0], [1.0]
    >>> as_before(a, b)
    >>> b.append(2.0)
    >>> as_before(a, b)
    Traceback (most recent call last):
    ...
    s2sdiff.errors.AliasingError: an argument is written that something outside holds, too, ...
    """
    if not same(x, own):
        raise written_refusal()


def as_given(value: Any, *given: Any) -> Any:
    """A value in which arguments are what was given, not what `unless_held` made of them.

    `given` are pairs of both.

    >>> a, b = [1.0], [1.0]
    >>> as_given((b, 2.0), a, b)[0] is a
    True
    """
    originals = {id(own): x for x, own in zip(given[::2], given[1::2], strict=True) if own is not x}
    return _replaced(value, originals) if originals else value


def given_back(value: Any, args: tuple, own: tuple) -> Any:
    """`as_given` of what `own_arguments` made.

    >>> given_back(3.0, (1.0,), (1.0,))
    3.0
    """
    return as_given(value, *(a for pair in zip(args, own, strict=True) for a in pair))


def _replaced(x: Any, originals: dict[int, Any]) -> Any:
    if id(x) in originals:
        return originals[id(x)]
    if isinstance(x, np.ndarray):
        known = COPIED.get(id(owner_of(x)))
        return x if known is None else _original(x, known[0](), known[1]())
    if type(x) not in (tuple, list, dict):
        return x
    items = x.values() if isinstance(x, dict) else x
    made = [_replaced(v, originals) for v in items]
    if all(v is w for v, w in zip(made, items, strict=True)):
        return x
    return dict(zip(x, made, strict=True)) if isinstance(x, dict) else type(x)(made)


def _original(view: np.ndarray, own: np.ndarray | None, x: np.ndarray | None) -> np.ndarray:
    """What a view of a copy shows, of what was copied; where that is gone, a copy of it."""
    if own is None or x is None:
        return view.copy()
    if view is own:
        return x
    owner = owner_of(x)
    if not owner.flags.forc:
        return view.copy()
    start = address(view) - address(own) + address(x) - address(owner)
    memory = np.lib.stride_tricks.as_strided(owner, (owner.size,), (owner.itemsize,))
    return np.ndarray(view.shape, view.dtype, memory, start, view.strides)


def unless_held_write() -> None:
    """Refuse to handle an exception that no plain run raises: a copy is written.

    >>> unless_held_write()
    """
    found = held_write(sys.exc_info()[1])
    if found is not None:
        raise found


def held_write(error: BaseException | None) -> AliasingError | None:
    """The refusal that an exception stands for: that of a write into a copy, or what is locked."""
    # NumPy says so in several ways: "assignment destination is read-only", "sort array is ...".
    if not (COPIED or locked.LOCKED) or type(error) is not ValueError or \
            "read-only" not in str(error):
        return None
    arrays: Arrays = {}
    places: dict[int, Any] = {}
    traceback = error.__traceback__
    while traceback is not None:
        for x in traceback.tb_frame.f_locals.values():
            collect("", x, places, arrays)
        traceback = traceback.tb_next
    # The user's own may be read-only, too.
    return locked.refusal_of(a for found in arrays.values() for _, a in found) if \
        COPIED.keys().isdisjoint(arrays) else written_refusal()


def left_unwritten(error: BaseException) -> AliasingError | None:
    """The refusal where an exception leaves code that has written what `unless_held` made anew.

    >>> left_unwritten(KeyError()) is None
    True
    """
    traceback = error.__traceback__
    while traceback is not None:
        code, values = traceback.tb_frame.f_code, traceback.tb_frame.f_locals
        if "unless_held" in code.co_names:
            # Which variables belong together, generated code says in its text alone.
            pairs = re.findall(r"^ +(\w+) = .*\bunless_held\((\w+)",
                               "".join(linecache.getlines(code.co_filename)), re.MULTILINE)
            if any(own in values and not same(values.get(x), values[own]) for own, x in pairs):
                return written_refusal()
        traceback = traceback.tb_next
    return None


@contextmanager
def held_writes_refused() -> Iterator[None]:
    """Refuse what Python says of a write into a copy.

    >>> with held_writes_refused():
    ...     pass
    """
    try:
        yield
    except ValueError as error:
        written = held_write(error)
        if written is None:
            raise
        raise written.with_traceback(error.__traceback__) from None


def written_refusal() -> AliasingError:
    """What is said of a write that would have to be seen in two things.

    >>> type(written_refusal()).__name__
    'AliasingError'
    """
    return refusal(AliasingError, "an argument is written that something outside holds, too, or "
                   "of which it holds an array", "pass a copy of the argument")


def unwritten_copy(x: np.ndarray) -> np.ndarray:
    """A copy that stands for an array, and that nobody may write.

    >>> unwritten_copy(np.zeros(2)).flags.writeable
    False
    """
    own = copy_alike(x)
    owner = owner_of(own)
    owner.flags.writeable = own.flags.writeable = False
    key = id(owner)
    gone = weakref.ref(owner, lambda _: COPIED.pop(key, None))
    COPIED[key] = weakref.ref(own), weakref.ref(x), gone
    return own


def _shared(places: dict[int, Any], arrays: Arrays,
            held: tuple[dict[int, Any], Arrays]) -> dict[int, Any]:
    """The arrays, and the places of numbers, that are held, too."""
    return {k: x for k, x in places.items() if k in held[0] and _may_take_numbers(x)} | {
        id(a): a for owner, found in arrays.items() if owner in held[1]
        for _, a in found if overlap(a, held[1][owner])}


def _may_take_numbers(x: Any) -> bool:
    """Whether there are numbers in it, or whoever holds it may put some there."""
    return type(x) in _CONTAINERS or _has_numbers(x)


def _has_numbers(x: Any) -> bool:
    values = x.values() if isinstance(x, dict) else x if isinstance(x, (list, deque)) else \
        () if isinstance(x, np.ndarray) else attributes(x) or ()
    return any(isinstance(v, (float, complex, np.inexact)) for v in values)


_CONTAINERS = (list, dict, deque)


def same(x: Any, own: Any) -> bool:
    return own is x or alike(x, own, set())


def alike(x: Any, own: Any, seen: set[int]) -> bool:
    """Whether two hold the same, apart from what was `seen`.

    >>> alike([1.0], [1.0], set()), alike([1.0], [2.0], set())
    (True, False)
    """
    if x is own or id(x) in seen:
        return True
    if type(x) is not type(own):
        return False
    if isinstance(x, np.ndarray):
        return x.shape == own.shape and x.dtype == own.dtype and bool(
            np.array_equal(x, own, equal_nan=x.dtype.kind in "fc"))
    if isinstance(x, (float, complex)):
        return False  # the very number stays where it is; one that equals it was written
    seen.add(id(x))
    items, others = items_of(x), items_of(own)
    return items is not None and others is not None and len(items) == len(others) and all(
        k == key and alike(v, mine, seen)
        for (k, v), (key, mine) in zip(items, others, strict=True))
