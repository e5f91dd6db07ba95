"""Functions that are made in forward mode, and the tangents of their defaults."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.dots import Dots
from s2sdiff.runtime.values import is_inert

__all__ = ["by_position", "held_defaults", "made_function"]


def made_function(dots: Dots, fn: Any, given: dict[Any, Any], args: tuple,
          kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A nested function; the tangents of its defaults lie with it."""
    made = fn(*args, **kwargs)
    if isinstance(made, types.FunctionType):
        code = made.__code__
        plain = code.co_varnames[:code.co_argcount]
        values = made.__defaults__ or ()
        if given.get("defaults") is not None:
            for name, value, dot in zip(plain[len(plain) - len(values):], values,
                                        given["defaults"], strict=True):
                dots.put(made, name, value, dot)
        for name, dot in (given.get("kwdefaults") or {}).items():
            dots.put(made, name, (made.__kwdefaults__ or {})[name], dot)
    return made, None


def held_defaults(fn: Any, args: tuple, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The defaults that a call uses, by parameter."""
    code, values = fn.__code__, fn.__defaults__ or ()
    plain = code.co_varnames[:code.co_argcount]
    found = dict(zip(plain[len(plain) - len(values):], values, strict=True))
    found |= fn.__kwdefaults__ or {}
    for name in plain[:len(args)]:
        found.pop(name, None)
    # A container may get what is active later.
    found = {n: v for n, v in found.items() if n not in kwargs and (
        isinstance(v, (list, dict, tuple)) or not is_inert(v))}
    if any(n in plain[:code.co_posonlyargcount] for n in found):
        raise refusal(UnsupportedError, "forward mode does not follow the defaults of parameters "
                      "that take no keyword", "pass the argument")
    return found


def by_position(fn: Any, dots: dict[Any, Any], args: tuple, held: dict[str, Any],
                kwargs: dict[str, Any]) -> tuple[dict[Any, Any], tuple, dict[str, Any]]:
    """Tangents by slot, arguments and keywords, where defaults are handed over by position.

    A derivative with respect to a parameter takes it by position alone.
    """
    names, values = fn.__code__.co_varnames[:fn.__code__.co_argcount], fn.__defaults__ or ()
    if not kwargs.keys().isdisjoint(names) or len(args) < len(names) - len(values):
        return dots, args, held
    count = max((i + 1 for i, n in enumerate(names) if n in held), default=len(args))
    args = (*args, *values[len(args) - len(names) + len(values):count - len(names) + len(values)])
    return ({names.index(n) if n in names else n: d for n, d in dots.items()}, args,
            {n: v for n, v in held.items() if n not in names})
