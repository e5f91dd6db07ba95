"""Arguments of an operator that hold the same memory, refused where generated code begins."""

from __future__ import annotations

import functools
import types
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Free, Function, Ref, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime.cells import Maker
from s2sdiff.runtime.held_beside import also_held, not_written
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.outside import bare_names, is_of_library, reads_places
from s2sdiff.runtime.outside_held import as_before, as_given, unless_held
from s2sdiff.runtime.replaced import Meanings
from s2sdiff.runtime.separate import separate
from s2sdiff.runtime.written_apart import apart, apart_beside
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["apart_from_outside", "separated"]


def separated(function: Function, context: Context) -> ir.Block:
    """Arguments may not hold the same place where derivatives are, or may be, kept by place.

    In forward mode, where something is written: what is read alone has a tangent for each name.
    """
    by_place = context.writes if context.request.mode == "jvp" else \
        context.bars is not None or context.calls_out
    if not context.request.outer or not by_place:
        return ()
    asked = [n for n in context.request.wrt if _may_lead(n, context)]
    others = [p.name for p in function.params
              if p.name not in context.request.wrt and _may_lead(p.name, context)]
    held = asked + others
    arrays = all(context.arguments.get(n, ANY).is_array for n in held)
    # What is written is then something that is made here.
    read = context.request.mode == "jvp" and not any(_written(n, context) for n in held)
    # One array may show an element several times.
    alone = len(held) == 1 and context.request.mode == "jvp"
    if not asked or (arrays and (read or alone)):
        return ()
    args = (Const(tuple(held)), Const(len(asked)), *map(Var, held))
    # Where something is written, that is what two names may not be for.
    written = (s.loc for s in ir.statements(function) if isinstance(s, Bind)
               and (s.calls(apart) or s.calls(apart_beside)))
    return (Bind((), Ref(separate), args, (), next(written, function.loc)),)


def apart_from_outside(function: Function, context: Context, body: ir.Block) -> ir.Block:
    """The body with arrays of its own in place of those that something outside holds, too.

    By place, what an object that is no argument holds of an argument's memory would count as the
    argument; it stays as it is when the argument moves.
    """
    # What runs on tangents has copies of its arguments anyway.
    once = context.request.outer and not context.request.carried
    forward = context.request.mode == "jvp"
    by_place = context.bars is not None or context.calls_out or (forward and context.writes)
    # Forwards, an array's tangent goes with its name: that of one that is only read.
    names = [n for n in context.request.wrt if _may_lead(n, context) and not (
        forward and context.arguments.get(n, ANY).is_array and not _written(n, context))] \
        if by_place else []
    others = _beside(function, names, context)
    outside = (*_outside(function), *map(Var, _functions(function, context))) \
        if once and (names or others) else ()
    called = [Var(p.name) for p in function.params if others and once and
              context.arguments.get(p.name, ANY).type is types.BuiltinFunctionType]
    made: list[ir.Stmt] = []
    after: list[ir.Stmt] = []
    own: dict[str, Var] = {}
    for name in names if outside else ():
        own[name] = Var(context.names(name))
        made.append(Bind((own[name].name,), Ref(unless_held), (Var(name), *outside), (),
                         function.loc))
        after.append(Bind((), Ref(as_before), (Var(name), own[name]), (), function.loc))
    if others and (outside or called):
        held = context.names("held")
        args = (Const(len(others)), *map(Var, others), *outside, *called)
        made.append(Bind((held,), Ref(also_held), args, (), function.loc))
        after.append(Bind((), Ref(not_written), (Var(held),), (), function.loc))
    if not made:
        return body
    *inner, last = ir.substituted(body, own) if own else body
    return (*made, *inner, *after, *(_as_given(own, last, context) if own else (last,)))


