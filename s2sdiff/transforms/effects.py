"""What a call may write: memory that others see, so that its cotangents are kept by place."""

from __future__ import annotations

import collections
import functools
import inspect
import types
from types import SimpleNamespace
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry, runtime
from s2sdiff.ir import Bind, Const, Free, Opaque, Ref, Star, Store, Var, With
from s2sdiff.kinds import ANY, Kind, kind_of
from s2sdiff.runtime import managers, nested, resuming, standins, standins_numpy, suspects
from s2sdiff.runtime.marking import listed
from s2sdiff.transforms import (
    audits,
    class_statements,
    early,
    known_effects,
    resolve,
    watch,
)
from s2sdiff.transforms.alias import Memory
from s2sdiff.transforms.alias_classes import PartOf
from s2sdiff.transforms.argument_places import arguments_for, moved, out_given
from s2sdiff.transforms.calling_effects import CALLING, of_called, of_manager
from s2sdiff.transforms.constructing_effects import met, of_class
from s2sdiff.transforms.early_kinds import kind_outside, note_numbers
from s2sdiff.transforms.implicit import (
    as_store,
    attribute_writes,
    method_writes,
    runs_what_was_met,
    runs_what_writes,
    store_writes,
)
from s2sdiff.transforms.known_effects import (
    ALL,
    NOTHING,
    READING,
    SILENT,
    computes,
    only_looks,
    operator_writes,
)
from s2sdiff.transforms.new_memory import INPLACE, MUTATORS
from s2sdiff.transforms.resolve import MISSING, namespace_value
from s2sdiff.transforms.summaries import is_anew, looked_up, of_anew, remembered
from s2sdiff.transforms.written_options import by_options

__all__ = ["function_writes", "returned_by", "summary", "written_by"]


def written_by(s: Bind | With | Store, origin: Any, kind: Any) -> frozenset:
    """Positions and keywords of the arguments that a call may write; "*": anything."""
    found = _written_by(s, origin, kind)
    if not found or not known_effects.of_rules(origin, s):
        return found
    return NOTHING if isinstance(s, Bind) and s.calls(getattr) else found - ALL


def _written_by(s: Bind | With | Store, origin: Any, kind: Any) -> frozenset:
    if isinstance(s, With):
        return of_manager(s, summary)
    if isinstance(s, Store):
        return store_writes(s, kind, summary)
    if computes(s, kind):
        return NOTHING
    outs: set[Any] = {k for k, a in s.kwargs if k == "out" and a != Const(None)} \
        if s.kwargs else set()
    fn = s.fn
    met(s, origin)
    if isinstance(fn, Free):
        value = looked_up(origin, fn.name)
        if is_anew(origin, fn.name, value):
            return of_anew(lambda: _of_callee(value, s, kind), value, ALL) | outs
        return ALL if value is MISSING else _of_callee(value, s, kind) | outs
    if not isinstance(fn, Ref):
        return ALL
    target, given = fn.object, len(s.args)
    if isinstance(target, Opaque):
        return NOTHING
    if isinstance(target, np.ufunc) and given > target.nin:
        outs |= set(range(target.nin, given))
    elif given > 1:
        at = out_given(target, given)
        if at is not None and any(a != Const(None) for a in s.args[at:at + 1]):
            outs.add(at)
    if class_statements.makes_class(s, target):
        return ALL if class_statements.may_write(s, origin, summary) else NOTHING
    outs |= by_options(s, target)
    if (target in _SYNTAX or target in INPLACE) and Star in map(type, s.args):
        return ALL  # which of its arguments is which, only the run tells
    if target is getattr:
        return attribute_writes(s, kind, summary)
    if runs_what_writes(s, lambda a: kind_outside(a, origin, kind), summary):
        return ALL
    if runs_what_was_met(s, lambda a: kind_outside(a, origin, kind)):
        return _UNSEEN
    if target is collections.defaultdict and s.args:
        return frozenset({0})  # reading may call what it is given, and puts in what that gives
    if target is ops.method:
        return _of_method(s, origin, kind) | outs
    if target is print:
        return frozenset(k for k, a in s.kwargs if k == "file" and a != Const(None))
    if target is setattr or target is delattr:
        return ALL if store_writes(as_store(s), kind, summary) else frozenset({0})
    if target in CALLING or (isinstance(target, types.FunctionType) and
                             target in nested.OPERATORS):
        return of_called(s, origin, summary)
    if target in INPLACE:
        first = kind(s.args[0])
        if isinstance(getattr(first.type, f"__{target.__name__}__", None), types.FunctionType):
            return ALL
        return NOTHING if first.is_fixed or first.type in (tuple, str) else frozenset({0})
    return _of_callee(target, s, kind) | outs


