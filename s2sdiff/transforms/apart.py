"""Cotangents that are values of the forward code: to be told apart from these where it matters.

Where a factor is 1, as at the start of a gradient, the cotangent of `s` in `s * x` is `x` itself.
If a loop carried that x, the loop that runs backwards has the x of each round under that name.
And a gradient that is somebody else's array must not be handed out.
"""

from __future__ import annotations

import operator
from collections.abc import Set
from typing import Any

import numpy as np

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Free, Move, Ref, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.cotangents import names_in, substituted
from s2sdiff.transforms.emit import Emitter

__all__ = ["borrowed", "renamed", "sole"]

_VIEWS = frozenset(map(id, (
    operator.getitem, np.expand_dims, np.moveaxis, np.flip, np.reshape, np.squeeze, np.transpose,
    np.swapaxes, np.ravel, runtime.match, runtime.unbroadcast, *[vars(np.ndarray)[n] for n in (
        "T", "real", "reshape", "squeeze", "transpose", "swapaxes", "ravel")])))


def renamed(have: dict[str, Any], bound: Set[str], context: Context, loc: ir.Loc) -> ir.Block:
    """Statements that give a name of their own to what the loop binds; `have` is changed to it."""
    own: dict[str, Var] = {}
    for n, bar in have.items():
        for name in names_in(bar):
            if name in bound and name not in own:
                own[name] = Var(context.names(f"{n}_bar"))
                context.kinds[own[name].name] = context.kinds.get(name, ANY)
    if not own:
        return ()
    have.update({n: substituted(bar, own) for n, bar in have.items()})
    return (Move(tuple(v.name for v in own.values()), tuple(map(Var, own)), loc),)


def borrowed(bar: ir.Atom, emit: Emitter) -> bool:
    """Whether a value may be no array of its own: a forward value, a stretched number, a view.

    Adding to such a gradient would change an argument, or raise as it cannot be written into.
    """
    kind = emit.kind(bar)
    if kind == ANY or not isinstance(bar, Var) or not kind.is_array:
        return kind == ANY or kind.is_array
    made: dict[str, list[Any]] = {}
    for s in ir.walk(tuple(emit.out)):
        if isinstance(s, Move):
            for target, source in zip(s.targets, s.sources, strict=True):
                made.setdefault(target, []).append(source)
        elif isinstance(s, Bind):
            for target in s.targets:
                made.setdefault(target, []).append(s)
    seen, todo = {bar.name}, [bar.name]
    while todo:
        # What nothing here has made is a value of the forward code.
        for source in made.get(todo.pop(), [None]):
            if isinstance(source, Bind):
                fn = source.fn.object if isinstance(source.fn, Ref) else None
                # A called pullback may give what it has kept, or a number that it stretched.
                if fn is None or fn is np.broadcast_to:
                    return True
                source = source.args[0] if id(fn) in _VIEWS else source
            if source is None:
                return True
            if isinstance(source, Var) and source.name not in seen:
                seen.add(source.name)
                todo.append(source.name)
    return False


def sole(shares: list[tuple[str, Any]], emit: Emitter) -> set[str]:
    """What the call that is being pulled back, or its cotangent, is for one share at most."""
    made = {*emit.given}
    for s in emit.out[emit.mark:]:
        made.update(ir.defines(s))
    if made and shares:
        names = [n for _, share in shares for n in names_in(share)]
        if len(names) > 1:
            made.difference_update([n for n in names if names.count(n) > 1])
    return made


def lends(bar: ir.Atom, like: Kind, emit: Emitter) -> bool:
    """Whether an array in the cotangent of a container may be a value of the forward code.

    What cannot be written into is no matter: `structures.gradient` copies that.
    """
    if not _may_have_arrays(like):
        return False
    made: dict[str, list[Any]] = {}
    for s in ir.walk(tuple(emit.out)):
        if isinstance(s, Move):
            for target, source in zip(s.targets, s.sources, strict=True):
                made.setdefault(target, []).append((source,))
        elif isinstance(s, Bind):
            for target in s.targets:
                made.setdefault(target, []).append(_passed_on(s))
            if not s.targets and s.args and isinstance(s.args[0], Var):
                made.setdefault(s.args[0].name, []).append(s.args[1:])
        elif isinstance(s, ir.Store) and isinstance(s.target, Var):
            made.setdefault(s.target.name, []).append((s.value,))
    todo, seen = [bar], set[str]()
    while todo:
        a = todo.pop()
        if isinstance(a, ir.Inlined):
            todo += _passed_on(a.bind)
        if not isinstance(a, (Var, Free)) or a.name in seen or emit.kind(a).is_scalar:
            continue
        if isinstance(a, Free) or a.name not in made:
            return True
        seen.add(a.name)
        for sources in made[a.name]:
            todo += sources
    return False


def _may_have_arrays(kind: Kind) -> bool:
    if kind.is_scalar or kind.inert:
        return False
    each = kind.each or kind.under
    parts = (each,) if each is not None else kind.items
    return parts is None or any(map(_may_have_arrays, parts))


def _passed_on(s: Bind) -> tuple[Any, ...]:
    """What a call's result may be, or hold: of a called pullback, what that has kept."""
    if not isinstance(s.fn, Ref):
        return (s.fn, *s.args)
    if id(s.fn.object) in _VIEWS:
        return tuple(s.args[:1])
    return tuple(s.args) if id(s.fn.object) in _HOLDING else ()


_HOLDING = frozenset(map(id, (
    ops.dict_, ops.list_, ops.tuple_, ops.method, runtime.add, runtime.item)))
