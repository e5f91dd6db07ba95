"""Numbers in lists and dicts that are written: cotangents are added and taken where they lie.

It is for those whose items are all real numbers, all complex ones, or tuples of numbers, and whose
cotangents are in the table of shadows.  An index that may be negative is kept as the one that it
means, for the list may have another length when the pullback runs.  What is itself a list has its
own shadow.
"""

from __future__ import annotations

import operator
from collections import deque
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Ref, Store, Var
from s2sdiff.kinds import ANY, Growing, Kind, kind_of
from s2sdiff.runtime import shadow_slots
from s2sdiff.transforms import field_items
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.floors import floor
from s2sdiff.transforms.pull import Placeless, Pull

__all__ = ["blank", "linearized", "written"]


#: What puts an item in front of all others, and what takes the first.
_TO_FRONT = ((Const("appendleft"),), (Const("insert"), Const(0)))
_FROM_FRONT = (((Const("popleft"),), deque), ((Const("pop"), Const(0)), list))


def linearized(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """A read of an item, `append` or `pop()`; None for all other calls."""
    if s.kwargs or len(s.args) < 2:
        return None
    if s.calls(operator.mul) and len(s.targets) == 1:
        return _repeated(s, emit, context)
    if s.calls(getattr):
        return field_items.read(s, emit, context)
    if not _is_known(s.args[0], context):
        return None
    if s.calls(operator.getitem) and len(s.targets) == 1:
        return _read(s, emit, context)
    if not s.calls(ops.method):
        return None
    if s.args[1] == Const("get") and len(s.args) == 4 and len(s.targets) == 1 and \
            emit.kind(s.args[0]).type is dict and _has_numbers(s.args[0], context):
        return _got(s, emit, context)
    if s.args[1] == Const("append") and len(s.args) == 3 and not s.targets:
        return _appended(s, emit, context)
    if s.args[1:] == (Const("pop"),) and len(s.targets) == 1 and _has_tuples(s.args[0], context):
        emit.out.append(s)
        return _added(s.args[0], emit.bind(Ref(len, "len"), [s.args[0]], {}, "count_1"), context)
    if s.args[1:-1] in _TO_FRONT and not s.targets and _has_numbers(s.args[0], context):
        emit.out.append(s)
        return _taken(s.args[0], None, s.args[-1], context)
    if (s.args[1:], emit.kind(s.args[0]).type) in _FROM_FRONT and len(s.targets) < 2 and (
            _has_numbers(s.args[0], context) or _has_tuples(s.args[0], context)):
        return _popped(s, emit, context, shadow_slots.add_first)
    if _has_arrays(s.args[0], context) and _takes_out(s):
        return field_items.given(s, emit, context) if s.targets else _nothing(s, emit)
    if _has_arrays(s.args[0], context) and _puts_in(s):
        return _put(s, s.args[0], s.args[-1], emit, context)
    if s.args[1:] == (Const("pop"),) and len(s.targets) < 2 and _has_numbers(s.args[0], context):
        return _popped(s, emit, context)
    return None


def written(s: Store, emit: Emitter, context: Context) -> Pull | None:
    """`items[i] = v` and `o.f = v`; None for all other writes."""
    if s.place == "attribute":
        return field_items.written(s, emit, context)
    if s.fn is not operator.setitem or s.key is None or not _is_known(s.target, context) or \
            not _names_one(s.target, s.key, emit):
        return None
    if not _has_numbers(s.target, context) and not _has_tuples(s.target, context):
        return _put(s, s.target, s.value, emit, context)
    emit.out.append(s)
    return _taken(s.target, _place(s.key, s.target, emit), s.value, context)


def _is_known(a: Any, context: Context) -> bool:
    """A variable with a list of which all items are of one kind, with its cotangent by place."""
    return isinstance(a, Var) and context.shared(a.name) and _each(a, context) is not None


def _each(a: Var, context: Context) -> Kind | None:
    kind = context.kinds.get(a.name, ANY)
    return kind.items[0] if kind.type is Growing and kind.items else kind.each or kind.under


def _names_one(source: ir.Atom, key: ir.Atom, emit: Emitter) -> bool:
    """A key that names one item, and has no derivative."""
    if emit.kind(source).type is dict:
        return not (isinstance(key, Var) and key.name in emit.context.active)
    return emit.kind(key).type is int


def _has_numbers(a: Any, context: Context) -> bool:
    each = _each(a, context)
    return each is not None and each.is_scalar and each.field in ("real", "complex")


def _has_tuples(a: Any, context: Context) -> bool:
    """Its items are tuples of numbers and of what has no derivative: nothing in them has a place.
    """
    each = _each(a, context)
    return each is not None and each.items is not None and each.is_tuple and each.is_fixed


def _has_lists(a: Any, item: Any, context: Context) -> bool:
    """Its items are lists or dicts, as `item` is, which have shadows of their own."""
    each = _each(a, context)
    return each is not None and each.type in (list, dict) and isinstance(item, Var) and \
        context.shared(item.name)


def _has_arrays(a: Any, context: Context) -> bool:
    each = _each(a, context)
    return each is not None and each.is_array


def _takes_out(s: Bind) -> bool:
    """An item, from wherever it is."""
    name, count = s.args[1], len(s.args) - 2
    return (name == Const("pop") and count < 2) or (name == Const("popleft") and not count)


def _puts_in(s: Bind) -> bool:
    """An item, wherever it goes."""
    name, count = s.args[1], len(s.args) - 2
    return not s.targets and ((name == Const("insert") and count == 2) or (
        name == Const("appendleft") and count == 1))


def _given(s: Bind, source: Any, emit: Emitter, context: Context) -> Pull | None:
    """An array that is read out of a list or a dict."""
    return field_items.given(s, emit, context) if _has_arrays(source, context) else None


def _put(s: ir.Stmt, source: Any, value: Any, emit: Emitter, context: Context) -> Pull | None:
    """A list, a dict or an array is put into a list or a dict."""
    if _has_lists(source, value, context):
        return _nothing(s, emit)
    return field_items.put(s, value, emit, context) if _has_arrays(source, context) else None


def _nothing(s: ir.Stmt, emit: Emitter) -> Pull:
    emit.out.append(s)
    return Pull(lambda back, bars: [], True)


def blank(function: ir.Function) -> set[str]:
    """Variables that hold displays of literals, which one statement reads, and nobody writes."""
    counts: dict[str, int] = {}
    for s in ir.statements(function):
        for n in ir.reads(s):
            counts[n] = counts.get(n, 0) + 1
    return {n for s in ir.statements(function) if isinstance(s, Bind)
            and s.calls(ops.list_) and all(isinstance(a, Const) for a in s.args)
            for n in s.targets if counts.get(n) == 1}


def _repeated(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """`[0.0] * n`: what is in the list has no derivative."""
    each = emit.kind(Var(s.targets[0])).each
    if each is None or not each.is_scalar or any(
            isinstance(a, Var) and a.name in context.active - context.blank for a in s.args):
        return None
    emit.out.append(s)
    return Pull(lambda back, bars: [], context.shared(s.targets[0]))


def _read(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    source, key = s.args
    assert isinstance(source, Var)
    assert not isinstance(key, ir.Star)
    if not _names_one(source, key, emit):
        return None
    if _has_tuples(source, context):
        emit.out.append(s)
        return _added(source, _place(key, source, emit), context)
    if not _has_numbers(source, context):
        return _nothing(s, emit) if _has_lists(source, Var(s.targets[0]), context) else \
            _given(s, source, emit, context)
    emit.out.append(s)
    at = _place(key, source, emit)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        if bars[0] is not None:
            args = [context.table(), source, at, back.atom(bars[0])]
            back.effect(Ref(shadow_slots.add_number), args)
        return []

    return Pull(pull, True)


def _added(source: Any, at: ir.Atom, context: Context) -> Pull:
    """The cotangent of a tuple is added to that of what is, or was, at a place."""
    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        if bars[0] is not None:
            back.effect(Ref(shadow_slots.add_slot),
                        [context.table(), source, at, back.atom(bars[0])])
        return []

    return Pull(pull, True)


def _got(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """`d.get(k, default)`, where the default is a literal or has no derivative."""
    source, _, key, default = s.args
    known = isinstance(source, Var) and not isinstance(key, ir.Star) and _names_one(
        source, key, emit)
    if not known or (isinstance(default, Var) and default.name in context.active) or \
            not emit.kind(Var(s.targets[0])).is_number:
        return None
    emit.out.append(s)
    there = emit.bind(Ref(ops.contains), [key, source], {}, "there_1")

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        if bars[0] is not None:
            args = (context.table(), source, key, back.atom(bars[0]))
            add = Bind((), Ref(shadow_slots.add_number), args, (), back.loc)  # type: ignore[arg-type]
            back.out.append(ir.If(there, (add,), (), back.loc))
        return []

    return Pull(pull, True)


def _appended(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    source, _, value = s.args
    if not _has_numbers(source, context) and not _has_tuples(source, context):
        return _put(s, source, value, emit, context)
    at = emit.bind(Ref(len, "len"), [source], {}, "count_1")
    emit.out.append(s)
    return _taken(source, at, value, context)


def _popped(s: Bind, emit: Emitter, context: Context, first: Any = None) -> Pull:
    """`pop()`; with `first`, what gives a cotangent back to the front, `popleft()`."""
    source = ir.plain_args(s)[0]
    emit.out.append(s)
    at = emit.bind(Ref(len, "len"), [source], {}, "count_1")

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        g = back.atom(bars[0]) if bars and bars[0] is not None else \
            Const(None if _has_tuples(source, context) else 0.0)
        if first is not None:
            back.effect(Ref(first), [context.table(), source, g])
        elif g != Const(0.0):
            back.effect(Ref(shadow_slots.add_number), [context.table(), source, at, g])
        return []

    return Pull(pull, True)


def _taken(source: Any, at: ir.Atom | None, value: Any, context: Context) -> Pull:
    """What was put in, at a place or in front of all others, takes its cotangent out."""
    each = _each(source, context)
    zero = Const(0j if each is not None and each.field == "complex" else 0.0)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        if each is not None and each.is_tuple and at is not None:
            share = back.bind(Ref(shadow_slots.slot), [context.table(), source, at], {}, "item_bar")
            if not isinstance(value, Var) or value.name not in context.active:
                return []
            return [(value.name, Placeless(share) if context.shared(value.name) else share)]
        take = Ref(shadow_slots.take_number if at is not None else shadow_slots.take_first)
        args = [context.table(), source, *([at] if at is not None else []), zero]
        if not isinstance(value, Var) or value.name not in context.active:
            back.effect(take, args)
            return []
        share = back.bind(take, args, {}, f"{value.name}_bar")
        context.kinds[share.name] = kind_of(zero.value)
        back.masked.add(share.name)
        return [(value.name, share)]

    return Pull(pull, True)


def _place(key: ir.Atom, source: ir.Atom, emit: Emitter) -> ir.Atom:
    """A key, or an index as one that counts from the start."""
    if emit.kind(source).type is dict or floor(key, emit.context) >= 0:
        return key
    count = emit.bind(Ref(len, "len"), [source], {}, "count_1")
    if isinstance(key, Const):
        return emit.bind(Ref(operator.sub), [count, Const(-key.value)], {}, "i_1")
    return emit.bind(Ref(operator.mod), [key, count], {}, "i_1")
