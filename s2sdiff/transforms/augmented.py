"""`x += v` settled by kinds: an addition where x is a number, a write where x is an array.

`a[i] += v` and `o.f += v` become what Python does: a read, the operator, and a write; an array's
item is left as the one write that it is.
"""

from __future__ import annotations

import operator

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Function, Move, Ref, Star, Store, Var, replace
from s2sdiff.transforms import resized
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.tiers import once, several

__all__ = ["settle"]

_IN_PLACE = frozenset(map(id, ops.IN_PLACE))


def settle(function: Function, context: Context) -> Function:
    """In-place operators as what they are for the kinds that they are applied to."""
    if _IN_PLACE.isdisjoint(ir.called(function)):
        return function
    return replace(function, body=_block(function.body, context))


def _block(block: Block, context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            out.append(ir.with_blocks(s, tuple(_block(b, context) for b in inner)))
        elif isinstance(s, Bind) and isinstance(s.fn, Ref):
            out += _named(s, context)
        elif isinstance(s, Store) and s.fn in ops.IN_PLACE:
            out += _stored(s, context)
        else:
            out.append(s)
    return ir.unless_same(out, block)


def _named(s: Bind, context: Context) -> list[ir.Stmt]:
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn in ops.RESHAPING:
        return [s] if kind_of_atom(s.args[0], context).is_array else resized.as_it_was(s)
    if fn is None or getattr(fn, "__module__", "") != "_operator" or fn not in ops.IN_PLACE or \
            len(s.args) != 2:
        return [s]
    target, value = s.args
    kind = kind_of_atom(target, context)
    if kind.is_scalar or kind.type in (tuple, str, int, bool):
        return [replace(s, fn=Ref(ops.IN_PLACE[fn]))]
    if kind.is_array and isinstance(target, Var) and not isinstance(value, Star) and \
            len(s.targets) == 1 and fn is not operator.imatmul:
        store = Store(fn, target, None, value, "name", s.loc)
        return [store, Move(s.targets, (target,), s.loc)]
    return [s]


def _stored(s: Store, context: Context) -> list[ir.Stmt]:
    kind = kind_of_atom(s.target, context)
    if s.place == "name":
        return [s]
    if s.place == "item" and kind.is_array and s.fn is not operator.imatmul and \
            isinstance(s.key, ir.Const | Var | ir.Ref | ir.Free) and (
                once(kind_of_atom(s.key, context)) or several(kind_of_atom(s.key, context))):
        return [s]
    read, write = (operator.getitem, operator.setitem) if s.place == "item" else (getattr, setattr)
    old, new = context.names("item_1"), context.names("item_1")
    assert s.key is not None
    assert s.value is not None
    each = kind.under if s.place == "item" else None
    if s.place == "item" and kind_of_atom(s.key, context).type is int:
        each = each or kind.each
    fn = ops.IN_PLACE[s.fn] if each is not None and each.is_scalar else s.fn
    update = Bind((new,), Ref(fn), (Var(old), s.value), (), s.loc)
    return [Bind((old,), Ref(read), (s.target, s.key), (), s.loc), update,
            Store(write, s.target, s.key, Var(new), s.place, s.loc)]
