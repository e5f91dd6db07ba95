"""Copies of parts of a shadow that nobody changes while they are read are no copies.

`g = a_bar[i].copy()` is `g = a_bar[i]` where all that reads `g` comes before the next write into
`a_bar` in the same block, and `g` goes nowhere else.
"""

from __future__ import annotations

import operator
from collections.abc import Set
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Exit, Move, Ref, Store, Var, replace
from s2sdiff.transforms.arithmetic import is_elementwise

__all__ = ["COPY", "makes_numbers", "run"]

#: How backward code copies a part of a cotangent.
COPY = vars(np.ndarray)["copy"]


def run(block: Block, given: Set[str] = frozenset()) -> Block:
    """The block with views where there were copies; `given`: what is read after all of it."""
    out: list[ir.Stmt] = []
    for i, s in enumerate(block):
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(run(b, given) for b in inner))
        if (isinstance(s, Bind) and s.calls(COPY) and i > 0 and _view(block[i - 1], s)
                and s.targets[0] not in given
                and _read_at_once(s.targets[0], block[i - 1], block[i + 1:])):
            view = block[i - 1]
            assert isinstance(view, Bind)
            s = Move(s.targets, (Var(view.targets[0]),), s.loc)
            if out and out[-1] is view and not _reads(view.targets[0], block[i + 1:]):
                out[-1] = replace(view, targets=s.targets)
                continue
        out.append(s)
    return ir.unless_same(out, block)


def _view(before: ir.Stmt, s: Bind) -> bool:
    return isinstance(before, Bind) and before.calls(operator.getitem) and \
        s.args == (Var(before.targets[0]),)


def _reads(name: str, rest: Block) -> bool:
    return any(name in ir.reads(t) for t in ir.walk(rest))


def _read_at_once(name: str, view: Any, rest: Block) -> bool:
    """All that reads a name computes something new of it, before its array is written."""
    owner = view.args[0]
    written = False
    for s in rest:
        used = any(name in ir.reads(t) for t in ir.walk((s,)))
        if used and (written or not _harmless(s, name)):
            return False
        written |= any(_writes(t, owner, name) for t in ir.walk((s,)))
    return True


def _harmless(s: ir.Stmt, name: str) -> bool:
    """It makes new numbers, or adds to another array."""
    if isinstance(s, Store):
        return s.target != Var(name) and s.key != Var(name)
    return makes_numbers(s)


def makes_numbers(s: ir.Stmt) -> bool:
    """It gives a new number or array, and changes nothing."""
    if not isinstance(s, Bind) or not isinstance(s.fn, Ref):
        return False
    fn = s.fn.object
    return (is_elementwise(fn) and fn is not operator.pos and fn not in ops.IN_PLACE) or fn in _NEW


_NEW = (operator.matmul, np.matmul, np.dot, np.sum, np.outer, vars(np.ndarray)["sum"], COPY)


def _writes(s: ir.Stmt, owner: Any, name: str) -> bool:
    if isinstance(s, Store):
        return s.target in (owner, Var(name)) or not isinstance(s.target, Var)
    if isinstance(s, (Move, Exit)):
        return False
    return isinstance(s, Bind) and (not s.targets or not isinstance(s.fn, Ref)) and \
        owner in ir.atoms(s)
