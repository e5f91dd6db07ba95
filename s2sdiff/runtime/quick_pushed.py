"""Forward mode of what is called most often, with plain numbers and arrays.

What code finds out when it runs is often an operator or a function of arrays, given numbers and
arrays.  Then there is code for just these kinds, written out of its rule as it is in a text where
they are known, and nothing else has to be asked.
"""

from __future__ import annotations

import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.registry import overlay
from s2sdiff.runtime import nested, standins
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.linear_helpers import FLOATS, HELPERS
from s2sdiff.runtime.nested import listed
from s2sdiff.runtime.values import Slots, sequence
from s2sdiff.runtime.views import VIEWS
from s2sdiff.runtime.zero_tangents import laid_out

__all__ = ["quick_push"]

#: Set by `pushing`: (function, names of parameters) -> its states in forward mode.
states: Callable[[Any, tuple[str, ...]], Any] | None = None

#: Set by `turned`: (function, slots that move, arguments) -> what gives value and tangent.
turned: Callable[..., Any] | None = None

_PLAIN = frozenset({*FLOATS, np.ndarray, int, bool, type(None)})
_CALLED = (types.BuiltinFunctionType, np.ufunc, type(np.sum), types.MethodDescriptorType)
#: Where functions are that give something new, made of numbers.
_MODULES = ("math", "_operator", "numpy", "scipy")

#: By function, slots that move and shape of the call: the call as a function, and its states.
_known: dict[Any, Any] = {}
_epoch = -1


def quick_push(slots: Slots, dots: tuple, fn: Any, args: tuple,
               kwargs: dict[str, Any]) -> tuple[Any, Any] | None:
    """`fn(*args, **kwargs)` and its tangent; None where more must be asked."""
    if RUNS or overlay.get()[1]:
        return None
    if fn is operator.getitem or fn is sequence or fn is operator.setitem:
        part = _put(slots, dots, *args) if fn is operator.setitem else _part(slots, dots, fn, args)
        if part is not None:
            return part
    if type(fn) is types.FunctionType:
        helper = HELPERS.get(fn)
        # By name `gradient` alone is given something: its last parameter.
        return None if helper is None else helper(slots, dots, (*args, *kwargs.values()))
    if not _PLAIN.issuperset(map(type, args)):
        return None
    if (fn is operator.iadd or fn is operator.isub) and type(args[0]) is np.ndarray:
        return HELPERS[fn](slots, dots, args)
    if type(fn) is types.BuiltinFunctionType and fn in ops.IN_PLACE_ARITHMETIC and \
            np.ndarray not in map(type, args):
        fn = ops.IN_PLACE_ARITHMETIC[fn]
    if not isinstance(fn, _CALLED) or not _OPTIONS.issuperset(map(type, kwargs.values())):
        return None
    moving, given = [], []
    for slot, dot in zip(slots, dots, strict=True):
        x = args[slot] if type(slot) is int else None
        if type(x) in FLOATS or (type(x) is np.ndarray and x.dtype.kind in "fc"):
            moving.append(slot)
            given.append(match(dot, x))
    if not moving:
        return None
    found = _code(fn, tuple(moving), args, kwargs)
    if found is None:
        return None
    if isinstance(found, types.FunctionType):
        value, dot = found(*args, *kwargs.values(), *given)
        return _apart(value, dot, args, given)
    # It turns a pullback round, and may have to ask for more.
    made = found(args, kwargs, given)
    return None if made is None else _apart(made[0], made[1], args, given)


def _part(slots: Slots, dots: tuple, fn: Any, args: tuple) -> tuple[Any, Any] | None:
    """An item of one of Python's containers, or all of them; the tangent is that of its tangents.
    """
    if slots != (0,):
        return None
    x, dot = args[0], dots[0]
    if type(x) not in _WITH_ITEMS or type(dot) is not type(x):
        return None
    if fn is sequence:
        return None if type(x) is dict else (x, dot)
    key = args[1]
    return (x[key], dot[key]) if type(key) is int or type(key) is str else None


