"""`t = a; if t: t = b` is `t = a and b`: short-circuit operators become expressions again."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, If, Inlined, Move, Opaque, Ref, Var
from s2sdiff.transforms.order import is_expression

__all__ = ["joined"]


def joined(s: ir.Stmt, names: frozenset[str]) -> ir.Stmt:
    """The Bind that an If amounts to, where it chooses between its test and one other value."""
    if not isinstance(s, If) or not isinstance(s.test, Var):
        return s
    for block, other, operation in ((s.then, s.orelse, gast.And()), (s.orelse, s.then, gast.Or())):
        found = _single(block)
        if found is None or found[0] in names:
            continue
        target, value = found
        if _keeps(other, target, s.test):
            pair = [gast.Name(n, gast.Load(), None, None) for n in ("a", "b")]
            node = gast.BoolOp(operation, pair)
            return Bind((target,), Ref(Opaque(node, ("a", "b"))), (s.test, value), (), s.loc)
    return s


def _single(block: Block) -> tuple[str, Any] | None:
    """The one variable that a block binds, and its value."""
    match block:
        case (Bind((target,)) as bind,) if is_expression(bind):
            return target, Inlined(bind)
        case (Move((target,), (source,)),) if source is not ir.UNDEFINED:
            return target, source
    return None


def _keeps(block: Block, target: str, test: Var) -> bool:
    """Whether the block leaves the value of the test in the target."""
    match block:
        case ():
            return test == Var(target)
        case (Move((name,), (source,)),):
            return name == target and source == test
    return False
