"""Tangents when code runs: zeros, calls that give value and tangent, pullbacks transposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import DifferentiationError, UnsupportedError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import attributes, calls, linear_functions, writes_in_step
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.batches import for_one, unbatched
from s2sdiff.runtime.carried import class_of, is_of_class
from s2sdiff.runtime.carried_in_step import carried, missing
from s2sdiff.runtime.differentials import pushed_by
from s2sdiff.runtime.in_step import HOLDERS, in_step
from s2sdiff.runtime.later import Later, asked
from s2sdiff.runtime.leaves import filled_with, leaves_of
from s2sdiff.runtime.linear_pullbacks import must_be_linear, must_be_odd
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.own_operators import walks_as_tuple
from s2sdiff.runtime.quick_pushed import quick_push
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.rule_entries import unknown_entry
from s2sdiff.runtime.structures import has_patterned, holds_numbers, is_patterned
from s2sdiff.runtime.transposed_writes import bars_of, pushed_write
from s2sdiff.runtime.values import Slots, argument, is_differentiable, is_inert
from s2sdiff.runtime.walks import Walk
from s2sdiff.runtime.walks_in_step import of_walk, walked
from s2sdiff.runtime.writes_in_step import CONTAINERS
from s2sdiff.runtime.zero_tangents import zero_tangent

__all__ = ["Forward", "gathered_dots", "push", "push_attribute", "push_method", "pushed"]

#: Set by the compiler: (function, slots) -> callable that gives (value, tangent).
forward: Callable[..., Callable[..., Any]] | None = None


def pushed(fn: Any, slots: Slots, places: bool = False) -> Callable[..., Any]:
    """What generated code calls `fn_jvp`: value and tangent of a Python function.

    It is called with `fn`'s arguments, and after them the tangents of those in `slots`; after
    those, with `places`, the table of tangents by place.
    """
    assert forward is not None
    return forward(fn, slots, places)


def push(slots: Slots, dots: tuple, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """`fn(*args, **kwargs)` and its tangent, given those of the arguments in `slots`."""
    quick = quick_push(slots, dots, fn, args, kwargs)
    if quick is not None:
        return quick
    by_slot = dict(zip(slots, dots, strict=True))
    made = missing(fn, args, by_slot, _call) or in_step(fn, args, kwargs, by_slot) or \
        of_walk(fn, args, kwargs, by_slot) or \
        carried(fn, args, kwargs, by_slot, zero_tangent, _call)
    return made or calls.called(fn, slots, args, kwargs, Forward(dots))


def _call(fn: Any, given: dict[Any, Any], args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    known = {s: d for s, d in given.items() if d is not None}
    return push(tuple(known), tuple(known.values()), fn, *args, **kwargs)


writes_in_step.push = push


def push_method(slots: Slots, dots: tuple, name: str, owner: Any, /, *args: Any,
                **kwargs: Any) -> tuple[Any, Any]:
    """`owner.name(*args, **kwargs)` and its tangent; slot 0 is the owner."""
    if class_of(owner) in (*CONTAINERS, np.ndarray) and not is_of_class(class_of(owner), name):
        return push(slots, dots, getattr(class_of(owner), name), owner, *args, **kwargs)
    return calls.called_method(slots, name, owner, args, kwargs, Forward(dots))


def push_attribute(slots: Slots, dots: tuple, name: str, owner: Any) -> tuple[Any, Any]:
    """`owner.name` and its tangent."""
    numbers = isinstance(owner, (np.ndarray, np.generic, float, complex, *CONTAINERS))
    if slots and numbers and callable(getattr(owner, name, None)):
        raise refusal(UnsupportedError,
                      f"forward mode does not follow the method .{name} as a value",
                      "call it where it is named")
    return attributes.attributed(slots, name, owner, Forward(dots))


def gathered_dots(fn: Any, wrt: tuple[str, ...], picks: list[tuple[int, Any]], dots: tuple,
                  args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Tangents by parameter, where slots lie in `*args` or `**kwargs`: zeros beside them."""
    found: list[Any] = [None] * len(wrt)
    code = fn.__code__
    count = code.co_argcount
    known = {*code.co_varnames[:count + code.co_kwonlyargcount]}
    for (at, key), dot in zip(picks, dots, strict=True):
        if key is None:
            found[at] = dot
        elif isinstance(key, int):
            items = found[at] if found[at] is not None else \
                tuple(map(zero_tangent, args[count:]))
            found[at] = (*items[:key], dot, *items[key + 1:])
        else:
            rest = found[at] if found[at] is not None else \
                {k: zero_tangent(v) for k, v in kwargs.items() if k not in known}
            found[at] = {**rest, key: dot}
    return tuple(found)