_SYNTAX = (getattr, setattr, delattr)

#: It may write anything, by a method that runs without being called.
_UNSEEN = frozenset(["*"])
assert _UNSEEN is not ALL


def _of_method(s: Bind, origin: Any, kind: Any) -> frozenset:
    owner, name = s.args[:2]
    if isinstance(owner, (Free, Ref)):
        value = owner.object if isinstance(owner, Ref) else namespace_value(origin, owner.name)
        if isinstance(value, (types.ModuleType, type)) and isinstance(name, Const):
            shifted = ir.replace(s, args=s.args[2:])
            return moved(_of_callee(getattr(value, name.value, None), shifted, kind), 2)
    first = kind(owner)
    if first.type in (type, types.ModuleType):
        # `type(a).fill(a, 1.0)`: a function of which nothing is known.
        return ALL
    if first.is_fixed or first.type in (str, bytes):
        return NOTHING
    if not isinstance(name, Const):
        return ALL
    if name.value in READING:
        known = first.type
        if isinstance(owner, Free) and known is None:
            value = namespace_value(origin, owner.name)
            known = None if value is MISSING else type(value)
        return method_writes(s, known, summary)
    if name.value in MUTATORS and (first.type is None or issubclass(
            first.type, (list, dict, set, np.ndarray))):
        # An object of another class may do anything in a method of this name.
        return frozenset({0}) if first.type is not None else ALL
    return frozenset({0}) if first.is_array else ALL


def _of_callee(target: Any, s: Bind, kind: Any) -> frozenset:
    """What a call of a known callable writes, in terms of the call's arguments."""
    names = summary(target)
    if not names or "*" in names:
        return names
    found = arguments_for(names, s, target)
    given = {**dict(enumerate(s.args)), **dict(s.kwargs)}
    kinds = {f: kind(given[f]) for f in found if f in given}
    if any(isinstance(k.type, type) and issubclass(k.type, (
            type, types.ModuleType, types.FunctionType)) for k in kinds.values()):
        return ALL  # an attribute of a class, module or function, which anybody may read
    return frozenset(f for f in found if f not in kinds or not kinds[f].is_fixed)


def function_writes(target: Any, by_name: bool = False) -> bool:
    """May calling it write memory that others see?

    With `by_name`, what methods write that run in it without being called does not count.
    """
    if by_name and isinstance(target, types.FunctionType) and registry.find(target) is None:
        return bool(_looked_at(target, None, True)[0])
    return bool(summary(target))


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
        return ALL
    return _looked_at(target, owner)[0]


#: How those parameters of the helpers are called that they write to.
_WRITTEN = frozenset({"bars", "buffer", "slots", "target", "dot"})


def _of_helper(helper: Any, owner: type | None) -> frozenset:
    """What a helper of generated code writes, which may be differentiated itself."""
    code = getattr(helper, "__code__", None)
    if code is None:
        return NOTHING
    if getattr(runtime, helper.__name__, None) is helper:
        return _WRITTEN.intersection(code.co_varnames[:code.co_argcount])
    return _looked_at(helper, owner)[0]


def returned(target: Any) -> frozenset:
    """The names of the parameters that a call's result may be, hold or show; "*" for whatever."""
    if not isinstance(target, types.FunctionType) or registry.find(target) is not None or \
            only_looks(target, target.__module__):
        return ALL
    return _looked_at(target)[1]


