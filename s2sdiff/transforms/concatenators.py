"""`np.r_[a, 0.0, b]` and `np.c_[a, b]` of vectors and numbers, as functions that do the same."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Function, Ref, Var, replace
from s2sdiff.kinds import Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]

_ROWS, _COLUMNS = Ref(np.r_), Ref(np.c_)


def written(function: Function, context: Context) -> Function:
    """The function with such joins as calls; itself where there are none."""
    if not any(_joins(s) for s in ir.statements(function)):
        return function

    def call(s: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
        if not _joins(s) or not isinstance(s, Bind) or not isinstance(s.args[1], Var):
            return None
        kind = kind_of_atom(s.args[1], context)
        if kind.type is not tuple or not kind.items:
            return None
        fn: Any = None
        if s.args[0] == _ROWS and all(k.is_array and k.shape for k in kind.items):
            fn = np.concatenate
        elif s.args[0] == _ROWS and all(map(_in_a_row, kind.items)) and \
                any(k.is_array for k in kind.items):
            fn = np.hstack
        elif s.args[0] == _COLUMNS and all(
                k.is_array and k.shape is not None and len(k.shape) in (1, 2)
                for k in kind.items):
            fn = np.column_stack
        return None if fn is None else (replace(s, fn=Ref(fn), args=s.args[1:]),)

    body = ir.rewritten(function.body, call)
    return function if body is function.body else replace(function, body=body)


def _joins(s: ir.Stmt) -> bool:
    return isinstance(s, Bind) and s.calls(operator.getitem) and s.args[0] in (_ROWS, _COLUMNS)


def _in_a_row(kind: Kind) -> bool:
    """In double precision, as numbers of Python's are for a function, but not for `np.r_`."""
    vector = kind.is_array and kind.shape is not None and len(kind.shape) == 1
    return (vector and kind.dtype == np.float64) or kind.is_float or kind.type is int or (
        kind.is_scalar and kind.dtype == np.float64)
