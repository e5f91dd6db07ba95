"""Reading and writing items by place, and operators that users' classes overload."""

from __future__ import annotations

import functools
import operator
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import object_arrays
from s2sdiff.runtime.raising import Raised
from s2sdiff.runtime.shadows import Bars, add_slot, deposit_item, owner_of, slot
from s2sdiff.runtime.whole_values import withdraw

__all__ = ["HANDING_ON", "IN_PLACE", "SPECIAL", "overloaded"]

Called = Callable[..., tuple[Any, Any]]


def _entries(wrt: tuple, **by_slot: Any) -> tuple:
    return tuple(by_slot.get(f"s{i}") for i in wrt)


def _getitem(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    a, key = args
    if isinstance(a, np.ndarray) and type(a) is np.ndarray:
        if a.dtype.kind == "O":
            return object_arrays.item(wrt, a, key)
        return _array_item(wrt, a, key)
    if isinstance(a, (tuple, list, deque)) and not _overloads(a, "__getitem__"):
        if isinstance(key, slice):
            value: Any = a[key]  # pyright: ignore[reportArgumentType] (a deque raises, as it should)
            return value, _sliced(wrt, a, value, range(len(a))[key])
        key = operator.index(key)
        value = a[key]
        at, n = key % len(a), len(a)
        if isinstance(a, tuple):
            def of_tuple(bar: Any, bars: Bars) -> tuple:
                share = None if bar is None else (None,) * at + (bar,) + (None,) * (n - at - 1)
                return _entries(wrt, s0=share)

            return value, of_tuple
        return value, _slot_of(wrt, a, at)
    if isinstance(a, dict) and not _overloads(a, "__getitem__"):
        if key not in a and hasattr(type(a), "__missing__"):
            return _missing(wrt, a, key, called)
        return a[key], _slot_of(wrt, a, key)
    if isinstance(a, (str, bytes, range)):
        return a[key], lambda bar, bars: (None,) * len(wrt)
    return _by_class(fn, wrt, args, called)


def _missing(wrt: tuple, a: Any, key: Any, called: Called) -> Any:
    """What a dict gives for a key that it has not: of its own method, or of its factory."""
    if _overloads(a, "__missing__"):
        return called(type(a).__missing__, wrt, (a, key), {})
    if getattr(a, "default_factory", None) is None:
        raise KeyError(key)
    value, pullback = called(a.default_factory, (), (), {})
    if isinstance(value, Raised):
        return value, lambda bar, bars: (*pullback(bar, bars), *(None,) * len(wrt))
    a[key] = value

    def pull(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, a, key, bar)
        pullback(slot(bars, a, key), bars)
        return (None,) * len(wrt)

    return value, pull


def _slot_of(wrt: tuple, place: Any, key: Any) -> Any:
    def pullback(bar: Any, bars: Bars) -> tuple:
        add_slot(bars, place, key, bar)
        return (None,) * len(wrt)

    return pullback


def _sliced(wrt: tuple, a: Any, value: Any, keys: range) -> Any:
    def pullback(bar: Any, bars: Bars) -> tuple:
        if isinstance(a, tuple):
            if bar is None:
                return (None,) * len(wrt)
            found = dict(zip(keys, bar, strict=True))
            return _entries(wrt, s0=tuple(found.get(i) for i in range(len(a))))
        for i, key in enumerate(keys):
            add_slot(bars, a, key, slot(bars, value, i))
        return (None,) * len(wrt)

    return pullback


def _array_item(wrt: tuple, a: np.ndarray, key: Any) -> Any:
    value = a[key]
    if isinstance(key, (np.ndarray, tuple)):
        key = _kept(key)
    elif isinstance(key, list):
        key = list(key)
    view = isinstance(value, np.ndarray) and owner_of(value) is owner_of(a)

    def pullback(bar: Any, bars: Bars) -> tuple:
        if not view:
            deposit_item(bars, a, key, withdraw(bars, value, bar))
        return (None,) * len(wrt)

    return value, pullback


def _kept(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(_kept(k) for k in key)
    return key.copy() if isinstance(key, np.ndarray) else list(key) if isinstance(key, list) \
        else key


def _overloads(a: Any, name: str) -> bool:
    return isinstance(getattr(type(a), name, None), types.FunctionType)


_METHODS = {
    operator.getitem: "__getitem__", operator.setitem: "__setitem__",
    operator.delitem: "__delitem__",
}


def _by_class(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    method = getattr(type(args[0]), _METHODS[fn], None)
    if isinstance(method, types.FunctionType):
        return called(method, wrt, args, {})
    return None


def _setitem(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    if fn is operator.setitem and object_arrays.holds_objects(args[0]):
        return object_arrays.write(wrt, *args)
    if isinstance(args[0], dict) and 1 in wrt and isinstance(args[1], (float, complex, np.inexact)):
        raise refusal(UnsupportedError, "an active number is the key of a dict, which keeps no "
                      "derivative for its keys", "use its index, or mark it with sd.stop_gradient")
    return _by_class(fn, wrt, args, called)


_PLAIN = {
    operator.iadd: operator.add, operator.isub: operator.sub, operator.imul: operator.mul,
    operator.itruediv: operator.truediv, operator.ipow: operator.pow,
    operator.ifloordiv: operator.floordiv, operator.imod: operator.mod,
    operator.imatmul: operator.matmul, operator.iand: operator.and_, operator.ior: operator.or_,
    operator.ixor: operator.xor, operator.ilshift: operator.lshift,
    operator.irshift: operator.rshift,
}


def _in_place(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    x = args[0]
    name = f"__{fn.__name__}__"
    own = getattr(type(x), name, None)
    if isinstance(own, types.FunctionType):
        return called(own, wrt, args, {})
    if own is not None and not isinstance(x, (int, float, complex, str, np.generic)):
        return None
    return called(_PLAIN[fn], wrt, args, {})


IN_PLACE = frozenset(_PLAIN)

_BINARY = {
    operator.add: "add", operator.sub: "sub", operator.mul: "mul", operator.truediv: "truediv",
    operator.floordiv: "floordiv", operator.mod: "mod", operator.pow: "pow",
    operator.matmul: "matmul", operator.and_: "and", operator.or_: "or", operator.xor: "xor",
    operator.lshift: "lshift", operator.rshift: "rshift",
}
_UNARY = {operator.neg: "__neg__", operator.pos: "__pos__", abs: "__abs__",
          operator.invert: "__invert__"}
_COMPARED = {operator.lt: "__lt__", operator.le: "__le__", operator.gt: "__gt__",
             operator.ge: "__ge__", operator.eq: "__eq__", operator.ne: "__ne__"}


def overloaded(fn: Any, args: tuple) -> Any:
    """The Python function by which a user's class overloads an operator, or None."""
    if fn in _UNARY or fn in _COMPARED:
        method = getattr(type(args[0]), (_UNARY.get(fn) or _COMPARED.get(fn) or ""), None)
        return method if isinstance(method, types.FunctionType) else None
    if fn in _METHODS:
        method = getattr(type(args[0]), _METHODS[fn], None)
        return method if isinstance(method, types.FunctionType) else None
    return None


def _binary(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`a + b` where a class of the user's has a say, in the order in which Python asks."""
    if len(args) != 2:
        return None
    x, y = args
    there, back = f"__{_BINARY[fn]}__", f"__r{_BINARY[fn]}__"
    first, second = getattr(type(x), there, None), getattr(type(y), back, None)
    mine = isinstance(first, types.FunctionType)
    yours = isinstance(second, types.FunctionType)
    if not mine and not yours:
        return _joined(fn, wrt, args, called)
    ways = [(first, mine, False), (second, yours, True)]
    if yours and type(y) is not type(x) and issubclass(type(y), type(x)):
        ways.reverse()
    for method, known, swapped in ways:
        if method is None or (swapped and type(x) is type(y)):
            continue
        if not known:
            plain = method(*((y, x) if swapped else (x, y)))
            if plain is NotImplemented:
                continue
            return None
        flip = {0: 1, 1: 0}
        slots = tuple(flip[s] for s in wrt) if swapped else wrt
        value, pullback = called(method, slots, (y, x) if swapped else (x, y), {})
        if value is not NotImplemented:
            return value, pullback
    return None


def _joined(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
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
    if len(args) != 1:
        return None
    for name in _PROTOCOLS[fn]:
        method = getattr(type(args[0]), name, None)
        if isinstance(method, types.FunctionType):
            value, pullback = called(method, wrt, args, {})
            if fn is operator.not_:
                return not value, functools.partial(_unasked, pullback)
            return fn(value) if fn in (bool, operator.truth) else value, pullback
        if method is not None:
            return None
    return None


def _unasked(pullback: Any, bar: Any, bars: Bars) -> Any:
    """A pullback for a value that has no cotangent."""
    return pullback(None, bars)


#: Builtin functions with the methods that they call, the first that there is.
_PROTOCOLS = {
    **dict.fromkeys((bool, operator.not_, operator.truth), ("__bool__", "__len__")),
    len: ("__len__",), str: ("__str__", "__repr__"), repr: ("__repr__",), hash: ("__hash__",),
    round: ("__round__",), int: ("__int__",), float: ("__float__",), complex: ("__complex__",),
    operator.index: ("__index__",),
}


def _contained(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`item in container`."""
    item, container = args
    method = getattr(type(container), "__contains__", None)
    if not isinstance(method, types.FunctionType):
        return None
    value, pullback = called(method, tuple(1 - s for s in wrt), (container, item), {})
    return bool(value) is (fn is ops.contains), functools.partial(_unasked, pullback)


def _negated(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    method = overloaded(fn, args)
    return None if method is None else called(method, wrt, args, {})


#: Builtin functions that look at the type of what they are given before rules are asked.
SPECIAL: dict[Any, Any] = {
    operator.getitem: _getitem, operator.setitem: _setitem, operator.delitem: _setitem,
    **dict.fromkeys(_PLAIN, _in_place), **dict.fromkeys(_BINARY, _binary),
    **dict.fromkeys([*_UNARY, *_COMPARED], _negated), **dict.fromkeys(_PROTOCOLS, _of_protocol),
    **dict.fromkeys((ops.contains, ops.not_contains), _contained),
}

#: Those of them that give what the method of a class gives, as it is.
HANDING_ON = frozenset({operator.getitem, operator.setitem, operator.delitem, *_PLAIN, *_BINARY,
                        *_UNARY, *_COMPARED})
