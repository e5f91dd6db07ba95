"""Rules that write into arrays, in forward mode: their pullbacks transposed, shadows and all.

A pullback turns the cotangents of what was written, in place, from after the call to before it.
That is linear, too: from a cotangent of the value and shadows to entries and shadows.  Taken
backwards it gives the tangents after the call by those before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import calls, overlaps, reasons
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.later import Later
from s2sdiff.runtime.leaves import filled_with
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.rule_entries import unknown_entry
from s2sdiff.runtime.values import Slots, is_differentiable

__all__ = ["bars_of", "not_followed", "pushed_write"]


def pushed_write(rule: Rule, slots: Slots, args: tuple, kwargs: dict[str, Any],
                 dots: tuple) -> tuple[Any, Any, tuple]:
    """A call of what changes arrays in place: value, tangent, and what shows it to be linear.

    The tangents of the arrays, which are among `dots`, are changed in place.
    """
    caller: Any = rule_caller(rule, slots)
    bound = caller.bound(args, kwargs)
    targets = [bound[name] for name in rule.writes]
    by_name = {name: d for (name, _), d in zip(caller.places, dots, strict=True)}
    moving = [by_name.get(name) for name in rule.writes]
    if not all(isinstance(t, np.ndarray) and (d is not None or t.dtype.kind not in "fc")
               and not isinstance(d, (list, dict)) for t, d in zip(targets, moving, strict=True)):
        raise not_followed(rule)
    overlaps.check_apart(rule.of, bound, targets)
    value, pullback = caller.function(*args, **kwargs)
    same = next((d for t, d in zip(targets, moving, strict=True) if t is value), None)
    ones = filled_with(value, 1.0) if same is None and is_differentiable(value) else None
    shadows = tuple([np.full(t.shape, 1 if t.dtype.kind in "fc" else 0, t.dtype) for t in targets])
    active = (1,) if ones is None else (0, 1)
    with np.errstate(all="ignore"):
        (entries, before), back = calls.called(run_on_copies(pullback), active, (ones, shadows),
                                               {}, False)
    if isinstance(entries, Later) or (isinstance(entries, tuple) and any(
            isinstance(e, Later) for e in entries)):
        raise not_followed(rule)
    alone = len(caller.returned) == 1
    made = caller.entries_of(entries)
    others = tuple([None if name in rule.writes else d
                    for (name, _), d in zip(caller.places, dots, strict=True)])
    bars = bars_of(caller, made, others)
    # The tangents are overwritten below, and looked at again by whoever asks whether it is linear.
    theirs = tuple([np.array(match(d, s)) if s.dtype.kind in "fc" else s
                    for s, d in zip(shadows, moving, strict=True)])
    found = back((bars[0] if alone else bars, theirs))
    value_dot, after = found if len(active) == 2 else (None, found)
    for t, d, new in zip(targets, moving, after, strict=True):
        if t.dtype.kind in "fc":
            memory: Any = d
            memory[...] = match(new, t)
    floats = [i for i, t in enumerate(targets) if t.dtype.kind in "fc"]
    before, theirs, shadows, after = (
        [each[i] for i in floats] for each in (before, theirs, shadows, after))
    shown = ((*made.values(), *before), (*bars, *theirs)), ((ones, *shadows), (value_dot, *after))
    return value, same if same is not None else match(value_dot, value), shown


def run_on_copies(pullback: Callable[..., Any]) -> Callable[..., Any]:
    """A pullback that changes nothing: its entries, and the shadows as it leaves them."""

    def moved(bar: Any, shadows: tuple) -> Any:
        own = tuple([s.copy() for s in shadows])
        entries = pullback(bar, *own)
        return entries, own

    return moved


def bars_of(caller: Any, made: dict[str, Any], dots: tuple) -> tuple:
    """The dots of a call's slots as cotangents of a pullback's entries `made`, in their order."""
    bars: dict[str, Any] = {}
    for (name, index), dot in zip(caller.places, dots, strict=True):
        entry = made.get(name, NotImplemented)
        if entry is NotImplemented and dot is not None:
            raise unknown_entry(caller)
        if entry is not None and dot is not None:
            bars[name] = dot if index is None else _put(bars.get(name), index, dot, entry)
    return tuple([None if e is None or e is NotImplemented else match(bars.get(n), e)
                  for n, e in made.items()])


def _put(bar: Any, index: Any, dot: Any, like: Any) -> Any:
    """A dot among those of a star parameter or a mapping."""
    if isinstance(like, dict):
        return {**(bar or {}), index: dot}
    items = [None] * len(like) if bar is None else list(bar)
    items[index] = dot
    return tuple(items)


def not_followed(rule: Rule) -> Exception:
    """The refusal of a call that changes what forward mode does not follow."""
    return refusal(UnsupportedError,
                   f"forward mode does not go through {reasons.name_of(rule.of)}, which "
                   "changes its argument in place",
                   "use reverse mode (sd.vjp), or a function that makes a new value")
