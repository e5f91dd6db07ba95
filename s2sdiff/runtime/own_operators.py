"""What the class of an operand says of an operator, for calls whose cotangents travel by value."""

from __future__ import annotations

import math
import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.standins_operators import unequal
from s2sdiff.runtime.values import Slots, is_inert, plain

__all__ = [
    "DUNDERS", "TAKING_OVER", "asked", "asks_with_number", "method_of", "nobody_answers",
    "number_of",
    "of_arrays_or_tuples", "overload", "reflected", "takes_over", "truth_alone", "walks_as_tuple",
]

DUNDERS = {
    operator.add: ("__add__", "__radd__"), operator.sub: ("__sub__", "__rsub__"),
    operator.mul: ("__mul__", "__rmul__"), operator.truediv: ("__truediv__", "__rtruediv__"),
    operator.pow: ("__pow__", "__rpow__"), operator.matmul: ("__matmul__", "__rmatmul__"),
    operator.neg: ("__neg__", None), operator.getitem: ("__getitem__", None),
    abs: ("__abs__", None), operator.pos: ("__pos__", None),
    operator.floordiv: ("__floordiv__", "__rfloordiv__"), operator.mod: ("__mod__", "__rmod__"),
    operator.and_: ("__and__", "__rand__"), operator.or_: ("__or__", "__ror__"),
    operator.xor: ("__xor__", "__rxor__"),
    operator.lt: ("__lt__", "__gt__"), operator.le: ("__le__", "__ge__"),
    operator.gt: ("__gt__", "__lt__"), operator.ge: ("__ge__", "__le__"),
    operator.eq: ("__eq__", "__eq__"), operator.ne: ("__ne__", "__ne__"),
    operator.lshift: ("__lshift__", "__rlshift__"), operator.rshift: ("__rshift__", "__rrshift__"),
    operator.invert: ("__invert__", None), round: ("__round__", None),
    math.floor: ("__floor__", None), math.ceil: ("__ceil__", None),
    math.trunc: ("__trunc__", None), divmod: ("__divmod__", "__rdivmod__"),
}


#: What dataclasses compare by.
_TELLING = ("__eq__", "__lt__", "__le__", "__gt__", "__ge__")


def method_of(cls: type, name: str) -> Any:
    """The method of a class by which it has a say in an operator, or None.

    What only tells whether it is equal tells as well whether it is not.
    """
    found = getattr(cls, name, None)
    if found is object.__ne__ and isinstance(cls.__eq__, types.FunctionType):
        return None if _is_made(cls.__eq__) else unequal
    return None if name in _TELLING and _is_made(found) else found


def _is_made(method: Any) -> bool:
    """What dataclasses write, and what gives a truth alone."""
    return isinstance(method, types.FunctionType) and method.__code__.co_filename == "<string>"


def walks_as_tuple(value: Any) -> bool:
    """What library rules speak of, or what is a tuple for whoever walks over it."""
    return plain(value) or (
        isinstance(value, tuple) and all(map(plain, tuple.__iter__(value)))
        and not any(isinstance(getattr(class_of(value), name, None), types.FunctionType)
                    for name in ("__iter__", "__len__", "__getitem__", "__array__")))


def of_arrays_or_tuples(fn: Any, args: tuple) -> bool:
    """An operator of two, one of them an array: it makes an array of a tuple, and asks nobody.

    Nor do tuples that are joined, if their classes have nothing of their own for it.
    """
    return DUNDERS[fn][1] is not None and len(args) == 2 and (
        any(class_of(a) is np.ndarray for a in args)
        or (fn is operator.add and all(isinstance(a, tuple) for a in args)))


def reflected(fn: Any, args: tuple) -> Any:
    """The Python method by which the class of the second operand overloads an operator."""
    names = DUNDERS.get(fn) if isinstance(fn, types.BuiltinFunctionType) else None
    if names is None or names[1] is None or len(args) != 2:
        return None
    x, y = args
    # NumPy's numbers make an array of a sequence, and ask nobody.
    if class_of(x) not in (int, float, complex) and not _gives_way(x, y) and not _may_pass(
            class_of(x), class_of(y), names[0], fn in _COMPARED) and (
                fn in _COMPARED or not asks_with_number(x, y)):
        return None
    method = method_of(class_of(y), names[1])
    return method if isinstance(method, types.FunctionType) else None


_COMPARED = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)


def _may_pass(first: type, second: type, name: str, compared: bool) -> bool:
    """Whether a class that is written in Python leaves an operator to that of the other operand."""
    if not first.__flags__ & 1 << 9 or (first is second and not compared):
        return False
    own = method_of(first, name)
    return isinstance(own, types.FunctionType) or own is getattr(object, name, None)


def _gives_way(x: Any, other: Any) -> bool:
    """Whether an array leaves an operator to the other operand, by the rules of NumPy."""
    cls = class_of(other)
    if not isinstance(x, (np.ndarray, np.inexact)) or isinstance(other, (np.ndarray, np.generic)):
        return False
    if hasattr(cls, "__array_ufunc__"):
        return cls.__array_ufunc__ is None
    return getattr(cls, "__array_priority__", -np.inf) > getattr(x, "__array_priority__", 0.0)


