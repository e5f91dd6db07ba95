"""Which names a body binds before something in it may raise: handlers see what they stand for."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import Block, Const, If, Move, Ref, Var

__all__ = ["exposed"]


def exposed(block: Block, sure: set[str]) -> set[str]:
    """Names that are bound in a block in front of anything that may raise.

    `sure` are names that have a value whenever the block runs, so that copying them cannot raise.
    """
    found: set[str] = set()
    _walk(block, sure, False, found)
    return found


def _walk(block: Block, sure: set[str], later: bool, found: set[str]) -> bool:
    """`later`: something may raise behind the block; the answer: from its beginning on."""
    known = []
    sure = set(sure)
    for s in block:
        known.append(set(sure))
        if not ir.blocks(s):
            sure.update(ir.defines(s))
    for s, bound in zip(reversed(block), reversed(known), strict=True):
        inner = ir.blocks(s)
        if isinstance(s, If):
            for b in inner:
                _walk(b, bound, later, found)
            later = True
        elif inner:
            found |= ir.all_defs((s,))
            later = True
        else:
            if later:
                found.update(ir.defines(s))
            later = later or _may_raise(s, bound)
    return later


def _may_raise(s: ir.Stmt, sure: set[str]) -> bool:
    return not isinstance(s, Move) or not all(
        isinstance(a, (Const, Ref)) or (isinstance(a, Var) and a.name in sure) for a in s.sources)
