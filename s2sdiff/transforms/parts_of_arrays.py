"""`a.flat = v`, `a.real = v` and `a.imag = v` of known arrays, as the items that they write.

As items they are written into views, whose adjoints and tangents are plain text.
"""

from __future__ import annotations

import builtins
import operator

from s2sdiff import ir
from s2sdiff.ir import Atom, Bind, Const, Function, Ref, Stmt, Store, Var, replace
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
    body = ir.rewritten(function.body, lambda s: _items(s, context))
    return function if body is function.body else replace(function, body=body)


def _items(s: Stmt, context: Context) -> list[Stmt] | None:
    """The statements that do the same, the last of which writes; None where that is not known."""
    if not isinstance(s, Store) or s.fn is not builtins.setattr:
        return None
    kind, name = kind_of_atom(s.target, context), getattr(s.key, "value", None)
    if not kind.is_array or kind.field == "int" or s.value is None:
        return None
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
        return None
    return [*before, replace(s, fn=operator.setitem, target=target, key=Const(...), value=value,
                             place="item")]
