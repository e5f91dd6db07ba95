"""What may flow into what: from names, and classes of memory, to others."""

from __future__ import annotations

import collections
import functools
import math
import operator
import types
from collections.abc import Set
from typing import Any, NamedTuple

import numpy as np

from s2sdiff import ir, ops, registry, runtime
from s2sdiff.ir import Bind, For, Free, Function, Move, Opaque, Raw, Ref, Store, Var, With
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import cells, nested, values
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms import implicit, known_effects
from s2sdiff.transforms.constants_of_classes import reads_constant
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.derived_functions import takes_function
from s2sdiff.transforms.holding import may_hold
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.methods_run import METHODS
from s2sdiff.transforms.varying import Ways

__all__ = [
    "ASKING", "MemoryClass", "flows", "is_inert", "may_reach", "reaches", "runs_methods",
    "ways_of", "written_atoms",
]

class MemoryClass(NamedTuple):
    """A class of variables that share memory, among the names of variables."""

    node: Any


def ways_of(
    function: Function, stopped: Set[str], context: Context, through_stops: bool = False
) -> Ways:
    """What statements bind, with what has a derivative on the way there, in order of the text."""
    found: Ways = []
    if context.memory is not None:
        found += _by_memory(function, context)
    for s in ir.statements(function):
        if type(s) is Move:
            for t, a in zip(s.targets, s.sources, strict=True):
                if type(a) is Var:
                    found.append(((t,), (a.name,)))
        elif isinstance(s, (Bind, For, Raw, With)) and stopped.isdisjoint(ir.defines(s)):
            found.append((ir.defines(s), flows(s, through_stops, context)
                          if isinstance(s, Bind) else ir.reads(s)))
    return found


def _by_memory(
    function: Function, context: Context
) -> Ways:
    """What is written into memory reaches all that holds it, or a container of it."""
    memory: Any = context.memory
    found: Ways = []
    for node in {memory.find(n) for n in list(memory.parent)}:
        if not memory.written_in(node):
            continue
        mine = MemoryClass(node)
        for name in memory.members(node):
            if name in memory.stopped:
                continue
            found += [((mine,), (name,)), ((name,), (mine,))]
        inner = memory.inner(node)
        if inner is not None and inner != node:
            found += [((mine,), (MemoryClass(inner),)), ((MemoryClass(inner),), (mine,))]
    elsewhere = MemoryClass(memory.find("*"))
    seen_there = bool(memory.written_in("*"))
    for s in ir.statements(function):
        if seen_there and isinstance(s, Bind) and s.targets and may_reach(s, context):
            found.append((s.targets, (elsewhere,)))
        t = type(s)
        if t is Move or t is ir.If or t is ir.Exit:
            continue
        if isinstance(s, Store):
            into = [s.target]
            if "*" in memory.effects(s):
                found.append(((MemoryClass(memory.find("*")),), ir.reads(s)))
        elif isinstance(s, Bind):
            written = memory.effects(s)
            if not written:
                continue  # as most
            given = [*enumerate(s.args), *s.kwargs]
            into = [a for key, a in given if "*" in written or key in written]
            if "*" in written:
                found.append(((MemoryClass(memory.find("*")),), ir.reads(s)))
                into.append(s.fn)  # a bound method may write its owner
        elif isinstance(s, With):
            into = [s.manager] if memory.effects(s) else []
        else:
            continue
        for a in into:
            node = memory.of(a)
            if node is not None:
                found.append(((MemoryClass(memory.find(node)),), ir.reads(s)))
    return found


def reaches(s: Bind, context: Context) -> bool:
    """A call that may write what is active without being given it: what it captures, globals."""
    memory = context.memory
    return memory is not None and may_reach(s, context) and bool(memory.effects(s)) and (
        context.request.places or MemoryClass(memory.find("*")) in context.active)


def may_reach(s: Bind, context: Context) -> bool:
    """A call of code that may reach more than it is given: what it captures, globals."""
    if not isinstance(s.fn, Ref):
        return True
    fn = s.fn.object
    if fn is getattr and kind_of_atom(s.args[0], context).type in (type, types.ModuleType):
        return True
    if takes_function(s.fn):
        return any(_may_be_called(a, context) for a in s.args)
    return fn is cells.seen or fn is ops.method or _calls_what_is_given(s, context) or (
        _runs_code(fn) and (getattr(fn, "__module__", None) or "").partition(".")[0]
        not in known_effects.LOOKING and registry.find(fn) is None)


