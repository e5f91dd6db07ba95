"""Active calls that are not pasted: of a rule, of a user's function, of what is found when run.

All speak one protocol: `value, pullback = callee(...)`, and `pullback(cotangent)` gives an entry
for each active argument, bare where that is a single one.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ops, runtime
from s2sdiff.ir import Atom, Bind, Const, Ref, Star, Var
from s2sdiff.kinds import ANY
from s2sdiff.registry import Rule
from s2sdiff.runtime import attributes, calls, nested, rule_calls, shadow_slots, stars, values
from s2sdiff.runtime import by_place as by_place_calls
from s2sdiff.runtime import tried as tried_calls
from s2sdiff.transforms import called_again
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.displays import display
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Placeless, Pull, cotangent, filled, unpacks
from s2sdiff.transforms.pushed import pushed
from s2sdiff.transforms.reached import by_place, runs_unseen, slots_of

__all__ = ["RAISE", "by_link", "called_rule", "dynamic", "tried"]


def called_rule(s: Bind, rule: Rule, emit: Emitter, context: Context) -> Pull:
    if context.request.mode == "jvp":
        return pushed(s, context)
    if by_place(s, context):
        return dynamic(s, emit, context)
    slots = slots_of(s, context)
    if context.request.again:
        found = called_again.linearized(s, rule, slots, emit, context)
        if found is not None:
            return found
    given = [a.name for a in (*s.args, *(a for _, a in s.kwargs)) if isinstance(a, Var)]
    # The rule may hold on to its value, too.
    kept = any(context.may_change(name) for name in (*given, *s.targets))
    caller = rule_calls.rule_caller(rule, tuple(slot for slot, _ in slots), kept)
    return _emit_call(s, Ref(caller), s.args, s.kwargs, slots, emit, context)


def by_link(s: Bind, emit: Emitter, context: Context) -> Pull:
    if context.request.mode == "jvp":
        return pushed(s, context)
    if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return dynamic(s, emit, context)
    context.calls_out = True
    slots = slots_of(s, context)
    places = by_place(s, context)
    kept = places or context.volatile_slots(s, slots)
    link = context.link(s.fn, tuple(slot for slot, _ in slots), kept, places,
                        _known_lists(s, context))
    return _emit_call(s, Ref(link), s.args, s.kwargs, slots, emit, context, places)


def _known_lists(s: Bind, context: Context) -> tuple[tuple[int, str], ...]:
    """Arguments that are lists of numbers of one type, which the callee need not look through."""
    eaches = [(i, context.kinds.get(a.name, ANY).each) for i, a in enumerate(s.args)
              if isinstance(a, Var)]
    return tuple((i, each.type.__name__) for i, each in eaches
                 if each is not None and each.type in (float, int, complex))


def tried(s: Bind, emit: Emitter, context: Context) -> Pull:
    """A call that may be left in the middle: what it raises is raised when that is noted."""
    return dynamic(s, emit, context, True, context.names("error_1"))


def dynamic(s: Bind, emit: Emitter, context: Context, places: bool | None = None,
            error: str | None = None) -> Pull:
    """The callee, or what a known one means for its arguments, is found when the call is made."""
    if context.request.mode == "jvp":
        return pushed(s, context)
    if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return _applied(s, emit, context, error)
    slots = slots_of(s, context)
    args, kwargs = s.args, s.kwargs
    places = by_place(s, context) if places is None else places
    kept = context.writes or bool(context.request.volatile)
    how: tuple[Any, ...] = \
        _TRIED if error is not None else _BY_PLACE if places else _KEPT if kept else _PLAIN
    helper, fn = how[0], s.fn
    if not isinstance(fn, Ref) or fn.object is ops.method or nested.calls_function(fn.object) or \
            any(isinstance(a, Ref) and values.has_source(a.object) for a in (fn, *args)):
        context.calls_out = True
    if s.fn == Ref(ops.method):
        helper, fn = how[1], args[1]
        args = (args[0], *args[2:])
        slots = [(i - 1 if isinstance(i, int) and i > 1 else i, name) for i, name in slots
                 if i != 1]
    elif s.fn == Ref(getattr) and len(args) == 2 and error is None:
        helper, fn = how[2], args[1]
        args, slots = args[:1], [(i, name) for i, name in slots if i == 0]
    if places and runs_unseen(s) and context.memory is not None and context.memory.effects(s):
        helper = _WRITING.get(helper, helper)
    wrt = Const(tuple(slot for slot, _ in slots))
    return _emit_call(s, Ref(helper), (wrt, fn, *args), kwargs, slots, emit, context, places, error)


_PLAIN = calls.call, calls.call_method, attributes.attribute
_KEPT = calls.call_kept, calls.call_method_kept, attributes.attribute_kept
_BY_PLACE = by_place_calls.call_by_place, by_place_calls.method_by_place, \
    by_place_calls.attribute_by_place
_TRIED = tried_calls.try_by_place, tried_calls.try_method_by_place


#: Where a method that runs without its name is known to write.
_WRITING = {by_place_calls.call_by_place: by_place_calls.call_writing,
            by_place_calls.method_by_place: by_place_calls.method_writing}


def _applied(s: Bind, emit: Emitter, context: Context, error: str | None) -> Pull:
    """A call with stars: the arguments are gathered in a tuple and a dict that have cotangents."""
    args, fn, owner, bound = s.args, s.fn, "", ""
    places = error is not None or by_place(s, context)
    by_places = by_place_calls.apply_by_place if error is None else tried_calls.try_apply_by_place
    helper = by_places if places else stars.apply
    if s.fn == Ref(ops.method):
        helper, fn, args = stars.apply_method, args[1], (args[0], *args[2:])
        if places:
            found = context.names("method_1")
            emit.out.append(Bind((found,), Ref(getattr), (args[0], fn), (), s.loc))
            if isinstance(args[0], Var) and args[0].name in context.active:
                owner, bound = args[0].name, found
            helper, fn, args = by_places, Var(found), args[1:]
    gathered = context.names("args_1")
    split = display(Bind((gathered,), Ref(ops.tuple_), args, (), s.loc), emit, places)
    if not s.kwargs:
        mapping = emit.bind(Ref(dict, "dict"), [], {}, "kwargs_1")
    else:
        mapping = Var(context.names("kwargs_1"))
        emit.out.append(Bind((mapping.name,), Ref(dict, "dict"), (), s.kwargs, s.loc))
    # A dict may have other keys when its cotangent is taken.
    held = {a: emit.bind(Ref(runtime.parts), [a], {}, f"{a.name}_parts")
            for k, a in s.kwargs if places and k is None and isinstance(a, Var)
            and a.name in context.active}
    target, pullback = _results(s, emit)
    _emit_made(s, target, pullback, Ref(helper), (fn, Var(gathered), mapping), (), error, emit)
    _bind_targets(s, target, emit)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        shares, named = context.names("args_bar"), context.names("kwargs_bar")
        if places:
            seed: Any = (placeless(s, bars, back), context.table())
        else:
            seed = (back.atom(filled(cotangent(s, bars, back), s, back)),)
        back.out.append(Bind((shares, named), Var(pullback), seed, (), back.loc))
        found = split.run(back, [Var(shares)])
        if places:
            found = [(name, _taken_back(name, share, back)) for name, share in found]
        if owner:
            # The owner's is in its place, or, of a number, in that of the bound method.
            atoms = [context.table(), Var(bound), Const(0)]
            share = back.bind(Ref(shadow_slots.slot), atoms, {}, f"{owner}_bar")
            found.append((owner, _taken_back(owner, share, back)))
        for k, a in s.kwargs:
            if isinstance(a, Var) and a.name in context.active:
                take, key = (operator.getitem, Const(k)) if k is not None else \
                    (stars.mapping_share, held.get(a, a))
                share = back.bind(Ref(take), [Var(named), key], {}, f"{a.name}_bar")
                if places and k is None:
                    # What is in the mapping has its cotangents in the mapping's place.
                    share = back.bind(Ref(runtime.deposit),
                                      [context.table(), held[a], share], {}, f"{a.name}_bar")
                if places:
                    share = _taken_back(a.name, share, back)
                found.append((a.name, share))
        return found

    return Pull(pull, places)


def _taken_back(name: str, share: Any, back: Emitter) -> Any:
    """What a pullback by place gives for an argument, with what it has put in its place."""
    context = back.context
    kind = context.kinds.get(name, ANY)
    if kind.is_scalar or isinstance(share, Placeless):
        return share
    if context.shared(name):
        return Placeless(back.atom(share))
    args = [context.table(), Var(name), back.atom(share)]
    made = back.bind(Ref(runtime.withdraw), args, {}, f"{name}_bar")
    return back.bind(Ref(runtime.match), [made, Var(name)], {}, f"{name}_bar") \
        if kind.is_array else made


def _results(s: Bind, emit: Emitter) -> tuple[str, str]:
    stem = s.targets[0] if s.targets else "value"
    whole = len(s.targets) == 1 and not unpacks(s)
    target = s.targets[0] if whole else emit.context.names("value_1")
    if isinstance(s.fn, Ref) and s.fn.object not in (ops.method, getattr):
        called = getattr(s.fn.object, "__name__", stem)
        stem = called if called.isidentifier() and called != "<lambda>" else stem
    return target, emit.context.names(f"{stem}_pullback")


def _emit_made(s: Bind, target: str, pullback: str, fn: Atom, args: tuple, kwargs: tuple,
               error: str | None, emit: Emitter) -> None:
    targets = (target, pullback) if error is None else (target, pullback, error)
    emit.out.append(Bind(targets, fn, args, kwargs, s.loc))
    if error is not None:
        emit.out.append(Bind((), RAISE, (Var(error),), (), s.loc))


#: Stands behind a call that gives what it raised.
RAISE = Ref(tried_calls.raise_again)


def _bind_targets(s: Bind, target: str, emit: Emitter) -> None:
    if unpacks(s):
        parts = (Var(target), Const(len(s.targets)), Const(None))
        emit.out.append(Bind(s.targets, Ref(ops.unpack), parts, (), s.loc))


def placeless(s: Bind, bars: list[Any], back: Emitter) -> Any:
    """The cotangent of a call's result for a pullback by place: what has a place is put there."""
    context = back.context
    parts = []
    for t, bar in zip(s.targets, bars, strict=True):
        kind = context.kinds.get(t, ANY)
        if bar is None or kind.is_scalar:
            parts.append(Const(None) if bar is None else back.atom(bar))
        elif context.shared(t):
            parts.append(back.atom(bar))
        else:
            args = [context.table(), Var(t), back.atom(bar)]
            parts.append(back.bind(Ref(runtime.deposit), args, {}, f"{t}_bar"))
    if len(parts) == 1 and not unpacks(s):
        return parts[0]
    return back.atom(tuple(parts)) if parts else Const(None)


