"""What a function may write: memory that others see, so that backward code keeps copies."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry
from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Bind, Const, Free, Function, Opaque, Raw, Ref, Store, With
from s2sdiff.runtime import managers
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.resolve import MISSING, namespace_value

__all__ = ["READING", "function_writes", "summarise"]

_SILENT = frozenset({
    print, len, range, enumerate, zip, reversed, sorted, isinstance, type, str, repr, int, float,
    bool, complex, tuple, list, dict, set, frozenset, slice, getattr, hasattr, callable, id, hash,
    min, max, sum, any, all, abs, round, divmod, pow, map, filter, iter, format, ValueError,
    TypeError, AssertionError, IndexError, KeyError, RuntimeError, NotImplementedError,
    ArithmeticError, ZeroDivisionError, Exception,
})
READING = frozenset({
    "get", "items", "keys", "values", "index", "count", "copy", "sum", "mean", "min", "max", "dot",
    "reshape", "ravel", "flatten", "transpose", "astype", "startswith", "endswith", "lower",
    "upper", "format", "join", "split", "strip", "item", "tolist", "any", "all", "conj", "std",
    "var", "prod", "cumsum", "clip", "round", "trace", "diagonal", "squeeze", "repeat", "argmax",
    "argmin", "isdtype", "asarray", "is_integer", "argsort", "swapaxes", "take", "nonzero",
    "conjugate", "cumprod",
})
_known: dict[Any, bool] = {}


def summarise(function: Function, context: Context) -> Function:
    """Set `context.writes`: some statement may write memory that backward code reads."""
    context.writes = any(writes(s, function.origin, context) for s in ir.walk(function.body))
    return function


def writes(s: ir.Stmt, origin: Any, context: Context | None) -> bool:
    match s:
        case Store():
            return True
        case Raw():
            return s.memory
        case With():
            return not s.tame
        case Bind(_, fn, args, kwargs):
            if any(k == "out" and a != Const(None) for k, a in kwargs):
                return True
            if isinstance(fn, Ref) and isinstance(fn.object, np.ufunc) and \
                    len(args) > fn.object.nin:
                return True
            return _call_writes(fn, args, origin, context)
    return False


def _call_writes(fn: Any, args: tuple, origin: Any, context: Context | None) -> bool:
    if isinstance(fn, Free):
        value = namespace_value(origin, fn.name)
        return True if value is MISSING else function_writes(value)
    if not isinstance(fn, Ref):
        return True
    target = fn.object
    if isinstance(target, Opaque):
        return False
    if target is ops.method:
        if isinstance(args[0], Free):
            value = namespace_value(origin, args[0].name)
            if isinstance(value, (types.ModuleType, type)):
                return function_writes(getattr(value, args[1].value, None))
        return not (isinstance(args[1], Const) and args[1].value in READING)
    name = getattr(target, "__name__", "")
    if name.startswith("i") and getattr(target, "__module__", "") in ("_operator", "operator") and \
            name[1:] in ("add", "sub", "mul", "truediv", "pow", "matmul", "floordiv", "mod", "or",
                         "and", "xor", "lshift", "rshift"):
        if context is None:
            return False
        kind = kind_of_atom(args[0], context)
        return not (kind.is_scalar or kind.type in (tuple, str, int, bool))
    return function_writes(target)


def function_writes(target: Any) -> bool:
    """May calling it write memory that others see?"""
    try:
        if target in _SILENT:
            return False
    except TypeError:
        return True
    module = getattr(target, "__module__", None)
    if managers.tame(target):
        return False
    if isinstance(target, np.ufunc) or \
            module in ("_operator", "s2sdiff.ops", "math", "cmath", "builtins"):
        return False
    if registry.find(target) is not None:
        return getattr(registry.find(target), "writes", None) is not None
    if isinstance(module, str) and module.startswith("s2sdiff.runtime"):
        return False
    if not isinstance(target, types.FunctionType):
        return True
    code = target.__code__
    if code in _known:
        return _known[code]
    _known[code] = False
    try:
        lowered = lower(target)
        _known[code] = any(writes(s, target, None) for s in ir.walk(lowered.body))
    except errors.DifferentiationError:
        _known[code] = True
    return _known[code]
