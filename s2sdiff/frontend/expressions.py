"""Expressions to three-address form: each operation becomes one Bind, in Python's order.

`expression` returns the atom that holds the value.  With `want` the last operation binds that name
itself; without, it binds a temporary named after what it holds.
"""

from __future__ import annotations

import builtins
import operator
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend.branches import boolean, compare, conditional, direct
from s2sdiff.frontend.calls import call
from s2sdiff.frontend.comprehensions import comprehension
from s2sdiff.frontend.context import Context, Unfit, bind, fresh
from s2sdiff.frontend.formatted import formatted
from s2sdiff.frontend.functions import function_value, generator_value
from s2sdiff.frontend.looping import loops_well
from s2sdiff.frontend.opaque import opaque
from s2sdiff.frontend.order import in_order
from s2sdiff.frontend.places import bind_name, refuse_hidden
from s2sdiff.ir import Atom, Const, Move, Stmt, Var
from s2sdiff.runtime import flat_iterators, standins_flat
from s2sdiff.runtime.drawing_now import items_ahead

__all__ = ["BINARY", "expression"]

BINARY = {
    gast.Add: operator.add, gast.Sub: operator.sub, gast.Mult: operator.mul,
    gast.Div: operator.truediv, gast.FloorDiv: operator.floordiv, gast.Mod: operator.mod,
    gast.Pow: operator.pow, gast.MatMult: operator.matmul, gast.LShift: operator.lshift,
    gast.RShift: operator.rshift, gast.BitAnd: operator.and_, gast.BitOr: operator.or_,
    gast.BitXor: operator.xor,
}
_UNARY = {
    gast.USub: operator.neg, gast.UAdd: operator.pos, gast.Invert: operator.invert,
    gast.Not: operator.not_,
}
_DISPLAYS = {gast.Tuple: ops.tuple_, gast.List: ops.list_, gast.Set: ops.set_}


def expression(
    ctx: Context, node: Any, out: list[Stmt], hint: str, want: str | None = None
) -> Atom:
    """Append what computes `node` to `out`; the atom that holds its value."""

    def target() -> str:
        return want if want is not None else fresh(ctx, hint)

    def several(nodes: Any) -> list[Any]:
        return in_order(ctx, nodes, out, hint, expression)

    match node:
        case gast.Constant(value=value):
            return Const(value)
        case gast.Name(id="__debug__"):
            return Const(__debug__)
        case gast.Name(id=name):
            if name in ctx.delayed:
                raise Unfit(ctx.delayed[name].written)
            if name in ctx.generators:
                raise Unfit(ctx.generators[name])
            return ctx.atom(name)
        case gast.BinOp(left=left, op=op, right=right):
            args = several([left, right])
            return bind(ctx, out, target(), BINARY[type(op)], args, node)
        case gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=value)) if type(value) in (
            int, float, complex,
        ):
            return Const(-value)
        case gast.UnaryOp(op=op, operand=operand):
            args = several([operand])
            return bind(ctx, out, target(), _UNARY[type(op)], args, node)
        case gast.Compare():
            return compare(ctx, node, out, hint, want, expression)
        case gast.BoolOp():
            return boolean(ctx, node, out, hint, want, expression)
        case gast.IfExp():
            return conditional(ctx, node, out, hint, want, expression)
        case gast.NamedExpr(target=gast.Name(id=name), value=value):
            refuse_hidden(ctx, name)
            if name in ctx.declared:
                atom = expression(ctx, value, out, name)
                bind_name(ctx, name, atom, out, node)
                return atom
            atom = expression(ctx, value, out, name, direct(ctx, name, value))
            if atom != Var(name) or isinstance(value, gast.Name):
                out.append(Move((name,), (atom,), ctx.loc(node)))
            return Var(name)
        case gast.Tuple() | gast.List() | gast.Set():
            constant = _constant(node)
            if constant is not None:
                return constant
            ahead = items_ahead if isinstance(node, gast.Set) else None
            args = in_order(ctx, node.elts, out, hint, expression, ahead=ahead)
            return bind(ctx, out, target(), _DISPLAYS[type(node)], args, node)
        case gast.Dict(keys=keys, values=values) if None not in keys:
            args = several([n for pair in zip(keys, values, strict=True) for n in pair])
            return bind(ctx, out, target(), ops.dict_, args, node)
        case gast.Dict():
            return _joined(ctx, node, out, hint, target)
        case gast.Attribute(value=owner, attr="flat") if id(node) in ctx.flats:
            (atom,) = several([owner])
            writes = ctx.flats[id(node)]
            if writes is None:
                return bind(ctx, out, target(), flat_iterators.flat, (atom,), node)
            return bind(ctx, out, target(), standins_flat.items, (atom, Const(writes)), node)
        case gast.Subscript(value=gast.Attribute(value=owner, attr="flat"), slice=index):
            args = several([owner, index])
            return bind(ctx, out, target(), standins_flat.item, args, node)
        case gast.Attribute(value=owner, attr=attr):
            (atom,) = several([owner])
            name = want if want is not None else _field(ctx, owner, attr, hint)
            return bind(ctx, out, name, builtins.getattr, (atom, Const(attr)), node)
        case gast.Subscript(value=owner, slice=index):
            atom, key = several([owner, index])
            name = want if want is not None else _item(ctx, owner, index, hint)
            return bind(ctx, out, name, operator.getitem, (atom, key), node)
        case gast.Slice(lower=lower, upper=upper, step=step):
            none = gast.Constant(None, None)
            args = several([n if n is not None else none for n in (lower, upper, step)])
            return bind(ctx, out, target(), builtins.slice, args, node)
        case gast.ListComp() | gast.SetComp() | gast.DictComp() if loops_well(node):
            return comprehension(ctx, node, out, hint, want, expression)
        case gast.Call():
            return call(ctx, node, out, hint, want, expression)
        case gast.Lambda():
            name = target()
            made = function_value(ctx, node, out, name, expression)
            return made if made is not None else opaque(ctx, node, out, name)
        case gast.GeneratorExp():
            name = target()
            made = generator_value(ctx, node, out, name, expression)
            return made if made is not None else opaque(ctx, node, out, name)
        case gast.JoinedStr():
            return formatted(ctx, node, out, target(), expression)
        case _:
            return opaque(ctx, node, out, target())


