"""Calls that may write memory which active values are in, or put active values where nobody looks.

A call whose result does not matter is left as written; that is only right if it writes nothing that
active values reach.  The verdict on every call that an active value enters: nothing to fear (None),
refused (a reason), or FORCE: differentiated all the same, so that it is refused if it does write.
"""

from __future__ import annotations

import functools
import inspect
import types
from typing import Any

import gast
import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Free, Opaque, Ref, Var
from s2sdiff.transforms import effects
from s2sdiff.transforms.augmented import PLAIN
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["FORCE", "MUTATORS", "verdict"]

FORCE = "force"

#: Methods that change their owner.
MUTATORS = frozenset({
    "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update",
    "setdefault", "add", "discard", "fill", "put", "itemset", "resize", "partition", "popitem",
    "appendleft", "extendleft", "rotate", "setflags", "setfield", "byteswap", "write", "send",
    "__setitem__", "__setattr__", "__iadd__", "difference_update", "intersection_update",
})
_NEW = "build a new array (np.where, np.concatenate, np.stack), tuple or object"


def verdict(s: Bind, context: Context) -> tuple[str, str] | str | None:
    """What is to be done about a call, where `context.varies` is known."""
    varies = context.varies
    touched = [n for n in ir.reads(s) if n in varies]
    if not touched:
        return None
    if isinstance(s.fn, Var):
        if s.fn.name in varies:
            return (f"the function {s.fn.name} was made with active values in it",
                    "pass them to it as arguments")
        return FORCE
    if isinstance(s.fn, Free):
        return FORCE
    if not isinstance(s.fn, Ref):
        return None
    if isinstance(s.fn.object, Opaque):
        return _opaque(s.fn.object, touched)
    return _known(s, s.fn.object, context, touched)


def _known(s: Bind, fn: Any, context: Context, touched: list[str]) -> tuple[str, str] | str | None:
    if _fills(s, fn):
        values = f"an active value ({', '.join(touched)})"
        reason = f"out= writes into memory that {values} is in or goes to"
        return reason, "use the result of the call"
    try:
        in_place = fn in PLAIN
    except TypeError:
        in_place = False
    if in_place:
        kind = kind_of_atom(s.args[0], context)
        if kind.is_scalar or kind.type in (tuple, str):
            return None
        if kind.type is not None:
            values = f"an active value ({', '.join(touched)})"
            reason = f"an in-place update of a {kind} that {values} is in or goes to"
            return reason, "write x = x + v, which makes a new one"
        return FORCE
    if fn is ops.method:
        return _method(s, context)
    rule = registry.find(fn)
    if rule is not None:
        if rule.writes:
            name = getattr(fn, "__name__", "the call")
            return f"{name} writes into its argument {', '.join(rule.writes)}", _NEW
        return None
    if isinstance(fn, types.FunctionType):
        own = (fn.__module__ or "").startswith(("s2sdiff.ops", "s2sdiff.runtime"))
        return FORCE if not own and effects.function_writes(fn) else None
    if isinstance(fn, type) and issubclass(fn, BaseException):
        return None
    return FORCE if effects.function_writes(fn) else None


def _fills(s: Bind, fn: Any) -> bool:
    """An `out` argument, by keyword or by position of a ufunc."""
    if any(k == "out" and a != Const(None) for k, a in s.kwargs):
        return True
    if isinstance(fn, np.ufunc):
        return any(a != Const(None) for a in s.args[fn.nin:])
    rule = registry.find(fn)
    if rule is None or rule.function is None:
        return False
    # Only the library's own rules, which live for ever, are remembered.
    at = (_place_of_out if rule.pure else _place_of_out.__wrapped__)(rule.function)
    return at is not None and any(a != Const(None) for a in s.args[at:at + 1])


@functools.lru_cache(maxsize=1024)
def _place_of_out(function: Any) -> int | None:
    """At which position a rule takes an `out` argument."""
    for at, p in enumerate(inspect.signature(function).parameters.values()):
        if p.kind is inspect.Parameter.VAR_POSITIONAL:
            return None
        if p.name == "out":
            return at
    return None


def _method(s: Bind, context: Context) -> tuple[str, str] | str | None:
    name = s.args[1].value if isinstance(s.args[1], Const) else ""
    if kind_of_atom(s.args[0], context).type in (str, int, bool, bytes, type(None), np.dtype):
        return None
    if name in MUTATORS:
        return (f".{name}() changes what holds or receives an active value", _NEW)
    return None if name in effects.READING else FORCE


#: What an expression that is kept as written may call on active values.
_LOOKING = frozenset({
    "len", "abs", "float", "int", "str", "repr", "bool", "isinstance", "type", "range", "zip",
    "enumerate", "max", "min", "sum", "any", "all", "round", "tuple", "list", "dict", "set",
    "sorted", "reversed", "format", "hasattr", "getattr", "callable", "id", "map", "filter",
    "print",
})


def _opaque(opaque: Opaque, touched: list[str]) -> tuple[str, str] | None:
    node = opaque.node
    if isinstance(node, gast.Lambda):
        return None
    for part in gast.walk(node):
        if isinstance(part, gast.Call):
            callee = part.func
            name = getattr(callee, "id", None) or getattr(callee, "attr", "")
            known = name in _LOOKING or (isinstance(callee, gast.Attribute) and (
                name in effects.READING or _of_numpy(callee)))
            if not known:
                reason = (f"{name or 'a call'}() in an expression that is kept as written may "
                          f"store an active value ({', '.join(touched)})")
                return reason, "write it as a statement of its own"
    return None


def _of_numpy(callee: Any) -> bool:
    return isinstance(callee.value, gast.Name) and callee.value.id in ("np", "numpy", "math")
