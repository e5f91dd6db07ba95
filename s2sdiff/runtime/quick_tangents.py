"""Tangents of what is met most often: arithmetic of real numbers, whose rules are called at once.

The pullback of a function that gives one number is a row of slopes, if it is given 1.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.later import Later
from s2sdiff.runtime.quick_numbers import rule_at_once, without_place
from s2sdiff.runtime.values import Slots

__all__ = ["quick_push"]

_REAL = frozenset({float, int, bool, np.float64, np.float32})
_FLOATS = frozenset({float, np.float64, np.float32})

_DOTS: dict[Any, Callable[..., Any]] = {
    operator.add: lambda x, y, x_dot, y_dot: x_dot + y_dot,
    operator.sub: lambda x, y, x_dot, y_dot: x_dot - y_dot,
    operator.mul: lambda x, y, x_dot, y_dot: x_dot * y + x * y_dot,
    operator.neg: lambda x, x_dot: -x_dot,
}


def quick_push(slots: Slots, dots: tuple, fn: Any, args: tuple) -> tuple[Any, Any] | None:
    """The value of `fn(*args)` and its tangent; None where it is for others to say.

    >>> quick_push((1,), (2.0,), operator.mul, (3.0, 5.0))
    (15.0, 6.0)
    >>> quick_push((0,), (None,), operator.add, ([1.0], [2.0])) is None
    True
    """
    kinds = set(map(type, args))
    if not (slots and kinds <= _REAL and _FLOATS.issuperset(map(type, dots))):
        return None
    fn = without_place(fn)
    rule = rule_at_once(fn, len(args))
    if rule is None or registry.find(fn, "jvp") is not None:
        return None
    by_slot = dict(zip(slots, dots, strict=True))
    of_operator = _DOTS.get(fn)
    if of_operator is not None and len(slots) == len(args):
        value = fn(*args)
        with np.errstate(all="ignore"):
            dot = of_operator(*args, *[by_slot[i] for i in range(len(args))])
        return value, match(dot, value)
    value, pullback = rule.function(*args)
    if type(value) not in _FLOATS:
        return None
    with np.errstate(all="ignore"):
        slopes = pullback(type(value)(1.0))
        slopes = slopes if isinstance(slopes, (tuple, Later)) else (slopes,)
        moving = [(slopes[i], d) for i, d in by_slot.items() if type(args[i]) in _FLOATS]
        if any(s is NotImplemented for s, _ in moving):
            return None
        dot = None
        for slope, d in moving:
            if slope is not None:
                dot = slope * d if dot is None else dot + slope * d
    return value, match(dot, value)
