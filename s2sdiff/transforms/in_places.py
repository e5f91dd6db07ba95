"""Forward mode of code that deals with objects and functions as values: tangents by place.

What objects, cells and partials hold has its tangent in a table (`runtime.dots`), which is a
variable here and is handed on in calls.  Numbers, arrays and containers of them have none of this.
"""

from __future__ import annotations

import builtins
import functools
import operator
import types
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Function, Inlined, Ref, Star, Store, Var, With, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import cells, fields_in_step, managers_in_step, pushed_by_place, values
from s2sdiff.runtime.dots import Dots, cell_dot, field_dot
from s2sdiff.runtime.dots_at_edges import given_dots, whole_dot
from s2sdiff.runtime.in_step import HOLDERS
from s2sdiff.transforms import own_slots
from s2sdiff.transforms.activity import result_of
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.reached import by_place, may_hold
from s2sdiff.transforms.staying import part_of
from s2sdiff.transforms.tangents import Tangents

__all__ = ["attribute", "bind", "concerned", "concerns", "end", "entered", "item_of",
           "made_by_call", "place_of", "start", "store"]

_DISPLAYS = (ops.tuple_, ops.list_, ops.dict_, ops.set_)
_CELLS = (cells.cell, cells.own_cell, cells.filled, cells.seen)


def concerned(function: Function, context: Context) -> bool:
    """Whether active values may lie in objects here, or in what a function captures."""
    if context.request.places:
        return True
    if any(may_hold(context.kinds.get(p, ANY)) for p in context.request.wrt):
        return True
    statements = ir.statements(function)
    if context.memory is not None and context.memory.written_in("*") and any(
            not context.active.isdisjoint(ir.reads(s)) and _writes(s, context)
            for s in statements) and not _hands_over(statements):
        return True  # each read of a global shows what was written into it
    return any(concerns(s, context) for s in statements)


def _hands_over(statements: list[ir.Stmt]) -> bool:
    """All that is done is to give back what a call of a partial function or a method gives."""
    match statements:
        case [Bind((made,), Ref(functools.partial() | types.MethodType())),
              ir.Exit("return", Var(given))]:
            return made == given
    return False


def _writes(s: ir.Stmt, context: Context) -> bool:
    return isinstance(s, Store) or (
        isinstance(s, Bind) and context.memory is not None and bool(context.memory.effects(s)))


def concerns(s: ir.Stmt, context: Context) -> bool:
    active = context.active
    if isinstance(s, Store):
        held = place_of(s) or (s.place == "item" and _is_object(kind_of_atom(s.target, context)))
        return held and not active.isdisjoint(ir.reads(s))
    if isinstance(s, With):
        return not active.isdisjoint((*ir.reads(s), *([s.target] if s.target else [])))
    if not isinstance(s, Bind) or active.isdisjoint((*ir.reads(s), *ir.defines(s))):
        return False
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if isinstance(fn, cells.Maker) or fn in _CELLS:
        return True
    if own_slots.takes(s, context.own_slots):
        return False
    if own_slots.makes(s, context.own_slots):
        bar = s.args[0]
        return isinstance(bar, Var) and bar.name in active - context.own_slots and \
            not own_slots.holds_numbers(kind_of_atom(bar, context))
    if any(k is None for k, _ in s.kwargs) or (
            fn not in _DISPLAYS and any(isinstance(a, Star) for a in s.args)):
        return True
    if fn is not None and fn is not ops.method and fn is not getattr and not (
            values.has_source(fn) and registry.find(fn) is None) and not isinstance(fn, type):
        return False
    held = [kind_of_atom(a, context) for a in (*s.args, *[a for _, a in s.kwargs])
            if isinstance(a, Var) and a.name not in context.own_slots]
    given = [context.kinds.get(t, ANY) for t in s.targets
             if t in active and t not in context.own_slots]
    return by_place(s, context) and any(map(may_hold, (*held, *given)))


def rule_of_objects(s: Bind, context: Context) -> bool:
    """A rule that is given an active object, whose tangent has a place, or gives one."""
    if not isinstance(s.fn, Ref) or registry.find(s.fn.object) is None:
        return False
    held = [context.kinds.get(n, ANY) for n in (*ir.reads(s), *s.targets) if n in context.active]
    return any(k.type not in (tuple, list, dict) and may_hold(k) for k in held)


def _is_object(kind: Kind) -> bool:
    """Surely no array, and none of the containers of Python."""
    return kind.type is not None and kind.field is None and kind.type not in HOLDERS


def place_of(s: Store) -> bool:
    """It writes an attribute, or what a cell holds."""
    return s.place == "attribute" and s.fn in (builtins.setattr, builtins.delattr)


