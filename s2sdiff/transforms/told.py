"""A function that gives what it raises: the value becomes a pair of it and of an exception."""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Atom, Bind, Block, Catch, Const, Def, Exit, Function, Ref, Try, Var, replace
from s2sdiff.runtime import tried

__all__ = ["outcomes"]


def outcomes(function: Function) -> Function:
    """The body in a `try`; `return x` gives `(x, None)`, an exception `(None, error)`."""
    taken = set(function.names) | set(function.free) | ir.all_defs(function.body)

    def fresh(name: str) -> str:
        while name in taken:
            name += "_1"
        return name

    pair, error, loc = fresh("outcome"), fresh("raised"), function.loc
    body = _paired(function.body, pair)
    if not (body and isinstance(body[-1], Exit)):
        body = (*body, *_returned(Const(None), pair, Exit("return", None, loc)))
    handler: Block = (
        Catch(None, None, loc),
        Bind((error,), Ref(tried.current), (), (), loc),
        Bind((pair,), Ref(ops.tuple_), (Const(None), Var(error)), (), loc),
        Exit("return", Var(pair), loc),
    )
    return replace(function, body=(Try(body, (handler,), (), (), loc),))


def _paired(block: Block, pair: str) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Exit) and s.kind == "return":
            out += _returned(s.value if s.value is not None else Const(None), pair, s)
            continue
        inner = ir.blocks(s)
        if inner and not isinstance(s, Def):
            s = ir.with_blocks(s, tuple([_paired(b, pair) for b in inner]))
        out.append(s)
    return tuple(out)


def _returned(value: Atom, pair: str, s: Exit) -> Block:
    made = Bind((pair,), Ref(ops.tuple_), (value, Const(None)), (), s.loc)
    return made, replace(s, value=Var(pair))
