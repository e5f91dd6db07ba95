"""Names that stand for objects in a function's node, and looks at what its own names mean."""

from __future__ import annotations

import copy
from typing import Any

import gast

from s2sdiff.frontend.context import path_of
from s2sdiff.runtime import meanings

__all__ = ["Standing"]


class Standing:
    """`stands` are the names with their objects; `kind` tells those of one pass from others'."""

    def __init__(self, kind: str = "") -> None:
        self.kind = kind
        self.stands: dict[str, Any] = {}
        self.checks: list[Any] = []

    def standing(self, meaning: Any) -> Any:
        """A name that stands for an object."""
        known = next((n for n, m in self.stands.items() if m is meaning), None)
        name = known or f"{getattr(meaning, '__name__', 'function')} {self.kind}{len(self.stands)}"
        self.stands[name] = meaning
        return gast.Name(name, gast.Load(), None, None)

    def checked(self, node: Any, meaning: Any) -> None:
        """Have it looked at that a path of names still means that object."""
        self.checks.append((copy.deepcopy(node), meaning))

    def look(self, node: Any) -> None:
        """Put the looks in front of a function's body."""
        for path, meaning in reversed({path_of(p): (p, o) for p, o in self.checks}.values()):
            look = gast.Call(self.standing(meanings.meant), [path, self.standing(meaning)], [])
            node.body.insert(0, gast.Expr(look))
        gast.fix_missing_locations(node)
