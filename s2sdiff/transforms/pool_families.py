"""Classes whose objects lie together, `shapes = [Circle(r), Rect(a, b)]`, have one row of places.

What all of them hold is in lists that they share, and beside it the name of each object's class.
What only some hold is in lists of the class, at a place that is kept, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Ref, Var
from s2sdiff.transforms.fresh_names import Names

__all__ = ["Family", "Kept", "Together", "in_order", "joined"]


class Kept(Exception):
    """Objects of these classes stay objects."""

    def __init__(self, classes: set[type]) -> None:
        self.classes = classes


class Together(Exception):
    """Objects of these classes, which hold this, lie in one place."""

    def __init__(self, fields: dict[type, set[str]]) -> None:
        self.fields = fields


Classes = frozenset[type]
#: So many classes give their lists their names.
_NAMED = 3


@dataclass(eq=False)
class Family:
    """Classes with one row of places.

    `held` says what each holds, `lists` are the variables with the names of classes and then those
    of `at`, with the places in what only some classes hold; `shared` are the lists of what several
    do, by attribute.
    """

    held: dict[type, set[str]]
    lists: tuple[str, ...] = ()
    at: dict[Classes, str] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> tuple[type, ...]:
        return in_order(self.held)

    def holders(self, name: Any) -> Classes:
        """The classes that hold an attribute."""
        return frozenset(c for c, names in self.held.items() if name in names)

    def named(self, names: Names) -> dict[str, str]:
        """The lists of what several of them hold."""
        if not self.lists:
            attributes = sorted(set().union(*self.held.values()))
            holders = {f: self.holders(f) for f in attributes}
            self.shared = {f: names(f"{_stem(h)}_{f}") for f, h in holders.items() if len(h) > 1}
            some = [h for h in dict.fromkeys(holders.values()) if len(h) < len(self.held)]
            if sum(map(len, some)) == len(frozenset().union(*some)):
                # No object is in two of them: it has one such place.
                self.at = dict.fromkeys(some, names(f"{_stem(self.held)}_at")) if some else {}
            else:
                self.at = {h: names(f"{_stem(h)}_at") for h in some}
            rows = dict.fromkeys(self.at.values())
            self.lists = names(f"{_stem(self.held)}_class"), *rows
        return self.shared

    def kept(self, cls: type, fields: dict[str, str], names: Names, loc: ir.Loc) -> Block:
        """What a new object says of itself."""
        out: list[ir.Stmt] = []
        values: list[Any] = [Const(cls.__name__)]
        for row in self.lists[1:]:
            own = [n for f, n in fields.items() if self.at.get(self.holders(f)) == row]
            values.append(Var(names("place")) if own else Const(0))
            if own:
                out.append(Bind((values[-1].name,), Ref(len, "len"), (Var(own[0]),), (), loc))
        for name, value in zip(self.lists, values, strict=True):
            out.append(Bind((), Ref(ops.method), (Var(name), Const("append"), value), (), loc))
        return tuple(out)


def in_order(classes: Iterable[type]) -> tuple[type, ...]:
    """Classes in an order that does not change from run to run."""
    return tuple(sorted(classes, key=lambda c: (c.__module__, c.__qualname__)))


def _stem(classes: Iterable[type]) -> str:
    """The name of the class that all come from, or their own."""
    first, *others = in_order(classes)
    bases = [c for c in first.__mro__[:-1] if all(issubclass(o, c) for o in others)]
    names = [c.__name__.lower() for c in bases[:1] or (first, *others)]
    return "_or_".join(names) if len(names) <= _NAMED else "object"


def joined(families: dict[type, Family], fields: dict[type, set[str]]) -> dict[type, Family]:
    """The families where these classes are of one, too."""
    held = dict(fields)
    for c in fields:
        held.update(families[c].held if c in families else {})
    if len({c.__name__ for c in held}) < len(held):
        raise Kept(set(held))
    # What was named in an attempt is named anew in the next.
    again = {id(f): Family(f.held) for f in families.values()}
    found = {c: again[id(f)] for c, f in families.items()}
    found.update(dict.fromkeys(held, Family(held)))
    return found
