"""Iterators with a name: `iter`, `next` and loops over one become operations on its place."""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, For, Function, Ref, Var, While, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import drawing, standins
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.varying import may_vary

__all__ = ["opened"]


def opened(function: Function, context: Context) -> Function:
    """With the functions of `runtime.drawing` for iterators that may give active values.

    Only those of which every reader is known: `next`, a loop, or what draws all of it at once.
    """
    made = [s.targets[0] for s in ir.walk(function.body) if isinstance(s, Bind) and s.calls(iter)
            and len(s.targets) == 1 and len(s.args) == 1 and isinstance(s.args[0], Var)]
    if not made:
        return function
    given = {p.name for p in function.params if not context.kinds.get(p.name, ANY).inert}
    varies = _reached(function, may_vary(function, context) | given)
    every = list(ir.walk(function.body))
    again = {n for s in every if isinstance(s, (For, While)) for block in ir.blocks(s)
             for n in ir.all_reads(block) - ir.all_defs(block)}
    names = {n for n in made if n in varies and made.count(n) == 1
             and all(_known(s, n) for s in every if n in ir.reads(s))
             and (any(_next(s, n) for s in every) or n in again
                  or sum(n in ir.reads(s) for s in every) > 1)}
    if not names:
        return function
    return replace(function, body=_block(function.body, names, context))


def _reached(function: Function, varies: set[str]) -> set[str]:
    """What varies, or may hold what does after something was written."""
    varies = set(varies)
    statements = list(ir.walk(function.body))
    while True:
        size = len(varies)
        for s in statements:
            if not varies.isdisjoint(ir.reads(s)):
                varies.update(ir.defines(s))
                if isinstance(s, (Bind, ir.Store)):
                    varies.update(ir.reads(s))
        if len(varies) == size:
            return varies


def _next(s: ir.Stmt, name: str) -> bool:
    return isinstance(s, Bind) and s.calls(next) and len(s.args) in drawing.NEXT and \
        s.args[0] == Var(name) and not s.kwargs and Var(name) not in s.args[1:]


def _known(s: ir.Stmt, name: str) -> bool:
    if isinstance(s, For):
        return s.source == Var(name)
    return _next(s, name) or (isinstance(s, Bind) and isinstance(s.fn, Ref)
                              and _consumes(s.fn.object) and s.args == (Var(name),))


def _consumes(fn: object) -> bool:
    try:
        return fn in standins.CONSUMERS
    except TypeError:
        return False


def _block(block: Block, names: set[str], context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, names, context) for b in inner]))
        drawn = next((n for n in ir.reads(s) if n in names), None)
        if isinstance(s, Bind) and len(s.targets) == 1 and s.targets[0] in names:
            s = replace(s, fn=Ref(drawing.begin))
        elif drawn is None:
            pass
        elif isinstance(s, For):
            out += _loop(s, drawn, context)
            continue
        elif isinstance(s, Bind) and s.calls(next):
            s = replace(s, fn=Ref(drawing.NEXT[len(s.args)]))
        elif isinstance(s, Bind):
            items = context.names("items_1")
            out.append(Bind((items,), Ref(drawing.rest), s.args, (), s.loc))
            s = replace(s, args=(Var(items),))
        out.append(s)
    return ir.unless_same(out, block)


def _loop(s: For, name: str, context: Context) -> list[ir.Stmt]:
    """Each round draws an item first."""
    source, i = context.names("rounds_1"), context.names("i")
    first: list[ir.Stmt] = []
    target = s.target if isinstance(s.target, str) else context.names("item_1")
    first.append(Bind((target,), Ref(drawing.draw), (Var(name),), (), s.loc))
    if not isinstance(s.target, str):
        _unpack(s.target, Var(target), first, context, s.loc)
    return [Bind((source,), Ref(drawing.rounds), (Var(name),), (), s.loc),
            replace(s, target=i, source=Var(source), body=(*first, *s.body))]


def _unpack(target: ir.Pattern, item: Var, out: list[ir.Stmt], context: Context,
            loc: ir.Loc) -> None:
    names = tuple([t if isinstance(t, str) else context.names("item_1") for t in target])
    out.append(Bind(names, Ref(ops.unpack), (item, Const(len(names)), Const(None)), (), loc))
    for name, t in zip(names, target, strict=True):
        if not isinstance(t, str):
            _unpack(t, Var(name), out, context, loc)
