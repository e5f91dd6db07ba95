"""Displays and unpacking: the cotangent of a tuple is a tuple, and its parts are handed on."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Const, Ref, Star, Var
from s2sdiff.kinds import ANY, scalar
from s2sdiff.runtime import contents, shadow_slots, stars, whole_values
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Placeless, Pull

__all__ = ["display", "displayed", "of_dict", "seen", "unpack"]


def display(s: Bind, emit: Emitter, places: bool = False) -> Pull:
    """The value, and how it is pulled back; with `places`, its cotangent is what has no place."""
    emit.out.append(s)
    context = emit.context
    if any(isinstance(a, Star) for a in s.args):
        kept: dict[Any, Var] = {}
        for a in s.args:
            # A list may be longer or shorter when the cotangent is cut up.
            if isinstance(a, Star) and isinstance(a.value, Var) and context.memory is not None and \
                    emit.kind(a.value).type is not tuple and not emit.kind(a.value).is_array:
                kept[a.value] = emit.bind(
                    Ref(contents.parts), [a.value], {}, f"{a.value.name}_parts")

        def starred(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
            flags = Const(tuple(isinstance(a, Star) for a in s.args))
            values = [kept.get(a.value, a.value) if isinstance(a, Star) else a for a in s.args]
            parts = back.bind(Ref(stars.split), [back.atom(bars[0]), flags, *values], {}, "parts_1")
            found = []
            for i, given in enumerate(s.args):
                a = given.value if isinstance(given, Star) else given
                if isinstance(a, Var) and a.name in context.active:
                    hint, shared = f"{a.name}_bar", context.shared(a.name)
                    share: Any = back.bind(Ref(operator.getitem), [parts, Const(i)], {}, hint)
                    # What is handed on may have been left out, and was infinite perhaps.
                    back.masked.add(share.name)
                    if (places and isinstance(given, Star)) or (a in kept and shared):
                        # The numbers among the items have their place in what they are items of.
                        args = [context.table(), kept.get(a, a), share]
                        share = back.bind(Ref(whole_values.deposit), args, {}, hint)
                        share = Placeless(share) if shared else share
                    found.append((a.name, share))
            return found

        return Pull(starred)

    # A list that others see may be another one when it is read.
    if s.fn == Ref(ops.tuple_) or s.targets[0] in context.single:
        made = tuple if s.fn == Ref(ops.tuple_) else list
        emit.tuples[s.targets[0]] = made(s.args)
    then = _as_they_are(s, emit)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        bar = bars[0]
        items = bar if isinstance(bar, (tuple, list)) else back.tuples.get(getattr(bar, "name", ""))
        found = []
        for i, a in enumerate(s.args):
            if not isinstance(a, Var) or a.name not in context.active:
                continue
            if isinstance(bar, dict):
                part = bar.get(i, Const(None))
            elif items is not None:
                # An unpacking into fewer names is never reached.
                part = items[i] if i < len(items) else Const(None)
            else:
                part = back.bind(Ref(_taking(bar, back)), [bars[0], Const(i)], {}, f"{a.name}_bar")
                kind = back.kind(part)
                if kind.is_float and back.context.local(s.targets[0]):
                    # Where a float is, a number of NumPy's may have been added.
                    back.context.kinds[part.name] = scalar(None, kind.field)
            if part != Const(None) and a.name in then:
                args = [context.table(), then[a.name], back.atom(part)]
                part = Placeless(back.bind(Ref(whole_values.deposit), args, {}, f"{a.name}_bar"))
            if part != Const(None):
                found.append((a.name, part))
        return found

    return Pull(pull)


def _as_they_are(s: Bind, emit: Emitter) -> dict[str, Var]:
    """What containers hold whose cotangents are kept by place, while the display's goes as a whole.

    Where the whole is handed back they may hold something else.
    """
    context, found = emit.context, dict[str, Var]()
    if context.memory is None or context.shared(s.targets[0]):
        return found
    for a in s.args:
        if not isinstance(a, Var) or a.name in found or a.name not in context.active or \
                not context.shared(a.name):
            continue
        kind = emit.kind(a)
        numbers = kind.each is not None and kind.each.is_number
        holds = not (kind.is_number or kind.is_fixed or kind.inert or numbers)
        node = context.memory.class_of(a.name)
        written = node is not None and context.memory.sorts.get(node)
        if holds and (written or context.request.volatile):
            found[a.name] = emit.bind(Ref(contents.parts), [a], {}, f"{a.name}_parts")
    return found


def displayed(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """A display or an unpacked tuple where cotangents are kept by place; None for all else."""
    called = s.fn.object if isinstance(s.fn, Ref) else None
    if called is ops.unpack and isinstance(s.args[0], Var) and s.args[2] == Const(None) and \
            emit.kind(s.args[0]).is_tuple:
        emit.out.append(s)
        source = s.args[0]
        return Pull(lambda back, bars: [(
            source.name, tuple(Const(None) if b is None else b for b in bars))], True)
    if called not in (ops.tuple_, ops.list_, ops.dict_, ops.set_) or s.kwargs or \
            any(isinstance(a, Star) for a in s.args):
        return None
    emit.out.append(s)
    if called is ops.dict_:
        pairs = list(zip(s.args[::2], s.args[1::2], strict=True))
    elif called is ops.set_:
        pairs = [(a, a) for a in s.args]
    else:
        pairs = [(Const(i), a) for i, a in enumerate(s.args)]

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        found = []
        # A key that comes twice has the last value.
        for key, a in reversed(pairs):
            if not isinstance(a, Var) or a.name not in context.active:
                continue
            kind, table = context.kinds.get(a.name, ANY), context.table()
            share: Any = Const(None)
            if not kind.is_array:
                hint = f"{a.name}_bar"
                if called is not ops.tuple_:
                    place = [table, Var(s.targets[0]), key]
                    share = back.bind(Ref(shadow_slots.slot), place, {}, hint)
                elif bars[0] is not None:
                    bar = back.atom(bars[0])
                    share = back.bind(Ref(_taking(bar, back)), [bar, key], {}, hint)
            if kind.is_scalar and share != Const(None):
                share = back.bind(Ref(runtime.match), [share, a], {}, f"{a.name}_bar")
            if not kind.is_scalar and not context.shared(a.name):
                share = back.bind(Ref(whole_values.withdraw), [table, a, share], {},
                                  f"{a.name}_bar")
                if kind.is_array:
                    share = back.bind(Ref(runtime.match), [share, a], {}, f"{a.name}_bar")
            if share != Const(None):
                found.append((a.name, share))
        return found

    return Pull(pull, True)


def of_dict(s: Bind, emit: Emitter) -> Pull:
    """`{key: value, …}` where nobody writes into it: the cotangent is one by key."""
    emit.out.append(s)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        bar, found, later = bars[0], [], set()
        # A key that comes twice has the last value.
        for key, a in reversed(list(zip(s.args[::2], s.args[1::2], strict=True))):
            share: Any = Const(None)
            if isinstance(key, Const) and key in later:
                continue
            later.add(key)
            if isinstance(bar, dict):
                share = bar.get(getattr(key, "value", None), Const(None))
            elif isinstance(a, Var) and a.name in back.context.active:
                others = [k for k in s.args[::2] if not isinstance(k, Const)]
                if others and key != s.args[::2][-1]:
                    share = back.bind(Ref(stars.unless_later), [
                        back.atom(bar), Const(s.args[::2].index(key)), *s.args[::2]], {},
                        f"{a.name}_bar")
                else:
                    share = back.bind(Ref(stars.item), [back.atom(bar), key], {}, f"{a.name}_bar")
            if isinstance(a, Var) and a.name in back.context.active and share != Const(None):
                if back.context.kinds.get(a.name, ANY).is_scalar and not back.kind(share).is_scalar:
                    share = back.bind(Ref(runtime.match), [share, a], {}, f"{a.name}_bar")
                found.append((a.name, share))
        return found

    return Pull(pull)


def seen(s: Bind, emit: Emitter, context: Context) -> Pull:
    """A captured variable that is read: a number's cotangent lies with its cell."""
    emit.out.append(s)
    kind, cell = emit.kind(Var(s.targets[0])), ir.plain_args(s)[0]

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        if bars[0] is not None and not kind.is_array:
            bar = back.atom(bars[0])
            if not kind.is_scalar and not context.shared(s.targets[0]):
                args = [context.table(), Var(s.targets[0]), bar]
                bar = back.bind(Ref(whole_values.deposit), args, {}, f"{s.targets[0]}_bar")
            back.effect(Ref(shadow_slots.add_slot),
                        [context.table(), cell, Const("cell_contents"), bar])
        elif bars[0] is not None and not context.shared(s.targets[0]):
            back.effect(Ref(whole_values.deposit),
                        [context.table(), Var(s.targets[0]), back.atom(bars[0])])
        return []

    return Pull(pull, True)


def unpack(s: Bind, emit: Emitter, context: Context) -> Pull:
    emit.out.append(s)
    source = s.args[0]
    kind = emit.kind(source)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        assert isinstance(source, Var)
        parts = tuple(Const(None) if b is None else b for b in bars)
        if kind.is_tuple:
            return [(source.name, parts)]
        if kind.type is list:
            return [(source.name, list(parts))]
        filled = [back.full(back.zero(Var(t)) if p == Const(None) else p)
                  for t, p in zip(s.targets, parts, strict=True)]
        if kind.is_array:
            # Of numbers, `np.array` makes one in a tenth of the time that `np.stack` takes.
            numbers = all(back.kind(p).is_scalar for p in filled)
            fn, args = np.array if numbers else np.stack, [back.atom(list(filled))]
        else:
            fn, args = stars.packed, [source, *[back.atom(p) for p in filled]]
        return [(source.name, back.bind(Ref(fn), args, {}, f"{source.name}_bar"))]

    return Pull(pull)


def _taking(bar: Any, back: Emitter) -> Any:
    """What takes a part out of the cotangent of a container."""
    kind = back.kind(bar)
    return operator.getitem if kind.type is list or kind.is_tuple else stars.item
