"""Operands in Python's order: what is read first does not see what later operands do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, bind, fresh, harmless
from s2sdiff.frontend.looping import eager
from s2sdiff.ir import Arg, Atom, Free, Move, Star, Stmt, Var

__all__ = ["in_order", "kept"]

Lower = Callable[..., Atom]


def in_order(ctx: Context, nodes: list[Any], out: list[Stmt], hint: str, lower: Lower,
             late: bool = False) -> list[Any]:
    """The atoms of several operands, evaluated from left to right.

    `late`: as CPython calls `f(*items, k=v)`, stars are only opened when all operands are there.
    """
    found: list[Arg] = []
    for position, node in enumerate(nodes):
        later = nodes[position + 1 :]
        if isinstance(node, gast.Starred):
            atom = lower(ctx, eager(node.value), out, hint)
            if not late and not all(harmless(ctx, n) for n in later):
                # Python unpacks `*items` before it evaluates the operands that follow.
                atom = bind(ctx, out, fresh(ctx, hint), ops.tuple_, [Star(atom)], node)
            found.append(Star(kept(ctx, atom, later, out, node)))
        else:
            atom = lower(ctx, node, out, hint)
            found.append(kept(ctx, atom, later, out, node))
    return found


def kept(ctx: Context, atom: Atom, later: list[Any], out: list[Stmt], node: Any) -> Atom:
    """The atom, or a copy of it where evaluating the nodes in `later` may rebind its name."""
    if type(atom) is not Var and type(atom) is not Free:
        return atom
    changes = ctx.walrus and atom.name in scopes.bound(later)
    if atom.name in (ctx.rebindable if type(atom) is Free else ctx.shared):
        changes = changes or not all(harmless(ctx, n) for n in later)
    if not changes:
        return atom
    name = fresh(ctx, atom.name)
    out.append(Move((name,), (atom,), ctx.loc(node)))
    return Var(name)
