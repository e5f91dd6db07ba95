"""Rules turned round when code runs: the tangent of what a function gives, by its pullback.

A pullback is linear, and its derivative taken backwards is the function's own.  There is code for
this, for the kinds of the arguments, where all that the rule's text does is known (`rule_backs`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.backend.rule_backs import back_of
from s2sdiff.cache import state_of
from s2sdiff.runtime import quick_pushed
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.asking import asks
from s2sdiff.runtime.leaves import filled_with
from s2sdiff.runtime.linear_helpers import FLOATS
from s2sdiff.runtime.nested import listed, spelled
from s2sdiff.transforms.context import Request
from s2sdiff.written_again import again

__all__ = ["Turned", "turned", "turned_code"]


class Turned:
    """A call of a function with a rule, as value and tangent; `code` is what is differentiated."""

    def __init__(self, fn: Any, back: Any, args: tuple, kwargs: dict[str, Any], count: int) -> None:
        names, given = listed(args, kwargs)
        self.fn, self.names, self.count = fn, tuple(kwargs), count
        self.plain = spelled("pulled", f"cotangent, {given}", f"cotangent, {names}", back)
        self.state = state_of(self.plain, Request("vjp", ("cotangent",), outer=True))

    def code(self, value: Any, args: tuple) -> Any:
        """The code for these arguments, options among them; None where more must be asked."""
        given = filled_with(value, 1.0), *args
        code = self.state.warm(self.plain, given, {}) or self.state.found(given, {})
        direct = code.__dict__.get("__s2sdiff_direct__")
        if direct is None:
            direct = code.__s2sdiff_direct__ = not asks(code)
        return code if direct else None

    def __call__(self, args: tuple, kwargs: dict[str, Any], dots: list[Any]) -> Any:
        """Value and tangent; None where more must be asked."""
        value = self.fn(*args, **kwargs)
        if not _is_number(value):
            return None
        given = (*args, *kwargs.values())
        code = self.code(value, given)
        if code is None:
            return None
        with np.errstate(all="ignore"):
            _, back = code(filled_with(value, 1.0), *given)
        return value, match(back(dots[0] if self.count == 1 else tuple(dots)), value)


def turned(fn: Any, moving: tuple[int, ...], args: tuple, kwargs: dict[str, Any]) -> Any:
    """What gives value and tangent of calls of this shape; None where the rule's text is no code.

    >>> found = turned(np.cumprod, (0,), (np.array([2.0, 3.0]),), {})
    >>> found((np.array([2.0, 3.0]),), {}, [np.array([1.0, 0.0])])
    (array([2., 6.]), array([1., 3.]))
    """
    rule = registry.find(fn)
    back = None if rule is None or hasattr(rule.function, "__s2sdiff_settled__") or hasattr(
        rule.function, "__s2sdiff_forward__") else back_of(
            rule, moving, len(args), tuple(kwargs))
    return None if back is None else Turned(fn, back, args, kwargs, len(moving))


def turned_code(fn: Any, slots: tuple[Any, ...], args: tuple, kwargs: dict[str, Any]) -> Any:
    """The code that turns the pullback of a call round: `code(cotangent, *args, *options)`.

    None where there is none, or something else than numbers and arrays moves.
    """
    if not all(type(s) is int and _is_number(args[s]) for s in slots):
        return None
    found = turned(fn, slots, args, kwargs)
    value = None if found is None else fn(*args, **kwargs)
    given = (*args, *kwargs.values())
    code = None if found is None or not _is_number(value) else found.code(value, given)
    if found is None or code is None:
        return None
    return again(code, found.plain, found.state.request, (filled_with(value, 1.0), *given), {})


def _is_number(x: Any) -> bool:
    return type(x) in FLOATS or (type(x) is np.ndarray and x.dtype.kind in "fc")


quick_pushed.turned = turned
