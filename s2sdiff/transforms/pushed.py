"""Calls that give value and tangent: of user's functions, of called rules, of anything."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from s2sdiff import ops, runtime
from s2sdiff.ir import Bind, Const, Inlined, Ref, Star, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.registry import find
from s2sdiff.runtime import (
    pushed_by_place,
    standins_managers,
    tangents,
    values,
    zero_tangents,
)
from s2sdiff.runtime.dots import zero_in
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull, unpacks
from s2sdiff.transforms.reached import runs_unseen, slots_of
from s2sdiff.transforms.tangents import of_tangent

__all__ = ["fits", "fitted", "is_zero", "pushed"]


def pushed(s: Bind, context: Context) -> Pull:
    """A call whose tangent is found when it is made."""

    def push(emit: Emitter, dots: dict[str, Any]) -> dict[str, Any]:
        slots = slots_of(s, context)
        given = [emit.atom(dots[name]) for _, name in slots]
        fn, args, kwargs = s.fn, s.args, s.kwargs
        wrt = tuple(slot for slot, _ in slots)
        if any(isinstance(a, Star) for a in args) or any(k is None for k, _ in kwargs):
            return _applied(s, emit, dots)
        if isinstance(fn, Ref) and values.has_source(fn.object) and find(fn.object) is None and \
                _is_followed(fn.object, context) and \
                not standins_managers.is_manager(fn.object) and \
                not inspect.isgeneratorfunction(fn.object):
            if context.bars is None:
                link = Ref(context.link(fn, wrt, forward=True))
                return _emitted(s, link, (*args, *given), kwargs, emit)
            link = Ref(context.link(fn, wrt, places=True, forward=True))
            return _emitted(s, link, (*args, *given, context.table()), kwargs, emit)
        table = () if context.bars is None else (context.table(),)
        helpers = _BY_PLACE if table else _PLAIN
        helper, packed = helpers[0], _pack(given, s)
        if fn == Ref(ops.method):
            helper, fn = helpers[1], args[1]
            args = (args[0], *args[2:])
            wrt = tuple(i - 1 if isinstance(i, int) and i > 1 else i for i in wrt if i != 1)
        elif fn == Ref(getattr) and len(args) == 2:
            helper, fn, args = helpers[2], args[1], args[:1]
        if table and runs_unseen(s) and context.memory is not None and context.memory.effects(s):
            helper = _WRITING.get(helper, helper)
        return _emitted(s, Ref(helper), (*table, Const(wrt), packed, fn, *args), kwargs, emit)

    return Pull(_nothing, False, push)


def _is_followed(fn: Any, context: Context) -> bool:
    """A function of the user's, or a helper of a rule, which is given numbers alone."""
    module = fn.__module__ or ""
    return not module.startswith("s2sdiff.") or (
        module.startswith("s2sdiff.rules.") and context.bars is None)


def is_zero(s: Bind, context: Context) -> bool:
    """A zero cotangent is made.

    Its tangent is made by itself, in the same order of memory.
    """
    return s.calls(runtime.zeros) and len(s.targets) == 1 and isinstance(s.args[0], Var) and (
        context.bars is None or context.kinds.get(s.args[0].name, ANY).is_array)


def fits(s: Bind, dots: dict[str, Any], context: Context) -> bool:
    """What is made of tangents by the very call: a cotangent that fits, an array of numbers."""
    first = s.args[0] if s.args else None
    return context.bars is None and isinstance(s.fn, Ref) and len(s.targets) == 1 and \
        not s.kwargs and isinstance(first, Var) and first.name in dots and (
            s.fn.object in _FITTING or (s.fn.object in _ARRAYS and len(s.args) == 1
                                        and _of_floats(context.kinds.get(first.name, ANY))))


_FITTING = (runtime.match, runtime.match_number, runtime.gradient)
_ARRAYS = (np.array, np.asarray)


def _of_floats(kind: Kind) -> bool:
    """A list of floats of double precision, or of such lists."""
    if kind.type not in (list, tuple) or not kind.items:
        return False
    return all(k.type in (float, np.float64) or _of_floats(k) for k in kind.items)


