"""What was found out about functions once, with the names that it rests on.

Two functions with the same code may call different ones, by what they capture or by what a global
means at the time.  So what is known of a function holds as long as those names mean the same, and
code that counts on it has guards on them (`transforms.notes`).
"""

from __future__ import annotations

import threading
import types
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from s2sdiff.ir import replace
from s2sdiff.runtime import suspects
from s2sdiff.runtime.marking import marked
from s2sdiff.transforms.context import Guard, following
from s2sdiff.transforms.known_effects import ALL, NOTHING
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.notes import Notes, heard, noted

__all__ = ["LOCK", "remembered"]

#: What is in progress is found out by one thread: another one would take its assumptions for known.
#: Code is made under this lock, too, as each of the two asks for the other.
LOCK = threading.RLock()


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


def _answer(question: Any) -> Any:
    """What would be answered now."""
    names = suspects.state.names
    if question == "any":
        return bool(names)
    if question == "all":
        return names
    return bool(suspects.special(names) if question is None else names & question)


def remembered(target: types.FunctionType, owner: Any,
               find: Callable[[Callable[[Guard], None]], _Result]) -> _Result:
    """What `find` tells of a function, which is given what to tell its guards to.

    Of functions that call one another it is asked until it tells no more than before.
    """
    with LOCK:
        return _remembered(target, owner, find)


def _remembered(target: types.FunctionType, owner: Any,
                find: Callable[[Callable[[Guard], None]], _Result]) -> _Result:
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
    notes, names = Notes(), suspects.state.names
    asked: set[Any] = set()
    _assumed[here] = NOTHING, ALL
    noted.append(notes)
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
        noted.pop()
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
    return bool(noted) and (id(known), id(target)) in noted[-1].given


def _hand_on(known: _Known, target: Any) -> None:
    if noted and not _handed_on(known, target):
        noted[-1].given[id(known), id(target)] = known, target
        noted[-1].bound.update((name, id(target.__globals__) if owner is None else owner)
                                for name, owner in known.bound)
        noted[-1].replaced |= known.replaced
        for question, answer in known.answers:
            heard(question, answer)
        for g in known.guards:
            noted[-1].note(replace(g, owner=target) if g.owner is None else g)


def _still(guard: Guard, target: Any) -> bool:
    value = namespace_value(target if guard.owner is None else guard.owner, guard.name)
    return guard.holds_of(following(value, guard.attributes))
