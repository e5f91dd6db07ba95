"""What a program under construction knows: kinds, names in scope, features, weighted choices.

Every float variable is meant to stay within `LIMIT`: an expression carries a bound on its size,
and whatever would exceed the limit is scaled or squashed before it is bound to a name.  So no
generated loop blows up, and finite differences stay meaningful.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

LIMIT = 4.0
#: How deep blocks nest.
DEPTH = 4

#: A field and a shape; ints, words and bools have the shape (), containers the kinds in them.
Kind = tuple[str, tuple[Any, ...]]
REAL: Kind = ("real", ())
INT: Kind = ("int", ())
WORD: Kind = ("word", ())
BOOL: Kind = ("bool", ())
COMPLEX: Kind = ("complex", ())
#: A 0-d array: only ever an operand, for `y += 1` would change it in place.
POINT: Kind = ("point", ())

SHAPES = [(3,), (3,), (2,), (1,), (2, 3), (2, 3), (3, 2), (1, 3), (2, 1), (2, 2), (3, 3)]
WORDS = ["fast", "slow", "none"]

#: Names that generated code would like to use itself stand among the ordinary ones on purpose.
NAMES = [
    "x",
    "y",
    "z",
    "u",
    "v",
    "w",
    "t",
    "s",
    "acc",
    "tmp",
    "x_bar",
    "y_bar",
    "saved",
    "rt",
    "result",
    "y_1",
    "x_1",
    "sin_x",
    "cos_y",
    "x_dot",
    "result_bar",
    "returned",
    "shape_x",
    "pullback",
    "z_bar",
    "y_pullback",
    "a_1",
    "done",
    "value",
    "main_vjp",
    "sd",
    "broken",
    "i_1",
]


def array(shape: Sequence[int]) -> Kind:
    """The kind of a real array."""
    return ("real", tuple(shape))


def chance(d: Draft, feature: str, probability: float) -> bool:
    """Whether to use a feature here; what says yes must then use it."""
    if feature not in d.allowed or d.rng.random() >= probability:
        return False
    d.used.add(feature)
    return True


def choose(d: Draft, rows: Sequence[Row], *args: Any) -> Any:
    """The first result that is not None, of the makers tried in a weighted random order."""
    left = [row for row in rows if row.feature in d.allowed]
    while left:
        row = d.rng.choices(left, [r.weight for r in left])[0]
        made = row.make(d, *args)
        if made is not None:
            d.used.add(row.feature)
            return made
        left.remove(row)
    return None


def variables(scope: Scope, *kinds: Kind) -> list[str]:
    """Names bound here with one of the kinds, in the order in which they were first bound."""
    return [name for name, kind in scope.names.items() if kind in kinds]


def one_of(d: Draft, names: Sequence[str]) -> str:
    """A random name, the recent ones more often: a chain of dependences finds more than a fan."""
    return d.rng.choice([*names, *names[-2:], *names[-2:]])


def fresh(d: Draft, scope: Scope) -> str:
    """A name that is not bound here and that nobody counts on."""
    free = [n for n in NAMES if n not in scope.names and n not in scope.locked]
    return d.rng.choice(free) if free else f"extra_{d.rng.randrange(10**6)}"


def target(d: Draft, scope: Scope, kind: Kind) -> str:
    """A name to assign to: one of this kind that is bound already, or a new one."""
    known = [n for n in variables(scope, kind) if n not in scope.locked]
    if known and d.rng.random() < 0.6:
        return d.rng.choice(known)
    return fresh(d, scope)


def inner(scope: Scope, **changes: Any) -> Scope:
    """A copy of the scope whose bindings do not reach the outer one."""
    changes.setdefault("names", dict(scope.names))
    changes.setdefault("limits", dict(scope.limits))
    changes.setdefault("depth", scope.depth + 1)
    return dataclasses.replace(scope, **changes)


def bind(scope: Scope, name: str, kind: Kind, limit: int | None = None) -> None:
    """Note that a name is bound here; `limit` is what an index variable stays below."""
    scope.names[name] = kind
    scope.limits.pop(name, None)
    if limit is not None:
        scope.limits[name] = limit


def fit(d: Draft, e: Expr, limit: float = LIMIT, squash: Sequence[str] = ()) -> Expr:
    """The expression, scaled or squashed where it could exceed the limit."""
    if e.bound <= limit:
        return e
    if squash and limit >= 1.0 and e.bound <= 8 and d.rng.random() < 0.5:
        return Expr(f"{d.rng.choice(squash)}({e.text})", 1.0)
    return Expr(f"({limit / e.bound:.2g} * {e.text})", limit)


def indent(lines: Sequence[str]) -> list[str]:
    """The lines, one level deeper."""
    return ["    " + line for line in lines]


@dataclasses.dataclass(frozen=True)
class Expr:
    """An expression, bracketed where needed, and a bound on the size of its entries."""

    text: str
    bound: float


@dataclasses.dataclass(frozen=True)
class Row:
    """One way to make something: the feature that it shows, how often, and its maker."""

    feature: str
    weight: float
    make: Callable[..., Any]


@dataclasses.dataclass(frozen=True)
class Helper:
    """A function that later text may call: its parameters, results, and ways of calling it."""

    name: str
    params: tuple[Kind, ...]
    results: tuple[Kind, ...]
    feature: str
    call: Callable[[Sequence[str]], str] | None = None


@dataclasses.dataclass(frozen=True)
class Method:
    """A method that later text may call; without a result it is called for what it writes."""

    name: str
    params: tuple[Kind, ...]
    result: Kind | None
    form: str = "{0}.{1}({2})"


@dataclasses.dataclass(frozen=True)
class Class:
    """A class that later text may make objects of: parameters of the constructor, fields."""

    name: str
    params: tuple[Kind, ...]
    fields: dict[str, Kind]
    methods: list[Method]
    feature: str


@dataclasses.dataclass(frozen=True)
class Scope:
    """What is bound at one point of one function."""

    names: dict[str, Kind]
    limits: dict[str, int] = dataclasses.field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    returns: tuple[Kind, ...] | None = None
    numpy: bool = True
    depth: int = 0
    loop: str = ""
    marks: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass(frozen=True)
class Draft:
    """A program under construction; `budget` holds the number of statements still to write.

    `held` tells what something outside of main holds: how it is read there, and its kind.
    """

    rng: Random
    allowed: frozenset[str]
    used: set[str]
    helpers: list[Helper]
    constants: dict[str, Kind]
    budget: list[int]
    classes: dict[str, Class] = dataclasses.field(default_factory=dict)
    held: dict[str, Kind] = dataclasses.field(default_factory=dict)