def fitted(s: Bind, dots: dict[str, Any], emit: Emitter) -> dict[str, Any]:
    """What a call gives for which that is so, and its tangent."""
    (target,), first = s.targets, s.args[0]
    assert isinstance(first, Var)
    emit.out.append(s)
    return {target: emit.bind(s.fn, [emit.atom(dots[first.name]), *s.args[1:]], {},
                              f"{target}_dot")}


_PLAIN = tangents.push, tangents.push_method, tangents.push_attribute
_BY_PLACE = pushed_by_place.push_in, pushed_by_place.method_in, pushed_by_place.attribute_in
#: Where a method that runs without its name, or under one of those that read, is known to write.
_WRITING: dict[Any, Any] = {pushed_by_place.method_in: pushed_by_place.method_writing_in}


def _nothing(back: Emitter, bars: list[Any]) -> Any:
    raise AssertionError("forward mode takes nothing back")


def _pack(atoms: list[Any], s: Bind) -> Any:
    return Inlined(Bind((), Ref(ops.tuple_), tuple(atoms), (), s.loc))


def _emitted(s: Bind, fn: Any, args: tuple, kwargs: Any, emit: Emitter) -> dict[str, Any]:
    context = emit.context
    whole = len(s.targets) == 1 and not unpacks(s)
    target = s.targets[0] if whole else context.names("value_1")
    dot = context.names(f"{context.names.bases.get(target, target)}_dot")
    context.kinds[dot] = of_tangent(context.kinds.get(target, ANY))
    emit.out.append(Bind((target, dot), fn, args, kwargs, s.loc))
    if whole:
        return {target: Var(dot)}
    if not s.targets:
        return {}
    parts = (Const(len(s.targets)), Const(None))
    dots = tuple(context.names(f"{t}_dot") for t in s.targets)
    emit.out.append(Bind(s.targets, Ref(ops.unpack), (Var(target), *parts), (), s.loc))
    emit.out.append(Bind(dots, Ref(ops.unpack), (Var(dot), *parts), (), s.loc))
    return dict(zip(s.targets, map(Var, dots), strict=True))


def _applied(s: Bind, emit: Emitter, dots: dict[str, Any]) -> dict[str, Any]:
    """A call with stars: arguments and tangents are gathered in tuples and dicts."""
    context, fn, args = emit.context, s.fn, s.args
    helper = pushed_by_place.apply_in
    if s.fn == Ref(ops.method):
        helper, fn, args = pushed_by_place.apply_method_in, args[1], (args[0], *args[2:])
    drawn = [_drawn(a, emit) for a in args]
    gathered = [emit.bind(Ref(ops.tuple_), drawn, {}, "args_1"),
                emit.bind(Ref(ops.tuple_), [_dot_of(a, dots, emit) for a in drawn], {},
                          "args_1_dot")]
    for named in (s.kwargs, [(k, _named(k, a, dots, emit)) for k, a in s.kwargs]):
        name = context.names("kwargs_1")
        emit.out.append(Bind((name,), Ref(dict, "dict"), (), tuple(named), s.loc))
        gathered.append(Var(name))
    return _emitted(s, Ref(helper), (context.table(), fn, *gathered), (), emit)


def _drawn(a: Any, emit: Emitter) -> Any:
    """Starred items, drawn once."""
    return Star(emit.bind(Ref(tuple, "tuple"), [a.value], {}, "items_1")) \
        if isinstance(a, Star) and isinstance(a.value, Var) and \
        a.value.name not in emit.context.active else a


def _named(k: str | None, a: Any, dots: dict[str, Any], emit: Emitter) -> Any:
    dot = _dot_of(a, dots, emit)
    return dot if k is not None or emit.kind(a).type is dict else emit.bind(
        Ref(zero_tangents.named_tangents), [dot, a], {}, "named_dot")


def _dot_of(a: Any, dots: dict[str, Any], emit: Emitter) -> Any:
    value = a.value if isinstance(a, Star) else a
    dot = emit.atom(dots[value.name]) if isinstance(value, Var) and \
        value.name in emit.context.active else emit.bind(
            Ref(zero_in), [emit.context.table(), value], {}, "zero_1")
    if not isinstance(a, Star):
        return dot
    kind = emit.kind(value)
    if kind.is_array or kind.type is list or kind.is_tuple:
        return Star(dot)
    return Star(emit.bind(Ref(zero_tangents.item_tangents), [dot, value], {}, "items_1_dot"))

