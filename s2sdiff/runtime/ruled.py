"""Calls of what has a rule, by place: the rule's cotangents come from shadows and go to such."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.registry import Rule
from s2sdiff.runtime import calls, carried, common, overlaps, overloads, standins, unseen
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.asked_for_numbers import check_asked
from s2sdiff.runtime.carried_asked import without_tangents
from s2sdiff.runtime.constant_values import stopped
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.holders import Call
from s2sdiff.runtime.keys import keyed
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.object_arrays import holds_nothing
from s2sdiff.runtime.own_copies import (
    check_unchanged,
    copied,
    copies_itself,
    share_memory,
)
from s2sdiff.runtime.own_operators import truth_alone
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.rule_signatures import place_of_out, takes
from s2sdiff.runtime.shadow_slots import of_fields, slots
from s2sdiff.runtime.shadows import Bars, owner_of, shadow
from s2sdiff.runtime.sharing import shared, shares
from s2sdiff.runtime.structures import PATTERNED
from s2sdiff.runtime.unfollowed import unfollowed
from s2sdiff.runtime.values import Slots, argument, hides_nothing, is_differentiable, plain
from s2sdiff.runtime.views import VIEWS, check_text, writes_text
from s2sdiff.runtime.walks import Walk
from s2sdiff.runtime.whole_values import deposit, withdraw

__all__ = ["adds_objects", "fills", "ruled", "zeroed"]


def ruled(fn: Any, rule: Rule, wrt: Slots, args: tuple, kwargs: dict[str, Any],
          call: Call) -> tuple[Any, Any]:
    """A call of what has a rule; `call` calls what stands in for it."""
    unseen.check_order(fn, args)
    args = keyed(fn, args)
    given = [argument(slot, args, kwargs) for slot in wrt]
    unfollowed(fn, args)
    if rule.constant:
        hides_nothing(fn, wrt, args, kwargs)
    if rule.constant or (not rule.writes and all(map(holds_nothing, given))):
        value = truth_alone(fn, args, without_tangents(calls.plainly, fn, args, kwargs))
        if writes_text(fn) and any(map(is_differentiable, given)):
            check_text(value)  # code that knows what it calls follows where text goes
        return value, lambda bar, bars: (None,) * len(wrt)
    if getattr(rule.function, "__s2sdiff_stops__", False):
        value = stopped(args[0] if args else kwargs["x"])
        return value, lambda bar, bars: (None,) * len(wrt)
    if rule.writes:
        return _mutated(rule, wrt, args, kwargs)
    if fn is sum and adds_objects(*args, *kwargs.values()):
        return call(standins.sum_, wrt, args, kwargs)
    if shares(rule):
        return shared(rule, wrt, args, kwargs)
    if rule.pure and not _plain_enough(rule, (*args, *kwargs.values())):
        found = overloads.overloaded(fn, args)
        if found is not None:
            return call(found, wrt, args, kwargs)
    views = fn in VIEWS
    if views or _hands_on(fn, rule, (*args, *kwargs.values())):
        value, pullback = calls.called(fn, wrt, args, kwargs, False)
    else:
        value, pullback = _on_copies(fn, rule, wrt, args, kwargs)
    stand_ins = [parts(x) for x in given]
    result = parts(value)

    def pull(bar: Any, bars: Bars) -> tuple:
        if _shows(value, given):
            return (None,) * len(wrt)
        seed = withdraw(bars, result, bar)
        if seed is None:
            return (None,) * len(wrt)
        entries = pullback(zeroed(seed, result))
        entries = (entries,) if len(wrt) == 1 else entries
        return tuple(deposit(bars, x, e) for x, e in zip(stand_ins, entries, strict=True))

    return value, pull


def adds_objects(items: Any, start: Any = 0) -> bool:
    """What `sum` is given may be objects of the user's, which say what adding is."""
    known = isinstance(items, (list, tuple, set, frozenset, dict, deque, Walk))
    inside = items.items if isinstance(items, Walk) else items
    return not plain(start) or (known and not all(map(plain, inside)))


def _hands_on(fn: Any, rule: Rule, values: tuple) -> bool:
    """What it is given may be in what it gives, as an item of a list is."""
    if getattr(rule.function, "__s2sdiff_computes__", False):
        return False
    if isinstance(fn, type) and fn in PATTERNED:
        return True
    owner = getattr(fn, "__objclass__", None)
    module = getattr(fn, "__module__", None) or getattr(owner, "__module__", "") or ""
    if owner is not None and issubclass(owner, (list, dict, tuple, set, deque)):
        return True
    return module.partition(".")[0] in _CONTAINING and any(
        isinstance(v, (list, dict, tuple, set, deque)) or not plain(v) for v in values)


_CONTAINING = frozenset({
    "builtins", "_operator", "operator", "itertools", "collections", "copy", "functools",
    "_functools", "s2sdiff", "dataclasses",
})


