"""`a.flat = v`, `a.real = v` and `a.imag = v` of known arrays, as the items that they write.

As items they are written into views, whose adjoints and tangents are plain text.
"""

from __future__ import annotations

import builtins
import operator

from s2sdiff import ir
from s2sdiff.ir import Atom, Bind, Block, Const, Function, Ref, Stmt, Store, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import standins_flat
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function with such writes as items; itself where there are none."""
    if not any(isinstance(s, Store) and s.fn is builtins.setattr
               for s in ir.statements(function)):
        return function
    body = _block(function.body, context)
    return function if body is function.body else replace(function, body=body)


def _block(block: Block, context: Context) -> Block:
    out: list[Stmt] = []
    changed = False
    for s in block:
        inner = ir.blocks(s)
        if inner:
            made = tuple([_block(b, context) for b in inner])
            if any(a is not b for a, b in zip(made, inner, strict=True)):
                s, changed = ir.with_blocks(s, made), True
        elif isinstance(s, Store) and s.fn is builtins.setattr:
            items = _items(s, context)
            if items:
                out += items[:-1]
                s, changed = items[-1], True
        out.append(s)
    return tuple(out) if changed else block


def _items(s: Store, context: Context) -> list[Stmt]:
    """The statements that do the same, the last of which writes; none where that is not known."""
    kind, name = kind_of_atom(s.target, context), getattr(s.key, "value", None)
    if not kind.is_array or kind.field == "int" or s.value is None:
        return []
    before: list[Stmt] = []

    def bound(fn: object, *args: Atom) -> Var:
        made = context.names(f"{getattr(s.target, 'name', 'array')}_{name}")
        context.kinds[made] = ANY
        before.append(Bind((made,), Ref(fn), args, (), s.loc))
        return Var(made)

    target, value = s.target, s.value
    if name == "flat":
        if not kind_of_atom(value, context).is_scalar:
            value = bound(standins_flat.filled, target, value)
    elif name in ("real", "imag") and kind.field == "complex":
        target = bound(getattr, target, Const(name))
    elif name != "real":
        return []
    return [*before, replace(s, fn=operator.setitem, target=target, key=Const(...), value=value,
                             place="item")]
