"""Kinds that hold other kinds, and the places in them: `a`, `cells[0]`, `table['p']`, `o.x`.

Invariants that every maker keeps, so that a place is there when a program reads it:
a list is never empty, a dict always has the keys `'p'` and `'q'`, a class's fields are always set.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from tests.fuzz import draft
from tests.fuzz.draft import REAL, Draft, Kind, Scope, array

#: A key of a dict, and index and mask arrays: operands that are never differentiated.
KEY: Kind = ("key", ())
INDEX: Kind = ("index", (2,))
#: A function of one float that gives one.
FUNCTION: Kind = ("function", ())
HOLDERS = ("list", "dict", "record", "tuple", "object")
KEYS = ["p", "q"]
EXTRA = ["r", "s"]
REACH = 3


def list_of(kind: Kind) -> Kind:
    return ("list", (kind,))


def dict_of(kind: Kind) -> Kind:
    return ("dict", (kind,))


def tuple_of(*kinds: Kind) -> Kind:
    return ("tuple", kinds)


def record_of(**kinds: Kind) -> Kind:
    """A dict with a kind of its own for each key."""
    return ("record", tuple(kinds.items()))


def object_of(name: str) -> Kind:
    return ("object", (name,))


def mask_of(shape: tuple[int, ...]) -> Kind:
    return ("mask", shape)


@dataclasses.dataclass(frozen=True)
class Place:
    """Something that can be read: its text, its kind, and whether it can be bound anew."""

    text: str
    kind: Kind
    settable: bool
    name: bool = False


def places(d: Draft, scope: Scope) -> list[Place]:
    """Everything that can be reached from the names in scope."""
    found: list[Place] = []
    for name, kind in scope.names.items():
        inside(d, Place(name, kind, name not in scope.locked, True), REACH, found)
    return found


def inside(d: Draft, place: Place, reach: int, found: list[Place]) -> None:
    found.append(place)
    field, parts = place.kind
    if reach == 0 or field not in HOLDERS:
        return
    for text, kind in items(d, place.text, field, parts):
        inside(d, Place(text, kind, field != "tuple"), reach - 1, found)


def items(d: Draft, text: str, field: str, parts: tuple[Any, ...]) -> list[tuple[str, Kind]]:
    """The items of a holder, those that are surely there."""
    if field == "list":
        return [(f"{text}[{i}]", parts[0]) for i in (0, -1)]
    if field == "dict":
        return [(f"{text}['{key}']", parts[0]) for key in KEYS]
    if field == "record":
        return [(f"{text}['{key}']", kind) for key, kind in parts]
    if field == "tuple":
        return [(f"{text}[{i}]", kind) for i, kind in enumerate(parts)]
    return [(f"{text}.{attribute}", kind) for attribute, kind in d.classes[parts[0]].fields.items()]


def reachable(d: Draft, scope: Scope, fits: Callable[[Place], bool]) -> list[Place]:
    return [place for place in places(d, scope) if fits(place)]


def pick(d: Draft, found: list[Place]) -> Place | None:
    """A random one, names and items alike, the recent ones more often."""
    if not found:
        return None
    sides = [[p for p in found if p.name], [p for p in found if not p.name]]
    side = d.rng.choice([side for side in sides if side])
    return d.rng.choice([*side, *side[-2:], *side[-2:]])


def one(d: Draft, scope: Scope, fits: Callable[[Place], bool]) -> Place | None:
    """A random place of those that fit."""
    return pick(d, reachable(d, scope, fits))


def is_array(place: Place) -> bool:
    return place.kind[0] == "real" and bool(place.kind[1])


def an_array(d: Draft, scope: Scope, *ranks: int) -> Place | None:
    """A real array, of one of the ranks where any are given."""
    if not scope.numpy:
        return None
    return one(d, scope, lambda p: is_array(p) and (not ranks or len(p.kind[1]) in ranks))


def holder(d: Draft, scope: Scope, field: str, *kinds: Kind) -> Place | None:
    """A list or dict, of one of the kinds of item where any are given."""
    return one(d, scope, lambda p: p.kind[0] == field and (not kinds or p.kind[1][0] in kinds))


def bounded_growth(scope: Scope, text: str, line: str) -> list[str]:
    """A line that lets a container grow, guarded wherever it may be run many times."""
    if scope.loop or scope.returns is not None:
        return [f"if len({text}) < 6:", f"    {line}"]
    return [line]


def new_name(d: Draft, scope: Scope, kind: Kind, word: str) -> str:
    """Bind a name that tells what it is: one of the kind that is known already, or a new one."""
    known = [n for n in draft.variables(scope, kind) if n not in scope.locked]
    if known and d.rng.random() < 0.3:
        return d.rng.choice(known)
    taken = set(scope.names) | scope.locked
    name = next(n for n in (f"{word}{i or ''}" for i in range(len(taken) + 1)) if n not in taken)
    draft.bind(scope, name, kind)
    return name


def some_kind(d: Draft, scope: Scope, deep: bool = True) -> Kind:
    """The kind of the items of a new container: mostly floats, or arrays."""
    way = d.rng.random()
    if way < 0.3 and "arrays" in d.allowed and scope.numpy:
        known = [k for k in scope.names.values() if k[0] == "real" and k[1]]
        return d.rng.choice([*known, array((3,)), array((2,))])
    if way < 0.42 and deep:
        return list_of(REAL)
    return REAL
