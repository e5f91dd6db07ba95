"""Objects that `unboxed` does without: the variables that stand for their attributes.

Whatever would see such an object itself raises Seen, with the places where it is made.
"""

from __future__ import annotations

import dataclasses
import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Def, Free, Function, Move, Ref, Star, Var
from s2sdiff.transforms import members
from s2sdiff.transforms.context import Names
from s2sdiff.transforms.resolve import namespace_value

__all__ = ["Objects", "Seen", "Site", "bound_once", "class_of"]

Site = tuple[str, int, int]


def class_of(s: ir.Stmt, origin: Any) -> Any:
    """The plain class that a statement makes an object of, or None."""
    if not isinstance(s, Bind) or len(s.targets) != 1 or not isinstance(s.fn, (Free, Ref)):
        return None
    if s.calls(ops.method):
        owner, name = s.args[:2]
        module = namespace_value(origin, owner.name) if isinstance(owner, Free) else None
        if not isinstance(module, types.ModuleType) or not isinstance(name, Const):
            return None
        cls = getattr(module, name.value, None)
    else:
        cls = s.fn.object if isinstance(s.fn, Ref) else namespace_value(origin, s.fn.name)
    return cls if isinstance(cls, type) and (
        cls is types.SimpleNamespace or members.is_plain(cls)) else None


class Seen(Exception):
    """The objects made at these places are seen as objects."""

    def __init__(self, sites: set[Site]) -> None:
        self.sites = sites


class Objects:
    """The objects of a function that have no memory, with their names and attributes."""

    def __init__(self, function: Function) -> None:
        self.function = function
        taken = set(function.names) | set(function.free) | ir.all_defs(function.body)
        self.names = Names(taken)
        #: Objects with their class, attributes by name of the variable, and where they are made.
        self.objects: dict[str, Any] = {}
        self.fields: dict[str, dict[str, str]] = {}
        self.complete: set[str] = set()
        self.sites: dict[str, set[Site]] = {}
        self.same: dict[str, str] = {}
        self.parents: dict[str, tuple[Any, str]] = {}
        params = {p.name for p in function.params}
        self.once = bound_once(function.body) - params

    # -------------------------------------------------------------------------------- names

    def root(self, name: str) -> str:
        while name in self.same:
            name = self.same[name]
        return name

    def object_of(self, a: Any) -> str | None:
        name = self.root(a.name) if isinstance(a, Var) else None
        return name if name in self.objects else None

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

    # --------------------------------------------------------------------------- attributes

    def put(self, owner: str, name: str, value: Any, loc: ir.Loc) -> Move:
        if self.object_of(value):
            raise Seen(self.sites[owner] | self.sites[str(self.object_of(value))])
        return Move((self.variable(owner, name),), (value,), loc)

    def variable(self, owner: str, name: str) -> str:
        known = self.fields[owner]
        if name not in known:
            known[name] = self.names(f"{owner}_{name}")
        return known[name]

    def given(self, s: Bind, cls: Any, name: str) -> dict[str, Any]:
        """What a constructor that takes fields is given for each."""
        if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
            raise Seen(self.sites[name])
        found: dict[str, Any] = {str(k): a for k, a in s.kwargs}
        if cls is types.SimpleNamespace:
            if s.args:
                raise Seen(self.sites[name])
            return found
        fields = dataclasses.fields(cls)
        taken = [f.name for f in fields if f.init and not f.kw_only]
        if len(fields) != len(cls.__dataclass_fields__) or len(s.args) > len(taken):
            raise Seen(self.sites[name])  # what is no field, or Python's own error
        found.update(zip(taken, s.args, strict=False))
        for f in fields:
            plain = type(f.default) in (int, float, complex, str, bool, type(None))
            if f.name not in found and plain:
                found[f.name] = Const(f.default)
        if set(found) != {f.name for f in fields} or len(found) < len(s.args) + len(s.kwargs):
            raise Seen(self.sites[name])
        return found


def bound_once(block: Block) -> set[str]:
    """The names that are bound once in a block."""
    counts: dict[str, int] = {}
    for s in ir.walk(block):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
    return {n for n, count in counts.items() if count == 1}
