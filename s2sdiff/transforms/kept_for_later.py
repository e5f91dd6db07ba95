"""Copies of what a pullback reads, where it may be written or bound anew before the pullback runs.

A copy stands beside the reader; before the loop, of what no round binds; at the start, of arguments
that only the caller may write.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, runtime
from s2sdiff.ir import Bind, Free, Move, Ref, Store, Var
from s2sdiff.kinds import ANY
from s2sdiff.transforms import tiers
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.hidden import hidden
from s2sdiff.transforms.later import Order
from s2sdiff.transforms.pull import Pull

__all__ = ["Keeping"]


class Keeping:
    """What the planner keeps; see there for what its attributes are."""

    context: Context
    result: Any
    order: Order
    arguments: dict[str, str]
    frees: dict[Free, Bind | Move]
    copies: dict[str, Var]
    rounds: list[tuple[frozenset[str], dict[str, Bind]]]
    region: Any

    def keep(self, s: Bind, emit: Emitter, at: ir.Stmt, pull: Pull | None) -> dict[Any, ir.Atom]:
        """Copies, beside the reader, of memory that may be written before the pullback runs."""
        kept: dict[Any, ir.Atom] = {}
        for name in dict.fromkeys([*ir.reads(s), *s.targets]):
            if tiers.changes(name, self.result, self.context, self.order, at):
                if name in self.context.arguments and not tiers.written(name, self.context):
                    kept[name] = self.kept_argument(name)
                    continue
                if self.stays_in_loop(name):
                    kept[name] = self.kept_before_loop(name, s)
                    continue
                if name not in self.copies:
                    made = self.context.names(f"{name}_was")
                    emit.out.append(Bind((made,), Ref(runtime.copy), (Var(name),), (), s.loc))
                    self.context.kinds[made] = self.context.kinds.get(name, ANY)
                    self.copies[name] = Var(made)
                kept[name] = self.copies[name]
        every = self.context.request.mode == "vjp" or self.context.writes
        if every or self.context.rebound:
            for a in (*s.args, *[a for _, a in s.kwargs]) if s.kwargs else s.args:
                if type(a) is Free and a not in kept and (every or a.name in self.context.rebound):
                    kept[a] = Var(self.kept_free(a, s, emit))
        for name in hidden(emit, pull.own, kept) if kept and pull is not None else ():
            made = self.context.names(f"{name}_was")
            emit.out.append(Bind((made,), Ref(runtime.copy), (Var(name),), (), s.loc))
            self.context.kinds[made] = self.context.kinds.get(name, ANY)
            kept[name] = Var(made)
        return kept

    def kept_free(self, a: Free, s: Bind | Store, emit: Emitter) -> str:
        """A global or captured value as it was when it was read: it may be bound anew since."""
        known = self.frees.get(a)
        if known is not None:
            return known.targets[0]
        made = self.context.names(f"{a.name}_was")
        kind = self.context.kinds[made] = self.context.free_kinds.get(a.name, ANY)
        copy: Bind | Move = Bind((made,), Ref(runtime.copy), (a,), (), s.loc)
        if kind.is_fixed:
            copy = Move((made,), (a,), s.loc)
        if a.name in self.context.free_kinds and not (
                self.context.writes or a.name in self.context.rebound):
            self.frees[a] = copy
        else:
            emit.out.insert(0, copy)
        return made

    def stays_in_loop(self, name: str) -> bool:
        """Surely bound before a loop, and written by nobody but the caller."""
        context = self.context
        return bool(self.rounds) and name not in self.rounds[-1][0] and self.region is None and \
            context.kinds.get(name, ANY).is_array and not tiers.written(name, context)

    def kept_before_loop(self, name: str, s: Bind) -> Var:
        """One copy for all rounds of what they do not bind, and only the caller may write."""
        outermost = next(i for i in range(len(self.rounds)) if all(
            name not in bound for bound, _ in self.rounds[i:]))
        copies = self.rounds[outermost][1]
        if name not in copies:
            made = self.context.names(f"{name}_was")
            self.context.kinds[made] = self.context.kinds.get(name, ANY)
            copies[name] = Bind((made,), Ref(runtime.copy), (Var(name),), (), s.loc)
        return Var(copies[name].targets[0])

    def kept_argument(self, name: str) -> Var:
        """One copy, at the start, of an argument that only the caller may write."""
        if name not in self.arguments:
            made = self.arguments[name] = self.context.names(f"{name}_was")
            self.context.kinds[made] = self.context.kinds.get(name, ANY)
        return Var(self.arguments[name])