def _joined(ctx: Context, node: Any, out: list[Stmt], hint: str, target: Any) -> Atom:
    """`{**d, k: v}`, each part as a dict, joined in their order."""
    parts: list[tuple[Any, list[Any]]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            parts.append((builtins.dict, [value]))
        elif parts and parts[-1][0] is ops.dict_:
            parts[-1][1].extend((key, value))
        else:
            parts.append((ops.dict_, [key, value]))
    joined: Atom | None = None
    for position, (make, nodes) in enumerate(parts):
        last = position == len(parts) - 1
        args = in_order(ctx, nodes, out, hint, expression)
        name = target() if last and joined is None else fresh(ctx, hint)
        made = bind(ctx, out, name, make, args, node)
        if joined is not None:
            name = target() if last else fresh(ctx, hint)
            made = bind(ctx, out, name, operator.or_, (joined, made), node)
        joined = made
    assert joined is not None
    return joined


def _item(ctx: Context, owner: Any, index: Any, hint: str) -> str:
    """What `x[i]` and `p["w"]` are called: `x_i`, `p_w`."""
    if not isinstance(owner, gast.Name):
        return fresh(ctx, hint)
    key = index.id if isinstance(index, gast.Name) else getattr(index, "value", None)
    if isinstance(key, str) and key.isidentifier() and key.strip("_"):
        return fresh(ctx, f"{owner.id}_{key}", exact=True)
    return fresh(ctx, owner.id)


def _constant(node: Any) -> Const | None:
    if not isinstance(node, gast.Tuple):
        return None
    values = []
    for n in node.elts:
        if isinstance(n, gast.Tuple):
            inner = _constant(n)
        elif isinstance(n, gast.Constant):
            inner = Const(n.value)
        elif isinstance(n, gast.UnaryOp) and isinstance(n.operand, gast.Constant):
            negative = isinstance(n.op, gast.USub) and type(n.operand.value) in (int, float)
            inner = Const(-n.operand.value) if negative else None
        else:
            inner = None
        if inner is None:
            return None
        values.append(inner.value)
    return Const(tuple(values))


def _field(ctx: Context, owner: Any, attr: str, hint: str) -> str:
    name = f"{owner.id}_{attr}" if isinstance(owner, gast.Name) else attr
    return fresh(ctx, name, exact=isinstance(owner, gast.Name))
