"""`sorted(d)`, `list(d)` and their like, of the keys of a dict, which have no derivative."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import Bind, Function, Ref, Stmt, Var, replace
from s2sdiff.runtime import values
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.reach_of_wrt import varying

__all__ = ["written"]

_TAKING = (sorted, list, tuple, min, max, set, frozenset)


def written(function: Function, context: Context) -> Function:
    """The function with lists of keys in the place of dicts; itself where there are none."""
    if ir.called(function).isdisjoint(map(id, _TAKING)):
        return function
    varies = varying(list(ir.statements(function)), context.request.wrt)

    def of_keys(s: Stmt) -> list[Stmt] | None:
        if not isinstance(s, Bind) or not any(map(s.calls, _TAKING)) or len(s.args) != 1:
            return None
        (given,) = s.args
        if not isinstance(given, Var) or kind_of_atom(given, context).type is not dict or not (
                given.name in varies or context.request.places):
            return None
        keys = context.names("keys")
        return [Bind((keys,), Ref(values.keys_of), (given,), (), s.loc),
                replace(s, args=(Var(keys),))]

    body = ir.rewritten(function.body, of_keys)
    return function if body is function.body else replace(function, body=body)
