"""Reads and writes of attributes of objects that have places, as such of items."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Move, Ref, Store, Var, replace
from s2sdiff.transforms import members
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.pool_families import Kept
from s2sdiff.transforms.pool_rules import means
from s2sdiff.transforms.pool_statements import Shapes

__all__ = ["Writer"]


class Writer:
    """`fields`: by class, the list that each attribute lies in."""

    def __init__(self, shapes: Shapes, fields: dict[type, dict[str, str]], names: Names) -> None:
        self.shapes, self.fields, self.names = shapes, fields, names
        #: By list and object the variable that has the place there, as it never changes.
        self.places: dict[tuple[str, str], Var] = {}

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            if inner:
                self.forget(ir.all_defs((s,)))
                known = dict(self.places)
                made: list[Block] = []
                for b in inner:
                    made.append(self.block(b))
                    self.places = dict(known)
                out.append(ir.with_blocks(s, tuple(made)))
            else:
                out += self.statement(s)
                self.forget(set(ir.defines(s)))
        return tuple(out)

    def forget(self, bound: set[str]) -> None:
        """Names are bound anew, to other objects."""
        self.places = {key: at for key, at in self.places.items() if key[1] not in bound}

    def item_of(self, owner: Any, key: Any, loc: ir.Loc) -> tuple[Var, Any, Block] | None:
        """The list in which an attribute lies, the place there, and what finds that."""
        name = key.value if isinstance(key, Const) else None
        cls, family = self.shapes.holder_of(owner, name), self.shapes.family_of(owner)
        if cls is None:
            if family is not None:
                raise Kept(set(family.classes))
            return None
        held = self.fields[cls].get(name)
        found = members.member(cls, str(name)) if held is not None else None
        if held is None or found is not None:
            raise Kept({cls})
        row = None if family is None else family.at.get(family.holders(name))
        if row is None:
            return Var(held), owner, ()
        known = self.places.get((row, owner.name))
        if known is not None:
            return Var(held), known, ()
        at = self.places[row, owner.name] = Var(self.names("place"))
        return Var(held), at, (Bind((at.name,), Ref(operator.getitem), (Var(row), owner), (), loc),)

    def statement(self, s: ir.Stmt) -> Block:
        if isinstance(s, Store) and s.place == "attribute":
            found = self.item_of(s.target, s.key, s.loc)
            if found is None:
                return (s,)
            held, at, before = found
            assert isinstance(s.key, Const)
            classes = self.shapes.of(s.target).objects
            if s.value is None or not all(members.settable(c, s.key.value) for c in classes):
                raise Kept(set(classes))
            fn = operator.setitem if s.fn is setattr else s.fn
            return (*before, replace(s, fn=fn, target=held, key=at, place="item"))
        fn = means(s.fn, self.shapes.function) if isinstance(s, Bind) and s.args else None
        if isinstance(s, Bind) and (fn is getattr or fn is ops.method):
            classes = self.shapes.of(s.args[0]).objects
            if classes and (fn is ops.method or len(s.args) != 2 or s.kwargs):
                raise Kept(set(classes))
            found = self.item_of(s.args[0], s.args[1], s.loc) if classes else None
            if found is None:
                return (s,)
            held, at, before = found
            return (*before, replace(s, fn=Ref(operator.getitem), args=(held, at)))
        if isinstance(s, Bind) and (s.calls(operator.is_) or s.calls(operator.is_not)) and \
                all(self.shapes.of(a).objects for a in s.args):
            return (replace(s, fn=Ref(operator.eq if s.calls(operator.is_) else operator.ne)),)
        if isinstance(s, Bind) and s.calls(ops.narrowed):
            return (Move(s.targets, s.args[:1], s.loc),)  # type: ignore[arg-type]
        if isinstance(s, Bind) and s.calls(ops.class_name):
            family = self.shapes.family_of(s.args[0])
            assert family is not None
            return (replace(s, fn=Ref(operator.getitem), args=(Var(family.lists[0]), s.args[0])),)
        return (s,)
