"""Returned and recorded tuples as statements of their own, whose parts can be folded into."""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Exit, Inlined, Move, Ref, Var, replace

__all__ = ["RECORDED", "RETURNED", "spread"]

#: Names that no code can have: what they stand for is folded, but for parts of what is returned
#: that are computed behind a name from outside; `naming` gives those one.
RETURNED, RECORDED = "(returned)", "(recorded)"


def spread(body: Block) -> Block:
    """A returned or recorded tuple as a statement of its own, whose parts can be folded into."""
    out: list[ir.Stmt] = []
    for s in body:
        if type(s) is Move or (type(s) is Bind and s.targets):
            out.append(s)
            continue
        match s:
            case Exit(value=Inlined(display)):
                out += _parts(replace(display, loc=s.loc), RETURNED)
                s = replace(s, value=Var(RETURNED))
            case Bind((), Ref(ops.method), (Var(), ir.Const("append"), Inlined(display)), ()):
                out.append(replace(display, targets=(RECORDED,)))
                s = replace(s, args=(*s.args[:2], Var(RECORDED)))
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple([spread(b) for b in inner])) if inner else s)
    return tuple(out)


def _parts(display: Bind, name: str) -> list[ir.Stmt]:
    out: list[ir.Stmt] = []
    args: list[ir.Arg] = []
    for i, a in enumerate(display.args):
        if isinstance(a, Inlined):
            out += _parts(a.bind, f"{name}{i}")
            a = Var(f"{name}{i}")
        args.append(a)
    return [*out, replace(display, targets=(name,), args=tuple(args))]
