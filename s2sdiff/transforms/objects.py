"""Objects that `unboxed` does without: the variables that stand for their attributes.

Whatever would see such an object itself raises Seen, with the places where it is made.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Sequence
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Def, Function, Move, Ref, Star, Var
from s2sdiff.runtime import cells
from s2sdiff.transforms import members
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.literals import literal_or_function
from s2sdiff.transforms.named_calls import by_field

__all__ = ["DISPLAYS", "Objects", "Outlived", "Seen", "Site", "apart", "bound_once"]

Site = tuple[str, int, int]


class Seen(Exception):
    """The objects made at these places are seen as objects."""

    def __init__(self, sites: set[Site]) -> None:
        self.sites = sites


class Outlived(Exception):
    """A name is read where another object may have been made since it was bound."""

    def __init__(self, name: str) -> None:
        self.name = name


class Objects:
    """The objects of a function that have no memory, with their names and attributes."""

    def __init__(self, function: Function) -> None:
        self.function = function
        taken = set(function.names) | set(function.free) | ir.all_names(function.body)
        self.names = Names(taken)
        #: Objects with their class, attributes by name of the variable, and where they are made.
        self.objects: dict[str, Any] = {}
        self.fields: dict[str, dict[str, str]] = {}
        self.complete: set[str] = set()
        self.sites: dict[str, set[Site]] = {}
        self.same: dict[str, str] = {}
        #: Names that are no longer surely bound in the round of a loop that is being read.
        self.over: set[str] = set()
        #: Objects of blocks that have been left, perhaps before all attributes were there.
        self.left: set[str] = set()
        #: Objects that were written once they were made, and those with variables in common.
        self.stored: set[str] = set()
        self.copied: set[str] = set()
        self.parents: dict[str, tuple[Any, str]] = {}
        self.params = {p.name for p in function.params}
        self.once: set[str] = bound_once(function.body) - self.params

    # -------------------------------------------------------------------------------- names

    def root(self, name: str) -> str:
        while name in self.same:
            name = self.same[name]
        return name

    def object_of(self, a: Any) -> str | None:
        name = self.root(a.name) if isinstance(a, Var) else None
        if name not in self.objects:
            return None
        if name in self.left:
            raise Seen(self.sites[name])
        if a.name in self.over:
            raise Outlived(a.name)
        return name

    def looked_at(self, s: ir.Stmt) -> None:
        """A statement that is left as it is sees the objects that it reads or binds."""
        names = [*ir.reads(s), *ir.defines(s)]
        if isinstance(s, Def):
            names += [n for inner in ir.walk(s.body) for n in ir.reads(inner)]
        self.seen(*names)

    def seen(self, *names: str) -> None:
        if not self.objects and not self.parents:
            return
        roots = {self.root(n) for n in names}
        sites = set().union(*(self.sites[r] for r in roots if r in self.objects))
        if sites or any(n in self.parents for n in names):
            raise Seen(sites or set().union(*self.sites.values()))

    def nothing_left(self, body: Block) -> None:
        for s in ir.walk(body):
            self.seen(*ir.reads(s), *ir.defines(s))
        # What is written under one name would have to be read under the other.
        both = self.sites_of(self.stored) & self.sites_of(self.copied)
        if both:
            raise Seen(both)

    def sites_of(self, names: set[str]) -> set[Site]:
        return set().union(*(self.sites[n] for n in names))

    def moved(self, s: Move) -> Block | None:
        """An object under another name: that name's object, or one with variables of its own."""
        if not any(self.object_of(a) for a in s.sources):
            return None
        rest, copies = [], []
        for t, a in zip(s.targets, s.sources, strict=True):
            name = self.object_of(a)
            if name is None:
                rest.append((t, a))
            elif t in self.once and name in self.once:
                self.same[t] = name
            else:
                copies += self.copy(t, name, s.loc)
        if not rest and not copies:
            return ()
        targets, sources = [t for t, _ in rest], [a for _, a in rest]
        for m in copies:
            targets += m.targets
            sources += m.sources
        return (Move(tuple(targets), tuple(sources), s.loc),)

    def copy(self, name: str, source: str, loc: ir.Loc) -> Block:
        """An object under a name that others have, too, or that stays when another is made."""
        sites = self.sites[source] | self.sites.get(name, set())
        fields = self.fields[source]
        if name in self.params or source not in self.complete or \
                not self.same.keys().isdisjoint(fields.values()):
            raise Seen(sites)
        if name not in self.objects:
            self.objects[name], self.fields[name] = self.objects[source], {}
            for n in fields:
                self.variable(name, n)
            self.complete.add(name)
        elif self.objects[name] is not self.objects[source] or \
                self.fields[name].keys() != fields.keys():
            raise Seen(sites)
        self.sites[name] = sites
        self.copied |= {name, source}
        plain = {n: v for n, v in fields.items() if v not in self.objects}
        out: list[ir.Stmt] = []
        for n in fields.keys() - plain.keys():
            out += self.copy(self.fields[name][n], fields[n], loc)
        if plain.keys() & {n for n, v in self.fields[name].items() if v in self.objects}:
            raise Seen(sites)
        if plain:
            out.append(Move(tuple([self.fields[name][n] for n in plain]),
                            tuple([Var(v) for v in plain.values()]), loc))
        return tuple(out)

    # --------------------------------------------------------------------------- attributes

    def put(self, owner: str, name: str, value: Any, loc: ir.Loc) -> Block:
        held = self.object_of(value)
        if held is None:
            variable = self.variable(owner, name)
            if variable in self.same or variable in self.objects:
                raise Seen(self.sites[owner])
            return (Move((variable,), (value,), loc),)
        sites = self.sites[owner] | self.sites[held]
        if isinstance(self.objects[held], type):
            # An object in another one, as long as nobody writes into it.
            variable = self.fields[owner].get(name)
            if owner in self.complete and variable not in self.objects:
                raise Seen(sites)
            if variable is not None and variable not in self.objects:
                raise Seen(sites)
            self.sites[owner] = sites
            return self.copy(self.variable(owner, name), held, loc)
        if type(self.objects[held]) is not cells.Maker or name in self.fields[owner] or \
                owner in self.complete:
            raise Seen(sites)
        # A function that is an attribute from the beginning is that function.
        self.same[self.variable(owner, name)] = held
        self.sites[owner] = sites
        return ()

    def variable(self, owner: str, name: str) -> str:
        known = self.fields[owner]
        if name not in known:
            known[name] = self.names(f"{owner}_{name}")
        return known[name]

    def leaves(self, name: str) -> set[str]:
        """The variables for what an object holds, those of objects in it among them."""
        own = self.fields[name].values()
        return {v for v in own if v not in self.objects}.union(
            *[self.leaves(v) for v in own if v in self.objects])

    def given(self, s: Bind, cls: Any, name: str) -> tuple[Block, dict[str, Any]]:
        """What a constructor that takes fields is given for each, with what makes that."""
        if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
            raise Seen(self.sites[name])
        found: dict[str, Any] = {str(k): a for k, a in s.kwargs}
        if cls is types.SimpleNamespace:
            if s.args:
                raise Seen(self.sites[name])
            return (), found
        if members.is_named(cls):
            items = by_field(s, cls)
            if items is None:
                raise Seen(self.sites[name])
            return (), items
        fields = dataclasses.fields(cls)
        taken = [f.name for f in fields if f.init and not f.kw_only]
        asked = set(inspect.signature(cls.__init__).parameters) - {"self"}
        if not asked <= {f.name for f in fields} or len(s.args) > len(taken):
            raise Seen(self.sites[name])  # what is no field, or Python's own error
        found.update(zip(taken, s.args, strict=False))
        makers: list[ir.Stmt] = []
        for f in fields:
            default = None if f.name in found else literal_or_function(f.default)
            if default is not None:
                found[f.name] = default
            elif f.name not in found and f.default_factory is not dataclasses.MISSING:
                made = self.names(f"{name}_{f.name}")
                fn: Any = DISPLAYS.get(f.default_factory, f.default_factory)
                makers.append(Bind((made,), Ref(fn), (), (), s.loc))
                self.once.add(made)
                found[f.name] = Var(made)
        if set(found) != {f.name for f in fields} or len(found) < len(s.args) + len(s.kwargs):
            raise Seen(self.sites[name])
        return tuple(makers), found