def _on_copies(fn: Any, rule: Rule, wrt: Slots, args: tuple,
               kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A rule's call on copies, which nobody writes; what it gives of them is given as it is."""
    if copies_itself(rule):
        return calls.called(fn, wrt, args, kwargs, False)
    given, users = (args, kwargs), not rule.pure
    own = copied(given) if users else copy(given)
    value, pullback = calls.called(fn, wrt, own[0], own[1], False)
    if users:
        check_unchanged(fn, given, own)
    if isinstance(value, (float, complex, np.generic)):
        return value, pullback
    if share_memory(value, own):
        # A view, or the argument itself: that of what was given.
        return carried.given_back(fn, args, kwargs), pullback
    return copied(value) if users else copy(value), pullback


def fills(fn: Any, rule: Rule, args: tuple, kwargs: dict[str, Any]) -> bool:
    """The result is written into an argument."""
    out = kwargs.get("out")
    if (out is not None and out is not ...) or kwargs.get("copy") is False:
        return True
    if isinstance(fn, np.ufunc):
        return any(a is not None for a in args[fn.nin:])
    if len(args) < 2:
        return False
    if rule.function is None:
        into = registry.find(fn, "out")
        at = None if into is None else place_of_out(into.function)
        return at is not None and any(a is not None for a in args[at:at + 1])
    at = place_of_out(rule.function)
    if at is None and not takes(rule.function, len(args)):
        return registry.find(fn, "out") is not None
    return at is not None and any(a is not None for a in args[at:at + 1])


def _plain_enough(rule: Rule, values: tuple) -> bool:
    """A library rule speaks of these arguments."""
    return getattr(rule.function, "__s2sdiff_any__", False) or all(plain(v) for v in values)


def _shows(value: Any, given: list[Any]) -> bool:
    """A value is a view of an argument, or made of such."""
    leaves = value if isinstance(value, (tuple, list)) else (value,)
    owners = {id(owner_of(a)) for a in given if isinstance(a, np.ndarray)}
    return bool(owners) and bool(leaves) and all(
        isinstance(v, np.ndarray) and id(owner_of(v)) in owners for v in leaves)


def zeroed(seed: Any, value: Any) -> Any:
    """A cotangent for a called pullback: zeros where a number's or an array's is absent."""
    if isinstance(value, (float, complex, np.generic, np.ndarray)):
        return match(seed, value)
    if isinstance(value, tuple):
        known = (None,) * len(value) if seed is None else seed
        found = [zeroed(g, v) for g, v in zip(known, value, strict=True)]
        return like_fields(value, found) if hasattr(type(value), "_fields") else tuple(found)
    return seed


def _mutated(rule: Rule, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A call of what changes arguments in place: their shadows are changed back in place."""
    caller = rule_caller(rule, wrt)
    bound = caller.bound(args, kwargs)
    targets = [bound[name] for name in rule.writes]
    # What is written gets its cotangent as a shadow: all that it holds is not looked at.
    given = [x if any(x is t for t in targets) else parts(x)
             for x in (argument(slot, args, kwargs) for slot in wrt)]
    if isinstance(targets[0], dict):
        common.owned(targets[0], *(argument(slot, args, kwargs) for slot in wrt if not any(
            argument(slot, args, kwargs) is t for t in targets)))
    elif isinstance(targets[0], np.ndarray):
        overlaps.check_apart(rule.of, bound, targets)
        check_asked(*[x for x in (argument(slot, args, kwargs) for slot in wrt)
                        if not any(x is t for t in targets)])
        # What it reads on the way back may be written by others until then.
        args = tuple(_own(a, targets) for a in args)
        kwargs = {k: _own(a, targets) for k, a in kwargs.items()}
    value, pullback = caller.function(*args, **kwargs)
    # What an operator made anew instead, or was made beside what was written, is nobody else's.
    made_anew = rule.of in ops.IN_PLACE or (
        all(isinstance(t, np.ndarray) for t in targets) and isinstance(value, (np.ndarray, tuple))
        and not share_memory(value, list(bound.values())))
    result = parts(value) if made_anew else value

    def pull(bar: Any, bars: Bars) -> tuple:
        shadows = [_shadow(bars, t) for t in targets]
        if any(value is t for t in targets):
            seed = bar
        else:
            seed = zeroed(withdraw(bars, result, bar) if made_anew else bar, result)
        entries = caller.entries(pullback(seed, *(s for s, _ in shadows)))
        for made, back in shadows:
            back(made)
        return tuple(deposit(bars, x, e) for x, e in zip(given, entries, strict=True))

    return value, pull


def _own(a: Any, targets: list[Any]) -> Any:
    return copy(a) if isinstance(a, np.ndarray) and not any(a is t for t in targets) else a


def _shadow(bars: Bars, target: Any) -> tuple[Any, Callable[[Any], None]]:
    """A shadow as mutators' rules see it, and how it is put back."""
    if isinstance(target, tuple):
        # Several arrays for several results, as `out=` takes them.
        each = [_shadow(bars, t) for t in target]

        def put_back(made: Any) -> None:
            for (_, back), mine in zip(each, made, strict=True):
                back(mine)

        return tuple(mine for mine, _ in each), put_back
    if not isinstance(target, np.ndarray):
        return slots(bars, of_fields(target)), lambda made: None
    mine = shadow(bars, target)
    if target.dtype.kind != "c":
        return mine, lambda made: None
    turned = np.conj(mine)
    # Of an array without dimensions that is a number, which nobody can write.
    turned = np.array(turned) if isinstance(turned, np.generic) else turned
    return turned, lambda made: mine.__setitem__(..., np.conj(made))
