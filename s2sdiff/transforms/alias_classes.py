"""Classes of variables that may share memory, each with the class of what is inside of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from s2sdiff.ir import Free, Ref, Star, Var
from s2sdiff.kinds import Kind

__all__ = ["Classes", "Effects", "KindOf", "PartOf"]

KindOf = Callable[[Any], Kind]
#: Which positions or keywords of a call may be written; True: all and what is elsewhere.
Effects = Callable[[Any], Any]


class PartOf(NamedTuple):
    """A call's result may be a container of what the argument there contains."""

    key: Any


class Classes:
    """Classes, joined as statements tell; variables and other nodes stand for them.

    Parameters
    ----------
    kind_of : what is known of an atom's kind
    effects : what a call may write: a set of the positions and keywords of arguments, and "*"
    returned : what a call's result may be or hold, in the same terms
    loose : no kinds are known; operators are taken for those of numbers and arrays
    """

    def __init__(self, kind_of: KindOf, effects: Effects, returned: Effects,
                 loose: bool) -> None:
        self.kind_of, self.effects, self.loose = kind_of, effects, loose
        self.returned = returned
        self.parent: dict[Any, Any] = {}
        self.inside: dict[Any, Any] = {}
        self.roots: dict[Any, set[str]] = {}
        self.sorts: dict[Any, set[str]] = {}
        self.made: dict[Any, set[str]] = {}
        #: What stop_gradient gave, and views of it: no derivative goes through these names.
        self.stopped: set[str] = set()
        #: Names that surely hold arrays of objects.
        self.boxes: set[Any] = set()
        #: What may be a container with what these others contain, or numbers computed from them.
        self.combined: list[tuple[Any, list[Any]]] = []
        #: By variable, while statements are looked at: whether it surely holds no memory.
        self.fixed: dict[str, bool] | None = {}
        self.elsewhere = self.node("*")
        self.roots["*"] = {"*"}
        self.collapse("*")

    # ------------------------------------------------------------------------- union and find

    def node(self, name: Any) -> Any:
        if name not in self.parent:
            self.parent[name] = name
        return name

    def find(self, node: Any) -> Any:
        parent = self.parent
        above = parent.setdefault(node, node)
        while above != node:
            above = parent[node] = parent[above]
            node, above = above, parent[above]
        return node

    def unify(self, a: Any, b: Any) -> None:
        if a is None or b is None:
            return
        a, b = self.find(a), self.find(b)
        if a == b:
            return
        self.parent[b] = a
        for table in (self.roots, self.sorts, self.made):
            if b in table:
                table.setdefault(a, set()).update(table.pop(b))
        one, two = self.inside.get(a), self.inside.pop(b, None)
        if two is not None:
            if one is None:
                self.inside[a] = two
            else:
                self.unify(one, two)

    def content(self, node: Any) -> Any:
        """The class of what may be inside of what a class holds."""
        node = self.find(node)
        if node not in self.inside:
            # A number of its own: made of what it is in, it would take its time as a key.
            made = self.inside[node] = len(self.parent)
            self.parent[made] = made
            if self.roots.get(node):
                self.roots[made] = set(self.roots[node])
        return self.find(self.inside[node])

    def collapse(self, node: Any) -> None:
        """What is inside of it may be the thing itself."""
        self.unify(node, self.content(node))

    def mixed(self, nodes: list[Any]) -> None:
        """All these, and what is in them, may be one another."""
        nodes = [n for n in nodes if n is not None]
        for n in nodes:
            self.collapse(n)
            self.unify(nodes[0], n)

    def maybe(self, t: Any, n: Any) -> None:
        """A call without effects may give its argument, what is in it, or a container of it."""
        self.unify(self.content(t), self.content(n))
        self.unify(self.content(t), n)
        self.unify(t, n)

    def note_new(self, node: Any) -> None:
        if node is not None:
            self.made.setdefault(self.find(node), set()).add(str(node))

    def wrote(self, node: Any, sort: str) -> None:
        if node is not None:
            self.sorts.setdefault(self.find(node), set()).add(sort)

    def wrote_all(self, node: Any) -> None:
        seen = set()
        while node is not None and self.find(node) not in seen:
            seen.add(self.find(node))
            self.wrote(node, "array")
            self.wrote(node, "fields")
            node = self.inside.get(self.find(node))

    def outside(self, node: Any) -> None:
        if node is not None:
            self.unify(self.elsewhere, node)

    def settle(self) -> None:
        """What is written inside of a container was inside of those that it was made of."""
        while True:
            before = sum(map(len, self.sorts.values()))
            for t, parts in self.combined:
                inside = self.inside.get(self.find(t))
                if inside is not None and self.written_in(inside):
                    for n in parts:
                        self.wrote_all(self.content(n))
            if sum(map(len, self.sorts.values())) == before:
                return

    def shown(self, node: Any) -> tuple[set[str], set[str]]:
        """The roots of what a class is or holds, and of what it may contain parts of."""
        made_of: dict[Any, list[Any]] = {}
        for t, others in self.combined:
            made_of.setdefault(self.find(t), []).extend(map(self.find, others))
        own = self.depths(node)
        inside: set[Any] = set()
        parts, waiting = set(), list(own)
        while waiting:
            for part in made_of.get(waiting.pop(), ()):
                if part not in parts:
                    parts.add(part)
                    more = [n for n in self.depths(part) if n not in inside]
                    inside.update(more)
                    waiting += more
        roots = self.roots
        return (set().union(*[roots.get(n, ()) for n in own]),
                set().union(*[roots.get(n, ()) for n in inside]))

    # --------------------------------------------------------------------- what atoms stand for

    def of(self, a: Any) -> Any:
        """The node of an atom that may hold memory; None for numbers and literals."""
        t = type(a)
        if t is Var:
            return self.target(a.name)
        if t is Star:
            return self.of(a.value)
        if t is Ref and isinstance(a.object, type) and not a.object.__flags__ & 1 << 8:
            return self.elsewhere  # a class, whose attributes may be written
        if t is Free and not self.kind_of(a).is_fixed:
            node = self.node(("free", a.name))
            self.outside(node)
            return node
        return None

    def target(self, name: str) -> Any:
        fixed = None if self.fixed is None else self.fixed.get(name)
        if fixed is None:
            fixed = self.kind_of(Var(name)).is_fixed
            if self.fixed is not None:
                self.fixed[name] = fixed
        if fixed:
            return None
        if name not in self.parent:
            self.parent[name] = name
        return name

    def sort_of(self, a: Any) -> tuple[str, ...]:
        kind = self.kind_of(a)
        if kind.type is None or (issubclass(kind.type, np.ndarray) and not kind.is_array):
            # An array of objects holds what is written into it.
            return "array", "fields"
        return ("array",) if kind.is_array else ("fields",)

    def element(self, t: Any, source: Any, deep: bool = False) -> None:
        """`t` is an element of `source`, or in one."""
        a = self.of(source)
        if t is None or a is None:
            return
        kind = self.kind_of(source)
        if kind.is_array:
            self.unify(t, a)
            return
        inside = self.content(a)
        self.unify(t, self.content(inside) if deep else inside)
        if deep or kind.type not in (list, tuple, dict, set):
            self.unify(t, a)
            self.collapse(a)

    # ------------------------------------------------------------------------------ questions

    def boxed(self, nodes: list[Any]) -> list[Any]:
        """The classes among these, or in containers of theirs, that are arrays of objects."""
        if not self.boxes:
            return []
        boxes = {self.find(n) for n in self.boxes}
        given = [m for n in nodes if n is not None for m in (n, self.inner(n)) if m is not None]
        return [n for n in given if self.find(n) in boxes]

    def class_of(self, name: str) -> Any:
        """What stands for a variable's class; None where it holds no memory."""
        return self.find(name) if name in self.parent else None

    def inner(self, node: Any) -> Any:
        """The content's class, where anything was ever looked at or put in there."""
        made = self.inside.get(self.find(node))
        return None if made is None else self.find(made)

    def depths(self, node: Any) -> list[Any]:
        """A class, that of what is in it, that of what is in there, and so on."""
        found: list[Any] = []
        while node is not None and self.find(node) not in found:
            found.append(self.find(node))
            node = self.inside.get(found[-1])
        return found

    def written_in(self, node: Any) -> set[str]:
        """The sorts of places that are written in a class, or in what is inside of it."""
        sorts, found = self.sorts, set[str]()
        for n in self.depths(node) if sorts else ():
            found.update(sorts.get(n, ()))
        return found

    def members(self, node: Any) -> list[str]:
        """The variables in a class."""
        node = self.find(node)
        return [n for n in self.parent if isinstance(n, str) and self.find(n) == node]
