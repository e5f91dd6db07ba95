"""What functions give that call themselves, or one another in a circle.

While such a function is looked at, nothing is known of what its own calls give.  What it gives
where it calls nobody is taken for that, and if all of it is of that kind then, it is so: each call
that comes to an end rests on calls that did before.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from s2sdiff import ir, registry
from s2sdiff.ir import Function, Move, Var
from s2sdiff.kinds import ANY, Kind, unknown_dim
from s2sdiff.kinds_joined import join, same
from s2sdiff.transforms.beginnings import is_as_before, reached
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["Result", "base_of", "found", "runs"]


@dataclass(frozen=True)
class Result:
    """What a callee gives for some kinds of arguments, and what that rests on.

    `base` is what it gives on the ways of which something is known.
    """

    kind: Kind
    writes: frozenset | None = None
    sets: dict[str, bool | None] | None = None
    guards: tuple[Guard, ...] = ()
    rules: tuple[tuple[Any, Any], ...] = ()
    base: Kind = ANY
    helpers: tuple[tuple[Any, ...], ...] = ()

    def holds(self) -> bool:
        return all(g.holds_of(reached(g)) for g in self.guards) and \
            all(registry.find(f) is r for f, r in self.rules) and \
            all(map(is_as_before, self.helpers))


@dataclass(eq=False)
class _Running:
    """A function that is looked at, for one that was begun before."""

    code: types.CodeType
    key: Any
    place: int
    #: The place of the first one that was asked for again from here.
    rests: int
    #: What was found of others that ask for this one again.
    others: dict[Any, Result] = field(default_factory=dict)
    recursive: bool = False


_running: list[_Running] = []
#: What functions are taken to give that are looked at.
_assumed: dict[Any, Result] = {}
#: So often something else is assumed.
_GUESSES = 4
#: For so many kinds of arguments a function is looked at, each for the one before.
_KINDS = 8


def runs(code: types.CodeType) -> bool:
    """Whether a function is looked at."""
    return any(r.code is code for r in _running)


def found(key: Any, code: types.CodeType, kinds: tuple[Kind, ...], context: Context,
          look: Callable[[], Result], keep: Callable[[Any, Result], None]) -> Result | None:
    """What `look` finds of a function; `keep` gets what lasts, and `context` is the caller's.

    None where it is looked at already, and nothing is assumed of what it gives.
    """
    known = next((r for r in _running if key in r.others), None)
    if known is not None:
        _rest_on(known.place, context)
        return known.others[key]
    mine = [r for r in _running if r.code is code]
    again = next((r for r in mine if r.key == key), None)
    if again is not None:
        again.recursive = True
        _rest_on(again.place, context)
        return _assumed.get(key)
    if len(mine) >= _KINDS or (mine and not all(map(_is_flat, kinds))):
        _rest_on(mine[0].place, context)
        return None
    running = _Running(code, key, len(_running), len(_running))
    _running.append(running)
    try:
        result = look()
        if running.recursive and running.rests == running.place:
            result = _settled(running, look, result)
    finally:
        _running.pop()
    all_of_it = {key: result, **running.others}
    if running.rests == running.place:
        for k, r in all_of_it.items():
            keep(k, r)
    else:
        _running[running.rests].others.update(all_of_it)
        _rest_on(running.rests, context)
    return result


def _rest_on(place: int, context: Context) -> None:
    """What is found now rests on an assumption, and is not kept as it is."""
    context.complete = False
    top = _running[-1]
    top.rests = min(top.rests, place)


def _settled(running: _Running, look: Callable[[], Result], first: Result) -> Result:
    """What all functions in a circle give if they give that; as `first` where nothing is found."""
    others = dict(running.others)
    results = {running.key: first, **others}
    for i in range(_GUESSES):
        given = {k: r.base if i == 0 and r.kind is ANY else r.kind for k, r in results.items()}
        guesses = {k: _without_lengths(kind) for k, kind in given.items() if kind is not ANY}
        if not guesses:
            break
        running.others.clear()
        _assumed.update({k: Result(kind) for k, kind in guesses.items()})
        try:
            result = look()
        finally:
            for k in guesses:
                del _assumed[k]
        results = {running.key: result, **running.others}
        if all(same(_without_lengths(results[k].kind), kind) for k, kind in guesses.items()
               if k in results):
            return result
    # What was assumed is not so: nothing is known of what is asked for again.
    running.others.clear()
    running.others.update(others)
    return first


def _without_lengths(kind: Kind) -> Kind:
    """A kind of which nobody knows what else is as long: that is not what is looked at again."""
    shape = kind.shape and tuple([d if d == 1 else unknown_dim() for d in kind.shape])
    items = kind.items and tuple(map(_without_lengths, kind.items))
    return kind._replace(shape=shape, items=items, dim=None)


def _is_flat(kind: Kind) -> bool:
    """Of which there are few kinds: numbers, arrays, and lists of numbers of one kind."""
    return kind.is_number or kind.inert or kind.is_fixed or kind.each is not None


def base_of(function: Function, result: ir.Atom, context: Context,
            lasting: Callable[[Kind], Kind]) -> Kind:
    """What a function gives on the ways of which something is known."""
    ways: dict[str, list[Any]] = {}
    for s in ir.statements(function):
        for t, a in zip(s.targets, s.sources, strict=True) if isinstance(s, Move) else ():
            ways.setdefault(t, []).append(a)
    kinds, seen, waiting = list[Kind](), set[str](), [result]
    while waiting:
        a = waiting.pop()
        name = a.name if isinstance(a, Var) else ""
        if name in seen:
            continue
        seen.add(name)
        kind = kind_of_atom(a, context)
        if kind is ANY and name in ways:
            waiting += ways[name]
        elif kind is not ANY:
            kinds.append(lasting(kind))
    return functools.reduce(join, kinds) if kinds else ANY
