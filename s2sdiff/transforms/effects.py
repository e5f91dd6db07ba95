"""What a call may write: memory that others see, so that its cotangents are kept by place."""

from __future__ import annotations

import collections
import functools
import types
from typing import Any, TypeAlias

import numpy as np

from s2sdiff import ops, registry, runtime
from s2sdiff.ir import Bind, Const, For, Free, If, Opaque, Ref, Star, Store, While, With
from s2sdiff.kinds import Kind
from s2sdiff.runtime import (
    managers,
    nested,
    standins,
    standins_numba,
    standins_numpy,
    suspects,
)
from s2sdiff.runtime.datasets import is_dataset, is_of_datasets
from s2sdiff.transforms import (
    class_statements,
    dataset_effects,
    held_functions,
    known_effects,
    solver_effects,
    writers,
)
from s2sdiff.transforms.argument_places import out_given
from s2sdiff.transforms.calling_effects import (
    CALLING,
    PUSHING,
    may_draw,
    of_called,
    of_keys,
    of_manager,
    of_pushed,
)
from s2sdiff.transforms.constructing_effects import met, of_class
from s2sdiff.transforms.early_kinds import kind_outside
from s2sdiff.transforms.effects_of_bodies import UNSEEN, looked_at, shown, shown_by
from s2sdiff.transforms.effects_of_calls import of_callee, of_method
from s2sdiff.transforms.implicit import (
    RUNNING,
    as_store,
    attribute_writes,
    runs_what_was_met,
    runs_what_writes,
    statement_writes,
    store_writes,
)
from s2sdiff.transforms.known_effects import (
    ALL,
    NOTHING,
    SILENT,
    computes,
    only_looks,
    operator_writes,
)
from s2sdiff.transforms.meant import MISSING
from s2sdiff.transforms.new_memory import INPLACE
from s2sdiff.transforms.notes import is_anew, looked_up, of_anew
from s2sdiff.transforms.written_options import by_options

#: Statements that may write, by themselves or by what they run.
Effective: TypeAlias = Bind | With | Store | If | While | For

__all__ = ["function_writes", "returned", "returned_by", "summary", "written_by"]


def written_by(s: Effective, origin: Any, kind: Any,
               context: Any = None) -> frozenset:
    """Positions and keywords of the arguments that a call may write; "*": anything.

    Where there is a `context`, a callee is looked at for arguments of the kinds that it gets.
    """
    found = _written_by(s, origin, kind, context)
    if context is not None and context.running and may_draw(s, context.running):
        return ALL
    if not found or not known_effects.of_rules(origin, s):
        return found
    return NOTHING if isinstance(s, Bind) and s.calls(getattr) else found - ALL


def _written_by(s: Effective, origin: Any, kind: Any, context: Any) -> frozenset:
    if isinstance(s, Bind):
        if computes(s, kind):
            return NOTHING
    elif isinstance(s, With):
        return of_manager(s, summary)
    elif isinstance(s, RUNNING):
        return statement_writes(s, kind, summary)
    else:
        return store_writes(s, kind, summary)
    outs: set[Any] = {k for k, a in s.kwargs if k == "out" and a != Const(None)} \
        if s.kwargs else set()
    fn: Any = s.fn
    met(s, origin)
    if solver_effects.asking.get() is not False:
        solved = solver_effects.written(s, origin, kind, summary)
        if solved is not None:
            return solved
    if type(fn) is Free:
        value = looked_up(origin, fn.name)
        if is_anew(origin, fn.name, value):
            return of_anew(lambda: of_callee(value, s, kind, summary), value, ALL) | outs
        return ALL if value is MISSING else of_callee(value, s, kind, summary) | outs
    if not isinstance(fn, Ref):
        return ALL
    target, given = fn.object, len(s.args)
    if isinstance(target, Opaque):
        return ALL if writers.stores(target) else NOTHING
    if id(target) in _PLAIN and not s.kwargs and Star not in map(type, s.args):
        return NOTHING
    if isinstance(target, np.ufunc) and given > target.nin:
        outs |= set(range(target.nin, given))
    elif given > 1:
        at = out_given(target, given)
        if at is not None and any(a != Const(None) for a in s.args[at:at + 1]):
            outs.add(at)
    if is_of_datasets(target) or (target is ops.method and is_dataset(kind(s.args[0]).type)):
        return dataset_effects.written(s, kind)
    if class_statements.makes_class(s, target):
        return ALL if class_statements.may_write(s, origin, summary) else NOTHING
    outs |= by_options(s, target)
    if (target in _SYNTAX or target in INPLACE) and Star in map(type, s.args):
        return ALL  # which of its arguments is which, only the run tells
    if target is getattr:
        return attribute_writes(s, lambda a: _typed(a, kind(a), context), summary)

    def outside(a: Any) -> Any:
        return kind_outside(a, origin, kind)

    if runs_what_writes(s, outside, summary):
        return ALL
    if runs_what_was_met(s, outside):
        return UNSEEN
    if target is collections.defaultdict and s.args:
        return frozenset({0})  # reading may call what it is given, and puts in what that gives
    if target is ops.method and s.args[1] == Const("__setattr__") and isinstance(
            s.args[0], (Free, Ref)):
        return ALL
    if target is ops.method:
        return of_method(s, origin, kind, summary) | outs
    if target in ops.RESHAPING:
        return frozenset({0}) if kind(s.args[0]).is_array else ALL
    if target is print:
        return frozenset(k for k, a in s.kwargs if k == "file" and a != Const(None))
    if target is setattr or target is delattr:
        found = isinstance(s.args[0], (Free, Ref))
        return ALL if found or store_writes(as_store(s), kind, summary) else frozenset({0})
    if isinstance(target, types.FunctionType) and target in PUSHING:
        return of_pushed(s, PUSHING[target], lambda call: written_by(call, origin, kind, context))
    if target in CALLING or (isinstance(target, types.FunctionType) and
                             target in nested.OPERATORS):
        return of_called(s, origin, summary)
    if target is list.sort and of_keys(s, origin, summary):
        return ALL
    if target in INPLACE:
        first = kind(s.args[0])
        if isinstance(getattr(first.type, f"__{target.__name__}__", None), types.FunctionType):
            return ALL
        return NOTHING if first.is_fixed or first.type in (tuple, str) else frozenset({0})
    return of_callee(target, s, kind, summary, context) | outs