#: How factories are written that need not be called.
DISPLAYS: dict[Any, Any] = {list: ops.list_, dict: ops.dict_, tuple: ops.tuple_}


def apart(block: Block, names: Names, kept: set[str], before: Sequence[ir.Stmt] = ()) -> Block:
    """A block in which a name that is bound again, or was `before`, is another one from then on.

    `other = other if isinstance(other, Dual) else Dual(other)` is a number first, and then an
    object.  Names that blocks inside of it bind, or that are `kept`, stay.
    """
    inside = {n for s in (*before, *block) for b in ir.blocks(s) for t in ir.walk(b)
              for n in ir.defines(t)}
    out, rest, seen = [], list(block), {n for s in before for n in ir.defines(s)}
    while rest:
        s, *rest = rest
        again = {n: names(n) for n in ir.defines(s) if n in seen and n not in inside | kept}
        seen.update(ir.defines(s))
        if again and isinstance(s, (Bind, Move)):
            s = ir.rename_targets(s, again)
            rest = list(ir.rename(tuple(rest), again))
            seen.update(again.values())
        out.append(s)
    return tuple(out)


def bound_once(block: Block) -> set[str]:
    """The names that are bound once in a block."""
    counts: dict[str, int] = {}
    for s in ir.walk(block):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
    return {n for n, count in counts.items() if count == 1}
