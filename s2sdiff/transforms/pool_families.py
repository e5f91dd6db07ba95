"""Classes whose objects lie together, `shapes = [Circle(r), Rect(a, b)]`, have one row of places.

What all of them hold is in lists that they share, and beside it the name of each object's class.
What only some hold is in lists of the class, at a place that is kept, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Ref, Var
from s2sdiff.transforms.context import Names

__all__ = ["Family", "Kept", "Together", "joined"]


class Kept(Exception):
    """Objects of these classes stay objects."""

    def __init__(self, classes: set[type]) -> None:
        self.classes = classes


class Together(Exception):
    """Objects of these classes, which hold this, lie in one place."""

    def __init__(self, fields: dict[type, set[str]]) -> None:
        self.fields = fields


@dataclass(eq=False)
class Family:
    """Classes with one row of places.

    `held` says what each holds, `common` what all do; `lists` are the variables with the names of
    classes and with the places in what only some hold, `shared` those of what is common.
    """

    held: dict[type, set[str]]
    lists: tuple[str, ...] = ()
    shared: dict[str, str] | None = None

    @property
    def classes(self) -> tuple[type, ...]:
        return tuple(sorted(self.held, key=lambda c: (c.__module__, c.__qualname__)))

    @property
    def common(self) -> set[str]:
        return set.intersection(*self.held.values())

    @property
    def stem(self) -> str:
        """The name of the class that all come from, or of the first."""
        first, *others = self.classes
        bases = [c for c in first.__mro__[:-1] if all(issubclass(o, c) for o in others)]
        return (bases or [first])[0].__name__.lower()

    def named(self, names: Names) -> dict[str, str]:
        """The lists of what all of them hold."""
        if self.shared is None:
            self.shared = {f: names(f"{self.stem}_{f}") for f in sorted(self.common)}
            self.lists = names(f"{self.stem}_class"), names(f"{self.stem}_at")
        return self.shared

    def kept(self, cls: type, fields: dict[str, str], names: Names, loc: ir.Loc) -> Block:
        """What a new object says of itself."""
        own = [n for f, n in fields.items() if f not in self.common]
        at: Any = Const(0)
        out: list[ir.Stmt] = []
        if own:
            at = Var(names(f"{cls.__name__.lower()}_at"))
            out.append(Bind((at.name,), Ref(len, "len"), (Var(own[0]),), (), loc))
        for name, value in zip(self.lists, (Const(cls.__name__), at), strict=True):
            out.append(Bind((), Ref(ops.method), (Var(name), Const("append"), value), (), loc))
        return tuple(out)


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
