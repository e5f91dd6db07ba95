"""What was found out about functions once, with the names that it rests on.

Two functions with the same code may call different ones, by what they capture or by what a global
means at the time.  So what is known of a function holds as long as those names mean the same, and
code that counts on it has guards on them.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from s2sdiff.ir import replace
from s2sdiff.runtime import suspects
from s2sdiff.runtime.bound_names import names_bound
from s2sdiff.runtime.marking import marked
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.replacing import names_replaced
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.holding import may_hold
from s2sdiff.transforms.known_effects import ALL, NOTHING
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["bound", "is_anew", "looked_up", "note", "note_bound", "noting", "of_anew", "remembered",
           "replaced"]


#: The names of parameters that are written, and of those that a result may be, hold or show.
_Result = tuple[frozenset, frozenset]


class _Known(NamedTuple):
    result: _Result
    guards: tuple[Guard, ...]
    #: What it rests on of the classes that write unseen, as `suspects.heard` is told.
    answers: tuple[tuple[Any, Any], ...]
    #: The names of those for which these answers were last found to be right.
    names: frozenset[str]
    #: Functions in progress that it rests on.
    asked: frozenset = frozenset()
    #: The global names that are bound anew, each with whose it is; None: the function's own.
    bound: frozenset[tuple[str, int | None]] = frozenset()
    #: The names of attributes that are written, and of globals.
    replaced: frozenset[str] = frozenset()


#: By code: what is known of functions with it, the newest last.
_known: dict[Any, list[_Known]] = {}
#: Of one code, so many are kept.
_VARIANTS = 8

#: What is taken for a function's result while it is being found out.
_assumed: dict[Any, _Result] = {}
#: What is known as long as all that is taken for granted stays so.
_meanwhile: dict[Any, _Known] = {}
#: Of each function in progress, those in progress whose assumed results it rests on: itself, and
#: such as began before it.
_asked: dict[Any, set[Any]] = {}
#: What was looked at since somebody asked: of a call that leads to half a library, which would
#: take minutes, it is said that it may write anything.
_looked_at: list[Any] = []
_MOST = 400


class _Notes:
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


_noted: list[_Notes] = []


def _heard(question: Any, answer: Any) -> None:
    if _noted:
        _noted[-1].answers.setdefault(question, answer)


suspects.heard = _heard


def _answer(question: Any) -> Any:
    """What would be answered now."""
    names = suspects.state.names
    if question == "any":
        return bool(names)
    if question == "all":
        return names
    return bool(suspects.special(names) if question is None else names & question)


@contextmanager
def noting(guard: Callable[[Guard], None], fn: Any) -> Iterator[None]:
    """Give guards for all that is found out meanwhile to the compilation of `fn`."""
    notes = _Notes()
    _noted.append(notes)
    try:
        yield
    finally:
        _noted.pop()
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
    if _noted and _is_own(origin, name):
        if is_anew(origin, name, value):
            _noted[-1].note(Guard(origin, name, ("__code__",), value.__code__))
        else:
            _noted[-1].note(Guard(origin, name, (), value))
    return value


def note(guards: Iterable[Guard]) -> None:
    """What is being found out rests on these, too."""
    for guard in guards if _noted else ():
        _noted[-1].note(guard)


def note_bound(target: types.FunctionType) -> None:
    """What is being found out binds these global names, numbers and switches, and attributes."""
    if _noted:
        space = id(target.__globals__)
        _noted[-1].bound.update((name, space) for name in names_bound(target.__code__))
        _noted[-1].replaced.update(names_replaced(target.__code__))


def bound(origin: Any) -> frozenset[str]:
    """The global names of a function that what was found out about its calls binds anew."""
    if not _noted or not isinstance(origin, types.FunctionType):
        return frozenset()
    space = id(origin.__globals__)
    return frozenset(name for name, owner in _noted[-1].bound if owner == space)


def replaced() -> frozenset[str]:
    """The names of attributes that are written by the calls of which something was found out."""
    return frozenset(_noted[-1].replaced) if _noted else frozenset()


#: What is mostly the same object in every call.
_SAME = (types.FunctionType, types.BuiltinFunctionType, type, types.ModuleType, np.ufunc,
         functools._lru_cache_wrapper, type(np.sum))


def is_anew(origin: Any, name: str, value: Any) -> bool:
    """A captured function that is another object each time the function around is called."""
    return isinstance(value, types.FunctionType) and "<locals>" in value.__qualname__ and \
        isinstance(origin, types.FunctionType) and name in origin.__code__.co_freevars


def of_anew(ask: Callable[[], frozenset], value: Any, otherwise: frozenset) -> frozenset:
    """What `ask` gives, if it does not rest on what the function `value` has captured."""
    notes = _Notes()
    _noted.append(notes)
    try:
        found = ask()
    finally:
        _noted.pop()
    guards = notes.guards.values()
    if any(g.owner is value and g.name in value.__code__.co_freevars for g in guards):
        return otherwise
    for g in guards if _noted else ():
        _noted[-1].note(g)
    if _noted:
        _noted[-1].bound |= notes.bound
        _noted[-1].replaced |= notes.replaced
    for question, answer in notes.answers.items():
        _heard(question, answer)
    return found


def remembered(target: types.FunctionType, owner: Any,
               find: Callable[[Callable[[Guard], None]], _Result]) -> _Result:
    """What `find` tells of a function, which is given what to tell its guards to.

    Of functions that call one another it is asked until it tells no more than before.
    """
    key = target.__code__, marked(target), owner
    # Functions with one code are several, where one is in progress.
    here = (*key, suspects.state.names, id(target.__globals__), *map(id, target.__closure__ or ()))
    if here in _assumed:
        _rest_on({here})
        return _assumed[here]
    for known in reversed(_known.get(key, ())):
        if _handed_on(known, target) or (
                _answered(known, key) and all(_still(g, target) for g in known.guards)):
            _hand_on(known, target)
            return known.result
    if not _asked:
        _looked_at.clear()
    if here not in _meanwhile:
        if len(_looked_at) >= _MOST:
            return ALL, ALL
        _looked_at.append(target)
        known = _found(target, here, find)
        if not known.asked:
            _known[key] = [*_known.get(key, ())[1 - _VARIANTS:], known]
        elif _assumed:
            _meanwhile[here] = known
    else:
        known = _meanwhile[here]
    _rest_on(known.asked)
    _hand_on(known, target)
    return known.result


def _rest_on(others: Collection[Any]) -> None:
    """Functions in progress were asked for: all that began since then rest on them."""
    begun: set[Any] = set()
    for here, asked in _asked.items():
        if here in others:
            begun.add(here)
        asked |= begun


def _found(target: types.FunctionType, here: Any,
           find: Callable[[Callable[[Guard], None]], _Result]) -> _Known:
    notes, names = _Notes(), suspects.state.names
    asked: set[Any] = set()
    _assumed[here] = NOTHING, ALL
    _noted.append(notes)
    _asked[here] = asked
    try:
        while True:
            found = find(notes.note)
            before = _assumed[here]
            if here not in asked or found[0] <= before[0]:
                break
            _assumed[here] = before[0] | found[0], before[1]
            _forget(here)
    finally:
        del _asked[here]
        _noted.pop()
        del _assumed[here]
        _forget(here)
    own = tuple(replace(g, owner=None) if g.owner is target else g for g in notes.guards.values())
    space = id(target.__globals__)
    bound = frozenset((name, None if owner == space else owner) for name, owner in notes.bound)
    same = suspects.state.names is names
    return _Known(found, own, tuple(notes.answers.items()), names if same else _CHANGED,
                  frozenset(asked - {here}), bound, frozenset(notes.replaced))


#: Classes were met while it was found out: its answers are looked at in any case.
_CHANGED = frozenset({"changed meanwhile"})


def _answered(known: _Known, key: Any) -> bool:
    """Whether the classes that were met meanwhile change nothing."""
    names = suspects.state.names
    if known.names is names:
        return True
    if not all(_answer(question) == answer for question, answer in known.answers):
        return False
    others = _known[key]
    others[others.index(known)] = known._replace(names=names)
    return True


def _forget(here: Any) -> None:
    """What rests on something that was taken for granted is to be found out again."""
    for other in [h for h, known in _meanwhile.items() if here in known.asked]:
        del _meanwhile[other]


def _handed_on(known: _Known, target: Any) -> bool:
    return bool(_noted) and (id(known), id(target)) in _noted[-1].given


def _hand_on(known: _Known, target: Any) -> None:
    if _noted and not _handed_on(known, target):
        _noted[-1].given[id(known), id(target)] = known, target
        _noted[-1].bound.update((name, id(target.__globals__) if owner is None else owner)
                                for name, owner in known.bound)
        _noted[-1].replaced |= known.replaced
        for question, answer in known.answers:
            _heard(question, answer)
        for g in known.guards:
            _noted[-1].note(replace(g, owner=target) if g.owner is None else g)


def _still(guard: Guard, target: Any) -> bool:
    value = namespace_value(target if guard.owner is None else guard.owner, guard.name)
    for attribute in guard.attributes:
        value = getattr(value, attribute, MISSING)
    return guard.holds_of(value)


def _is_own(origin: Any, name: str) -> bool:
    """A name that is bound by the program, and not a builtin one."""
    return isinstance(origin, types.FunctionType) and (
        name in origin.__code__.co_freevars or name in origin.__globals__)