class Forward:
    """How a call is made in forward mode: with the tangents of the arguments in its slots."""

    __slots__ = ("dots",)

    #: The tangents by place, where there are such.
    table: Any = None

    def __init__(self, dots: tuple) -> None:
        self.dots = dots

    def call(self, fn: Any, given: dict[Any, Any], args: tuple,
             kwargs: dict[str, Any]) -> tuple[Any, Any]:
        """Value and tangent of another call, with other tangents."""
        return _call(fn, given, args, kwargs)

    def special(self, fn: Any, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Value and tangent of a call that is made in a way of its own; None for others."""
        return None

    def still(self, value: Any, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        """The tangent of what a call gives that is given nothing differentiable."""
        return self.zero(value)

    def only(self, slots: Slots, kept: Slots) -> Forward:
        """For some of the slots."""
        return Forward(tuple([d for s, d in zip(slots, self.dots, strict=True) if s in kept]))

    def derived(self, fn: Any, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Value and tangent of a Python function."""
        return pushed(fn, slots)(*args, *self.dots, **kwargs)

    def ruled(self, rule: Rule, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Value and tangent of a function with a rule."""
        if slots != (0,) and getattr(rule.function, "__s2sdiff_first__", False):
            return self.only(slots, (0,)).ruled(rule, (0,), args, kwargs) if 0 in slots else (
                (value := rule.of(*args, **kwargs)), self.zero(value))
        known = registry.find(rule.of, "jvp")
        if known is not None or not rule.pure:
            unbatched(self.dots)
        if known is not None:
            value, dot = pushed_by(known, slots, args, kwargs, self.whole(slots, args, kwargs))
            return value, self.placed(value, dot)
        unkept = getattr(rule.function, "__s2sdiff_forward__", None)
        if unkept is not None:
            return calls.called(unkept, slots, args, kwargs, self)
        by_slot = dict(zip(slots, self.dots, strict=True))
        made = in_step(rule.of, args, kwargs, by_slot) or of_walk(rule.of, args, kwargs, by_slot) \
            or linear_functions.pushed(rule, slots, args, kwargs, self.dots)
        if made is not None:
            return made
        args = tuple([a.take() if isinstance(a, Walk) else a for a in args])
        for x in [argument(slot, args, kwargs) for slot in slots]:
            if has_patterned(x):
                continue
            if isinstance(x, set) or (not walks_as_tuple(x) and (
                    isinstance(x, (list, dict, np.ndarray)) or holds_numbers(x))):
                raise _beyond(x)
        if rule.writes:
            # The tangents of what is written are changed in place, wherever they lie.
            value, dot, shown = pushed_write(rule, slots, args, kwargs, self.dots)
            if not rule.pure:
                must_be_linear(rule, *shown[0], *shown[1])
            return value, dot
        caller: Any = rule_caller(rule, slots, False)
        value, pullback, args = caller.opened(args, kwargs)
        if isinstance(value, Walk):
            return value, walked(rule.of, args, kwargs, by_slot)
        given = [argument(slot, args, kwargs) for slot in slots]
        dots = tuple([match(d, x) if is_differentiable(x) else d
                      for d, x in zip(self.dots, given, strict=True)])
        # What has no derivative, such as a shape, has none that could be unknown.
        moving = tuple([d if is_differentiable(x) or holds_numbers(x) else None
                        for d, x in zip(dots, given, strict=True)])
        try:
            return value, _transposed(caller, pullback, value, moving, args, kwargs)
        except DifferentiationError:
            # Whatever the derivative is, nothing moves.
            if not all(map(_is_still, moving)):
                raise
            return value, zero_tangent({"data": value.data} if is_patterned(value) else value)

    def whole(self, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple:
        """The tangents in the structure of the arguments."""
        return self.dots

    def placed(self, value: Any, dot: Any) -> Any:
        """A tangent in the structure of a value, as generated code has it."""
        return dot

    def zero(self, value: Any) -> Any:
        """The tangent of a value that does not depend on the arguments."""
        return zero_tangent(value)


def _is_still(dot: Any) -> bool:
    return dot is None or all(leaf is None or (
        isinstance(leaf, (float, complex, np.generic, np.ndarray)) and not np.any(leaf))
        for leaf in leaves_of(dot))


def _transposed(caller: Any, pullback: Any, value: Any, dots: tuple, args: tuple,
                kwargs: dict[str, Any]) -> Any:
    """The tangent of `value`: the derivative of the pullback, which is linear, taken backwards."""
    if is_patterned(value):
        if value.data.dtype.kind not in "fc":
            return None
        value = {"data": value.data}
    if not is_differentiable(value):
        if not is_inert(value):
            raise _beyond(value)
        return zero_tangent(value)
    if type(value) not in HOLDERS and not hasattr(type(value), "_fields") and not isinstance(
            value, (np.ndarray, float, complex, np.inexact)):
        raise _beyond(value)
    # Some pullbacks have a way of their own for zero, and some refuse all but zero of a result.
    ones: Any = filled_with(value, 1.0)
    settled = getattr(caller.function, "__s2sdiff_settled__", None)
    at, settle = settled(*args, **kwargs) if settled and isinstance(value, tuple) else (None, None)
    if at:
        ones = _like(value, at(value))
    with np.errstate(all="ignore"), for_one():
        entries, back = calls.called(pullback, (0,), (ones,), {}, False)
    if isinstance(entries, Later) or (isinstance(entries, tuple) and any(
            isinstance(e, Later) for e in entries)):
        return _asked_for(caller, pullback, value, dots)
    alone = len(caller.returned) == 1
    made = caller.entries_of(entries)
    whole = bars_of(caller, made, dots)
    found: Any = match(back(whole[0] if alone else whole), value)
    if settle:
        found = _like(value, settle(value, found))
    if not caller.rule.pure:
        must_be_linear(caller.rule, tuple(made.values()), whole, ones, found)
        with np.errstate(all="ignore"):
            turned = caller.entries_of(pullback(filled_with(value, -1.0)))
        must_be_odd(caller.rule, made, turned)
    return found


def _like(results: Any, made: Any) -> Any:
    """A tuple like another one."""
    return like_fields(results, made) if hasattr(type(results), "_fields") else tuple(made)


def _asked_for(caller: Any, pullback: Any, value: Any, dots: tuple) -> Any:
    """The same where entries are computed when they are asked for: of those that have a dot."""
    places, given = [], []
    for (name, index), dot in zip(caller.places, dots, strict=True):
        if dot is not None:
            if name not in caller.returned:
                raise unknown_entry(caller)
            at = caller.returned.index(name) if len(caller.returned) > 1 else None
            places.append((at, index))
            given.append(dot)
    with np.errstate(all="ignore"):
        entries, back = calls.called(asked(pullback, tuple(places)), (0,),
                                     (filled_with(value, 1.0),), {}, False)
    if any(e is NotImplemented for e in entries):
        raise unknown_entry(caller)
    return match(back(tuple([None if e is None else match(d, e)
                             for e, d in zip(entries, given, strict=True)])), value)


def _beyond(value: Any) -> Exception:
    return refusal(UnsupportedError,
                   f"forward mode does not follow a {type(value).__name__}",
                   "use reverse mode (sd.vjp), or keep the numbers in arrays, tuples, lists and "
                   "dicts")
