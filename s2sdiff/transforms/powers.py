"""Powers that are written as products: `3.0 * x * x` is one step for the reverse pass.

Taken product by product, `x * x * x` hands x three cotangents that are added up; its derivative is
`3 * x * x`.  The value stays the product as it was written, to the bit.
"""

from __future__ import annotations

import collections
import operator

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Function, Move, Ref, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.transforms.context import Context

__all__ = ["gather"]


_PRODUCTS = (Ref(operator.mul), Ref(ops.times_square))


def gather(function: Function, context: Context) -> Function:
    """The function with active products by one variable, taken twice or thrice, as one call."""
    uses = collections.Counter(n for s in ir.statements(function) for n in ir.reads(s))
    context.single = {n for n, count in uses.items() if count == 1}
    rule = registry.find(operator.mul)
    context.rules[id(operator.mul)] = (operator.mul, rule)
    if rule is None or not rule.pure:
        return function
    # What the user named stays a step of its own.
    return replace(function, body=_block(function.body, context.single - function.names, context))


def _block(block: Block, single: set[str], context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_block(b, single, context) for b in inner))
        elif isinstance(s, Bind) and s.calls(operator.mul):
            s = _gathered(s, out, single, context)
        out.append(s)
    return tuple(out)


def _gathered(s: Bind, out: list[ir.Stmt], single: set[str], context: Context) -> Bind:
    x = s.args[-1]
    if not isinstance(x, Var) or x.name not in context.active or \
            not context.kinds.get(x.name, ANY).is_number or s.args[0] == x:
        return s
    made = _maker(s.args[0], single, out)
    if made is None or made.fn not in _PRODUCTS or made.args[-1] != x or \
            (context.writes and any(_may_write(t, context) for t in out[out.index(made):])):
        return s
    c = made.args[0]
    if made.fn == Ref(operator.mul):
        fn, args = (ops.cube, (x,)) if c == x else (ops.times_square, (c, x))
    else:
        fn, args = ops.times_cube, (c, x)
    out.remove(made)
    return replace(s, fn=Ref(fn), args=args)


def _may_write(s: ir.Stmt, context: Context) -> bool:
    """What is between two products may change what they read."""
    if isinstance(s, Bind):
        return context.memory is None or bool(context.memory.effects(s))
    return not isinstance(s, Move)


def _maker(a: ir.Arg, single: set[str], out: list[ir.Stmt]) -> Bind | None:
    """The call in the same block that made a value which nobody else reads."""
    if not isinstance(a, Var) or a.name not in single:
        return None
    return next((s for s in out if isinstance(s, Bind) and s.targets == (a.name,)), None)
