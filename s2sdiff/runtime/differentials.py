"""Differentials that are registered: in forward mode as they are, in reverse mode transposed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import errors, registry
from s2sdiff.errors import RuleError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import calls, reasons
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.handed import matched
from s2sdiff.runtime.leaves import filled_with
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.rule_entries import unknown_entry
from s2sdiff.runtime.values import Slots, is_differentiable

__all__ = ["pushed_by"]


def pushed_by(rule: Rule, slots: Slots, args: tuple, kwargs: dict[str, Any],
              dots: tuple) -> tuple[Any, Any]:
    """Value and tangent by a rule that returns `(value, differential)`."""
    value, differential = _opened(rule, args, kwargs)
    caller: Any = rule_caller(rule, slots, False)
    given: dict[str, Any] = dict.fromkeys(caller.returned)
    for (name, index), dot in zip(caller.places, dots, strict=True):
        if isinstance(index, int) and name in given:
            # A star parameter's: one for each of its arguments.
            rest = given[name] or (None,) * (len(args) - caller.star)
            given[name] = (*rest[:index], dot, *rest[index + 1:])
            continue
        if index is not None and name in given:
            given[name] = {**(given[name] or {}), index: dot}
            continue
        if name not in given and _stays(dot):
            continue
        if name not in given or index is not None:
            raise refusal(errors.MissingDerivativeError,
                          f"the differential of {reasons.name_of(rule.of)} says nothing of an "
                          "argument that moves",
                          "keep that argument constant with sd.stop_gradient")
        given[name] = dot
    found = differential(*given.values())
    if found is NotImplemented:
        raise unknown_entry(caller)
    return value, matched(found, value)


def _stays(dot: Any) -> bool:
    """Whether a tangent is a plain zero.

    Code that calls a function with options of its own has tangents for all numbers among them,
    though only some of them move.  What carries tangents itself is no plain number, and may move.
    """
    if type(dot) in (tuple, list):
        return all(map(_stays, dot))
    if type(dot) is np.ndarray:
        return dot.dtype != object and not np.any(dot)
    return dot is None or (type(dot) in (float, np.float64) and not dot)


def _opened(rule: Rule, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    assert rule.function is not None
    made = rule.function(*args, **kwargs)
    if not (isinstance(made, tuple) and len(made) == 2 and callable(made[1])):
        raise refusal(RuleError,
                      f"the differential of {reasons.name_of(rule.of)} returned "
                      f"{type(made).__name__}", "return (value, differential)")
    return made


def transposed(rule: Rule) -> Callable[..., Any]:
    """The rule for reverse mode: the differential is linear, and its derivative its transpose."""

    @functools.wraps(rule.function)  # type: ignore[arg-type]
    def reverse(*args: Any, **kwargs: Any) -> Any:
        value, differential = _opened(rule, args, kwargs)
        bound: Any = rule_caller(rule, (), False)
        given = bound.bound(args, kwargs)
        values = [given.get(n) for n in bound.returned]
        slots = tuple([i for i, x in enumerate(values) if is_differentiable(x)])
        dots = tuple([filled_with(x, 1.0) if i in slots else None for i, x in enumerate(values)])
        _, back = calls.call_kept(slots, differential, *dots)

        def pullback(bar: Any) -> Any:
            found = back(match(bar, value))
            entries = dict(zip(slots, (found,) if len(slots) == 1 else found, strict=True))
            whole = tuple([entries.get(i) for i in range(len(values))])
            return whole[0] if len(whole) == 1 else whole

        return value, pullback

    return reverse


registry.transposed = transposed
