"""Attributes of objects that are written, and arrays in what is written: cotangents by place.

Of an object whose attributes are known, and get only what they have, those that are numbers have
their cotangents under their names in the object's shadow.  An array has its own where it lies,
whoever holds it; as nobody writes it, it is a value everywhere else.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Ref, Store, Var
from s2sdiff.kinds import ANY, Kind, kind_of
from s2sdiff.runtime import shadow_slots, whole_values
from s2sdiff.runtime.declared import is_constant
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull
from s2sdiff.transforms.staying import field_set, part_of

__all__ = ["given", "put", "read", "written"]


def read(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """`o.f`, where the kinds say what it is; None for all else."""
    if len(s.targets) != 1 or len(s.args) != 2:
        return None
    owner, name = s.args
    if not isinstance(owner, Var) or not context.shared(owner.name):
        return None
    kind = context.kinds.get(owner.name, ANY)
    if not isinstance(name, Const) or type(kind.value) is not tuple or kind.items is None or \
            name.value not in kind.value or is_constant(kind.type, name.value):
        return None
    held = part_of(kind, name.value)
    if held.is_array:
        return given(s, emit, context)
    if not _is_number(held):
        return nothing(s, emit) if _has_place(held) and context.shared(s.targets[0]) else None
    emit.out.append(s)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        if bars[0] is not None:
            args = [context.table(), owner, name, back.atom(bars[0])]
            back.effect(Ref(shadow_slots.add_field), args)
        return []

    return Pull(pull, True)


def written(s: Store, emit: Emitter, context: Context) -> Pull | None:
    """`o.f = v`, where that is of the kind that it was; None for all other writes."""
    write = field_set(s, emit.kind)
    if write is None or not isinstance(s.target, Var) or not context.shared(s.target.name):
        return None
    held, name, _ = write
    owner, value = s.target, s.value
    if held.inert or is_constant(emit.kind(owner).type, name):
        # Nobody reads an active value there.
        return nothing(s, emit)
    if held.is_array:
        return put(s, value, emit, context)
    if not _is_number(held):
        there = isinstance(value, Var) and context.shared(value.name)
        return nothing(s, emit) if _has_place(held) and there else None
    emit.out.append(s)
    zero = Const(0j if held.field == "complex" else 0.0)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        take = [context.table(), owner, Const(name), zero]
        if not isinstance(value, Var) or value.name not in context.active:
            back.effect(Ref(shadow_slots.take_field), take)  # type: ignore[arg-type]
            return []
        share = back.bind(Ref(shadow_slots.take_field), take, {}, f"{value.name}_bar")
        context.kinds[share.name] = kind_of(zero.value)
        back.masked.add(share.name)
        return [(value.name, share)]

    return Pull(pull, True)


def _is_number(kind: Kind) -> bool:
    return kind.is_scalar and kind.field in ("real", "complex")


def _has_place(kind: Kind) -> bool:
    return kind.has_place and not kind.is_array


# ---------------------------------------------------------------------------------- arrays


def given(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """An array that is read out of something puts its cotangent where the array lies."""
    item = Var(s.targets[0])
    if not _is_value(item, context):
        return nothing(s, emit) if context.shared(item.name) and \
            context.kinds.get(item.name, ANY).is_array else None
    emit.out.append(s)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        if bars[0] is not None:
            g = back.atom(back.full(bars[0]))
            back.effect(Ref(whole_values.deposit), [context.table(), item, g])
        return []

    return Pull(pull, True)


def put(s: ir.Stmt, value: Any, emit: Emitter, context: Context) -> Pull | None:
    """An array that is put into something takes the cotangent that lies where it does."""
    if not isinstance(value, Var) or not context.kinds.get(value.name, ANY).is_array or \
            context.local(value.name):
        return None
    if context.shared(value.name) or value.name not in context.active:
        return nothing(s, emit)
    emit.out.append(s)
    kind = context.kinds[value.name]

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        share = back.bind(Ref(whole_values.taken), [context.table(), value], {},
                          f"{value.name}_bar")
        context.kinds[share.name] = kind
        back.fresh.add(share.name)
        back.masked.add(share.name)
        return [(value.name, share)]

    return Pull(pull, True)


def _is_value(item: Var, context: Context) -> bool:
    return context.kinds.get(item.name, ANY).is_array and not context.local(item.name) and \
        not context.shared(item.name)


def nothing(s: ir.Stmt, emit: Emitter) -> Pull:
    """What has places has its cotangents there, before and after."""
    emit.out.append(s)
    return Pull(lambda back, bars: [], True)