def _calls_what_is_given(s: Bind, context: Context) -> bool:
    """A call that is given a function, and does what that does: `max(items, key=f)`."""
    memory = context.memory
    written = memory.effects(s) if memory is not None else ()
    return ("*" in written or (bool(written) and s.calls(collections.defaultdict))) and any(
        _is_function(kind_of_atom(a, context)) for a in (*s.args, *[a for _, a in s.kwargs])
        if isinstance(a, Var))


def _is_function(kind: Kind) -> bool:
    return kind.type is types.FunctionType or any(map(_is_function, kind.items or ()))


def _may_be_called(a: ir.Arg, context: Context) -> bool:
    """What an operator is given may be a function that reaches more than it is given."""
    if isinstance(a, Ref):
        return nested.is_derivative(a.object) or (
            _runs_code(a.object) and registry.find(a.object) is None)
    if not isinstance(a, Var):
        return isinstance(a, (ir.Star, Free))
    kind = kind_of_atom(a, context)
    return not (kind.is_number or kind.is_array or kind.type in (tuple, list, dict))


def _runs_code(fn: Any) -> bool:
    """Calling it runs code of the user's, or has a part in what somebody else may have written."""
    if values.has_source(fn):
        return not (fn.__module__ or "").startswith("s2sdiff.ops")
    if isinstance(fn, (functools.partial, types.MethodType, functools._lru_cache_wrapper,
                       np.vectorize)) or may_hold(fn) or nested.calls_function(fn):
        return True
    cls = fn if isinstance(fn, type) else type(fn)
    return not is_of_library(cls) and not issubclass(cls, BaseException)


def is_inert(name: Any, context: Context) -> bool:
    """A variable that surely holds nothing with a derivative."""
    return isinstance(name, str) and context.kinds.get(name, ANY).inert


#: What they give has no derivative, whatever they are given.
ASKING = (isinstance, hasattr, callable, type, id, len, str, repr, print, operator.is_,
           operator.is_not, operator.not_)


def runs_methods(s: Bind, context: Context) -> bool:
    """A function that rounds or compares numbers, and calls a method of anything else."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if not isinstance(fn, types.BuiltinFunctionType) or fn not in _ROUNDING | _COMPARING:
        return isinstance(fn, _OF_NUMPY) and implicit.asked_by_numpy(_given(s, context))
    kinds = [kind_of_atom(a, context) for a in s.args]
    if any(implicit.has_method(k.type, name) for k in kinds for name in METHODS[fn]):
        return True
    if fn in _ROUNDING:
        return any(k.type is None and k.field is None for k in kinds)
    return implicit.compares_with_slope(fn, kinds) or implicit.asked_by_numpy(kinds)


def _given(s: Bind, context: Context) -> list[Kind]:
    return [kind_of_atom(a, context) for a in s.args if not isinstance(a, ir.Star)]


_OF_NUMPY = (np.ufunc, type(np.polyval))
_ROUNDING = frozenset({
    operator.floordiv, operator.invert, operator.lshift, operator.rshift, round, math.floor,
    math.ceil, math.trunc})
_COMPARING = frozenset({
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne})


def flows(s: Bind, through_stops: bool = False, context: Context | None = None) -> list[str]:
    """The variables through which a call's result has a derivative."""
    if isinstance(s.fn, Ref):
        fn = s.fn.object
        if not through_stops and context is not None and reads_constant(
                s, lambda a: kind_of_atom(a, context)):
            return []
        rule = None if isinstance(fn, Opaque) else registry.find(fn)
        if rule is not None and rule.constant:
            return ir.reads(s) if context is not None and runs_methods(s, context) else []
        if not through_stops and getattr(rule and rule.function, "__s2sdiff_stops__", False):
            return []
        if fn in ASKING:
            return []
        if (fn is runtime.match or fn is runtime.match_number) and context is not None and \
                kind_of_atom(s.args[1], context).is_number:
            # Only the form of what it is fitted to is asked for.
            return [a.name for a in s.args[:1] if isinstance(a, Var)]
    return ir.reads(s)


def written_atoms(s: ir.Stmt, context: Context) -> list[Any]:
    """The atoms whose memory a statement may write."""
    memory = context.memory
    if memory is None:
        return []
    if isinstance(s, Store):
        return [s.target]
    if not isinstance(s, Bind):
        return []
    written = memory.effects(s)
    return [] if not written else [
        a for key, a in [*enumerate(s.args), *s.kwargs] if "*" in written or key in written]
