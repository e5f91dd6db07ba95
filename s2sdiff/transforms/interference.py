"""Which variables are live together, and which are copies of each other: what `coalesce` asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Catch,
    Def,
    Exit,
    For,
    Function,
    If,
    Move,
    Raw,
    Ref,
    Try,
    Var,
    While,
    With,
)
from s2sdiff.transforms import order

__all__ = ["Interference"]


class Interference:
    """Sets of variables are integers, with a bit for each variable.

    `edges`: for each variable those that are live where it is bound; an edge is given in one of its
    directions or in both.  `moves`: pairs of a source and what it is copied to, in order.
    """

    def __init__(self, function: Function) -> None:
        self.bits: dict[str, int] = {}
        self.edges: dict[str, int] = {}
        self.moves: dict[tuple[str, str], None] = {}
        #: What is live where an exception that a statement raises may end.
        self.raised = 0
        #: What has been bound behind the statement that is looked at.
        self.later = 0
        self.caught: list[str] = []
        #: Of loops that were met: what was live behind them, and what was at their head.
        self.heads: dict[int, tuple[int, int]] = {}
        params = self.set(p.name for p in function.params)
        live = self.block(function.body, 0, 0, 0)
        for p in function.params:
            self.define(p.name, live | params)
        for name in self.caught:
            # Python unbinds it at the end of its handler, whatever it holds by then.
            self.define(name, self.set(self.bits))

    def bit(self, name: str) -> int:
        found = self.bits.get(name)
        if found is None:
            found = self.bits[name] = 1 << len(self.bits)
        return found

    def set(self, names: Iterable[str]) -> int:
        bits, found = self.bits, 0
        for name in names:
            found |= bits.get(name) or self.bit(name)
        return found

    def define(self, name: str, live: int) -> None:
        """An edge to all that is live, but for the name itself."""
        self.later |= self.bit(name)
        self.edges[name] = self.edges.get(name, 0) | (live & ~self.bit(name))

    def block(self, block: Block, live: int, at_break: int, at_continue: int) -> int:
        for statement in reversed(block):
            s: Any = statement
            t = type(s)
            if t is Move:
                targets = self.set(s.targets)
                # No text says that a name has no value: nothing else may leave one under it.
                bound = self.set(t for t, a in zip(s.targets, s.sources, strict=True)
                                 if a is not UNDEFINED)
                for target, a in zip(s.targets, s.sources, strict=True):
                    if isinstance(a, Var):
                        self.define(target, live & ~self.bit(a.name))
                        self.moves[a.name, target] = None
                    else:
                        self.define(target, live)
                    # A parallel Move reads all sources before it writes.
                    self.define(target, targets)
                live &= ~bound
            elif t is Exit:
                live = {"break": at_break, "continue": at_continue,
                        "raise": self.raised}.get(s.kind, 0)
            elif t is If:
                live = self.block(s.then, live, at_break, at_continue) | self.block(
                    s.orelse, live, at_break, at_continue) | self.raised
            elif t is Try:
                live = self.attempt(s, live, at_break, at_continue)
            elif t is With:
                live = self.managed(s, live, at_break, at_continue)
            elif t is For or t is While:
                live = self.loop(s, live)
            elif t is Def:
                live = self.definition(s, live)
                continue
            else:
                names = ir.defines(s)
                targets = self.set(names)
                # An update prints as a copy and a change: if that raises, the copy was made.
                early = self.raised if self.raised and t is Bind and isinstance(s.fn, Ref) and \
                    order.updates(s.fn.object) else 0
                for target in names:
                    self.define(target, live | targets | early)
                if t is Catch:
                    self.caught += names
                into = order.accumulated(s)
                if isinstance(into, Var):
                    # `x_bar_1 = x_bar + v` is `x_bar += v` where the two become one.
                    self.moves[into.name, names[0]] = None
                if t is not Raw:
                    live &= ~targets
                live |= self.raised
            live |= self.set(ir.reads(s))
        return live

    def attempt(self, s: Try, after: int, *ends: int) -> int:
        outside = self.raised
        if s.final:
            live = behind = self.block(s.final, after | outside, *ends)
        else:
            live, behind = self.block(s.orelse, after, *ends), outside
            for handler in s.handlers:
                behind |= self.block(handler, after, *ends)
        self.raised = behind
        live = self.block(s.body, live, *ends) | behind
        self.raised = outside
        return live

    def managed(self, s: With, after: int, *ends: int) -> int:
        outside, targets = self.raised, self.set(ir.defines(s))
        self.raised = after | outside if s.swallows else outside
        before = self.block(s.body, after | self.raised, *ends)
        for target in ir.defines(s):
            self.define(target, before | self.raised)
        live = (before | (after if s.swallows else 0)) & ~targets
        self.raised = outside
        return live | outside

    def loop(self, s: For | While, after: int) -> int:
        names = ir.defines(s)
        # What was live at the head is live there still, when a loop around this one asks for more.
        behind, known = self.heads.get(id(s), (0, 0))
        targets, head = self.set(names), after | (0 if behind & ~after else known)
        while True:
            end = head | after if isinstance(s, For) else head
            before = self.block(s.body, end, after, end)
            for t in names:
                self.define(t, before | end | targets)
            grown = head | (before & ~targets)
            if grown == head:
                break
            head = grown
        self.heads[id(s)] = after, head
        return (head | after if isinstance(s, For) else before) | self.raised

    def definition(self, s: Def, live: int) -> int:
        names = ir.captured(s)
        captured, params = self.set(names), self.set(s.params)
        for name in names:
            # It is read when the function is called, which may be behind all that is bound here.
            self.edges[name] = self.edges.get(name, 0) | (self.later & ~self.bit(name))
        outside, self.raised = self.raised, 0
        before = self.block(s.body, 0, 0, 0)
        self.raised = outside
        local = ir.all_defs(s.body) | set(s.params)
        for name in local:
            # A captured name that is also bound inside would be local there, and unbound.
            self.define(name, captured)
        for p in s.params:
            self.define(p, params | before)
        self.define(s.name, live | captured | self.set(local))
        return (live & ~self.bit(s.name)) | captured
