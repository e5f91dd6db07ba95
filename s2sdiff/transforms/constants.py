"""Slices and tuples of literals become literals, so that an index is one atom where it is used."""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Atom, Bind, Block, Const, Function, Ref, replace

__all__ = ["fold"]


def fold(function: Function) -> Function:
    """Replace `slice(1, None)` and `(0, slice(None))` by what they are.

    >>> here = ir.Loc("f.py", 1, 0)
    >>> part = Bind(("s",), Ref(slice), (Const(1), Const(None)), (), here)
    >>> result = ir.Exit("return", ir.Var("s"), here)
    >>> fold(Function("f", (), (part, result), here)).body[0].value
    Const(slice(1, None, None))
    """
    return replace(function, body=_block(function.body, {}))


def _block(block: Block, env: dict[str, Atom]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        s = ir.substitute(s, env)
        if isinstance(s, Bind) and len(s.targets) == 1 and not s.kwargs and \
                all(isinstance(a, Const) for a in s.args):
            values = [a.value for a in s.args if isinstance(a, Const)]
            if s.fn == Ref(slice):
                env[s.targets[0]] = Const(slice(*values))
                continue
            if s.fn == Ref(ops.tuple_):
                env[s.targets[0]] = Const(tuple(values))
                continue
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_block(b, env) for b in inner))
        out.append(s)
    return tuple(out)
