"""`x += v` settled by kinds: an addition where x is a number or tuple, a write to an array."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Function, Ref, replace
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["PLAIN", "settle"]

#: The operator that an in-place operator is, on values that cannot be changed.
PLAIN = {
    operator.iadd: operator.add, operator.isub: operator.sub, operator.imul: operator.mul,
    operator.itruediv: operator.truediv, operator.ipow: operator.pow,
    operator.ifloordiv: operator.floordiv, operator.imod: operator.mod,
    operator.imatmul: operator.matmul, operator.iand: operator.and_, operator.ior: operator.or_,
    operator.ixor: operator.xor, operator.ilshift: operator.lshift,
    operator.irshift: operator.rshift,
}


def settle(function: Function, context: Context) -> Function:
    """In-place operators on numbers and tuples as the operators they are there."""
    return replace(function, body=_block(function.body, context))


def _block(block: Block, context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Bind) and isinstance(s.fn, Ref):
            plain = _plain(s, context)
            if plain is not None:
                s = replace(s, fn=Ref(plain))
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_block(b, context) for b in inner))
        out.append(s)
    return ir.unless_same(out, block)


def _plain(s: Bind, context: Context) -> Any:
    if not isinstance(s.fn, Ref) or getattr(s.fn.object, "__module__", "") != "_operator":
        return None
    plain = PLAIN.get(s.fn.object)
    if plain is None:
        return None
    kind = kind_of_atom(s.args[0], context)
    return plain if kind.is_scalar or kind.type in (tuple, str, int, bool) else None
