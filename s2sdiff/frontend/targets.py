"""Assignment: to names, items and attributes, to several at once, and in place."""

from __future__ import annotations

import builtins
import operator
from typing import Any

import gast

from s2sdiff.frontend import scopes
from s2sdiff.frontend.branches import into
from s2sdiff.frontend.consumers import sees_no_growth, unpacked
from s2sdiff.frontend.context import Context, Verbatim, bind, fresh, harmless
from s2sdiff.frontend.expressions import expression
from s2sdiff.frontend.functions import own_cell
from s2sdiff.frontend.looping import eager
from s2sdiff.frontend.names_left_out import left_out_of
from s2sdiff.frontend.order import in_order, kept, stays
from s2sdiff.frontend.places import (
    SEQUENCES,
    bind_name,
    hint_of,
    refuse_hidden,
    refuse_outside,
    simple,
    store,
)
from s2sdiff.ir import Atom, Bind, Const, Free, Loc, Move, Ref, Stmt, Store, Var
from s2sdiff.runtime import planted, standins_flat, standins_iterators

__all__ = ["assign", "augment", "delete"]

_IN_PLACE = {
    gast.Add: operator.iadd, gast.Sub: operator.isub, gast.Mult: operator.imul,
    gast.Div: operator.itruediv, gast.FloorDiv: operator.ifloordiv, gast.Mod: operator.imod,
    gast.Pow: operator.ipow, gast.MatMult: operator.imatmul, gast.LShift: operator.ilshift,
    gast.RShift: operator.irshift, gast.BitAnd: operator.iand, gast.BitOr: operator.ior,
    gast.BitXor: operator.ixor,
}


def assign(ctx: Context, targets: list[Any], value: Any, out: list[Stmt], loc: Loc) -> None:
    """`targets[0] = targets[1] = … = value`."""
    first = targets[0]
    hint = hint_of(first)
    if len(targets) == 1:
        value = left_out_of(ctx, value, unpacked(ctx, first, value), out, expression)
    if len(targets) == 1 and simple(ctx, first):
        into(ctx, first.id, value, out, hint, expression)
        return
    if len(targets) == 1 and _display_matches(first, value):
        _pairwise(ctx, first, value, out, loc)
        return
    atom = kept(ctx, expression(ctx, value, out, hint), targets, out, value)
    if isinstance(atom, (Var, Free)) and atom.name in scopes.bound(targets):
        name = fresh(ctx, atom.name)
        out.append(Move((name,), (atom,), loc))
        atom = Var(name)
    for target in targets:
        store(ctx, target, atom, out, loc, expression)


def _display_matches(target: Any, value: Any) -> bool:
    if not (isinstance(target, SEQUENCES) and isinstance(value, SEQUENCES)):
        return False
    starred = any(isinstance(n, gast.Starred) for n in (*target.elts, *value.elts))
    return len(target.elts) == len(value.elts) > 0 and not starred


def _pairwise(ctx: Context, target: Any, value: Any, out: list[Stmt], loc: Loc) -> None:
    """`a, b = x, y`: all values first, then all targets."""
    atoms: list[Atom] = []
    for position, node in enumerate(value.elts):
        inner, items = target.elts[position], node
        # Items are drawn when all values are there, and what stands before is assigned.
        if all(stays(ctx, n) for n in value.elts[position + 1 :]) and all(
                simple(ctx, t) and t.id not in ctx.shared for t in target.elts[:position]):
            items = left_out_of(ctx, node, unpacked(ctx, inner, node), out, expression)
        atom = expression(ctx, items, out, hint_of(inner))
        atoms.append(kept(ctx, atom, value.elts[position + 1 :], out, node))
    names = [t.id for t in target.elts if simple(ctx, t)]
    if len(set(names)) == len(target.elts):
        out.append(Move(tuple(names), tuple(atoms), loc))
        return
    # What is unpacked may be drawn from what binds names of others anew.
    drawing = ctx.shared | ctx.rebindable if any(
        isinstance(t, SEQUENCES) for t in target.elts) else frozenset()
    changed = scopes.bound(target) | drawing
    for position, atom in enumerate(atoms):
        if isinstance(atom, (Var, Free)) and atom.name in changed:
            name = fresh(ctx, atom.name)
            out.append(Move((name,), (atom,), loc))
            atoms[position] = Var(name)
    for inner, atom in zip(target.elts, atoms, strict=True):
        store(ctx, inner, atom, out, loc, expression)


