"""What an active call reaches: active arguments, and what has its cotangent by place."""

from __future__ import annotations

import copy
import inspect
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Ref, Var
from s2sdiff.kinds import Growing, Kind
from s2sdiff.runtime import cells, iterated, nested, unseen, values
from s2sdiff.transforms import implicit, known_effects
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.derived_functions import takes_function
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.methods_run import METHODS

__all__ = ["by_place", "may_hold", "runs_unseen", "slots_of"]


def slots_of(s: Bind, context: Context) -> list[tuple[Any, str]]:
    """Active arguments of a call: position or keyword, and the variable there."""
    slots: list[tuple[Any, str]] = []
    for i, a in enumerate(s.args):
        if isinstance(a, Var) and a.name in context.active:
            slots.append((i, a.name))
    for k, a in s.kwargs:
        if isinstance(a, Var) and a.name in context.active:
            slots.append((k, a.name))
    return slots


def by_place(s: Bind, context: Context) -> bool:
    """Whether a call that is not written out reaches what has its cotangent by place."""
    memory = context.memory
    if _of_object(s, context):
        return True
    if memory is None:
        return False
    if any(context.shared(n) for n in (*ir.reads(s), *s.targets)):
        return True
    if memory.effects(s):
        return True
    # What a user's function reads from outside may have been written; an operator calls such.
    return isinstance(s.fn, Ref) and (
        values.has_source(s.fn.object) or takes_function(s.fn)
        or nested.is_derivative(s.fn.object) or nested.calls_function(s.fn.object)
    ) and (context.request.places or bool(memory.written_in("*")))


def _of_object(s: Bind, context: Context) -> bool:
    """It makes an object, or asks one for a field or a method."""
    if not isinstance(s.fn, Ref):
        return False
    fn = s.fn.object
    if known_effects.has_rule(s, lambda a: kind_of_atom(a, context)):
        return False
    if fn is cells.cell or isinstance(fn, cells.Maker):
        return True
    if isinstance(fn, types.FunctionType) and fn.__code__.co_flags & inspect.CO_GENERATOR:
        return True
    if isinstance(fn, types.BuiltinFunctionType | type) and fn in METHODS and any(
            implicit.of_user(kind_of_atom(a, context).type) for a in s.args):
        return True
    if isinstance(fn, type):
        return fn is super or (registry.find(fn) is None and not issubclass(
            fn, (BaseException, np.generic)))
    if s.args and not isinstance(s.args[0], ir.Star) and iterated.at_once(fn):
        kind = kind_of_atom(s.args[0], context)
        walks = isinstance(getattr(kind.type, "__iter__", None), types.FunctionType)
        return walks or (kind.type is None and kind.field is None and fn in (
            values.sequence, values.undisturbed) and context.request.places)
    if s.args and any(fn is f for f in (getattr, ops.method, vars, copy.copy, copy.deepcopy)):
        kind = kind_of_atom(s.args[0], context)
        if fn is copy.deepcopy and kind.type in (tuple, list, dict):
            return may_hold(kind)
        return kind.field is None and kind.type not in (str, tuple, list, dict, np.ndarray)
    return False


def may_hold(kind: Kind) -> bool:
    """A value of this kind may be an object, or a function, or have one in it."""
    if kind.is_scalar or kind.is_array:
        return False
    each = kind.each or kind.under
    parts = kind.items if kind.items is not None or each is None else (each,)
    if parts is not None and (kind.type in _OF_ITEMS or kind.is_tuple):
        return any(map(may_hold, parts))
    return not kind.inert or kind.type is types.FunctionType


_OF_ITEMS = (tuple, list, dict, Growing)


def runs_unseen(s: Bind) -> bool:
    """It may run a method of a user's class under no name, or under a name of arrays'."""
    if s.fn == Ref(ops.method):
        return isinstance(s.args[1], Const) and s.args[1].value in unseen.reading
    return isinstance(s.fn, Ref) and s.fn.object in unseen.methods
