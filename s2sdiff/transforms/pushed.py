"""Calls that give value and tangent: of user's functions, of called rules, of anything."""

from __future__ import annotations

from typing import Any

from s2sdiff import errors, ops
from s2sdiff.ir import Bind, Const, Inlined, Ref, Star, Var
from s2sdiff.kinds import ANY
from s2sdiff.registry import find
from s2sdiff.runtime import tangents, values
from s2sdiff.transforms import activity
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull, unpacks
from s2sdiff.transforms.reached import slots_of
from s2sdiff.transforms.tangents import of_tangent

__all__ = ["pushed"]


def pushed(s: Bind, context: Context) -> Pull:
    """A call whose tangent is found when it is made."""

    def push(emit: Emitter, dots: dict[str, Any]) -> dict[str, Any]:
        slots = slots_of(s, context)
        given = [emit.atom(dots[name]) for _, name in slots]
        fn, args, kwargs = s.fn, s.args, s.kwargs
        wrt = tuple(slot for slot, _ in slots)
        if any(isinstance(a, Star) for a in args) or any(k is None for k, _ in kwargs):
            return _refused(s, emit)
        if isinstance(fn, Ref) and values.has_source(fn.object) and find(fn.object) is None and \
                not (fn.object.__module__ or "").startswith("s2sdiff."):
            link = Ref(context.link(fn, wrt, forward=True))
            return _emitted(s, link, (*args, *given), kwargs, emit)
        helper, packed = tangents.push, _pack(given, s)
        if fn == Ref(ops.method):
            helper, fn = tangents.push_method, args[1]
            args = (args[0], *args[2:])
            wrt = tuple(i - 1 if isinstance(i, int) and i > 1 else i for i in wrt if i != 1)
        elif fn == Ref(getattr) and len(args) == 2:
            helper, fn, args = tangents.push_attribute, args[1], args[:1]
        return _emitted(s, Ref(helper), (Const(wrt), packed, fn, *args), kwargs, emit)

    return Pull(_nothing, False, push)


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


def _refused(s: Bind, emit: Emitter) -> dict[str, Any]:
    emit.out += [activity.refuse(
        errors.UnsupportedError, "forward mode does not go through a call with stars",
        "write the arguments out, or use reverse mode (sd.vjp)", s.loc), s]
    return {t: Const(None) for t in s.targets}

