"""A cotangent that is taken out of its place and put back there, changed perhaps, is put once.

Going back over `xs[i] = xs[i] * c` backward code takes what is in `xs_bar[i]`, sets that to zero,
and adds the share of what was read there.  Where nothing looks into `xs_bar` in between, the share
is what is there from then on; and where it is what was taken, it stays.  What is taken off a list
at the end, for nobody, may as well stay there.
"""

from __future__ import annotations

import operator
from collections.abc import Set

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Move, Store, Var, replace

__all__ = ["run"]


def run(block: Block, given: Set[str] = frozenset()) -> Block:
    """The block without zeros that are added to; `given`: what is read after all of it."""
    moved = {n for s in ir.walk(block) if isinstance(s, Move)
             for n in (*s.targets, *ir.reads(s))}
    return _without_pops(_put_once(block), {*given, *moved})


def _without_pops(block: Block, later: set[str]) -> Block:
    """Without `items.pop()` of lists that nobody reads any more."""
    out: list[ir.Stmt] = []
    later = set(later)
    for s in reversed(block):
        if _pops(s) and later.isdisjoint(ir.reads(s)):
            continue
        inner = ir.blocks(s)
        if inner:
            around = later.union(ir.reads(s), *[ir.reads(t) for b in inner for t in ir.walk(b)
                                                if not _pops(t)])
            s = ir.with_blocks(s, tuple([_without_pops(b, around) for b in inner]))
        later.update(n for t in ir.walk((s,)) for n in ir.reads(t))
        out.append(s)
    return ir.unless_same(out[::-1], block)


def _pops(s: ir.Stmt) -> bool:
    return isinstance(s, Bind) and not s.targets and s.calls(ops.method) and len(s.args) == 2 and \
        s.args[1] == Const("pop")


def _put_once(block: Block) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple(map(_put_once, inner))) if inner else s)
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
