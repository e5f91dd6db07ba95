"""`np.array(items, dtype=float)` of floats is `np.array(items)`, whose pullback is simpler."""

from __future__ import annotations

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Function, replace
from s2sdiff.kinds import ANY
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.transfer import told_dtype

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function without dtypes that arrays would have anyway; itself where there are none."""
    def plain(s: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
        if not isinstance(s, Bind) or not (s.calls(np.array) or s.calls(np.asarray)) or \
                not s.args or [k for k, _ in s.kwargs] not in ([], ["dtype"]):
            return None
        kinds = [kind_of_atom(a, context) for a in ir.plain_args(s)]
        each = kinds[0].each or (kinds[0].items[0] if kinds[0].type in (list, tuple)
                                 and kinds[0].items and len({*kinds[0].items}) == 1 else ANY)
        if len(kinds) + len(s.kwargs) != 2 or not (each.type is float or (
                each.is_scalar and each.dtype == np.float64)):
            return None
        told = told_dtype(s, kinds, context)
        return (replace(s, args=s.args[:1], kwargs=()),) if told == np.float64 else None

    body = ir.rewritten(function.body, plain)
    return function if body is function.body else replace(function, body=body)
