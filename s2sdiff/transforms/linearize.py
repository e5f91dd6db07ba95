"""One active call: its value, and what turns the cotangent of its result into those of its arguments.

A rule is pasted where it is straight-line for these kinds; otherwise, like a user's function, it is
called, with the same protocol: `z, z_pullback = callee(...)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry, runtime
from s2sdiff.ir import Atom, Bind, Const, Ref, Star, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.registry import Rule
from s2sdiff.runtime import calls
from s2sdiff.transforms import activity, paste
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter, Lazy
from s2sdiff.transforms.template import Closure, guards_of, template_of

__all__ = ["Pull", "call"]


@dataclass(frozen=True, eq=False)
class Pull:
    """`run(emitter, cotangents of the targets)` gives pairs of an argument's name and its share."""

    run: Callable[[Emitter, list[Any]], list[tuple[str, Any]]]


def call(s: Bind, emit: Emitter, context: Context, function: ir.Function) -> Pull:
    """Emit the value of an active call; answer how it is pulled back."""
    if s.fn == Ref(ops.tuple_) or s.fn == Ref(ops.list_):
        return _display(s, emit)
    if s.fn == Ref(ops.unpack) and s.args[2] == Const(None):
        return _unpack(s, emit, context)
    if isinstance(s.fn, Ref):
        rule = registry.find(s.fn.object)
        context.rules[id(s.fn.object)] = (s.fn.object, rule)
        if rule is not None and rule.function is not None and _trusted(s, rule, emit):
            return _by_rule(s, rule, emit, context, function)
        if rule is None and calls.has_source(s.fn.object) and not _own(s.fn.object):
            return _by_link(s, emit, context, function)
    return _dynamic(s, emit, context)


def _own(fn: Any) -> bool:
    """Syntax as a function, and helpers: not users' code."""
    return (getattr(fn, "__module__", None) or "").startswith(("s2sdiff.ops", "s2sdiff.runtime"))


def _trusted(s: Bind, rule: Rule, emit: Emitter) -> bool:
    """The rule surely speaks of these arguments: numbers, or a function for which kinds don't matter."""
    if not rule.pure or getattr(rule.function, "__s2sdiff_any__", False):
        return True
    if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return False
    if rule.function is not None and hasattr(rule.function, "__s2sdiff_otherwise__"):
        return emit.kind(s.args[0]).is_array and all(_plain(emit.kind(a)) for a in s.args[1:])
    return all(_plain(emit.kind(a)) for a in (*s.args, *(a for _, a in s.kwargs)))


def _plain(kind: Kind) -> bool:
    if kind.type in (tuple, list) and kind.items is not None:
        return all(_plain(i) for i in kind.items)
    return kind.is_number or kind.inert


def _bar(s: Bind) -> str:
    return f"{s.targets[0]}_bar"


def _cotangent(s: Bind, bars: list[Any], emit: Emitter) -> Any:
    """The cotangent of a call's result, from those of its targets (a tuple where it is unpacked)."""
    if len(s.targets) == 1:
        return bars[0]
    return tuple(Const(None) if b is None else b for b in bars)


# ------------------------------------------------------------------------------------ rules


def _by_rule(s: Bind, rule: Rule, emit: Emitter, context: Context, function: ir.Function) -> Pull:
    template = template_of(rule.function)
    mark, names = len(emit.out), set(context.names.taken)
    anything = not rule.pure or getattr(rule.function, "__s2sdiff_any__", False)
    known = anything or all(_plain(emit.kind(Var(t))) for t in s.targets)
    if template is not None and known:
        try:
            env = paste.bind_arguments(template, s.args, dict(s.kwargs))
            if not rule.pure:
                guards_of(template, context)
            return _pasted(s, rule, template, env, emit, context, function)
        except paste.NotStraight:
            del emit.out[mark:]
            context.names.taken = names
        except TypeError as error:
            del emit.out[mark:]
            return _refused(s, f"the derivative of {_name(s.fn)} takes other arguments: {error}",
                            "call it with the arguments that its derivative knows, or register "
                            "one that takes these", emit, function)
    return _called_rule(s, rule, emit, context, function)


def _name(fn: Atom) -> str:
    if isinstance(fn, Ref):
        return fn.spelling or getattr(fn.object, "__qualname__", None) or \
            getattr(fn.object, "__name__", repr(fn.object))
    return getattr(fn, "name", "the function")


