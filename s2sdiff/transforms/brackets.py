"""What `np.r_[a, 0.0, b]` and `np.c_[a, b]` of vectors and numbers are calls of."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Ref, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms import parts

__all__ = ["BUILDERS", "function_of", "joins", "kind_of"]

_ROWS, _COLUMNS = Ref(np.r_), Ref(np.c_)
BUILDERS = (_ROWS, _COLUMNS)


def joins(s: ir.Stmt) -> bool:
    return isinstance(s, Bind) and s.calls(operator.getitem) and s.args[0] in BUILDERS


def function_of(builder: Any, kind: Kind) -> Any:
    """The function of a sequence that does what the brackets do; None if there is none."""
    if kind.type is not tuple or not kind.items:
        return None
    if builder == _ROWS and all(k.is_array and k.shape for k in kind.items):
        return np.concatenate
    if builder == _ROWS and all(map(_in_a_row, kind.items)) and \
            any(k.is_array for k in kind.items):
        return np.hstack
    if builder == _COLUMNS and all(
            k.is_array and k.shape is not None and len(k.shape) in (1, 2) for k in kind.items):
        return np.column_stack
    return None


def _in_a_row(kind: Kind) -> bool:
    """In double precision, as numbers of Python's are for a function, but not for `np.r_`."""
    vector = kind.is_array and kind.shape is not None and len(kind.shape) == 1
    return (vector and kind.dtype == np.float64) or kind.is_float or kind.type is int or (
        kind.is_scalar and kind.dtype == np.float64)


def kind_of(bind: Bind, key: Kind) -> Kind:
    fn = function_of(bind.args[0], key)
    return ANY if fn is None else parts.joined(
        replace(bind, fn=Ref(fn), args=bind.args[1:]), [key])
