"""What stands in the text for a value that a function has as a default."""

from __future__ import annotations

import enum
import types
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Const, Ref

__all__ = ["is_literal", "literal_or_function"]


def literal_or_function(value: Any) -> ir.Atom | None:
    """A literal, a tuple of such, a class, or a function that captures nothing; None: no such."""
    if is_literal(value):
        return Const(value)
    own = getattr(value, "__self__", None)
    known = isinstance(value, (np.ufunc, enum.Enum)) or (
        isinstance(value, type) and "<locals>" not in value.__qualname__) or (
        isinstance(value, types.FunctionType) and value.__closure__ is None) or (
        isinstance(value, types.BuiltinFunctionType) and (
            own is None or isinstance(own, types.ModuleType)))
    return Ref(value) if known else None


def is_literal(value: Any) -> bool:
    """Whether a value is written as it is read, and cannot be written into.

    >>> is_literal((1.0, ("a", None))), is_literal(([],)), is_literal(float("inf"))
    (True, False, True)
    """
    if type(value) is tuple:
        return all(map(is_literal, value))
    return type(value) in (int, float, str, bool, type(None))