def _refused(s: Bind, reason: str, instead: str, emit: Emitter, function: ir.Function,
             cls: type[errors.DifferentiationError] = errors.MissingDerivativeError) -> Pull:
    emit.out.append(activity.refuse(cls, reason, instead, s.loc))
    emit.out.append(s)
    return Pull(lambda _, bars: [])


def _pasted(s: Bind, rule: Rule, template: Any, env: dict[str, Any], emit: Emitter,
            context: Context, function: ir.Function) -> Pull:
    returned = paste.run(template, env, emit, s.targets[0] if s.targets else "value_1")
    if not (isinstance(returned, tuple) and len(returned) == 2 and isinstance(returned[1], Closure)):
        raise paste.NotStraight
    value, closure = returned
    if not len(s.targets) == 1:
        raise paste.NotStraight
    _settle(s, value, emit, context, closure)
    wrt = rule.wrt if rule.wrt is not None else tuple(p.name for p in template.params)

    anything = getattr(rule.function, "__s2sdiff_any__", False)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        hint = f"{s.targets[0]}_bar"
        seed = bars[0] if anything or isinstance(bars[0], (tuple, list)) else \
            _whole(bars[0], Var(s.targets[0]), back)
        if not rule.pure and not anything:
            seed = back.call(Ref(runtime.match), [back.atom(seed), Var(s.targets[0])], {}, hint)
        try:
            bound = paste.bind_arguments(closure.template, (seed,), {})
            entries = paste.run(closure.template, {**closure.env, **bound}, back, hint)
        except TypeError as error:
            raise errors.refusal(
                errors.RuleError, f"the pullback of {_name(s.fn)} must take one cotangent ({error})",
                "return (value, pullback) with a pullback of one parameter", s.loc) from None
        if len(wrt) == 1:
            entries = (entries,)
        if not isinstance(entries, tuple) or len(entries) != len(wrt):
            raise errors.refusal(
                errors.RuleError,
                f"the pullback of {_name(s.fn)} must return {len(wrt)} entries: {', '.join(wrt)}",
                "return one cotangent for each parameter, None where there is none", s.loc)
        shares = _shares(zip(wrt, entries, strict=True), env, s, back, context, function)
        if rule.pure or anything:
            return shares
        # What a user's rule gives is looked at: shape and dtype are the argument's, or it is an error.
        return [(n, back.bind(Ref(runtime.match), [back.atom(v), Var(n)], {}, f"{n}_bar")) for n, v in shares]

    _probe(pull, s, emit, context)
    return Pull(pull)


def _probe(pull: Any, s: Bind, emit: Emitter, context: Context) -> None:
    """Run the pullback once for nothing: a rule whose pullback is not straight-line is called."""
    names, kinds = set(context.names.taken), dict(context.kinds)
    scratch = Emitter(context, s.loc, True)
    scratch.tuples = dict(emit.tuples)
    seed = context.names(_bar(s))
    context.kinds[seed] = context.kinds.get(s.targets[0], ANY)
    try:
        pull(scratch, [Var(seed)])
    finally:
        context.names.taken = names
        context.kinds.clear()
        context.kinds.update(kinds)


def _settle(s: Bind, value: Any, emit: Emitter, context: Context, closure: Closure | None) -> None:
    """Bind the user's name to what the rule's value part made."""
    target = s.targets[0]
    atom = emit.atom(value)
    for i in range(len(emit.out) - 1, -1, -1):
        made = emit.out[i]
        if not (isinstance(made, Bind) and isinstance(atom, Var) and made.targets == (atom.name,)):
            continue
        kept = atom.name
        emit.out[i] = s if _same_call(made, s) else ir.replace(made, targets=(target,))
        emit.out[i + 1:] = ir.rename(tuple(emit.out[i + 1:]), {kept: target})
        context.names.taken.discard(kept)
        if closure is not None:
            _rename(closure, kept, target)
        return
    emit.out.append(ir.Move((target,), (atom,), s.loc))


def _same_call(made: Bind, s: Bind) -> bool:
    """The rule's value part is the very call that the user wrote, in other words."""
    if not isinstance(made.fn, Ref) or not isinstance(s.fn, Ref):
        return False
    one, two = registry.find(made.fn.object), registry.find(s.fn.object)
    return one is not None and two is not None and one.function is two.function and two.pure


