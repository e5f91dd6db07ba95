"""Assignment: to names, items and attributes, to several at once, and in place."""

from __future__ import annotations

import builtins
import operator
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import scopes
from s2sdiff.frontend.branches import into
from s2sdiff.frontend.context import Context, Verbatim, bind, fresh, harmless
from s2sdiff.frontend.expressions import expression
from s2sdiff.frontend.order import in_order, kept
from s2sdiff.ir import Atom, Bind, Const, Loc, Move, Pattern, Ref, Stmt, Store, Var

__all__ = ["assign", "augment", "delete", "hint_of", "pattern", "store"]

_SEQUENCES = (gast.Tuple, gast.List)
_IN_PLACE = {
    gast.Add: operator.iadd, gast.Sub: operator.isub, gast.Mult: operator.imul,
    gast.Div: operator.itruediv, gast.FloorDiv: operator.ifloordiv, gast.Mod: operator.imod,
    gast.Pow: operator.ipow, gast.MatMult: operator.imatmul, gast.LShift: operator.ilshift,
    gast.RShift: operator.irshift, gast.BitAnd: operator.iand, gast.BitOr: operator.ior,
    gast.BitXor: operator.ixor,
}


def hint_of(target: Any) -> str:
    """What temporaries of an assignment to `target` are named after."""
    match target:
        case gast.Name(id=name):
            return name if name.strip("_") else "value"
        case gast.Attribute(attr=name):
            return name.strip("_") or "value"
        case gast.Subscript(value=value) | gast.Starred(value=value):
            return hint_of(value)
        case gast.Tuple(elts=[first, *_]) | gast.List(elts=[first, *_]):
            return hint_of(first)
    return "value"


def _simple(ctx: Context, target: Any) -> bool:
    return isinstance(target, gast.Name) and target.id not in ctx.declared


def _refuse_outside(ctx: Context, name: str) -> None:
    if name in ctx.declared:
        raise Verbatim(f"assignment to the outside name {name}")


def assign(ctx: Context, targets: list[Any], value: Any, out: list[Stmt], loc: Loc) -> None:
    """`targets[0] = targets[1] = … = value`."""
    first = targets[0]
    hint = hint_of(first)
    if len(targets) == 1 and _simple(ctx, first):
        into(ctx, first.id, value, out, hint, expression)
        return
    if len(targets) == 1 and _display_matches(first, value):
        _pairwise(ctx, first, value, out, loc)
        return
    atom = expression(ctx, value, out, hint)
    if isinstance(atom, Var) and atom.name in scopes.bound(targets):
        name = fresh(ctx, atom.name)
        out.append(Move((name,), (atom,), loc))
        atom = Var(name)
    for target in targets:
        store(ctx, target, atom, out, loc)


def _display_matches(target: Any, value: Any) -> bool:
    if not (isinstance(target, _SEQUENCES) and isinstance(value, _SEQUENCES)):
        return False
    starred = any(isinstance(n, gast.Starred) for n in (*target.elts, *value.elts))
    return len(target.elts) == len(value.elts) > 0 and not starred


def _pairwise(ctx: Context, target: Any, value: Any, out: list[Stmt], loc: Loc) -> None:
    """`a, b = x, y`: all values first, then all targets."""
    atoms: list[Atom] = []
    for position, node in enumerate(value.elts):
        atom = expression(ctx, node, out, hint_of(target.elts[position]))
        atoms.append(kept(ctx, atom, value.elts[position + 1 :], out, node))
    names = [t.id for t in target.elts if _simple(ctx, t)]
    if len(set(names)) == len(target.elts):
        out.append(Move(tuple(names), tuple(atoms), loc))
        return
    changed = scopes.bound(target)
    for position, atom in enumerate(atoms):
        if isinstance(atom, Var) and atom.name in changed:
            name = fresh(ctx, atom.name)
            out.append(Move((name,), (atom,), loc))
            atoms[position] = Var(name)
    for inner, atom in zip(target.elts, atoms, strict=True):
        store(ctx, inner, atom, out, loc)


