"""Parts of arguments that stay what they are, `p["w"]` and `o.w`, are read once."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Const, Function, Move, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.staying import part_of

__all__ = ["run"]

_Seen = dict[tuple[str, Any, Const], str]


def run(function: Function, context: Context) -> Function:
    """A part that was read before on the way to a statement is a copy of what was read."""
    if context.lists_change or all(k.items is None for k in context.arguments.values()):
        return function
    body = _block(function.body, {}, context)
    return function if body is function.body else replace(function, body=body)


def _block(block: Block, seen: _Seen, context: Context) -> Block:
    out: list[ir.Stmt] = []
    changed = False
    for s in block:
        new = _read(s, seen, context) if isinstance(s, Bind) else s
        inner = ir.blocks(s)
        if inner:
            # Variables that loops carry are bound again, and what a branch reads it alone has read.
            bound = set(ir.defines(s)).union(*map(ir.all_defs, inner))
            _forget(seen, bound)
            blocks = tuple([_block(b, dict(seen), context) for b in inner])
            if any(b is not old for b, old in zip(blocks, inner, strict=True)):
                new = ir.with_blocks(s, blocks)
        elif new is not s or not isinstance(s, Bind):
            _forget(seen, set(ir.defines(s)))
        changed |= new is not s
        out.append(new)
    return tuple(out) if changed else block


def _read(s: Bind, seen: _Seen, context: Context) -> ir.Stmt:
    if len(s.targets) != 1 or len(s.args) != 2 or not (
            s.calls(getattr) or s.calls(operator.getitem)):
        return s
    owner, key = s.args
    if not isinstance(owner, Var) or not isinstance(key, Const) or \
            part_of(context.kinds.get(owner.name, ANY), key.value) is ANY:
        return s
    known = seen.setdefault((owner.name, s.fn, key), s.targets[0])
    return s if known == s.targets[0] else Move(s.targets, (Var(known),), s.loc)


def _forget(seen: _Seen, bound: set[str]) -> None:
    for key in [k for k, read in seen.items() if k[0] in bound or read in bound]:
        del seen[key]
