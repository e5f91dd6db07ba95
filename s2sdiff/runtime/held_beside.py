"""Arguments of which something outside of a call holds parts, too, compared behind the call."""

from __future__ import annotations

import functools
import types
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sdiff.errors import AliasingError, DifferentiationError, refusal
from s2sdiff.runtime import drawing
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.outside_held import (
    alike,
    as_before,
    held_writes_refused,
    same,
    unless_held,
    unwritten_copy,
    written_refusal,
)
from s2sdiff.runtime.separate import Arrays, behind, collect, may_meet, overlap
from s2sdiff.runtime.shadows import each_once, owner_of
from s2sdiff.runtime.side_by_side import mapped
from s2sdiff.runtime.solver_states import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["also_held", "copies_as_before", "not_written", "own_arguments", "run_on_copies",
           "singly"]

#: No keyword arguments; nobody writes it.
_NONE: dict[str, Any] = {}


def also_held(count: int, *values: Any) -> State | None:
    """What is held twice, as it is now: by the first so many values, and behind the others.

    >>> a = [1.0]
    >>> also_held(1, a, [a]) is None, also_held(1, a, [[1.0]]) is None
    (False, True)
    """
    places: dict[int, Any] = {}
    arrays: Arrays = {}
    for x in values[:count]:
        collect("", x, places, arrays)
    if not places and not arrays:
        return None
    others, theirs = behind(*values[count:])
    found = [x for key, x in places.items() if key in others] + [
        a for owner, views in arrays.items() if owner in theirs
        for _, a in views if overlap(a, theirs[owner])]
    if not found:
        return None
    state = State()
    state.places = [(x, x.copy() if isinstance(x, np.ndarray) else items_of(x) or [])
                    for x in found]
    return state


def not_written(held: State | None) -> None:
    """Refuse that what `also_held` found was written: the two names of it are taken for two things.

    >>> a = [1.0]
    >>> held = also_held(1, a, [a])
    >>> not_written(held)
    >>> a.append(2.0)
    >>> not_written(held)
    Traceback (most recent call last):
    ...
    s2sdiff.errors.AliasingError: an argument is written that something outside holds, too, ...
    """
    if held is not None and not held.is_still():
        raise written_refusal()


def copies_as_before(f: Any, args: Sequence[Any], copies: Sequence[Any]) -> None:
    """Refuse that a run with copies of its arguments wrote one that something else holds, too.

    That may be `f`, or another argument.

    >>> a = np.ones(2)
    >>> copies_as_before(sum, (a, a + 1), (a + 1, a + 1))
    >>> copies_as_before(sum, (a, {"b": a[:1]}), (a + 1, {"b": a[:1]}))
    Traceback (most recent call last):
    ...
    s2sdiff.errors.AliasingError: an argument is written that something outside holds, too, ...
    """
    for i, (x, own) in enumerate(zip(args, copies, strict=True)):
        if not alike(x, own, set()) and unless_held(x, f, *args[:i], *args[i + 1:]) is not x:
            raise written_refusal()


@contextmanager
def run_on_copies(f: Any, args: Sequence[Any], copies: Sequence[Any],
                  further: bool = False) -> Iterator[None]:
    """`copies_as_before` behind a run, also where that raises what no plain run does.

    With `further`, the run may have made copies of the copies, which are gone when it raises.

    >>> with run_on_copies(sum, ([1.0],), ([1.0],)):
    ...     pass
    """
    try:
        yield
    except Exception as error:
        if not isinstance(error, DifferentiationError):
            copies_as_before(f, args, copies)
            if further and also_held(len(args), *args, f) is not None:
                raise written_refusal() from error
        raise
    copies_as_before(f, args, copies)


def singly(x: Any) -> Any:
    """A container or object; one made anew where it holds the same memory several times.

    >>> a = np.zeros(2)
    >>> singly([a, a[1:]])[0] is a, singly([a[:1], a[1:]])[1].base is a
    (True, True)

    Raises
    ------
    AliasingError
        It cannot be made anew.
    """
    if not _holds_twice(x):
        return x
    seen: Arrays = {}

    def leaf(_: Any, v: Any) -> Any:
        if not isinstance(v, np.ndarray):
            return v
        known = seen.setdefault(id(owner_of(v)), [])
        if overlap(v, known):
            return unwritten_copy(v)
        known.append(("", v))
        return v

    own = mapped(leaf, "the argument", x, keeps=lambda v: v)
    if _holds_twice(own):
        raise refusal(AliasingError, "an argument holds the same array twice, or views of it that "
                      "overlap, and cannot be made anew", "pass a copy of one of the two")
    return own


def _holds_twice(x: Any) -> bool:
    arrays: Arrays = {}
    collect("", x, {}, arrays)
    return any(overlap(a, found[:i]) for found in arrays.values()
               for i, (_, a) in enumerate(found))


@contextmanager
def own_arguments(f: Any, args: tuple, kwargs: dict[str, Any] = _NONE) -> Iterator[tuple]:
    """The arguments for a run of `f`, apart from what a method, a partial or an object holds.

    They are apart from each other, too: by place, two that are one array have one derivative.

    >>> with own_arguments(sum, (1.0,)) as own:
    ...     own
    (1.0,)
    >>> a = np.zeros(2)
    >>> with own_arguments(sum, (a, a)) as own:
    ...     own[0] is own[1]
    False
    """
    others = (*args, *kwargs.values())
    alone = not may_meet(others)
    own = tuple([unless_held(
        each_once(x) if type(x) is np.ndarray else x if alone else singly(x),
        f, *(() if alone else (*others[:i], *others[i + 1:]))) for i, x in enumerate(args)])
    try:
        with held_writes_refused(), _holders_unwritten(f):
            yield own
    except Exception as error:
        # What the user's code wrote before it raised would have to be seen in both, too.
        if isinstance(error, DifferentiationError) or all(map(same, args, own)):
            raise
        raise written_refusal() from None
    for x, mine in zip(args, own, strict=True):
        as_before(x, mine)


@contextmanager
def _holders_unwritten(f: Any) -> Iterator[None]:
    """Around a run of a method, a partial or an object: `not_written` of what that holds.

    What its function reads by names from outside is taken for something else.
    """
    function, holders = f, list[Any]()
    while not isinstance(function, types.FunctionType):
        if isinstance(function, functools.partial):
            holders += (*function.args, *function.keywords.values())
            function = function.func
        elif isinstance(function, types.MethodType):
            holders.append(function.__self__)
            function = function.__func__
        else:
            call = getattr(type(function), "__call__", None)  # noqa: B004
            if not isinstance(call, types.FunctionType):
                break
            holders.append(function)
            function = call
    assert drawing.may_write is not None
    asked = holders and isinstance(function, types.FunctionType) and drawing.may_write(function)
    held = also_held(len(holders), *holders, function) if asked else None
    yield
    not_written(held)
