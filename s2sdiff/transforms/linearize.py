"""One active call: its value, and what turns its result's cotangent into its arguments'.

A rule is pasted where it is straight-line for these kinds; otherwise, like a user's function, it is
called (`callees`).
"""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry, runtime
from s2sdiff.ir import Bind, Const, Ref, Star, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.registry import Rule
from s2sdiff.runtime import (
    cells,
    constructors,
    nested,
    standins,
    standins_managers,
    ufunc_options,
    values,
)
from s2sdiff.runtime.rule_calls import takes_arrays
from s2sdiff.transforms import changing_items, gathered, list_copies, list_items, paste, planting
from s2sdiff.transforms.callees import by_link, called_rule, dynamic
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.displays import display, displayed, of_dict, seen, unpack
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.entries import name_of, shares_of, takes
from s2sdiff.transforms.known_effects import computes
from s2sdiff.transforms.known_parts import read
from s2sdiff.transforms.pull import Pull, shaped, unpacks, whole, whole_parts
from s2sdiff.transforms.reached import by_place
from s2sdiff.transforms.reaching import runs_methods
from s2sdiff.transforms.read_later import to_be_called
from s2sdiff.transforms.settled import settle
from s2sdiff.transforms.standing import standin
from s2sdiff.transforms.template import Closure, guards_of, template_of

__all__ = ["call"]


def call(s: Bind, emit: Emitter, context: Context, function: ir.Function) -> Pull:
    """Emit the value of an active call; answer how it is pulled back."""
    called = s.fn.object if isinstance(s.fn, Ref) else None
    if isinstance(called, ir.Opaque) or called in (cells.own_cell, cells.filled):
        return _kept(s, emit)
    if isinstance(called, types.FunctionType) and called in nested.MAKERS:
        return _kept(s, emit)
    if called is cells.seen:
        return seen(s, emit, context)
    if called in gathered.FORMS:
        return gathered.linearized(s, emit, context)
    if computes(s, emit.kind) and not any(map(context.shared, (*ir.reads(s), *s.targets))):
        return _ruled(s, emit, context, function)  # it is none of the rest, as most are not
    other = standin(s, context)
    if other is not None:
        return by_link(ir.replace(s, fn=Ref(other)), emit, context)
    if standins_managers.is_manager(called) or standins_managers.is_decorated(called) or \
            constructors.decorates(called):
        return dynamic(s, emit, context)
    for known in (read, list_items.linearized, list_copies.linearized):
        pull = known(s, emit, context)
        if pull is not None:
            return pull
    shown = called is ops.tuple_ or called is ops.list_
    if shown and not context.shared(s.targets[0]):
        return display(s, emit)
    if called is ops.dict_ and not s.kwargs and not context.shared(s.targets[0]):
        return of_dict(s, emit)
    if called is ops.named and not any(map(context.shared, (*ir.reads(s), *s.targets))):
        emit.out.append(s)
        return Pull(lambda back, bars: [(n, bars[0]) for n in ir.reads(s)])
    if called is ops.set_ and not context.shared(s.targets[0]):
        return dynamic(s, emit, context, False)
    if by_place(s, context):
        made = displayed(s, emit, context)
        if made is not None:
            return made
        if (not values.has_source(called) or _own(called)) and (
                context.memory is None or context.memory.effects(s)):
            return dynamic(s, emit, context)
    elif called is ops.unpack and s.args[2] == Const(None):
        return unpack(s, emit, context)
    return _ruled(s, emit, context, function)


def _ruled(s: Bind, emit: Emitter, context: Context, function: ir.Function) -> Pull:
    """A call by its function's rule, by a link to its derivative, or as it is found to be."""
    if isinstance(s.fn, Ref):
        called: Any = s.fn.object
        rule = registry.find(s.fn.object)
        context.rules[id(s.fn.object)] = (s.fn.object, rule)
        if rule is not None and rule.constant:
            return dynamic(s, emit, context) if runs_methods(s, context) else _kept(s, emit)
        if (isinstance(called, np.ufunc) or called in ufunc_options.HANDING_ON) and any(
                k in _HOW for k, _ in s.kwargs):
            return dynamic(s, emit, context)
        if rule is not None and rule.function is not None and not rule.writes and \
                _trusted(s, rule, emit) and not changing_items.given(s, emit, context):
            return _by_rule(s, rule, emit, context, function)
        if rule is None and values.has_source(s.fn.object) and not _own(s.fn.object):
            return by_link(s, emit, context)
    return dynamic(s, emit, context)