def _rename(closure: Closure, old: str, new: str) -> None:
    """What the pullback captures under the rule's name for the value now has the user's name."""
    for key, value in list(closure.env.items()):
        if isinstance(value, Var) and value.name == old:
            closure.env[key] = Var(new)
        elif isinstance(value, Closure) and value.env is not closure.env:
            _rename(value, old, new)


def _shares(entries: Any, env: dict[str, Any], s: Bind, back: Emitter, context: Context,
            function: ir.Function) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, share in entries:
        given = env.get(name)
        if isinstance(given, (tuple, list)):
            items = share if isinstance(share, (tuple, list)) else back.tuples.get(getattr(share, "name", ""))
            if share == Const(None):
                continue
            if items is None:
                items = [back.call(Ref(calls.item), [share, Const(i)], {}, "item_1")
                         for i in range(len(given))]
            pairs = zip(given, items, strict=True)
        else:
            pairs = ((given, share),)
        for atom, part in pairs:
            if not isinstance(atom, Var) or atom.name not in context.active or part == Const(None):
                continue
            if isinstance(part, Ref) and part.object is NotImplemented or part == Const(NotImplemented):
                back.out.append(_unknown(s, name, function))
                continue
            found.append((atom.name, part))
    return found


def _getitem() -> Any:
    import operator

    return operator.getitem


def _unknown(s: Bind, name: str, function: ir.Function) -> Bind:
    return activity.refuse(
        errors.MissingDerivativeError,
        f"the derivative of {_name(s.fn)} with respect to {name} is not known",
        f"keep {name} constant with sd.stop_gradient, or register a derivative", s.loc)


# ----------------------------------------------------------------------------------- called


def _slots(s: Bind, context: Context) -> list[tuple[Any, str]]:
    """Active arguments of a call: position or keyword, and the variable there."""
    slots: list[tuple[Any, str]] = []
    for i, a in enumerate(s.args):
        if isinstance(a, Var) and a.name in context.active:
            slots.append((i, a.name))
    for k, a in s.kwargs:
        if isinstance(a, Var) and a.name in context.active:
            slots.append((k, a.name))
    return slots


def _called_rule(s: Bind, rule: Rule, emit: Emitter, context: Context, function: ir.Function) -> Pull:
    slots = _slots(s, context)
    kept = any(context.may_change(a.name) for a in (*s.args, *(a for _, a in s.kwargs)) if isinstance(a, Var))
    caller = calls.rule_caller(rule, tuple(slot for slot, _ in slots), kept)
    return _emit_call(s, Ref(caller), s.args, s.kwargs, slots, emit, context)


def _by_link(s: Bind, emit: Emitter, context: Context, function: ir.Function) -> Pull:
    if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return _dynamic(s, emit, context)
    slots = _slots(s, context)
    link = context.link(s.fn, tuple(slot for slot, _ in slots), context.volatile_slots(s, slots))
    return _emit_call(s, Ref(link), s.args, s.kwargs, slots, emit, context)


def _dynamic(s: Bind, emit: Emitter, context: Context) -> Pull:
    """The callee, or what a known one means for its arguments, is found when the call is made."""
    if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return _applied(s, emit, context)
    slots = _slots(s, context)
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
    helper = calls.apply
    if s.fn == Ref(ops.method):
        helper, fn, args = calls.apply_method, args[1], (args[0], *args[2:])
    gathered = context.names("args_1")
    display = Bind((gathered,), Ref(ops.tuple_), args, (), s.loc)
    split = _display(display, emit)
    mapping = emit.bind(Ref(dict, "dict"), [], {}, "kwargs_1") if not s.kwargs else Var(context.names("kwargs_1"))
    if s.kwargs:
        emit.out.append(Bind((mapping.name,), Ref(dict, "dict"), (), s.kwargs, s.loc))
    target, pullback = _results(s, emit)
    emit.out.append(Bind((target, pullback), Ref(helper), (fn, Var(gathered), mapping), (), s.loc))
    _bind_targets(s, target, emit)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        seed = back.atom(_filled(_cotangent(s, bars, back), s, back))
        shares, named = context.names("args_bar"), context.names("kwargs_bar")
        back.out.append(Bind((shares, named), Var(pullback), (seed,), (), back.loc))
        found = split.run(back, [Var(shares)])
        for k, a in s.kwargs:
            if isinstance(a, Var) and a.name in context.active:
                share = back.bind(Ref(_getitem()), [Var(named), Const(k)], {}, f"{a.name}_bar") \
                    if k is not None else back.bind(Ref(calls.mapping_share), [Var(named), a], {}, f"{a.name}_bar")
                found.append((a.name, share))
        return found

    return Pull(pull)


