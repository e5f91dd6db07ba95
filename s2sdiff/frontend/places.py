"""What can be assigned to, once the value is known: names, items, attributes, several at once."""

from __future__ import annotations

import builtins
import keyword
import operator
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend.context import Context, Verbatim, bind, fresh
from s2sdiff.frontend.functions import own_cell
from s2sdiff.frontend.order import Lower, in_order
from s2sdiff.ir import Atom, Bind, Const, Loc, Move, Pattern, Ref, Stmt, Store, Var
from s2sdiff.runtime import standins_flat

__all__ = ["SEQUENCES", "bind_name", "hint_of", "pattern", "refuse_hidden", "refuse_outside",
           "simple", "store"]

SEQUENCES = (gast.Tuple, gast.List)


def hint_of(target: Any) -> str:
    """What temporaries of an assignment to `target` are named after."""
    match target:
        case gast.Name(id=name):
            return name if name.strip("_") else "value"
        case gast.Attribute(attr=name):
            stem = name.strip("_")
            usable = stem.isidentifier() and not keyword.iskeyword(stem)  # no `lambda`, no `1x`
            return stem if usable else name if stem else "value"
        case gast.Subscript(value=value) | gast.Starred(value=value):
            return hint_of(value)
        case gast.Tuple(elts=[first, *_]) | gast.List(elts=[first, *_]):
            return hint_of(first)
    return "value"


def simple(ctx: Context, target: Any) -> bool:
    """A variable of the function itself."""
    return isinstance(target, gast.Name) and target.id not in ctx.declared


def refuse_outside(ctx: Context, name: str) -> None:
    """Keep statements whole that bind a `global` name in a way of their own."""
    if name in ctx.declared and (name not in ctx.outer or ctx.verbatim):
        raise Verbatim(f"assignment to the outside name {name}")


def refuse_hidden(ctx: Context, name: str) -> None:
    """Keep statements whole that assign an outside name of which one does not know what it is.

    A class calls `__x` by another name, and what is nested may be kept as it is written.
    """
    if name in ctx.declared and (ctx.verbatim or (name not in ctx.outer and name[:2] == "__")):
        raise Verbatim(f"assignment to the outside name {name}")


def store(ctx: Context, target: Any, value: Atom, out: list[Stmt], loc: Loc,
          lower: Lower) -> None:
    """Write a value that is already computed to one target."""
    match target:
        case gast.Name(id=name):
            bind_name(ctx, name, value, out, target)
        case gast.Attribute(value=owner, attr=attr):
            (atom,) = in_order(ctx, [owner], out, hint_of(owner), lower)
            out.append(Store(builtins.setattr, atom, Const(attr), value, "attribute", loc))
        case gast.Subscript(value=gast.Attribute(value=owner, attr="flat"), slice=index):
            atom, key = in_order(ctx, [owner, index], out, hint_of(owner), lower)
            out.append(Bind((), Ref(standins_flat.put), (atom, key, value), (), loc))
        case gast.Subscript(value=owner, slice=index):
            atom, key = in_order(ctx, [owner, index], out, hint_of(owner), lower)
            out.append(Store(operator.setitem, atom, key, value, "item", loc))
        case gast.Starred(value=inner):
            store(ctx, inner, value, out, loc, lower)
        case gast.Tuple(elts=elements) | gast.List(elts=elements):
            _unpack(ctx, elements, value, out, loc, lower)
        case _:
            raise Verbatim(f"assignment to {type(target).__name__}")


def bind_name(ctx: Context, name: str, value: Atom, out: list[Stmt], node: Any) -> None:
    """`name = value`; a `nonlocal` name is the contents of a cell that the function captures, a
    `global` one an item of `globals()`."""
    refuse_hidden(ctx, name)
    loc = ctx.loc(node)
    if name in ctx.declared and name not in ctx.outer:
        space = bind(ctx, out, fresh(ctx, "names"), Ref(builtins.globals, "globals"), (), node)
        out.append(Store(operator.setitem, space, Const(name), value, "item", loc))
    elif name in ctx.declared:
        cell = own_cell(ctx, name, out, node)
        out.append(Store(builtins.setattr, cell, Const("cell_contents"), value, "attribute", loc))
    else:
        out.append(Move((name,), (value,), loc))


def _unpack(ctx: Context, elements: list[Any], value: Atom, out: list[Stmt], loc: Loc,
            lower: Lower) -> None:
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
            refuse_hidden(ctx, n.id)
        direct = simple(ctx, n) and n.id not in names
        names.append(n.id if direct else fresh(ctx, hint_of(n)))
    # Python stores from left to right; a name read by a later target has to be bound by then,
    # and a name bound twice keeps the last value.
    out.append(Bind(tuple(names), Ref(ops.unpack), (value, Const(before), after), (), loc))
    for n, name in zip(plain, names, strict=True):
        if not (isinstance(n, gast.Name) and n.id == name):
            store(ctx, n, Var(name), out, loc, lower)


def pattern(ctx: Context, target: Any) -> Pattern | None:
    """A loop's target as plain names, or None where it needs more than that."""
    names = [n.id for n in gast.walk(target) if isinstance(n, gast.Name)]
    if len(set(names)) < len(names):
        return None
    if isinstance(target, gast.Name):
        return target.id if simple(ctx, target) else None
    if isinstance(target, SEQUENCES) and target.elts:
        inner = [pattern(ctx, n) for n in target.elts]
        return None if None in inner else tuple(p for p in inner if p is not None)
    return None