#: Keywords with which a ufunc's rule is not written out.
_HOW = {*ufunc_options.OPTIONS, "out", "where"}


def _kept(s: Bind, emit: Emitter) -> Pull:
    """A statement as it is, through which nothing has a derivative."""
    emit.out.append(s)
    return Pull(lambda _, bars: [], True)


def _own(fn: Any) -> bool:
    """Syntax as a function, and helpers: not users' code."""
    module = getattr(fn, "__module__", None) or ""
    return module.startswith(("s2sdiff.ops", "s2sdiff.runtime", "s2sdiff.functions")) and \
        not standins.is_standin(module)


def _trusted(s: Bind, rule: Rule, emit: Emitter) -> bool:
    """The rule surely speaks of these arguments: numbers, or whatever it is given."""
    if not rule.pure or getattr(rule.function, "__s2sdiff_any__", False):
        return True
    if Star in map(type, s.args) or (s.kwargs and None in dict(s.kwargs)):
        return False
    known = [*map(emit.kind, s.args)]
    for k in known[:3]:
        if (k.type is list or k.type is tuple) and takes_arrays(rule.of):
            return False  # its formulas are those of arrays
    if rule.function is not None and (hasattr(rule.function, "__s2sdiff_otherwise__")
                                      or hasattr(rule.function, "__s2sdiff_arrays__")):
        array = known[0].is_array or (s.fn == Ref(operator.getitem) and issubclass(
            known[0].type or object, np.number))
        return array and all(map(_plain, known[1:]))
    return all(map(_plain, known)) and all(_plain(emit.kind(a)) for _, a in s.kwargs)


def _plain(kind: Kind) -> bool:
    if kind.field is not None and kind.is_number:
        return True  # as most
    if kind.items is not None and (kind.type is list or kind.is_tuple):
        return all(map(_plain, kind.items))
    if kind.each is not None:
        return _plain(kind.each)
    return kind.is_number or kind.inert


def _by_rule(s: Bind, rule: Rule, emit: Emitter, context: Context, function: ir.Function) -> Pull:
    template = template_of(rule.function)
    mark, names = len(emit.out), len(context.names.given)
    anything = not rule.pure or getattr(rule.function, "__s2sdiff_any__", False)
    known = True
    for t in s.targets:
        kind = context.kinds.get(t, ANY)
        # A list that is written may have another length when its cotangent is taken.
        known = known and (anything or _plain(kind)) and not (
            kind.type is list and context.shared(t))
    if template is not None and known:
        try:
            env = paste.bind_arguments(template, s.args, dict(s.kwargs))
            if not rule.pure:
                guards_of(template, context)
            return _pasted(s, rule, template, env, emit, context, function)
        except paste.NotStraight:
            del emit.out[mark:]
            context.names.take_back(names)
        except TypeError as error:
            del emit.out[mark:]
            return _refused(s, f"the derivative of {name_of(s.fn)} takes other arguments: {error}",
                            "call it with the arguments that its derivative knows, or register "
                            "one that takes these", emit, function)
    return called_rule(s, rule, emit, context)


def _refused(s: Bind, reason: str, instead: str, emit: Emitter, function: ir.Function,
             cls: type[errors.DifferentiationError] = errors.MissingDerivativeError) -> Pull:
    emit.out.append(planting.refuse(cls, reason, instead, s.loc))
    emit.out.append(s)
    return Pull(lambda _, bars: [])


