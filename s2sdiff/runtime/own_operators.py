"""What the class of an operand says of an operator, for calls whose cotangents travel by value."""

from __future__ import annotations

import math
import operator
import types
from typing import Any

import numpy as np

from s2sdiff.runtime.values import plain

__all__ = ["DUNDERS", "overload", "reflected", "walks_as_tuple"]

DUNDERS = {
    operator.add: ("__add__", "__radd__"), operator.sub: ("__sub__", "__rsub__"),
    operator.mul: ("__mul__", "__rmul__"), operator.truediv: ("__truediv__", "__rtruediv__"),
    operator.pow: ("__pow__", "__rpow__"), operator.matmul: ("__matmul__", "__rmatmul__"),
    operator.neg: ("__neg__", None), operator.getitem: ("__getitem__", None),
    abs: ("__abs__", None), operator.pos: ("__pos__", None),
    operator.floordiv: ("__floordiv__", "__rfloordiv__"), operator.mod: ("__mod__", "__rmod__"),
    operator.lshift: ("__lshift__", "__rlshift__"), operator.rshift: ("__rshift__", "__rrshift__"),
    operator.invert: ("__invert__", None), round: ("__round__", None),
    math.floor: ("__floor__", None), math.ceil: ("__ceil__", None),
    math.trunc: ("__trunc__", None), divmod: ("__divmod__", "__rdivmod__"),
}


def walks_as_tuple(value: Any) -> bool:
    """What library rules speak of, or what is a tuple for whoever walks over it."""
    return plain(value) or (
        isinstance(value, tuple) and all(map(plain, tuple.__iter__(value)))
        and not any(isinstance(getattr(type(value), name, None), types.FunctionType)
                    for name in ("__iter__", "__len__", "__getitem__", "__array__")))


def reflected(fn: Any, args: tuple) -> Any:
    """The Python method by which the class of the second operand overloads an operator."""
    names = DUNDERS.get(fn) if isinstance(fn, types.BuiltinFunctionType) else None
    # NumPy's numbers make an array of a sequence, and ask nobody.
    if names is None or names[1] is None or len(args) != 2 or not (
            type(args[0]) in (int, float, complex) or _gives_way(*args)):
        return None
    method = getattr(type(args[1]), names[1], None)
    return method if isinstance(method, types.FunctionType) else None


def _gives_way(x: Any, other: Any) -> bool:
    """Whether an array leaves an operator to the other operand, by the rules of NumPy."""
    cls = type(other)
    if not isinstance(x, (np.ndarray, np.inexact)) or isinstance(other, (np.ndarray, np.generic)):
        return False
    if hasattr(cls, "__array_ufunc__"):
        return cls.__array_ufunc__ is None
    return getattr(cls, "__array_priority__", -np.inf) > getattr(x, "__array_priority__", 0.0)


def overload(fn: Any, args: tuple) -> Any:
    """The Python method by which a user's class overloads an operator."""
    names = DUNDERS.get(fn) if isinstance(fn, types.BuiltinFunctionType) else None
    if names is None or isinstance(args[0], np.ndarray):
        return None
    method = getattr(type(args[0]), names[0], None)
    return method if isinstance(method, types.FunctionType) else None
