"""`np.r_[a, 0.0, b]` and `np.c_[a, b]` as functions that do the same."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Function, Ref, Var, replace
from s2sdiff.runtime import joined
from s2sdiff.transforms.brackets import BUILDERS, function_of, joins
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]

#: What has a rule of its own, whatever is joined.
_ANYTHING: dict[Any, Any] = dict(zip(BUILDERS, (joined.rows, joined.columns), strict=True))


def written(function: Function, context: Context) -> Function:
    """The function with such joins as calls; itself where there are none."""
    if not any(map(joins, ir.statements(function))):
        return function

    def call(s: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
        if not joins(s) or not isinstance(s, Bind) or not isinstance(s.args[1], Var):
            return None
        kind = kind_of_atom(s.args[1], context)
        fn = function_of(s.args[0], kind)
        if fn is None and not (kind.items and all(k.is_number or k.type in (str, slice)
                                                  for k in kind.items)):
            fn = _ANYTHING[s.args[0]]
        return None if fn is None else (replace(s, fn=Ref(fn), args=s.args[1:]),)

    body = ir.rewritten(function.body, call)
    return function if body is function.body else replace(function, body=body)