def _results(s: Bind, emit: Emitter) -> tuple[str, str]:
    stem = s.targets[0] if s.targets else "value"
    target = s.targets[0] if len(s.targets) == 1 else emit.context.names("value_1")
    if isinstance(s.fn, Ref) and not s.fn.object in (ops.method, getattr):
        called = getattr(s.fn.object, "__name__", stem)
        stem = called if called.isidentifier() and called != "<lambda>" else stem
    return target, emit.context.names(f"{stem}_pullback")


def _bind_targets(s: Bind, target: str, emit: Emitter) -> None:
    if len(s.targets) > 1:
        emit.out.append(Bind(s.targets, Ref(ops.unpack), (Var(target), Const(len(s.targets)), Const(None)),
                             (), s.loc))


def _emit_call(s: Bind, fn: Atom, args: tuple, kwargs: tuple, slots: list[tuple[Any, str]],
               emit: Emitter, context: Context) -> Pull:
    target, pullback = _results(s, emit)
    emit.out.append(Bind((target, pullback), fn, args, kwargs, s.loc))
    _bind_targets(s, target, emit)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        seed = back.atom(_filled(_cotangent(s, bars, back), s, back))
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


def _filled(seed: Any, s: Bind, back: Emitter) -> Any:
    """A cotangent for a called pullback has no holes: absent parts become zeros."""
    if isinstance(seed, tuple) and len(s.targets) > 1:
        return tuple(_whole(part, Var(t), back) for t, part in zip(s.targets, seed, strict=True))
    return _whole(seed, Var(s.targets[0]), back) if s.targets else seed


def _whole(part: Any, x: Var, back: Emitter) -> Any:
    kind = back.kind(x)
    if part == Const(None) and kind.is_number:
        return back.zero(x)
    if isinstance(part, Lazy) or back.kind(part).is_number:
        return part
    return back.bind(Ref(runtime.match), [back.atom(part), x], {}, f"{x.name}_bar")


# -------------------------------------------------------------------------------- displays


def _display(s: Bind, emit: Emitter) -> Pull:
    emit.out.append(s)
    context = emit.context
    if any(isinstance(a, Star) for a in s.args):
        def starred(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
            flags = Const(tuple(isinstance(a, Star) for a in s.args))
            values = [a.value if isinstance(a, Star) else a for a in s.args]
            parts = back.bind(Ref(calls.split), [back.atom(bars[0]), flags, *values], {}, "parts_1")
            found = []
            for i, a in enumerate(values):
                if isinstance(a, Var) and a.name in context.active:
                    found.append((a.name, back.bind(Ref(_getitem()), [parts, Const(i)], {}, f"{a.name}_bar")))
            return found

        return Pull(starred)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        bar = bars[0]
        items = bar if isinstance(bar, (tuple, list)) else back.tuples.get(getattr(bar, "name", ""))
        found = []
        for i, a in enumerate(s.args):
            if not isinstance(a, Var) or a.name not in context.active:
                continue
            whole = items is None and back.kind(bar).type in (tuple, list)
            part = items[i] if items is not None else back.bind(
                Ref(_getitem() if whole else calls.item), [bar, Const(i)], {}, f"{a.name}_bar")
            if part != Const(None):
                found.append((a.name, part))
        return found

    return Pull(pull)


def _unpack(s: Bind, emit: Emitter, context: Context) -> Pull:
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
            return [(source.name, back.bind(Ref(np.stack), [back.atom(tuple(filled))], {}, f"{source.name}_bar"))]
        return [(source.name, back.bind(Ref(calls.packed), [source, *[back.atom(p) for p in filled]], {},
                                        f"{source.name}_bar"))]

    return Pull(pull)


def is_lazy(value: Any) -> bool:
    """A cotangent that is still small."""
    return isinstance(value, Lazy)