def asks_with_number(x: Any, other: Any) -> bool:
    """Whether NumPy takes an object for a number of its own kind, and asks it with Python's.

    >>> asks_with_number(np.float64(2.0), object()), asks_with_number(2.0, object())
    (True, False)
    """
    return isinstance(x, _SCALARS) and not any(hasattr(other, name) for name in _OF_ARRAYS)


#: NumPy's numbers that are as precise as Python's, or less.
_SCALARS: Any = (np.integer, np.float16, np.float32, np.float64, np.complex64, np.complex128)
_PLAIN = frozenset({int, bool, float, complex})
#: With these, NumPy hands the number over as it is, or takes the object for a sequence.
_OF_ARRAYS = ("__array__", "__array_interface__", "__array_struct__", "__array_ufunc__",
              "__array_priority__", "__len__")


def nobody_answers(fn: Any, args: tuple) -> bool:
    """Whether an operator on numbers and objects surely raises Python's own TypeError.

    >>> nobody_answers(operator.mul, (0.5, object())), nobody_answers(operator.mul, (0.5, 2.0))
    (True, False)
    """
    names = DUNDERS.get(fn) if isinstance(fn, types.BuiltinFunctionType) else None
    if names is None or fn in _COMPARED:
        return False
    others = [x for x in args if type(x) not in _PLAIN and not isinstance(x, np.generic)]
    asked = [n for n in names if n is not None]
    return bool(others) and not any(
        isinstance(x, np.ndarray) or hasattr(class_of(x), name)
        for x in others for name in (*asked, *_OF_ARRAYS))


def overload(fn: Any, args: tuple) -> Any:
    """The Python method by which a user's class overloads an operator."""
    names = DUNDERS.get(fn) if isinstance(fn, types.BuiltinFunctionType) else None
    if names is None or isinstance(args[0], np.ndarray):
        return None
    method = method_of(class_of(args[0]), names[0])
    return method if isinstance(method, types.FunctionType) else None


def asked(fn: Any, wrt: Slots, args: tuple, call: Callable[..., tuple[Any, Any]]) -> Any:
    """What `call` gives for the methods of the operands' classes, in the order in which Python asks
    them; None where none is written in Python, or has an answer.
    """
    ways = [(overload(fn, args), wrt, args)]
    if len(args) == 2:
        swapped = tuple([1 - slot for slot in wrt if isinstance(slot, int)])
        x, y = args
        if fn not in _COMPARED and asks_with_number(x, y):
            x = x.item()
        ways.append((reflected(fn, args), swapped, (y, x)))
        first, second = map(class_of, args)
        if first is not second and issubclass(second, first):
            ways.reverse()
    for method, slots, given in ways:
        if method is not None:
            value, pullback = call(method, slots, given)
            if value is not NotImplemented:
                return value, pullback
    return None


def truth_alone(fn: Any, args: tuple, value: Any) -> Any:
    """The value, but where a comparison has given something that may have a derivative.

    Neither has what NumPy rounds or tells of, but where it asks a class of the user's.
    """
    if is_inert(value):
        return value
    if fn in _COMPARED and not all(isinstance(a, (np.ndarray, np.generic)) for a in args):
        raise refusal(UnsupportedError, f"a comparison of a {type(args[0]).__name__} with a "
                      f"{type(args[1]).__name__} gave a {type(value).__name__}, which may have a "
                      "derivative", "compare their items one by one, by methods that are defined "
                      "in their classes")
    other = _taking_over(args) if isinstance(fn, _OF_NUMPY) else None
    if other is not None:
        raise refusal(UnsupportedError, f"numpy.{fn.__name__} leaves it to "
                      f"{other.__name__} what it gives, which is a {type(value).__name__} here and "
                      "may have a derivative", "call the method of the class by its name")
    return value


_OF_NUMPY = (np.ufunc, type(np.polyval))


def _taking_over(args: tuple) -> type | None:
    """A class among those of arguments, or of their items, that NumPy asks."""
    for a in args:
        held = a.flat if isinstance(a, np.ndarray) and a.dtype.kind == "O" else \
            a if isinstance(a, (list, tuple)) else ()
        for cls in {class_of(a), *map(class_of, held)}:
            if takes_over(cls):
                return cls
    return None


def takes_over(cls: type) -> bool:
    """Whether NumPy's functions ask a class that is written in Python what they give.

    >>> takes_over(float)
    False
    """
    return bool(cls.__flags__ & 1 << 9) and any(
        isinstance(getattr(cls, name, None), types.FunctionType) for name in TAKING_OVER)


#: Methods that NumPy's functions without a derivative call of what is no array.
TAKING_OVER = ("__array_ufunc__", "__array_function__", "rint", "round", "floor", "ceil", "trunc",
               "argmax", "argmin", "argsort", "searchsorted", "nonzero")


def number_of(fn: Any, cls: type) -> Any:
    """The Python method by which `float` or `complex` makes a number of an object; or None."""
    method = getattr(cls, f"__{fn.__name__}__", getattr(cls, "__float__", None))
    if not isinstance(method, types.FunctionType):
        return None
    if method.__name__ == f"__{fn.__name__}__":
        return method
    raise refusal(UnsupportedError, f"complex of a {cls.__name__}, which is a real number",
                  "make a float of it first")
