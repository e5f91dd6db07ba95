"""Dead code: what nobody reads is deleted, where deleting it cannot change what the program does.

Liveness runs backwards over blocks, with a fixpoint at loops.  Which computations may go is the
caller's `deletable`; Moves and definitions of nested functions always may.
"""

from __future__ import annotations

from collections.abc import Callable, Set

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Def, Exit, For, If, Move, Raw, While, replace

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


class _Dce:
    def __init__(self, deletable: Deletable) -> None:
        self.deletable = deletable

    def block(self, block: Block, live: set[str], at_break: set[str] | None,
              at_continue: set[str] | None) -> tuple[Block, set[str]]:
        """The block and what is live before it; `live` is what is live after it."""
        out: list[ir.Stmt] = []
        live = set(live)
        for s in reversed(block):
            match s:
                case Exit(kind):
                    live = set()
                    if kind == "break":
                        live = set(at_break or ())
                    elif kind == "continue":
                        live = set(at_continue or ())
                    live.update(ir.reads(s))
                    # A function that only raises keeps its return, which later passes look for.
                    returns = [e for e in out[:1] if isinstance(e, Exit) and e.kind == "return"]
                    out = [*(returns if kind == "raise" else ()), s]
                case Move(targets, sources, loc):
                    pairs = [(t, a) for t, a in zip(targets, sources, strict=True)
                             if t in live and a != ir.Var(t)]
                    if not pairs:
                        continue
                    s = Move(tuple([t for t, _ in pairs]), tuple([a for _, a in pairs]), loc)
                    live.difference_update(s.targets)
                    live.update(ir.reads(s))
                    out.append(s)
                case Bind(targets):
                    if not live.intersection(targets) and self.deletable(s):
                        continue
                    live.difference_update(targets)
                    live.update(ir.reads(s))
                    out.append(s)
                case If(_, then, orelse):
                    then, before_then = self.block(then, live, at_break, at_continue)
                    orelse, before_else = self.block(orelse, live, at_break, at_continue)
                    if not then and not orelse and self.deletable(s):
                        continue
                    live = before_then | before_else
                    live.update(ir.reads(s))
                    out.append(replace(s, then=then, orelse=orelse))
                case For() | While():
                    loop, live = self.loop(s, live)
                    if loop is not None:
                        out.append(loop)
                case Def(name):
                    if name in live:
                        s = replace(s, body=self.block(s.body, set(), None, None)[0])
                        live.discard(name)
                        live |= free_of(s)
                        out.append(s)
                case Raw():
                    # A verbatim statement may bind its names only on some paths: nothing dies here.
                    live.update(ir.reads(s))
                    out.append(s)
                case _:
                    live.update(ir.reads(s))
                    out.append(s)
        out.reverse()
        return tuple(out), live

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
        return replace(s, body=body), live