def _typed(a: Any, known: Kind, context: Any) -> Kind:
    """The kind of what an attribute is read of: of an object from outside, its class."""
    cls = context.free_types.get(a.name) if type(a) is Free and context is not None else None
    return known if cls is None else Kind(cls)


_SYNTAX = (getattr, setattr, delattr)
#: Nothing runs in them, whatever they are given.
_PLAIN = frozenset(map(id, (ops.tuple_, ops.list_)))


def function_writes(target: Any, by_name: bool = False) -> bool:
    """May calling it write memory that others see?

    With `by_name`, what methods write that run in it without being called does not count.
    """
    if by_name and isinstance(target, types.FunctionType) and registry.find(target) is None:
        return bool(_looked_at(target, None, True)[0])
    return bool(summary(target))


def writes_in_solver(target: Any) -> bool:
    """May a function that a solver is given write memory that others see?

    That what it calls is called by value does not follow: it may capture what varies.
    """
    asked = solver_effects.asking.set(held_functions.shape(target))
    try:
        if solver_effects.is_interpolant(target):
            return False
        function, owner = solver_effects.runs(target)
        with held_functions.owned(function, solver_effects.called_on(target)):
            return solver_effects.captures_its_own(function) or bool(summary(function, owner))
    finally:
        solver_effects.asking.reset(asked)


def summary(target: Any, owner: type | None = None) -> frozenset:
    """The names of the parameters that a callable may write, "*" for whatever else.

    Of a method, `owner` is the class of what it is called on, if that is known.
    """
    try:
        if target in SILENT:
            return NOTHING
    except TypeError:
        return ALL
    if nested.is_derivative(target):
        return summary(nested.owner(target))
    if target in nested.MAKERS:
        return NOTHING
    module = getattr(target, "__module__", None)
    if managers.tame(target):
        return NOTHING
    made = standins_numpy.made_into(target) if isinstance(target, np.ufunc) else None
    if made is not None:
        return ALL if function_writes(made) else NOTHING
    if isinstance(target, np.ufunc) or module in ("_operator", "s2sdiff.ops", "math", "cmath"):
        return operator_writes(target)
    rule = registry.find(target)
    if rule is not None:
        return frozenset(rule.writes)
    if isinstance(module, str) and module.startswith("s2sdiff.") and not (
            standins.is_standin(module) or module.startswith("s2sdiff.nn")):
        if module.startswith("s2sdiff.runtime"):
            return _of_helper(target, owner)
        if module == "s2sdiff.errors":
            return NOTHING
        if not module.startswith("s2sdiff.rules."):
            return ALL
    if only_looks(target, module):
        return NOTHING
    if isinstance(target, type):
        suspects.note(target)
        return of_class(target, summary)
    if module == "builtins":
        return ALL if getattr(target, "__name__", "") in ("setattr", "delattr", "next", "exec") \
            else NOTHING
    if isinstance(target, functools._lru_cache_wrapper):
        return summary(nested.owner(target))
    if not isinstance(target, types.FunctionType):
        compiled = standins_numba.made_of(target)
        return NOTHING if compiled is not None and not summary(compiled) else ALL
    if solver_effects.asking.get() is False:
        return _looked_at(target, owner)[0]
    with held_functions.entered(target, owner):
        return _looked_at(target, owner)[0]


#: Those of forward mode that write an object's field, and its tangent.
_WRITING_FIELDS = (runtime.set_in, runtime.delete_in)
#: How those parameters of the helpers are called that they write to.
_WRITTEN = frozenset({"bars", "buffer", "slots", "target", "dot"})


def _of_helper(helper: Any, owner: type | None) -> frozenset:
    """What a helper of generated code writes, which may be differentiated itself."""
    code = getattr(helper, "__code__", None)
    if code is None:
        return NOTHING
    if getattr(runtime, helper.__name__, None) is helper:
        if helper in _WRITING_FIELDS:
            return frozenset({"dots", "owner"})
        return _WRITTEN.intersection(code.co_varnames[:code.co_argcount])
    return _looked_at(helper, owner)[0]


def _looked_at(target: types.FunctionType, owner: type | None = None,
               by_name: bool = False) -> tuple[frozenset, frozenset]:
    return looked_at(target, written_by, owner, by_name)


def returned(target: Any) -> frozenset:
    """The names of the parameters that a call's result may be, hold or show; "*" for whatever."""
    return shown(target, written_by)


def returned_by(s: Bind | With, origin: Any) -> frozenset:
    """Positions and keywords of the arguments that a call's result may be or hold; "*": others."""
    return shown_by(s, origin, written_by)