def _put(slots: Slots, dots: tuple, x: Any, key: Any, value: Any) -> tuple[None, None] | None:
    """A number that is put into a list or a dict, and its tangent into that of tangents."""
    if slots != (0, 2) or type(x) not in (list, dict) or type(dots[0]) is not type(x) or \
            type(value) not in FLOATS or type(key) not in (int, str):
        return None
    x[key] = value
    dots[0][key] = match(dots[1], value)
    return None, None


_WITH_ITEMS = frozenset({list, tuple, dict})

# -------------------------------------------------------------------------- rules, as code

_OPTIONS = frozenset({int, bool, type(None)})


def _code(fn: Any, moving: tuple[int, ...], args: tuple, kwargs: dict[str, Any]) -> Any:
    """The code of forward mode for kinds of arguments; None where a rule is not written out."""
    global _epoch
    if _epoch != registry.epoch:
        _known.clear()
        _epoch = registry.epoch
    key = fn, moving, len(args), tuple(kwargs)
    known = _known.get(key, _known)
    if known is _known:
        known = _known[key] = _made(fn, moving, args, kwargs)
    if known is None:
        return None
    plain, state, turning = known
    code = state.warm(plain, args, kwargs)
    if code is None:
        code = state.found(args, kwargs)
    direct = code.__dict__.get("__s2sdiff_direct__")
    if direct is None:
        names = code.__code__.co_names
        direct = code.__s2sdiff_direct__ = _ASKING.isdisjoint(names)
    return code if direct else turning


#: What is in code that finds out when it runs what is called, or refuses.
_ASKING = frozenset({"push", "push_method", "push_attribute", "refuse", "itself"})


def _made(fn: Any, moving: tuple[int, ...], args: tuple, kwargs: dict[str, Any]) -> Any:
    rule = registry.find(fn)
    if rule is None or rule.function is None or not rule.pure or rule.constant or rule.writes:
        return None
    owner = getattr(fn, "__self__", None)
    module = getattr(fn, "__module__", None) or getattr(getattr(
        fn, "__objclass__", None), "__module__", None) or ("numpy" if isinstance(
            fn, np.ufunc) else "")
    if module.partition(".")[0] not in _MODULES or not (
            owner is None or isinstance(owner, types.ModuleType)):
        return None
    if fn in VIEWS or fn in ops.IN_PLACE or fn in _TAKING or registry.find(fn, "jvp") is not None \
            or getattr(rule.function, "__s2sdiff_shares__", "") or (
                isinstance(fn, np.ufunc) and len(args) > fn.nin) or \
            standins.for_call(fn, kwargs) is not None:
        return None
    parameters, given = listed(args, kwargs)
    plain = nested.written("called", parameters, f"function({given})", function=fn)
    assert states is not None
    assert turned is not None
    names = plain.__code__.co_varnames
    return plain, states(plain, tuple([names[i] for i in moving])), turned(fn, moving, args, kwargs)


#: What gives parts of arrays, of which the tangents are the same parts.
_TAKING = frozenset([vars(np.ndarray)[n] for n in ("__getitem__", "item", "tolist")])


def _apart(value: Any, dot: Any, args: tuple, given: list[Any]) -> tuple[Any, Any] | None:
    """A tangent in memory of its own, laid out as its value; None for what is no new number."""
    if type(value) in FLOATS:
        return value, match(dot, value)
    if type(value) is not np.ndarray or value.dtype.kind not in "fc":
        return None
    for a in args:
        if type(a) is np.ndarray and np.may_share_memory(a, value):
            return None
    dot = match(dot, value)
    if dot.base is not None or dot.strides != value.strides or not dot.flags.writeable or any(
            dot is d for d in given):
        dot = laid_out(dot, value)
    return value, dot