def item_of(s: Store, context: Context) -> bool:
    """It writes an item of what is, or may be, an object."""
    kind = kind_of_atom(s.target, context)
    return s.fn in (operator.setitem, operator.delitem) and (kind == ANY or _is_object(kind))


def start(context: Context, tangents: Tangents, emit: Emitter) -> None:
    """The table, and what the tangents that are given say of objects."""
    table = context.table()
    if context.request.places:
        return
    emit.out.append(Bind((table.name,), Ref(Dots), (), (), emit.loc))
    for p in context.request.wrt:
        if p in context.active and may_hold(context.kinds.get(p, ANY)):
            dot = tangents.name(p)
            emit.out.append(
                Bind((dot,), Ref(given_dots), (table, Var(p), Var(dot)), (), emit.loc))


def end(function: Function, context: Context, dot: Any, emit: Emitter) -> Any:
    """The tangent of the result, for callers that have no table."""
    result = result_of(function)
    if context.request.places or not isinstance(result, Var) or \
            not may_hold(context.kinds.get(result.name, ANY)):
        return dot
    return emit.bind(Ref(whole_dot), [context.table(), result, emit.atom(dot)], {}, "whole_dot")


def bind(s: Bind, emit: Emitter) -> dict[str, Any] | None:
    """Emit what makes or asks a function that captures; the tangents of its targets."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn in (cells.own_cell, cells.filled):
        emit.out.append(s)
        return {t: Const(None) for t in s.targets}
    if fn is cells.seen:
        emit.out.append(s)
        (target,) = s.targets
        args = [emit.context.table(), s.args[0], Var(target)]
        return {target: emit.bind(Ref(cell_dot), args, {}, f"{target}_dot")}
    return None


def attribute(s: Bind, emit: Emitter) -> dict[str, Any] | None:
    """Emit a read of a field that is known to be one; None for any other attribute."""
    if len(s.args) != 2:
        return None
    owner, key = s.args
    kind = emit.kind(owner)
    if kind.items is None or kind.value is None or \
            not isinstance(key, Const) or part_of(kind, key.value) is ANY:
        return None
    emit.out.append(s)
    (target,) = s.targets
    args = [emit.context.table(), owner, key, Var(target)]
    return {target: emit.bind(Ref(field_dot), args, {}, f"{target}_dot")}


def made_by_call(dot: Any, emit: Emitter) -> bool:
    """A tangent comes out of the table, or of a call that has the table."""
    table = emit.context.bars
    return table is not None and isinstance(dot, Var) and any(
        isinstance(b, Bind) and dot.name in b.targets and (
            Var(table) in b.args or (b.calls(ops.unpack) and made_by_call(b.args[0], emit)))
        for b in emit.out)


def entered(s: With, emit: Emitter, tangents: Tangents) -> With:
    """Emit the entering of a manager; the statement that leaves it."""
    context = emit.context
    leaving = context.names("leaving")
    held = s.target or context.names("_")
    active = s.target is not None and s.target in context.active
    dot = tangents.name(held) if active else context.names("_")
    given = emit.atom(tangents.of(s.manager, emit)) if isinstance(s.manager, Var) and \
        s.manager.name in context.active else Const(None)
    args = (context.table(), s.manager, given)
    emit.out.append(Bind((leaving, held, dot), Ref(managers_in_step.entered_in), args, (), s.loc))
    return replace(s, manager=Var(leaving), target=None)


def store(s: Store, emit: Emitter, tangents: Tangents) -> None:
    """A write of an attribute or a cell, with the tangent of what is written."""
    table, key = emit.context.table(), s.key
    assert key is not None
    of_array = s.fn is builtins.setattr and isinstance(key, Const) and \
        key.value in fields_in_step.PARTS_OF_ARRAYS
    if s.place == "item" or of_array:
        given: list[Any] = [s.target, key, *([] if s.value is None else [s.value])]
        slots = [i for i, a in enumerate(given)
                 if isinstance(a, Var) and a.name in emit.context.active]
        packed = Inlined(Bind((), Ref(ops.tuple_), tuple(
            [emit.atom(tangents.of(given[i], emit)) for i in slots]), (), s.loc))
        emit.effect(Ref(pushed_by_place.push_in),
                    [table, Const(tuple(slots)), packed, Ref(s.fn), *given])
        return
    if s.fn is builtins.delattr:
        emit.effect(Ref(pushed_by_place.delete_in), [table, s.target, key])
        return
    value = s.value
    assert value is not None
    active = isinstance(value, Var) and value.name in emit.context.active
    dot = emit.atom(tangents.of(value, emit)) if active else Const(None)
    emit.effect(Ref(pushed_by_place.set_in), [table, s.target, key, value, dot])


