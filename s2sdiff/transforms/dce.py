"""Dead code: what nobody reads is deleted, where deleting it cannot change what the program does.

Liveness runs backwards over blocks, with a fixpoint at loops.  Which computations may go is the
caller's `deletable`; Moves and definitions of nested functions always may.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Def, Exit, For, If, Move, Var, While

__all__ = ["free_of", "nothing", "run"]

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


def free_of(definition: Def) -> set[str]:
    """What a nested function reads from outside."""
    return ir.all_reads(definition.body) - ir.all_defs(definition.body) - set(definition.params)


def _live_part(s: Move, live: set[str]) -> Move | None:
    """The Move without the pairs that nobody reads or that change nothing."""
    pairs = [(t, a) for t, a in zip(s.targets, s.sources, strict=True)
             if t in live and not (type(a) is Var and a.name == t)]
    if not pairs or len(pairs) == len(s.targets):
        return s if pairs else None
    return Move(tuple([t for t, _ in pairs]), tuple([a for _, a in pairs]), s.loc)


class _Dce:
    def __init__(self, deletable: Deletable) -> None:
        self.deletable = deletable

    def block(self, block: Any, live: set[str], at_break: set[str] | None,
              at_continue: set[str] | None) -> tuple[Block, set[str]]:
        """The block and what is live before it; `live` is what is live after it."""
        out: list[ir.Stmt] = []
        live = set(live)
        for statement in reversed(block):
            s: Any = statement
            t = type(s)
            if t is Bind:
                if live.isdisjoint(s.targets) and self.deletable(s):
                    continue
                live.difference_update(s.targets)
            elif t is Move:
                kept = _live_part(s, live)
                if kept is None:
                    continue
                s = kept
                live.difference_update(s.targets)
            elif t is Exit:
                live = set({"break": at_break, "continue": at_continue}.get(s.kind) or ())
                # A function that only raises keeps its return, which later passes look for.
                first = out[0] if out and s.kind == "raise" else None
                out = [first] if isinstance(first, Exit) and first.kind == "return" else []
            elif t is If:
                then, before_then = self.block(s.then, live, at_break, at_continue)
                orelse, before_else = self.block(s.orelse, live, at_break, at_continue)
                if not then and not orelse and self.deletable(s):
                    continue
                live = before_then | before_else
                s = ir.with_blocks(s, (then, orelse))
            elif t is For or t is While:
                loop, live = self.loop(s, live)
                if loop is not None:
                    out.append(loop)
                continue
            elif t is Def:
                if s.name in live:
                    s = ir.with_blocks(s, (self.block(s.body, set(), None, None)[0],))
                    live.discard(s.name)
                    live |= free_of(s)
                    out.append(s)
                continue
            # A verbatim statement may bind its names only on some paths: nothing dies there.
            live.update(ir.reads(s))
            out.append(s)
        out.reverse()
        return ir.unless_same(out, block), live

    def loop(self, s: For | While, after: set[str]) -> tuple[ir.Stmt | None, set[str]]:
        targets = set(ir.defines(s))
        head = set(after)
        while True:
            end = head | after if isinstance(s, For) else head
            body, before = self.block(s.body, end, after, end)
            grown = head | (before - targets)
            if grown == head:
                break
            head = grown
        if isinstance(s, For) and not body and not targets & after and self.deletable(s):
            return None, set(after)
        live = head | after if isinstance(s, For) else before
        live |= set(ir.reads(s))
        return ir.with_blocks(s, (*ir.blocks(s)[:-2], body, s.orelse)), live
