"""What is noted while something is found out about functions: the names that it rests on.

What asks is a compilation, which puts guards on them, or another function's summary.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from s2sdiff.ir import replace
from s2sdiff.runtime import suspects
from s2sdiff.runtime.bound_names import names_bound
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.replacing import names_replaced
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.holding import may_hold
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["Notes", "bound", "heard", "is_anew", "looked_up", "note", "note_bound", "noted",
           "noting", "of_anew", "replaced"]


class Notes:
    """Guards since a function in progress, or a compilation, has begun."""

    def __init__(self) -> None:
        self.guards: dict[tuple[Any, ...], Guard] = {}
        #: Whether there are classes that write unseen, and what was asked of them.
        self.answers: dict[Any, Any] = {"any": bool(suspects.state.names)}
        #: What was handed on already, and so need not be looked at again.
        self.given: dict[tuple[int, int], Any] = {}
        #: Global names that calls bind anew.
        self.bound: set[tuple[str, int]] = set()
        #: Names of attributes that calls write, of whatever has them.
        self.replaced: set[str] = set()

    def note(self, guard: Guard) -> None:
        self.guards.setdefault((id(guard.owner), guard.name, guard.attributes), guard)


noted: list[Notes] = []


def heard(question: Any, answer: Any) -> None:
    if noted:
        noted[-1].answers.setdefault(question, answer)


suspects.heard = heard


@contextmanager
def noting(guard: Callable[[Guard], None], fn: Any) -> Iterator[None]:
    """Give guards for all that is found out meanwhile to the compilation of `fn`."""
    notes = Notes()
    noted.append(notes)
    try:
        yield
    finally:
        noted.pop()
        for g in notes.guards.values():
            if g.owner is fn:
                guard(replace(g, owner=None))
            elif not is_of_library(g.owner):
                guard(g)


def looked_up(origin: Any, name: str) -> Any:
    """The function, class or module that a name means to a function, which is noted; or MISSING.

    Of any other object nothing is taken to be known.
    """
    value = namespace_value(origin, name)
    if not isinstance(value, _SAME) or (may_hold(value) and not isinstance(
            value, types.FunctionType)):
        return MISSING
    if noted and _is_own(origin, name):
        if is_anew(origin, name, value):
            noted[-1].note(Guard(origin, name, ("__code__",), value.__code__))
        else:
            noted[-1].note(Guard(origin, name, (), value))
    return value


def note(guards: Iterable[Guard]) -> None:
    """What is being found out rests on these, too."""
    for guard in guards if noted else ():
        noted[-1].note(guard)


def note_bound(target: types.FunctionType) -> None:
    """What is being found out binds these global names, numbers and switches, and attributes."""
    if noted:
        space = id(target.__globals__)
        noted[-1].bound.update((name, space) for name in names_bound(target.__code__))
        noted[-1].replaced.update(names_replaced(target.__code__))


def bound(origin: Any) -> frozenset[str]:
    """The global names of a function that what was found out about its calls binds anew."""
    if not noted or not isinstance(origin, types.FunctionType):
        return frozenset()
    space = id(origin.__globals__)
    return frozenset(name for name, owner in noted[-1].bound if owner == space)


def replaced() -> frozenset[str]:
    """The names of attributes that are written by the calls of which something was found out."""
    return frozenset(noted[-1].replaced) if noted else frozenset()


#: What is mostly the same object in every call.
_SAME = (types.FunctionType, types.BuiltinFunctionType, type, types.ModuleType, np.ufunc,
         functools._lru_cache_wrapper, type(np.sum))


def is_anew(origin: Any, name: str, value: Any) -> bool:
    """A captured function that is another object each time the function around is called."""
    return isinstance(value, types.FunctionType) and "<locals>" in value.__qualname__ and \
        isinstance(origin, types.FunctionType) and name in origin.__code__.co_freevars


def of_anew(ask: Callable[[], frozenset], value: Any, otherwise: frozenset) -> frozenset:
    """What `ask` gives, if it does not rest on what the function `value` has captured."""
    notes = Notes()
    noted.append(notes)
    try:
        found = ask()
    finally:
        noted.pop()
    guards = notes.guards.values()
    if any(g.owner is value and g.name in value.__code__.co_freevars for g in guards):
        return otherwise
    for g in guards if noted else ():
        noted[-1].note(g)
    if noted:
        noted[-1].bound |= notes.bound
        noted[-1].replaced |= notes.replaced
    for question, answer in notes.answers.items():
        heard(question, answer)
    return found


def _is_own(origin: Any, name: str) -> bool:
    """A name that is bound by the program, and not a builtin one."""
    return isinstance(origin, types.FunctionType) and (
        name in origin.__code__.co_freevars or name in origin.__globals__)
