"""Operators by place, which classes of users overload, and functions that call methods."""

from __future__ import annotations

import copy
import functools
import math
import operator
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.runtime.carried import class_of, plain_value
from s2sdiff.runtime.own_operators import asks_with_number, method_of, truth_alone
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.walks import View

__all__ = ["ASKING", "COMPARED", "GIVING_ON", "METHODS", "OPERATORS", "TRUTHS", "Called",
           "is_asked", "joined", "overloaded"]

Called = Callable[..., tuple[Any, Any]]

#: Of items, with the methods that they call.
METHODS = {
    operator.getitem: "__getitem__", operator.setitem: "__setitem__",
    operator.delitem: "__delitem__",
}


def _in_place(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    x = args[0]
    name = f"__{fn.__name__}__"
    own = getattr(class_of(x), name, None)
    if isinstance(own, types.FunctionType):
        value, pullback = called(own, wrt, args, {})
        if value is not NotImplemented:
            return value, pullback
    elif own is not None and not isinstance(x, (int, float, complex, str, np.generic)):
        return None
    return called(ops.IN_PLACE[fn], wrt, args, {})


_BINARY = {
    operator.add: "add", operator.sub: "sub", operator.mul: "mul", operator.truediv: "truediv",
    operator.floordiv: "floordiv", operator.mod: "mod", operator.pow: "pow",
    operator.matmul: "matmul", operator.and_: "and", operator.or_: "or", operator.xor: "xor",
    operator.lshift: "lshift", operator.rshift: "rshift",
    divmod: "divmod",
}

_UNARY = {operator.neg: "__neg__", operator.pos: "__pos__", abs: "__abs__",
          operator.invert: "__invert__"}

COMPARED = {operator.lt: "__lt__", operator.le: "__le__", operator.gt: "__gt__",
             operator.ge: "__ge__", operator.eq: "__eq__", operator.ne: "__ne__"}


def overloaded(fn: Any, args: tuple) -> Any:
    """The Python function by which a user's class overloads an operator, or None."""
    if fn in _UNARY or fn in COMPARED:
        method = method_of(class_of(args[0]), _UNARY.get(fn) or COMPARED.get(fn) or "")
        return method if isinstance(method, types.FunctionType) else None
    if fn in METHODS:
        method = getattr(class_of(args[0]), METHODS[fn], None)
        return method if isinstance(method, types.FunctionType) else None
    return None


def _binary(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`a + b` where a class of the user's has a say, in the order in which Python asks."""
    if len(args) != 2:
        return None
    x, y = args
    there, back = f"__{_BINARY[fn]}__", f"__r{_BINARY[fn]}__"
    of_x, of_y = class_of(x), class_of(y)
    first, second = _of_class(of_x, there), _of_class(of_y, back)
    mine = isinstance(first, types.FunctionType)
    yours = isinstance(second, types.FunctionType)
    if not mine and not yours:
        return joined(fn, wrt, args, called)
    if yours and asks_with_number(x, y):
        x, first = x.item(), None
    ways = [(first, mine, False), (second, yours, True)]
    if yours and of_y is not of_x and issubclass(of_y, of_x):
        ways.reverse()
    for method, known, swapped in ways:
        if method is None or (swapped and of_x is of_y):
            continue
        if not known:
            plain = method(*map(plain_value, (y, x) if swapped else (x, y)))
            if plain is NotImplemented:
                continue
            return None
        flip = {0: 1, 1: 0}
        slots = tuple(flip[s] for s in wrt) if swapped else wrt
        value, pullback = called(method, slots, (y, x) if swapped else (x, y), {})
        if value is not NotImplemented:
            return value, pullback
    return None


def _of_class(cls: type, name: str) -> Any:
    """A method as operators look for it: of a class itself, and not of the class of classes."""
    return getattr(cls, name) if any(name in vars(c) for c in cls.__mro__) else None


def joined(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`a + b` and `n * a` of lists and the like, whose elements are those of what is made."""
    for at, name in ((0, f"__{_BINARY[fn]}__"), (1, f"__r{_BINARY[fn]}__")):
        x, other = args[at], args[1 - at]
        cls = next((c for c in _JOINED if isinstance(x, c)), None)
        if cls is None or isinstance(other, (np.ndarray, np.inexact)) or name not in vars(cls):
            continue
        if registry.find(vars(cls)[name]) is not None:
            slots = wrt if at == 0 else tuple(1 - s for s in wrt)
            return called(vars(cls)[name], slots, (x, other), {})
    return None


#: Containers that operators make new ones of.
_JOINED = (list, tuple, dict, set, frozenset, deque)


def _of_protocol(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`len(o)`, `float(o)`: by the method of a class that is written in Python."""
    if len(args) != 1 and fn is not round:
        return None
    for name in _PROTOCOLS[fn]:
        method = getattr(class_of(args[0]), name, None)
        if isinstance(method, types.FunctionType):
            value, pullback = called(method, wrt, args, {})
            if fn is operator.not_:
                return not value, functools.partial(_unasked, pullback)
            return fn(value) if fn in _MAKING else value, pullback
        if method is not None and method is not object.__str__:  # which asks `__repr__`
            return None
    return None


#: They make something of what the method gives: a truth, or a float of an index.
_MAKING = (bool, operator.truth, float)


def _unasked(pullback: Any, bar: Any, bars: Bars) -> Any:
    """A pullback for a value that has no cotangent."""
    return pullback(None, bars)


#: Builtin functions with the methods that they call, the first that there is.
_PROTOCOLS = {
    **dict.fromkeys((bool, operator.not_, operator.truth), ("__bool__", "__len__")),
    len: ("__len__",), str: ("__str__", "__repr__"), repr: ("__repr__",), hash: ("__hash__",),
    round: ("__round__",), math.floor: ("__floor__",), math.ceil: ("__ceil__",),
    math.trunc: ("__trunc__",), int: ("__int__", "__index__", "__trunc__"),
    float: ("__float__", "__index__"), complex: ("__complex__",),
    operator.index: ("__index__",),
}


def _contained(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`item in container`."""
    item, container = args
    method = getattr(class_of(container), "__contains__", None)
    if not isinstance(method, types.FunctionType) or isinstance(container, View):
        return None
    value, pullback = called(method, tuple(1 - s for s in wrt), (container, item), {})
    return bool(value) is (fn is ops.contains), functools.partial(_unasked, pullback)


def _negated(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    method = overloaded(fn, args)
    return None if method is None else called(method, wrt, args, {})


#: What Python asks the second operand where the first one has no answer.
_SWAPPED = {operator.lt: "__gt__", operator.le: "__ge__", operator.gt: "__lt__",
            operator.ge: "__le__", operator.eq: "__eq__", operator.ne: "__ne__"}


_SIGNS = {operator.lt: "<", operator.le: "<=", operator.gt: ">", operator.ge: ">="}


def _compared(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`a < b` where a class of the user's has a say, in the order in which Python asks."""
    x, y = args
    there, back = COMPARED[fn], _SWAPPED[fn]
    first, second = method_of(class_of(x), there), method_of(class_of(y), back)
    if not isinstance(first, types.FunctionType) and (
            isinstance(x, np.ndarray) or not isinstance(second, types.FunctionType)):
        return None
    ways = [(first, wrt, args), (second, tuple(1 - s for s in wrt), (y, x))]
    if class_of(y) is not class_of(x) and issubclass(class_of(y), class_of(x)):
        ways.reverse()
    for method, slots, given in ways:
        if isinstance(method, types.FunctionType):
            value, pullback = called(method, slots, given, {})
        else:
            value = method(*map(plain_value, given)) if method is not None else NotImplemented
            pullback = functools.partial(_nothing, len(wrt))
            if value is not NotImplemented:
                truth_alone(fn, args, value)
        if value is not NotImplemented:
            return value, pullback
    if fn not in (operator.eq, operator.ne):
        raise TypeError(f"{_SIGNS[fn]!r} not supported between instances of "
                        f"{class_of(x).__name__!r} and {class_of(y).__name__!r}")
    return (x is y) is (fn is operator.eq), functools.partial(_nothing, len(wrt))


def _nothing(count: int, bar: Any, bars: Bars) -> tuple:
    return (None,) * count


#: Builtin functions that make something of what a method gives.
ASKING: dict[Any, Any] = {
    **dict.fromkeys(_PROTOCOLS, _of_protocol),
    **dict.fromkeys((ops.contains, ops.not_contains), _contained),
}

#: Operators and builtin functions that call methods, of users' classes, too.
OPERATORS: dict[Any, Any] = {
    **dict.fromkeys(ops.IN_PLACE, _in_place), **dict.fromkeys(_BINARY, _binary),
    **dict.fromkeys(_UNARY, _negated), **dict.fromkeys(COMPARED, _compared), **ASKING,
}

#: Those of them that give something that is no number with a slope, mostly.
TRUTHS = frozenset({*ASKING, *COMPARED})

#: Those of them that give what the method of a class gives, as it is.
GIVING_ON = frozenset({*ops.IN_PLACE, *_BINARY, *_UNARY, *COMPARED})


def follows(fn: Any, name: str) -> bool:
    """Whether a method that an operator or a builtin function asks for is differentiated there.

    >>> follows(operator.add, "__radd__"), follows(len, "__len__")
    (True, True)
    """
    if fn in _PROTOCOLS:
        return name in _PROTOCOLS[fn]
    if fn is ops.contains or fn is ops.not_contains:
        return name == "__contains__"
    if fn is copy.copy or fn is copy.deepcopy:
        return name in ("__copy__", "__deepcopy__")
    return (fn in OPERATORS or fn in METHODS) and name not in ("__index__", "__array_ufunc__")


def is_asked(fn: Any, args: tuple) -> bool:
    """Whether a class says what a function gives that has a rule for sets, or gives a test.

    >>> is_asked(operator.eq, (1, 2)), is_asked(operator.or_, ({1}, {2}))
    (True, False)
    """
    return fn in TRUTHS or (fn in _OF_SETS and any(
        isinstance(getattr(class_of(a), f"__{side}{_BINARY[fn]}__", None), types.FunctionType)
        for a in args for side in ("", "r")))


#: Operators of sets and dicts; of integers they have no derivative.
_OF_SETS = frozenset({operator.or_, operator.and_, operator.xor})
