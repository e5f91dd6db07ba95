"""A cotangent that is taken out of its place and put back there, changed perhaps, is put once.

Going back over `xs[i] = xs[i] * c` backward code takes what is in `xs_bar[i]`, sets that to zero,
and adds the share of what was read there.  Where nothing looks into `xs_bar` in between, the share
is what is there from then on; and where it is what was taken, it stays.
"""

from __future__ import annotations

import operator

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Const, Store, Var, replace

__all__ = ["run"]


def run(block: Block) -> Block:
    """The block without zeros that are added to."""
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple(map(run, inner))) if inner else s)
    gone: set[int] = set()
    for i, s in enumerate(out):
        at = _added_next(s, out[i + 1:]) if isinstance(s, Store) else None
        if at is None:
            continue
        share = out[i + 1 + at]
        assert isinstance(share, Store)
        gone.add(i)
        if i > 0 and _takes(out[i - 1], share):
            gone.add(i + 1 + at)
        else:
            out[i + 1 + at] = replace(share, fn=operator.setitem)
    return ir.unless_same([s for i, s in enumerate(out) if i not in gone], block)


def _added_next(zero: Store, rest: list[ir.Stmt]) -> int | None:
    """How many statements later something is added where a zero was put, before it is looked at."""
    target = zero.target
    if zero.fn is not operator.setitem or zero.value != Const(0.0) or not isinstance(target, Var):
        return None
    names = {target.name, *([zero.key.name] if isinstance(zero.key, Var) else [])}
    for i, s in enumerate(rest):
        if isinstance(s, Store) and s.fn is operator.iadd and s.place == "item" and \
                s.target == target and s.key == zero.key and s.value != target:
            return i
        inside = list(ir.walk((s,)))
        if any(target.name in ir.reads(t) for t in inside) or any(
                not names.isdisjoint(ir.defines(t)) for t in inside) or not isinstance(
                    s, (Bind, Store)):
            return None
    return None


def _takes(s: ir.Stmt, share: Store) -> bool:
    """What is added is what was read there."""
    return isinstance(s, Bind) and s.calls(operator.getitem) and \
        s.args == (share.target, share.key) and share.value == Var(s.targets[0])
