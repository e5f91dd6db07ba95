"""Arguments that something outside of a call holds, too, and what stands in their place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime.separate import Arrays, behind, collect, overlap
from s2sdiff.runtime.shadows import owner_of
from s2sdiff.runtime.side_by_side import mapped
from s2sdiff.runtime.whole_values import items_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["as_before", "own_arguments", "unless_held"]


def unless_held(x: Any, *outside: Any) -> Any:
    """The argument; one of its own where something outside holds memory of it.

    Arrays that are held are copies that nobody may write; what leads to them is made anew.

    >>> a = np.zeros(2)
    >>> unless_held(a, {"b": np.ones(2)}) is a, unless_held(a, [a[:1]]) is a
    (True, False)

    Raises
    ------
    AliasingError
        The argument cannot be made anew.
    """
    if type(x) is np.ndarray:
        return _copy(x) if overlap(x, behind(*outside).get(id(owner_of(x)), [])) else x
    arrays: Arrays = {}
    callables = collect("", x, {}, arrays)
    shared = _shared(arrays, behind(*outside)) if arrays else {}
    if not shared:
        return x
    copies: dict[int, np.ndarray] = {}

    def leaf(_: Any, v: Any) -> Any:
        if id(v) not in shared:
            return v
        return copies[id(v)] if id(v) in copies else copies.setdefault(id(v), _copy(v))

    # A method of the object that was given leads to that one.
    if not _shared(arrays, behind(*callables)):
        own = mapped(leaf, "the argument", x, keeps=lambda v: v)
        if len(copies) == len(shared):
            return own
    raise refusal(AliasingError, "an argument holds an array that something outside of the call "
                  "holds, too, and cannot be made anew", "pass one with a copy of the array")


def as_before(x: Any, own: Any) -> None:
    """Refuse that an argument, or what `unless_held` made of it, was written.

    The write would have to be seen in both.

    >>> a, b = [1.0], [1.0]
    >>> as_before(a, b)
    >>> b.append(2.0)
    >>> as_before(a, b)
    Traceback (most recent call last):
    ...
    s2sdiff.errors.AliasingError: an argument is written, of which something outside holds ...
    """
    if own is not x and not _alike(x, own, set()):
        raise refusal(AliasingError, "an argument is written, of which something outside holds an "
                      "array, too", "pass a copy of the argument")


@contextmanager
def own_arguments(f: Any, args: tuple) -> Iterator[tuple]:
    """The arguments for a run of `f`, apart from what a method, a partial or an object holds.

    >>> with own_arguments(sum, (1.0,)) as own:
    ...     own
    (1.0,)
    """
    own = tuple([unless_held(x, f) for x in args])
    yield own
    for x, mine in zip(args, own, strict=True):
        as_before(x, mine)


def _copy(x: np.ndarray) -> np.ndarray:
    own = x.copy("K")
    own.flags.writeable = False
    return own


def _shared(arrays: Arrays, held: Arrays) -> dict[int, np.ndarray]:
    return {id(a): a for owner, found in arrays.items() if owner in held
            for _, a in found if overlap(a, held[owner])}


def _alike(x: Any, own: Any, seen: set[int]) -> bool:
    if x is own or id(x) in seen:
        return True
    if type(x) is not type(own):
        return False
    if isinstance(x, np.ndarray):
        return x.shape == own.shape and x.dtype == own.dtype and bool(
            np.array_equal(x, own, equal_nan=x.dtype.kind in "fc"))
    if isinstance(x, (float, complex)):
        return x == own or x != x
    seen.add(id(x))
    items, others = items_of(x), items_of(own)
    return items is not None and others is not None and len(items) == len(others) and all(
        k == key and _alike(v, mine, seen)
        for (k, v), (key, mine) in zip(items, others, strict=True))
