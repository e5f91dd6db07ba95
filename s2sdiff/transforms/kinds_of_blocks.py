"""Kinds of what the statements of a block bind: forward, with a fixpoint at loops.

What a call gives is asked of `transfer`, which may always answer "anything".
"""

from __future__ import annotations

import io
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Catch,
    Def,
    For,
    If,
    Move,
    Raw,
    Ref,
    Star,
    Try,
    Var,
    While,
    With,
)
from s2sdiff.kinds import ANY, Dim, Kind
from s2sdiff.kinds_joined import same, unknown_dims
from s2sdiff.transforms import comprehended, holders, nonnegative, own_slots, transfer
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.joined_kinds import Joins
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.kinds_of_items import element
from s2sdiff.transforms.members_by_kind import resolved

__all__ = ["Infer", "block_kinds"]


def block_kinds(block: Block, context: Context) -> None:
    """Infer the kinds of what a block binds."""
    Infer(context).block(block)


class Infer:
    def __init__(self, context: Context,
                 collecting: comprehended.Collecting | None = None,
                 read: dict[str, Kind] | None = None) -> None:
        self.context = context
        #: Variables that hold what is read of settings.
        self.read = read or {}
        #: By the name of the list that a loop carries, how many items it gets.
        self.collecting = collecting
        self.counts: dict[str, int | None] = {}
        self.kinds = context.kinds
        self.moved: set[str] = set()
        self.joins = Joins(context)
        self.undefined: set[str] = set()

    def block(self, block: Block) -> None:
        for s in block:
            if type(s) is Bind:
                if s.calls(ops.number) and self.kind(s.args[0]).type is type(None):
                    return  # as far as is known, no call comes here
                self.bind(s)
                continue
            match s:
                case Move(targets, sources):
                    self.move(targets, sources)
                case If(_, then, orelse):
                    self.block(then)
                    self.block(orelse)
                case For() | While():
                    self.loop(s)
                case Def(_, _, body):
                    self.block(body)
                case Raw() | Catch():
                    for name in ir.defines(s):
                        self.kinds[name] = ANY
                case Try() | With():
                    self.kinds.update(dict.fromkeys(ir.defines(s), ANY))
                    if isinstance(s, With) and s.target is not None and _is_file(
                            kind_of_atom(s.manager, self.context)):
                        self.kinds[s.target] = kind_of_atom(s.manager, self.context)
                    for inner in ir.blocks(s):
                        self.block(inner)

    def move(self, targets: tuple[str, ...], sources: tuple[ir.Atom, ...]) -> None:
        for t, a in zip(targets, sources, strict=True):
            if a is UNDEFINED or (type(a) is Var and a.name in self.undefined):
                self.undefined.add(t)
        for t in targets:
            if t in self.undefined and not self.kinds.get(t, ANY).is_scalar:
                self.kinds[t] = ANY
        for t, kind in [(t, kind_of_atom(a, self.context)) for t, a in
                        zip(targets, sources, strict=True) if not self.nothing(a)]:
            old = self.kinds.get(t) if t in self.moved else None
            kind = kind if old is None else self.joins.of(t, old, kind)
            # What may be unbound has no shape to make a zero cotangent of.
            self.kinds[t] = ANY if t in self.undefined and not kind.is_scalar else kind
            self.moved.add(t)

    def nothing(self, a: ir.Atom) -> bool:
        """No value, as far as is known: a copy of what no path so far has bound."""
        return a is UNDEFINED or (isinstance(a, Var) and a.name in self.undefined
                                  and a.name not in self.moved)

    def loop(self, s: For | While) -> None:
        headers = [t for inner in ir.walk(s.body) if isinstance(inner, Move) for t in inner.targets]
        made: set[Dim] = set()
        for _ in range(6):
            before = {t: self.kinds.get(t) for t in headers}
            if isinstance(s, For):
                self.target(s.target, element(kind_of_atom(s.source, self.context)))
            self.block(s.body)
            self.collected(s)
            if all(k is not None and same(k, self.kinds.get(t, ANY), made)
                   for t, k in before.items()):
                return
            for t, k in before.items():
                if k is not None:
                    made |= unknown_dims(self.kinds.get(t, ANY)) - unknown_dims(k)
        for t in headers:
            self.kinds[t] = ANY
        self.block(s.body)

    def collected(self, s: For | While) -> None:
        """Note how many items a comprehension makes, and under which keys."""
        found = self.collecting
        name = found.names.get(id(s)) if found is not None else None
        if found is None or name is None or not isinstance(s, For):
            return
        if name in found.lists:
            self.counts[name] = found.count(s, self.kind)
            return
        keys = found.keys(name, self.kind)
        if keys is not None:
            each = self.kind(found.stored(s).value)
            self.kinds[name] = self.lasting(
                found.made[name], [], Kind(dict, items=(each,) * len(keys), value=keys))

    def lasting(self, s: Bind, kinds: list[Kind], kind: Kind) -> Kind:
        """What stays known of a list or dict that a comprehension makes."""
        return holders.kept(s, kinds, kind, self.context) if self.context.lists_change else kind

    def kind(self, a: Any) -> Kind:
        return kind_of_atom(a, self.context)

    def target(self, pattern: ir.Pattern, kind: Kind) -> None:
        if isinstance(pattern, str):
            self.kinds[pattern] = kind
            return
        items = kind.items if kind.items is not None and kind.is_tuple else ()
        for i, p in enumerate(pattern):
            self.target(p, items[i] if len(items) == len(pattern) else ANY)

    def bind(self, s: Bind) -> None:
        if s.loc.backward and len(s.targets) > 1:
            return  # noted when the statement was made
        kind = self.read.get(s.targets[0]) if self.read and s.targets else None
        kind = self.call(s) if kind is None else kind
        if len(s.targets) == 1 and not s.calls(ops.unpack):
            if s.targets[0] in self.context.own_slots:
                kind = own_slots.kind_of(s)
            self.kinds[s.targets[0]] = kind
            return
        items = kind.items if kind.items is not None and len(kind.items) == len(s.targets) else None
        for i, t in enumerate(s.targets):
            self.kinds[t] = items[i] if items else ANY

    def call(self, s: Bind) -> Kind:
        if Star in map(type, s.args) or (s.kwargs and any(k is None for k, _ in s.kwargs)):
            return transfer.of_stars(s, self.kind, self.context)
        if not isinstance(s.fn, Ref):
            # What a called pullback gives was noted when the call was made.
            noted = s.loc.backward and len(s.targets) == 1
            return self.kinds.get(s.targets[0], ANY) if noted else ANY
        known, kinds = self.kinds, list[Kind]()
        for a in s.args:
            kinds.append(known.get(a.name, ANY) if type(a) is Var else
                         kind_of_atom(a, self.context))
        fn = s.fn.object
        count = self.counts.get(getattr(s.args[0], "name", "")) if fn is ops.grown else None
        if count is not None and kinds[0].items:
            return self.lasting(s, kinds, Kind(list, items=kinds[0].items * count))
        if nonnegative.gives(s, kinds, self.context.nonnegative):
            self.context.nonnegative.update(s.targets)
        elif self.context.nonnegative:
            self.context.nonnegative.difference_update(s.targets)
        found = resolved(s, kinds[0]) if kinds and (fn is getattr or fn is ops.method) else None
        if found is not None:
            return transfer.result(found, [kinds[0], *kinds[2:]][:len(found.args)], self.context)
        return transfer.result(s, kinds, self.context)


def _is_file(kind: Kind) -> bool:
    """A file of text, which gives itself where it is entered."""
    return kind.type is io.TextIOWrapper
