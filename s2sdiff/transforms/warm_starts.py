"""Searches that begin where an earlier call has ended: without a step, there is no derivative.

`z = self.z; while abs(f(z, p)) > tol: z = …; self.z = z` takes no step at a `p` that it was given
before, and gives what it found then, of which nobody knows the derivative.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Exit, For, Function, Move, Ref, Store, Var, While
from s2sdiff.runtime import kept_in_run, remembered
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.new_memory import INPLACE

__all__ = ["watched"]


def watched(function: Function, context: Context) -> Function:
    """With a look behind such loops at whether they have taken a step."""
    kept = {(s.key.value, s.value.name) for s in ir.statements(function)
            if isinstance(s, Store) and s.place == "attribute" and isinstance(s.key, Const)
            and isinstance(s.value, Var) and s.value.name in context.varies}
    if not kept:
        return function
    reads: dict[str, Any] = {}
    for s in ir.statements(function):
        if not isinstance(s, Bind) or len(s.targets) != 1:
            continue
        if s.calls(getattr) and isinstance(s.args[1], Const):
            reads[s.targets[0]] = s.args
        elif _copies(s) and isinstance(s.args[0], Var) and s.args[0].name in reads:
            reads[s.targets[0]] = reads[s.args[0].name]
    body = _block(function.body, kept, reads)
    if body is function.body:
        return function
    noted = {(s.args[1], s.loc) for s in ir.statements(function)
             if isinstance(s, Bind) and s.calls(kept_in_run.kept)}

    def note(s: ir.Stmt) -> Block | None:
        """What the same run has found may begin the next search."""
        if not isinstance(s, Store) or s.place != "attribute" or not isinstance(s.key, Const) or \
                (s.key, s.loc) in noted or (
                    s.key.value, getattr(s.value, "name", None)) not in kept:
            return None
        return s, Bind((), Ref(kept_in_run.kept), (s.target, s.key), (), s.loc)

    return ir.replace(function, body=ir.rewritten(body, note))


def _block(block: Block, kept: set[tuple[Any, str]], reads: dict[str, Any]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, kept, reads) for b in inner]))
        out.append(s)
        if isinstance(s, (While, For)) and any(
                isinstance(t, Exit) and t.kind == "break" for t in ir.walk((s,))):
            out += _looks(s, block, kept, reads)
    return ir.unless_same(out, block)


def _copies(s: Bind) -> bool:
    return any(s.calls(fn) for fn in (np.copy, np.array, np.ndarray.copy, copy.copy)) or (
        s.calls(ops.method) and s.args[1] == Const("copy"))


def _looks(loop: While | For, block: Block, kept: set[tuple[Any, str]],
           reads: dict[str, Any]) -> list[ir.Stmt]:
    """For what goes round in the loop, begins with an attribute, and is kept there."""
    # What is written in place is the same array, and not the same numbers.
    written = {getattr(s.args[0], "name", None) for s in ir.walk((loop,))
               if isinstance(s, Bind) and isinstance(s.fn, Ref) and id(s.fn.object) in _IN_PLACE}
    carried = ir.all_defs((loop,)) - written
    found: list[ir.Stmt] = []
    for s in block:
        for name, a in zip(s.targets, s.sources, strict=True) if isinstance(s, Move) else ():
            args = reads.get(a.name) if isinstance(a, Var) and name in carried else None
            if args is not None and (args[1].value, name) in kept:
                given = (Var(name), a, args[0], args[1])
                found.append(Bind((), Ref(remembered.fresh_end), given, (), loop.loc))
    return found


_IN_PLACE = frozenset(map(id, INPLACE))
