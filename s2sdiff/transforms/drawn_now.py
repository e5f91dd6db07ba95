"""Items that a function is done with before the next one is drawn, kept as they are then.

`sum(step(v) for v in xs)` adds each item at its turn, which the list of them that stands there does
not show: `step` may fill one array again and again, and give it each time.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Function, Move, Ref, Var
from s2sdiff.runtime.drawing_now import as_now
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.parted import COPY

__all__ = ["settle"]


def settle(function: Function, context: Context) -> Function:
    """With what was drawn itself where nobody writes it, and with copies of arrays elsewhere."""
    if id(as_now) not in ir.called(function):
        return function
    body = _block(function.body, context)
    return function if body is function.body else ir.replace(function, body=body)


def _block(block: Block, context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, context) for b in inner]))
        elif isinstance(s, Bind) and s.calls(as_now):
            item: Any = s.args[0]
            kind = kind_of_atom(item, context)
            if kind.is_fixed or kind.is_tuple or not _may_be_written(item, context):
                s = Move(s.targets, (item,), s.loc)
            elif kind.is_array:
                s = ir.replace(s, fn=Ref(COPY))
        out.append(s)
    return ir.unless_same(out, block)


def _may_be_written(a: ir.Atom, context: Context) -> bool:
    """As long as nothing is known of the function's effects, anything may be."""
    if context.memory is None:
        return True
    if not isinstance(a, Var):
        return False
    node = context.memory.class_of(a.name)
    return context.calls_out or bool(context.memory.written_in("*")) or (
        node is not None and bool(context.memory.written_in(node)))