def augment(ctx: Context, node: Any, out: list[Stmt]) -> None:
    """`target op= value`."""
    operation, loc = _IN_PLACE[type(node.op)], ctx.loc(node)
    hint = hint_of(node.target)
    if isinstance(node.target, gast.Name):
        name = node.target.id
        refuse_hidden(ctx, name)
        old = kept(ctx, ctx.atom(name), [node.value], out, node)
        if isinstance(node.op, gast.Add) and sees_no_growth(ctx, node.value):
            items = expression(ctx, eager(node.value), out, "items")
            value: Atom = bind(ctx, out, fresh(ctx, "items"), Ref(standins_iterators.handed),
                               (old, items), node)
        else:
            value = expression(ctx, node.value, out, hint)
        new = name if simple(ctx, node.target) else fresh(ctx, name)
        out.append(Bind((new,), Ref(operation), (old, value), (), loc))
        if new != name:
            bind_name(ctx, name, Var(new), out, node)
        return
    item = isinstance(node.target, gast.Subscript)
    flat = item and isinstance(node.target.value, gast.Attribute) and \
        node.target.value.attr == "flat"
    owner = node.target.value.value if flat else node.target.value
    parts = [owner, node.target.slice] if item else [owner]
    found = in_order(ctx, parts, out, hint, expression)
    found = [kept(ctx, a, [node.value], out, node) for a in found]
    owner, key = found[0], found[1] if item else Const(node.target.attr)
    place = "item" if item else "attribute"
    if flat:
        old = bind(ctx, out, fresh(ctx, hint), standins_flat.item, (owner, key), node)
        value = expression(ctx, node.value, out, hint)
        new = bind(ctx, out, fresh(ctx, hint), operation, (old, value), node)
        out.append(Bind((), Ref(standins_flat.put), (owner, key, new), (), loc))
        return
    if harmless(ctx, node.value):
        value = expression(ctx, node.value, out, hint)
        out.append(Store(operation, owner, key, value, place, loc))
        return
    # Python reads the old value first, and computing the new one may write the place.
    read, write = (operator.getitem, operator.setitem) if item else (getattr, setattr)
    old = bind(ctx, out, fresh(ctx, hint), read, (owner, key), node)
    value = expression(ctx, node.value, out, hint)
    new = bind(ctx, out, fresh(ctx, hint), operation, (old, value), node)
    out.append(Store(write, owner, key, new, place, loc))


def delete(ctx: Context, target: Any, out: list[Stmt], loc: Loc) -> None:
    """`del a`, `del a[i]` and `del a.f`, in the order of the text."""
    match target:
        case gast.Name(id=name):
            refuse_outside(ctx, name)
            if not ctx.deletes:
                raise Verbatim("del")
            out.append(Bind((), Ref(planted.bound), (ctx.atom(name), Const(name)), (), loc))
            if simple(ctx, target):
                out.append(Move((name,), (Ref(planted.UNBOUND),), loc))
            else:
                cell, key = own_cell(ctx, name, out, target), Const("cell_contents")
                out.append(Store(builtins.delattr, cell, key, None, "attribute", loc))
        case gast.Tuple(elts=elements) | gast.List(elts=elements):
            for element in elements:
                delete(ctx, element, out, loc)
        case gast.Attribute(value=owner, attr=attr):
            (atom,) = in_order(ctx, [owner], out, hint_of(owner), expression)
            out.append(Store(builtins.delattr, atom, Const(attr), None, "attribute", loc))
        case gast.Subscript(value=owner, slice=index):
            atom, key = in_order(ctx, [owner, index], out, hint_of(owner), expression)
            out.append(Store(operator.delitem, atom, key, None, "item", loc))
        case _:
            raise Verbatim("del")