def _pasted(s: Bind, rule: Rule, template: Any, env: dict[str, Any], emit: Emitter,
            context: Context, function: ir.Function) -> Pull:
    mark = len(emit.out)
    returned = paste.run(template, env, emit, s.targets[0] if s.targets else "value_1")
    if not (isinstance(returned, tuple) and len(returned) == 2
            and isinstance(returned[1], Closure)):
        raise paste.NotStraight
    value, closure = returned
    if len(s.targets) != 1 or unpacks(s) or to_be_called(
            s, rule, env, value, closure, emit, context):
        raise paste.NotStraight
    settle(s, value, emit, context, closure)
    wrt = rule.wrt if rule.wrt is not None else template.names
    anything = getattr(rule.function, "__s2sdiff_any__", False)
    hands = not rule.pure or getattr(rule.function, "__s2sdiff_hands__", False)
    spared = frozenset([i for i, n in enumerate(wrt) if not takes(env.get(n), context)]) \
        if rule.pure and len(wrt) > 1 else frozenset()

    def taken(back: Emitter, seed: Any, hint: str) -> Any:
        bound = paste.bind_arguments(closure.template, (seed,), {})
        with shaped(seed, s, back):
            return paste.run(closure.template, {**closure.env, **bound}, back, hint, spared)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        hint = f"{s.targets[0]}_bar"
        if hands and (isinstance(bars[0], dict) or not _plain(back.kind(Var(s.targets[0])))):
            seed = back.bind(Ref(runtime.handed), [back.atom(bars[0]), Var(s.targets[0])], {}, hint)
        else:
            target = Var(s.targets[0])
            seed = bars[0] if anything else whole_parts(bars[0], target, back) \
                if isinstance(bars[0], (tuple, list)) else whole(bars[0], target, back)
            if hands and not anything:
                seed = back.call(Ref(runtime.match), [back.atom(seed), Var(s.targets[0])], {}, hint)
        mark = len(back.out)
        try:
            try:
                entries = taken(back, seed, hint)
            except paste.NotStraight:
                if not isinstance(seed, dict):
                    raise
                # The parts that a dict has are of no use to what looks at the whole.
                del back.out[mark:]
                entries = taken(back, back.atom(seed), hint)
        except TypeError as error:
            raise errors.refusal(
                errors.RuleError,
                f"the pullback of {name_of(s.fn)} must take one cotangent ({error})",
                "return (value, pullback) with a pullback of one parameter", s.loc) from None
        if len(wrt) == 1:
            entries = (entries,)
        elif type(entries) is Var and not back.kind(entries).is_number:
            # What a helper of the rule gives; of a user's, the call looks at how many there are.
            if not rule.pure:
                raise paste.NotStraight
            entries = tuple([back.call(Ref(operator.getitem), [entries, Const(i)], {}, f"{n}_bar")
                             for i, n in enumerate(wrt)])
        if not isinstance(entries, tuple) or len(entries) != len(wrt):
            raise errors.refusal(
                errors.RuleError,
                f"the pullback of {name_of(s.fn)} must return {len(wrt)} entries: {', '.join(wrt)}",
                "return one cotangent for each parameter, None where there is none", s.loc)
        shares = shares_of(zip(wrt, entries, strict=True), env, s, back, context, function)
        # What a user's rule gives is looked at: shape and dtype are the argument's, or it fails.
        if not hands:
            return shares
        looked = [_plain(back.kind(Var(n))) for n, _ in shares]
        return [(n, v) if plain and anything else (n, back.bind(
            Ref(runtime.match if plain else runtime.given_back), [back.atom(v), Var(n)], {},
            f"{n}_bar")) for (n, v), plain in zip(shares, looked, strict=True)]

    if not (rule.pure and paste.surely_straight(closure)):
        _probe(pull, s, emit, context)
    own: set[str] = set()
    for made in emit.out[mark:]:
        own.update(ir.defines(made))
    return Pull(pull, own=frozenset(own.difference(s.targets)))


def _probe(pull: Any, s: Bind, emit: Emitter, context: Context) -> None:
    """Run the pullback once for nothing: a rule whose pullback is not straight-line is called."""
    names, kinds = len(context.names.given), dict(context.kinds)
    scratch = Emitter(context, s.loc, True)
    scratch.tuples = dict(emit.tuples)
    seed = context.names(f"{s.targets[0]}_bar")
    context.kinds[seed] = context.kinds.get(s.targets[0], ANY)
    try:
        pull(scratch, [Var(seed)])
    finally:
        context.names.take_back(names)
        context.kinds.clear()
        context.kinds.update(kinds)
