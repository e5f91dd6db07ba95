"""Objects of users' classes that are walked over: by what their `__iter__` gives."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import drawing, standins, values
from s2sdiff.runtime.walks import Walk

__all__ = ["LISTED", "at_once", "iterated", "listed"]

#: Set by the compiler: whether calling a function may write what others see.
may_write: Callable[[Any], bool] | None = None

#: The mark of a function that gives all that a generator function yields in a list.
LISTED = "__s2sdiff_listed__"

#: What draws all items before anything else can happen.
_AT_ONCE = frozenset({*standins.CONSUMERS, ops.unpack, values.sequence, values.undisturbed})


def at_once(fn: Any) -> bool:
    """Whether a function draws all items of its first argument before anything else happens."""
    try:
        return fn in _AT_ONCE
    except TypeError:
        return False


def iterated(fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any], called: Any) -> Any:
    """A call that draws from an object of a class in Python; None where it does not."""
    x = args[0] if args else None
    if fn is next and drawing.says(x, "__next__"):
        return called(drawing.next_of_class, wrt, args, kwargs)
    method = None if isinstance(x, (Walk, np.ndindex)) else getattr(type(x), "__iter__", None)
    if not isinstance(method, types.FunctionType) or not at_once(fn):
        return None
    if inspect.isgeneratorfunction(method):
        assert may_write is not None
        name, method = method.__qualname__, listed(method)
        if fn is values.sequence or (fn is values.undisturbed and may_write(method)):
            raise refusal(UnsupportedError,
                          f"{name} is a generator, and what happens in the loop over "
                          "what it gives may change what it does", "make a list of it first")
    loop = fn in (values.sequence, values.undisturbed)
    if drawing.says(x, "__next__") and not loop:
        method = drawing.all_of
    items, first = called(method, (0,), (x,), {})
    if drawing.says(items, "__next__"):
        raise refusal(UnsupportedError,
                      f"a loop over a {type(x).__name__}, whose __next__ has a state",
                      "loop over an array, a list or a tuple")
    value, pullback = called(fn, (0, *(s for s in wrt if s != 0)), (items, *args[1:]), kwargs)

    def pull(bar: Any, bars: Any) -> tuple:
        share, *others = pullback(bar, bars)
        first(share, bars)
        rest = iter(others)
        return tuple(None if s == 0 else next(rest) for s in wrt)

    return value, pull


def listed(function: Any) -> Any:
    """The function that gives all that a generator function yields in a list."""
    made = types.FunctionType(function.__code__, function.__globals__, function.__name__,
                              function.__defaults__, function.__closure__)
    made.__kwdefaults__, made.__qualname__ = function.__kwdefaults__, function.__qualname__
    made.__module__ = function.__module__
    setattr(made, LISTED, True)
    return made
