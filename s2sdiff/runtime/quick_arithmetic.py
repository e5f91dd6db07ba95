"""`x + y` and the like of two floats, by place: the commonest calls, each written out.

The rules are those of `rules.operators` and `rules.special_points`; the answer is None as soon as
somebody else has registered one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.registry import PLAIN, overlay
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import Slots

__all__ = ["of_floats"]

_BOTH = (0, 1)
_NOTHING = (0.0, 0.0)


def of_floats(wrt: Slots, fn: Any, x: float, y: float) -> tuple[Any, Any] | None:
    """The value of `fn(x, y)` and its pullback, as `by_place.call_by_place` gives them."""
    made = _MADE.get(fn)
    if made is None or overlay.get() is not PLAIN:
        return None
    if _current.epoch != registry.epoch:
        _current.look()
    if fn not in _current.own:
        return None
    compute, shares = made
    value = compute(x, y)

    def entries(bar: Any) -> tuple:
        if type(bar) is float:
            # Of a zero nothing is left, whatever it would be times.
            return shares(bar, x, y) if bar else _NOTHING
        if bar is None or (isinstance(bar, np.generic) and not bar):
            return _NOTHING
        return tuple([match(g, 0.0) for g in shares(match(bar, value), x, y)])

    if wrt == _BOTH:
        return value, lambda bar, bars: entries(bar)
    at = wrt[0] if len(wrt) == 1 else None

    def pull(bar: Any, bars: Bars) -> Any:
        found = entries(bar)
        return tuple([found[i] for i in wrt]) if at is None else found[at]

    return value, pull


def _of_quotient(g: float, x: float, y: float) -> tuple[float, float]:
    x_bar = g / y
    return x_bar, -x_bar * (x / y)


_Shares = Callable[[Any, Any, Any], tuple]

_ADD: tuple[Any, _Shares] = operator.add, lambda g, x, y: (g, g)
_SUB: tuple[Any, _Shares] = operator.sub, lambda g, x, y: (g, -g)
_MUL: tuple[Any, _Shares] = operator.mul, lambda g, x, y: (g * y, g * x)
_TRUEDIV: tuple[Any, _Shares] = operator.truediv, _of_quotient

#: By operator: what computes it, and the entries of its pullback.  Floats are made anew in place.
_MADE: dict[Any, tuple[Any, _Shares]] = {
    operator.add: _ADD, operator.iadd: _ADD, operator.sub: _SUB, operator.isub: _SUB,
    operator.mul: _MUL, operator.imul: _MUL, operator.truediv: _TRUEDIV,
    operator.itruediv: _TRUEDIV,
}


class _Current:
    """For which of these operators the library's own rules are in force, and since which epoch."""

    def __init__(self) -> None:
        self.epoch = -1
        self.own: frozenset[Any] = frozenset()

    def look(self) -> None:
        epoch = registry.epoch
        self.own = frozenset(f for f, (compute, _) in _MADE.items() if registry.is_own(compute))
        # Rules may be loaded by looking: then it is looked once more.
        self.epoch = epoch


_current = _Current()