def store(ctx: Context, target: Any, value: Atom, out: list[Stmt], loc: Loc) -> None:
    """Write a value that is already computed to one target."""
    match target:
        case gast.Name(id=name):
            _refuse_outside(ctx, name)
            out.append(Move((name,), (value,), loc))
        case gast.Attribute(value=owner, attr=attr):
            (atom,) = in_order(ctx, [owner], out, hint_of(owner), expression)
            out.append(Store(builtins.setattr, atom, Const(attr), value, "attribute", loc))
        case gast.Subscript(value=owner, slice=index):
            atom, key = in_order(ctx, [owner, index], out, hint_of(owner), expression)
            out.append(Store(operator.setitem, atom, key, value, "item", loc))
        case gast.Starred(value=inner):
            store(ctx, inner, value, out, loc)
        case gast.Tuple(elts=elements) | gast.List(elts=elements):
            _unpack(ctx, elements, value, out, loc)
        case _:
            raise Verbatim(f"assignment to {type(target).__name__}")


def _unpack(ctx: Context, elements: list[Any], value: Atom, out: list[Stmt], loc: Loc) -> None:
    """A Bind of `ops.unpack` takes its result apart even where it has one target."""
    if not elements:
        raise Verbatim("unpacking into nothing")
    stars = [position for position, n in enumerate(elements) if isinstance(n, gast.Starred)]
    before = stars[0] if stars else len(elements)
    after = Const(len(elements) - before - 1 if stars else None)
    plain = [n.value if isinstance(n, gast.Starred) else n for n in elements]
    names: list[str] = []
    for n in plain:
        if isinstance(n, gast.Name):
            _refuse_outside(ctx, n.id)
        direct = isinstance(n, gast.Name) and n.id not in names
        names.append(n.id if direct else fresh(ctx, hint_of(n)))
    # Python stores from left to right; a name read by a later target has to be bound by then,
    # and a name bound twice keeps the last value.
    out.append(Bind(tuple(names), Ref(ops.unpack), (value, Const(before), after), (), loc))
    for n, name in zip(plain, names, strict=True):
        if not (isinstance(n, gast.Name) and n.id == name):
            store(ctx, n, Var(name), out, loc)


def pattern(ctx: Context, target: Any) -> Pattern | None:
    """A loop's target as plain names, or None where it needs more than that."""
    names = [n.id for n in gast.walk(target) if isinstance(n, gast.Name)]
    if len(set(names)) < len(names):
        return None
    if isinstance(target, gast.Name):
        return target.id if _simple(ctx, target) else None
    if isinstance(target, _SEQUENCES) and target.elts:
        inner = [pattern(ctx, n) for n in target.elts]
        return None if None in inner else tuple(p for p in inner if p is not None)
    return None


def augment(ctx: Context, node: Any, out: list[Stmt]) -> None:
    """`target op= value`."""
    operation, loc = _IN_PLACE[type(node.op)], ctx.loc(node)
    hint = hint_of(node.target)
    if isinstance(node.target, gast.Name):
        name = node.target.id
        _refuse_outside(ctx, name)
        old = kept(ctx, Var(name), [node.value], out, node)
        value = expression(ctx, node.value, out, hint)
        out.append(Bind((name,), Ref(operation), (old, value), (), loc))
        return
    item = isinstance(node.target, gast.Subscript)
    parts = [node.target.value, node.target.slice] if item else [node.target.value]
    found = in_order(ctx, parts, out, hint, expression)
    found = [kept(ctx, a, [node.value], out, node) for a in found]
    owner, key = found[0], found[1] if item else Const(node.target.attr)
    place = "item" if item else "attribute"
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
    """`del a[i]` and `del a.f`; names are not for this function."""
    match target:
        case gast.Attribute(value=owner, attr=attr):
            (atom,) = in_order(ctx, [owner], out, hint_of(owner), expression)
            out.append(Store(builtins.delattr, atom, Const(attr), None, "attribute", loc))
        case gast.Subscript(value=owner, slice=index):
            atom, key = in_order(ctx, [owner, index], out, hint_of(owner), expression)
            out.append(Store(operator.delitem, atom, key, None, "item", loc))
        case _:
            raise Verbatim("del")
