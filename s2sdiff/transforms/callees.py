"""Active calls that are not pasted: of a rule, of a user's function, of what is found when run.

All speak one protocol: `value, pullback = callee(...)`, and `pullback(cotangent)` gives an entry
for each active argument, bare where that is a single one.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ops
from s2sdiff.ir import Atom, Bind, Const, Ref, Star, Var
from s2sdiff.kinds import ANY
from s2sdiff.registry import Rule
from s2sdiff.runtime import calls, rule_calls, stars
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.displays import display
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull, cotangent, filled

__all__ = ["by_link", "called_rule", "dynamic"]


def slots_of(s: Bind, context: Context) -> list[tuple[Any, str]]:
    """Active arguments of a call: position or keyword, and the variable there."""
    slots: list[tuple[Any, str]] = []
    for i, a in enumerate(s.args):
        if isinstance(a, Var) and a.name in context.active:
            slots.append((i, a.name))
    for k, a in s.kwargs:
        if isinstance(a, Var) and a.name in context.active:
            slots.append((k, a.name))
    return slots


def called_rule(s: Bind, rule: Rule, emit: Emitter, context: Context) -> Pull:
    slots = slots_of(s, context)
    given = (*s.args, *(a for _, a in s.kwargs))
    kept = any(context.may_change(a.name) for a in given if isinstance(a, Var))
    caller = rule_calls.rule_caller(rule, tuple(slot for slot, _ in slots), kept)
    return _emit_call(s, Ref(caller), s.args, s.kwargs, slots, emit, context)


def by_link(s: Bind, emit: Emitter, context: Context) -> Pull:
    if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return dynamic(s, emit, context)
    slots = slots_of(s, context)
    link = context.link(s.fn, tuple(slot for slot, _ in slots), context.volatile_slots(s, slots))
    return _emit_call(s, Ref(link), s.args, s.kwargs, slots, emit, context)


def dynamic(s: Bind, emit: Emitter, context: Context) -> Pull:
    """The callee, or what a known one means for its arguments, is found when the call is made."""
    if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return _applied(s, emit, context)
    slots = slots_of(s, context)
    args, kwargs = s.args, s.kwargs
    kept = context.writes or bool(context.request.volatile)
    helper, fn = calls.call_kept if kept else calls.call, s.fn
    if s.fn == Ref(ops.method):
        helper, fn = calls.call_method_kept if kept else calls.call_method, args[1]
        args = (args[0], *args[2:])
        slots = [(i - 1 if isinstance(i, int) and i > 1 else i, name) for i, name in slots]
    elif s.fn == Ref(getattr):
        helper, fn = calls.attribute_kept if kept else calls.attribute, args[1]
        args = args[:1]
    wrt = Const(tuple(slot for slot, _ in slots))
    return _emit_call(s, Ref(helper), (wrt, fn, *args), kwargs, slots, emit, context)


def _applied(s: Bind, emit: Emitter, context: Context) -> Pull:
    """A call with stars: the arguments are gathered in a tuple and a dict that have cotangents."""
    args, fn = s.args, s.fn
    helper = stars.apply
    if s.fn == Ref(ops.method):
        helper, fn, args = stars.apply_method, args[1], (args[0], *args[2:])
    gathered = context.names("args_1")
    split = display(Bind((gathered,), Ref(ops.tuple_), args, (), s.loc), emit)
    if not s.kwargs:
        mapping = emit.bind(Ref(dict, "dict"), [], {}, "kwargs_1")
    else:
        mapping = Var(context.names("kwargs_1"))
        emit.out.append(Bind((mapping.name,), Ref(dict, "dict"), (), s.kwargs, s.loc))
    target, pullback = _results(s, emit)
    emit.out.append(Bind((target, pullback), Ref(helper), (fn, Var(gathered), mapping), (), s.loc))
    _bind_targets(s, target, emit)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        seed = back.atom(filled(cotangent(s, bars, back), s, back))
        shares, named = context.names("args_bar"), context.names("kwargs_bar")
        back.out.append(Bind((shares, named), Var(pullback), (seed,), (), back.loc))
        found = split.run(back, [Var(shares)])
        for k, a in s.kwargs:
            if isinstance(a, Var) and a.name in context.active:
                take, key = (operator.getitem, Const(k)) if k is not None else \
                    (stars.mapping_share, a)
                share = back.bind(Ref(take), [Var(named), key], {}, f"{a.name}_bar")
                found.append((a.name, share))
        return found

    return Pull(pull)


def _results(s: Bind, emit: Emitter) -> tuple[str, str]:
    stem = s.targets[0] if s.targets else "value"
    target = s.targets[0] if len(s.targets) == 1 else emit.context.names("value_1")
    if isinstance(s.fn, Ref) and s.fn.object not in (ops.method, getattr):
        called = getattr(s.fn.object, "__name__", stem)
        stem = called if called.isidentifier() and called != "<lambda>" else stem
    return target, emit.context.names(f"{stem}_pullback")


def _bind_targets(s: Bind, target: str, emit: Emitter) -> None:
    if len(s.targets) > 1:
        parts = (Var(target), Const(len(s.targets)), Const(None))
        emit.out.append(Bind(s.targets, Ref(ops.unpack), parts, (), s.loc))


def _emit_call(s: Bind, fn: Atom, args: tuple, kwargs: tuple, slots: list[tuple[Any, str]],
               emit: Emitter, context: Context) -> Pull:
    target, pullback = _results(s, emit)
    emit.out.append(Bind((target, pullback), fn, args, kwargs, s.loc))
    _bind_targets(s, target, emit)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        seed = back.atom(filled(cotangent(s, bars, back), s, back))
        hints = [f"{name}_bar" for _, name in slots]
        targets = tuple(context.names(h) for h in hints)
        back.out.append(Bind(targets, Var(pullback), (seed,), (), back.loc))
        for t, (_, name) in zip(targets, slots, strict=True):
            # A called pullback gives each cotangent in its argument's type; zeros are real there.
            kind = context.kinds.get(name, ANY)
            context.kinds[t] = kind if kind.is_number else ANY
            back.masked.add(t)
        return [(name, Var(t)) for (_, name), t in zip(slots, targets, strict=True)]

    return Pull(pull)
