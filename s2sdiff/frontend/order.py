"""Operands in Python's order: what is read first does not see what later operands do."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, bind, fresh, harmless, rooted_outside
from s2sdiff.frontend.looping import eager
from s2sdiff.ir import Arg, Atom, Free, Move, Star, Stmt, Var

__all__ = ["in_order", "kept", "stays"]

Lower = Callable[..., Atom]


def in_order(ctx: Context, nodes: list[Any], out: list[Stmt], hint: str, lower: Lower,
             late: bool = False, ahead: Any = None) -> list[Any]:
    """The atoms of several operands, evaluated from left to right.

    `late`: as CPython calls `f(*items, k=v)`, stars are only opened when all operands are there.
    `ahead`: what draws the items of a star that later operands do not change.
    """
    found: list[Arg] = []
    for position, node in enumerate(nodes):
        later = nodes[position + 1 :]
        if isinstance(node, gast.Starred):
            seen = not all(map(functools.partial(stays, ctx), later))
            # What draws the items may write what other operands read.
            value = node.value if late and seen else eager(node.value)
            atom = lower(ctx, value, out, hint)
            if not late and (seen and not isinstance(value, _DRAWN)):
                # Python unpacks `*items` before it evaluates the operands that follow.
                own = ahead is not None and all(harmless(ctx, n) for n in later)
                fn, args = (ahead, [atom]) if own else (ops.tuple_, [Star(atom)])
                atom = bind(ctx, out, fresh(ctx, hint), fn, args, node)
            found.append(Star(kept(ctx, atom, later, out, node)))
        else:
            atom = lower(ctx, node, out, hint)
            found.append(kept(ctx, atom, later, out, node))
    return found


#: What has its items already.
_DRAWN = (gast.ListComp, gast.SetComp, gast.DictComp, gast.Constant)


def stays(ctx: Context, node: Any) -> bool:
    """Whether an operand is the same, whatever else is done before it is evaluated.

    What is computed of a name may be read in an array, or a list, that is written meanwhile.
    """
    if isinstance(node, gast.Name):
        return node.id not in (ctx.shared if node.id in ctx.local else ctx.rebindable)
    if isinstance(node, (gast.Tuple, gast.List)):
        return all(stays(ctx, n) for n in node.elts)
    if isinstance(node, gast.Starred):
        return stays(ctx, node.value)
    if isinstance(node, gast.Attribute):
        return rooted_outside(ctx, node)
    return isinstance(node, (gast.Constant, gast.Lambda))


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
