"""Displays and unpacking: the cotangent of a tuple is a tuple, and its parts are handed on."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.ir import Bind, Const, Ref, Star, Var
from s2sdiff.runtime import stars
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull

__all__ = ["display", "unpack"]


def display(s: Bind, emit: Emitter) -> Pull:
    emit.out.append(s)
    context = emit.context
    if any(isinstance(a, Star) for a in s.args):
        def starred(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
            flags = Const(tuple(isinstance(a, Star) for a in s.args))
            values = [a.value if isinstance(a, Star) else a for a in s.args]
            parts = back.bind(Ref(stars.split), [back.atom(bars[0]), flags, *values], {}, "parts_1")
            found = []
            for i, a in enumerate(values):
                if isinstance(a, Var) and a.name in context.active:
                    share = back.bind(Ref(operator.getitem), [parts, Const(i)], {}, f"{a.name}_bar")
                    found.append((a.name, share))
            return found

        return Pull(starred)

    # A list that others see may be another one when it is read.
    if s.fn == Ref(ops.tuple_) or s.targets[0] in context.single:
        made = tuple if s.fn == Ref(ops.tuple_) else list
        emit.tuples[s.targets[0]] = made(s.args)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        bar = bars[0]
        items = bar if isinstance(bar, (tuple, list)) else back.tuples.get(getattr(bar, "name", ""))
        found = []
        for i, a in enumerate(s.args):
            if not isinstance(a, Var) or a.name not in context.active:
                continue
            if items is not None:
                part = items[i]
            else:
                take = operator.getitem if back.kind(bar).type in (tuple, list) else stars.item
                part = back.bind(Ref(take), [bars[0], Const(i)], {}, f"{a.name}_bar")
            if part != Const(None):
                found.append((a.name, part))
        return found

    return Pull(pull)


def unpack(s: Bind, emit: Emitter, context: Context) -> Pull:
    emit.out.append(s)
    source = s.args[0]
    kind = emit.kind(source)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        assert isinstance(source, Var)
        parts = tuple(Const(None) if b is None else b for b in bars)
        if kind.type is tuple:
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