def _held_now(slots: list[tuple[Any, str]], emit: Emitter, context: Context) -> dict[str, Var]:
    """What lists hold that the caller may change before the pullback runs."""
    if context.request.mode != "vjp":
        return {}
    lists = dict.fromkeys(name for _, name in slots if not context.shared(name)
                          and context.kinds.get(name, ANY).type is list)
    return {name: emit.bind(Ref(runtime.parts), [Var(name)], {}, f"{name}_parts")
            for name in lists}


def _emit_call(s: Bind, fn: Atom, args: tuple, kwargs: tuple, slots: list[tuple[Any, str]],
               emit: Emitter, context: Context, places: bool = False,
               error: str | None = None) -> Pull:
    target, pullback = _results(s, emit)
    held = _held_now(slots, emit, context) if places else {}
    _emit_made(s, target, pullback, fn, args, kwargs, error, emit)
    _bind_targets(s, target, emit)

    def by_places(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        targets = tuple(context.names(f"{name}_bar") for _, name in slots)
        back.out.append(Bind(targets, Var(pullback), (placeless(s, bars, back), context.table()),
                             (), back.loc))
        found = []
        for t, (_, name) in zip(targets, slots, strict=True):
            kind = context.kinds[t] = context.kinds.get(name, ANY)
            share: Any = Var(t)
            back.masked.add(t)
            if not kind.is_scalar or kind.type is None or kind.inert:
                context.kinds[t] = ANY  # of a number that may be an int, it may be None
            if not kind.is_scalar and not context.shared(name):
                args = [context.table(), held.get(name, Var(name)), share]
                share = back.bind(Ref(runtime.withdraw), args, {}, f"{name}_bar")
                if kind.is_array:
                    share = back.bind(Ref(runtime.match), [share, Var(name)], {}, f"{name}_bar")
            elif not kind.is_scalar:
                if kind.has_place:
                    continue  # what it holds has its place in the table
                share = Placeless(Var(t))
            found.append((name, share))
        return found

    if places:
        return Pull(by_places, True)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        seed = back.atom(filled(cotangent(s, bars, back), s, back))
        hints = [f"{name}_bar" for _, name in slots]
        targets = tuple(context.names(h) for h in hints)
        back.out.append(Bind(targets, Var(pullback), (seed,), (), back.loc))
        for t, (_, name) in zip(targets, slots, strict=True):
            # A called pullback gives each cotangent in its argument's type; zeros are real there.
            # Of what may be an int, it may be None.
            kind = context.kinds.get(name, ANY)
            sure = kind.is_array if kind.type is np.ndarray else kind.is_scalar and kind.type
            context.kinds[t] = kind if sure else ANY
            back.masked.add(t)
        return [(name, Var(t)) for (_, name), t in zip(slots, targets, strict=True)]

    return Pull(pull)
