"""Expressions that may leave out parts: `and`, `or`, `a if c else b`, `a < b < c`."""

from __future__ import annotations

import operator
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, bind, fresh
from s2sdiff.frontend.order import Lower, in_order, kept
from s2sdiff.ir import Atom, If, Move, Stmt, Var

__all__ = ["boolean", "compare", "conditional", "direct", "into"]

_COMPARE = {
    gast.Lt: operator.lt, gast.LtE: operator.le, gast.Gt: operator.gt, gast.GtE: operator.ge,
    gast.Eq: operator.eq, gast.NotEq: operator.ne, gast.Is: operator.is_,
    gast.IsNot: operator.is_not, gast.In: ops.contains, gast.NotIn: ops.not_contains,
}


def direct(ctx: Context, name: str | None, node: Any) -> str | None:
    """`name`, where parts of the expression may bind it before the whole is known, else None."""
    if ctx.guarded or name is None or name in ctx.captured or name in scopes.read(node) or \
            name in scopes.bound(node):
        return None
    return name


def into(ctx: Context, name: str, node: Any, out: list[Stmt], hint: str, lower: Lower) -> None:
    """Append what binds `name` to the value of `node`."""
    atom = lower(ctx, node, out, hint, name)
    if atom == Var(name) and isinstance(node, gast.Name):
        # `x = x` may raise, which a copy of a name to itself would not do.
        atom = Var(fresh(ctx, name))
        out.append(Move((atom.name,), (Var(name),), ctx.loc(node)))
    if atom != Var(name):
        out.append(Move((name,), (atom,), ctx.loc(node)))


def compare(ctx: Context, node: Any, out: list[Stmt], hint: str, want: str | None,
            lower: Lower) -> Atom:
    """One comparison, or a chain: each operand once, and none after the first that fails."""
    first, *rest = node.comparators
    if not rest:
        pair = in_order(ctx, [node.left, first], out, hint, lower)
        name = want if want is not None else fresh(ctx, hint)
        return bind(ctx, out, name, _COMPARE[type(node.ops[0])], pair, node)
    name = direct(ctx, want, node) or fresh(ctx, hint)
    left = lower(ctx, node.left, out, hint)

    def link(position: int, left: Atom, out: list[Stmt]) -> None:
        left = kept(ctx, left, node.comparators[position:], out, node)
        right = lower(ctx, node.comparators[position], out, hint)
        right = kept(ctx, right, node.comparators[position + 1 :], out, node)
        bind(ctx, out, name, _COMPARE[type(node.ops[position])], (left, right), node)
        if position + 1 < len(node.ops):
            then: list[Stmt] = []
            link(position + 1, right, then)
            out.append(If(Var(name), tuple(then), (), ctx.loc(node)))

    link(0, left, out)
    return Var(name)


def boolean(ctx: Context, node: Any, out: list[Stmt], hint: str, want: str | None,
            lower: Lower) -> Atom:
    """`a and b` and `a or b`: the value of the operand that decides."""
    name = direct(ctx, want, node) or fresh(ctx, hint)

    def operand(position: int, out: list[Stmt]) -> None:
        into(ctx, name, node.values[position], out, hint, lower)
        if position + 1 < len(node.values):
            rest: list[Stmt] = []
            operand(position + 1, rest)
            goes_on = isinstance(node.op, gast.And)
            then, orelse = (tuple(rest), ()) if goes_on else ((), tuple(rest))
            out.append(If(Var(name), then, orelse, ctx.loc(node)))

    operand(0, out)
    return Var(name)


def conditional(ctx: Context, node: Any, out: list[Stmt], hint: str, want: str | None,
                lower: Lower) -> Atom:
    """`a if c else b`."""
    test = lower(ctx, node.test, out, "test")
    name = want if want is not None else fresh(ctx, hint)
    sides = []
    for side in (node.body, node.orelse):
        block: list[Stmt] = []
        into(ctx, name, side, block, hint, lower)
        sides.append(tuple(block))
    out.append(If(test, sides[0], sides[1], ctx.loc(node)))
    return Var(name)