def _beside(function: Function, names: list[str], context: Context) -> list[str]:
    """Other arguments that are read, where what something outside may hold is written.

    To the code, an argument is another object than what a name from outside means.
    """
    if context.memory is None or not context.writes:
        return []
    found = [p.name for p in function.params if p.name not in names
             and _may_lead(p.name, context) and not _is_called(context.arguments.get(p.name, ANY))]
    anywhere = bool(context.memory.written_in("*"))
    found = [n for n in found if anywhere or _written(n, context)]
    read = {n for s in ir.statements(function) for n in ir.reads(s)} if found else set()
    return [n for n in found if n in read]


def _is_called(kind: Kind) -> bool:
    return isinstance(kind.type, type) and issubclass(kind.type, _CALLED)


_CALLED = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial,
           type, types.ModuleType)


def _as_given(own: dict[str, Var], last: Any, context: Context) -> tuple[ir.Stmt, ...]:
    """The return, of a value in which the arguments are those that were given."""
    pair = last.value
    if context.request.only or (context.request.mode == "grad" and not context.request.value):
        return (last,)
    value, *rest = pair.bind.args
    if kind_of_atom(value, context).is_number and not _may_show(value, own, context):
        return (last,)
    name = context.names("value")
    pairs = tuple(a for p, mine in own.items() for a in (Var(p), mine))
    back = Bind((name,), Ref(as_given), (value, *pairs), (), last.loc)
    made = ir.Inlined(ir.replace(pair.bind, args=(Var(name), *rest)))
    return back, ir.replace(last, value=made)


def _may_show(value: Any, own: dict[str, Var], context: Context) -> bool:
    """Whether an array may be one of these arguments, a part of one, or a view of it."""
    if kind_of_atom(value, context).is_scalar or not isinstance(value, Var):
        return False
    if context.memory is None:
        return True
    mine = context.memory.class_of(value.name)
    return mine is not None and any(mine in context.memory.depths(p) for p in own)


def _written(name: str, context: Context) -> bool:
    return context.memory is not None and bool(context.memory.written_in(name))


def _functions(function: Function, context: Context) -> list[str]:
    """Arguments that are functions of the user's: `separate` asks methods and partials alone."""
    kinds = {p.name: context.arguments.get(p.name, ANY) for p in function.params}
    return [n for n, kind in kinds.items() if kind.type is types.FunctionType and (
        n not in context.request.wrt) and (
        not isinstance(kind.value, types.FunctionType) or reads_places(kind.value))]


def _outside(function: Function) -> tuple[Free | Ref, ...]:
    """What may hold arrays, comes from outside, and is called or handed on."""
    found: dict[Any, Free | Ref] = {}
    for s in ir.statements(function):
        read = (s.fn, *ir.atoms(s)) if isinstance(s, Bind) else ir.atoms(s)
        maker = s.fn.object if isinstance(s, Bind) and isinstance(s.fn, Ref) else None
        # A function that is made here reads outside what its own code names.
        inside = [Free(n) for n in bare_names(maker.code)] if isinstance(maker, Maker) else []
        for a in (*read, *inside):
            if isinstance(a, Free) and a.name not in found:
                value = namespace_value(function.origin, a.name)
                if value is not MISSING and _holds(value):
                    found[a.name] = a
            elif isinstance(a, Ref) and id(a.object) not in found and _holds(a.object):
                found[id(a.object)] = a
    return tuple(found.values())


def _holds(value: Any) -> bool:
    if isinstance(value, (type, types.FunctionType)):
        return reads_places(value)
    if isinstance(value, types.ModuleType):
        return not is_of_library(value)
    if isinstance(value, (functools.partial, types.MethodType)):
        return not is_inert(value)
    return not isinstance(value, _NAMED) and not is_inert(value) and not (
        callable(value) and is_of_library(value))


_NAMED = (types.BuiltinFunctionType, np.ufunc, float, complex, np.generic, Meanings,
          ir.Opaque, types.MethodDescriptorType, types.WrapperDescriptorType,
          types.GetSetDescriptorType)


def _may_lead(name: str, context: Context) -> bool:
    kind = context.arguments.get(name, ANY)
    return not kind.is_fixed and not kind.inert
