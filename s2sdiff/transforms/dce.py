"""Dead code: what nobody reads is deleted, where deleting it cannot change what the program does.

Liveness runs backwards over blocks, with a fixpoint at loops.  Which computations may go is the
caller's `deletable`; Moves and definitions of nested functions always may.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Set
from typing import Any

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Block, Catch, Def, Exit, For, Free, If, Move, Try, Var, While, With

__all__ = ["nothing", "run"]

Deletable = Callable[[ir.Stmt], bool]


def nothing(statement: ir.Stmt) -> bool:
    """The `deletable` of early passes: no computation may go."""
    return False


def run(block: Block, live: Set[str] = frozenset(), deletable: Deletable = nothing) -> Block:
    """The block without what is dead, given the names that are read after it.

    >>> here = ir.Loc("f.py", 1, 0)
    >>> copies = Move(("a", "b"), (ir.Var("x"), ir.Var("y")), here)
    >>> run((copies,), {"b"})[0].targets
    ('b',)
    """
    return _Dce(deletable).block(block, set(live), None, None)[0]


def never_raises(s: Bind) -> bool:
    """A call that raises nothing, whatever it is given: all that may go where handlers look."""
    return isinstance(s.fn, ir.Ref) and any(s.fn.object is f for f in _QUIET) and not any(
        isinstance(a, ir.Star) for a in s.args)


#: The copies are those that the compiler makes of what backward code might read.
_QUIET = (ops.tuple_, ops.list_, slice, operator.is_, operator.is_not, runtime.copy)


def _live_part(s: Move, live: set[str]) -> Move | None:
    """The Move without the pairs that nobody reads or that change nothing."""
    pairs: list[Any] = []
    for t, a in zip(s.targets, s.sources, strict=True):
        if t in live and not (type(a) is Var and a.name == t):
            pairs.append((t, a))
    if not pairs or len(pairs) == len(s.targets):
        return s if pairs else None
    return Move(tuple([t for t, _ in pairs]), tuple([a for _, a in pairs]), s.loc)


class _Dce:
    def __init__(self, deletable: Deletable) -> None:
        self.deletable = deletable
        #: What is read where an exception ends; None: nowhere in this function.
        self.raised: set[str] | None = None
        #: Of loops that were met: what was live behind them, and what was at their head.
        self.heads: dict[int, tuple[set[str], set[str]]] = {}

    def block(self, block: Any, live: set[str], at_break: set[str] | None,
              at_continue: set[str] | None) -> tuple[Block, set[str]]:
        """The block and what is live before it; `live` is what is live after it."""
        out: list[ir.Stmt] = []
        live = set(live)
        for statement in reversed(block):
            s: Any = statement
            t = type(s)
            if t is Bind:
                if live.isdisjoint(s.targets) and self.deletable(s) and (
                        self.raised is None or never_raises(s)):
                    continue
                live.difference_update(s.targets)
                live.update(s.read or ir.reads(s))
                if self.raised:
                    live |= self.raised
                out.append(s)
                continue
            if t is Move:
                looks = self.raised is not None and any(type(a) is Free for a in s.sources)
                kept = s if looks else _live_part(s, live)
                if kept is None:
                    continue
                s = kept
                live.difference_update(s.targets)
                live.update(self.raised or () if looks else ())
            elif t is Exit:
                ends = {"break": at_break, "continue": at_continue, "raise": self.raised}
                live = set(ends.get(s.kind) or ())
                # A function that only raises keeps its return, which later passes look for.
                first = out[0] if out and s.kind == "raise" else None
                out = [first] if isinstance(first, Exit) and first.kind == "return" else []
            elif t is If:
                then, before_then = self.block(s.then, live, at_break, at_continue)
                orelse, before_else = self.block(s.orelse, live, at_break, at_continue)
                if not then and not orelse and self.deletable(s):
                    continue
                live = before_then | before_else | (self.raised or set())
                s = ir.with_blocks(s, (then, orelse))
            elif t is For or t is While:
                loop, live = self.loop(s, live)
                if loop is not None:
                    out.append(loop)
                continue
            elif t is Def:
                if s.name in live:
                    s = ir.with_blocks(s, (_Dce(self.deletable).block(s.body, set(), None,
                                                                      None)[0],))
                    live.discard(s.name)
                    live |= ir.captured(s)
                    out.append(s)
                continue
            elif t is Try:
                s, live = self.attempt(s, live, at_break, at_continue)
                if not s.handlers and not s.final:
                    out += reversed(s.body)
                    continue
            elif t is With:
                s, live = self.managed(s, live, at_break, at_continue)
            else:
                if t is Catch:
                    live.discard(s.name or "")
                live.update(self.raised or ())
            # A verbatim statement may bind its names only on some paths: nothing dies there.
            live.update(ir.reads(s))
            out.append(s)
        out.reverse()
        return ir.unless_same(out, block), live

    def attempt(self, s: Try, after: set[str], *ends: set[str] | None) -> tuple[Try, set[str]]:
        outside = self.raised
        blocks = []
        if s.final:
            final, behind = self.block(s.final, after | (outside or set()), *ends)
            blocks, live = [final, ()], behind
        else:
            orelse, live = self.block(s.orelse, after, *ends)
            blocks, behind = [(), orelse], set(outside or ())
            for h in reversed(s.handlers):
                made, before = self.block(h, after, *ends)
                blocks.append(made)
                behind |= before
        self.raised = behind
        body, live = self.block(s.body, live, *ends)
        self.raised = outside
        new: Any = ir.with_blocks(s, (body, *reversed(blocks)))
        return new, live | behind

    def managed(self, s: With, after: set[str], *ends: set[str] | None) -> tuple[With, set[str]]:
        outside = self.raised
        self.raised = after | (outside or set()) if s.swallows else outside
        # Leaving may raise as well.
        body, live = self.block(s.body, after | (self.raised or set()), *ends)
        self.raised = outside
        live |= after if s.swallows else set()
        new: Any = ir.with_blocks(s, (body,))
        return new, (live - set(ir.defines(s))) | (outside or set())

    def loop(self, s: For | While, after: set[str]) -> tuple[ir.Stmt | None, set[str]]:
        targets = set(ir.defines(s))
        # A loop around this one asks again for more; what was live at the head is live there still,
        # so that nested loops do not multiply their rounds.
        behind, known = self.heads.get(id(s), (set(), set()))
        head, bound = set(after) | (known if behind <= after else set()), None
        while True:
            end = head | after if isinstance(s, For) else head
            body, before = self.block(s.body, end, after, end)
            grown = head | (before - targets)
            if grown == head:
                break
            new, head = grown - head, grown
            if bound is None:
                bound = ir.all_defs(s.body) | targets
            if new.isdisjoint(bound):
                # Nothing in the body gives these another value: another round finds the same.
                before = before | new
                break
        self.heads[id(s)] = set(after), head
        if isinstance(s, For) and not body and not targets & after and self.deletable(s):
            return None, set(after)
        live = head | after if isinstance(s, For) else before
        live = live | set(ir.reads(s)) | (self.raised or set())
        return ir.with_blocks(s, (*ir.blocks(s)[:-2], body, s.orelse)), live