def _looked_at(target: types.FunctionType, owner: type | None = None,
               by_name: bool = False) -> tuple[frozenset, frozenset]:
    def find(guard: Any) -> tuple[frozenset, frozenset]:
        try:
            return _of_function(target, owner, guard, by_name)
        except errors.DifferentiationError:
            return ALL, ALL

    try:
        made = resuming.of_generator(target)
    except errors.DifferentiationError:
        return ALL, ALL
    if made is None:
        return remembered(target, (owner, by_name), find)
    # What it writes when somebody draws from what it gives counts as written by the call, so that
    # what it gives is followed; and from now on whatever draws from something may write.
    written = _looked_at(listed(target), owner, by_name)[0]
    if written and not by_name:
        suspects.expect(_DRAWN)
    return written, _looked_at(made, owner)[1]


_DRAWN = frozenset({"__next__"})


def _of_function(target: types.FunctionType, owner: type | None, guard: Any,
                 by_name: bool) -> tuple[frozenset, frozenset]:
    suspects.expect(audits.inside(target.__code__))
    function = early.numbered(target)
    blind: Any = SimpleNamespace(guard=guard, free_kinds={})
    function = resolve.callees(function, blind)
    known: dict[str, Kind] = {}
    if owner is not None and function.params:
        known[function.params[0].name] = Kind(owner)

    def kind(a: Any) -> Kind:
        if isinstance(a, Var):
            return known.get(a.name, ANY)
        if isinstance(a, (Const, Ref)):
            return kind_of(a.value if isinstance(a, Const) else a.object)
        return blind.free_kinds.get(a.name, ANY) if isinstance(a, Free) else ANY

    for s in ir.walk(function.body):
        note_numbers(s, known, kind)

    def effects(s: Bind | With | Store) -> frozenset:
        found = written_by(s, target, kind)
        unseen = by_name and (found is _UNSEEN or (isinstance(s, Bind) and s.calls(getattr)))
        return NOTHING if unseen else found

    memory = Memory(function, kind, effects,
                    lambda s: returned_by(s, target), loose=True)
    found: set[str] = set()
    for node in {memory.find(n) for n in list(memory.parent)}:
        if memory.sorts.get(node):
            found |= memory.roots.get(node, set())
    if known_effects.binds_outside(target, function.body) or any(
            (not by_name and watch.runs(s, kind))
            or (isinstance(s, (Bind, With)) and "*" in effects(s))
            for s in ir.walk(function.body)):
        found.add("*")
    last = function.body[-1] if function.body else None
    node = memory.of(last.value) if isinstance(last, ir.Exit) and isinstance(
        last.value, (Var, Free)) else None
    given, parts = memory.shown(node) if node is not None else (set(), set())
    return frozenset(found), frozenset({*given, *map(PartOf, parts - given)})


def returned_by(s: Bind | With, origin: Any) -> frozenset:
    """Positions and keywords of the arguments that a call's result may be or hold; "*": others."""
    if isinstance(s, With):
        enter = getattr(s.made, "__enter__", None)
        if not isinstance(enter, types.FunctionType):
            return ALL
        own = next(iter(inspect.signature(enter).parameters), "")
        return ALL if returned(enter) - {own} else frozenset({0} if returned(enter) else ())
    target = s.fn.object if isinstance(s.fn, Ref) else \
        looked_up(origin, s.fn.name) if isinstance(s.fn, Free) else None
    if not isinstance(target, types.FunctionType):
        return ALL
    anew = isinstance(s.fn, Free) and is_anew(origin, s.fn.name, target)
    names = of_anew(lambda: returned(target), target, ALL) if anew else returned(target)
    parts = {n.key for n in names if isinstance(n, PartOf)}
    found = arguments_for(frozenset(n for n in names if isinstance(n, str)) - ALL, s, target)
    inside = arguments_for(frozenset(parts) - ALL, s, target)
    return found | (names & ALL) | frozenset(map(PartOf, inside - ALL)) | (inside & ALL) | (
        ALL if "*" in parts else NOTHING)
