"""Why a call that is made at run time is refused, and what things are called in messages."""

from __future__ import annotations

import inspect
import operator
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.errors import (
    DifferentiationError,
    MissingDerivativeError,
    NestedDerivativeError,
    RuleError,
    UnsupportedError,
    refusal,
)

__all__ = ["again", "collected", "described", "described_all", "name_of", "spelled", "unknown",
           "unknown_code", "unless_by_place"]


def unknown(fn: Any) -> Exception:
    """The refusal of an active value that enters a callable of which nothing is known.

    What cannot be called is what Python says of it; a descriptor stands for a read.
    """
    if not callable(fn) and not inspect.isdatadescriptor(fn):
        return TypeError(f"'{type(fn).__name__}' object is not callable")
    name = spelled(fn)
    if fn in (iter, next) if isinstance(fn, types.BuiltinFunctionType) else \
            isinstance(fn, type) and issubclass(fn, Iterator):
        return refusal(UnsupportedError,
                       f"{name} walks over active values, which is possible only once",
                       "loop over an array, a list or a tuple")
    if isinstance(fn, type):
        return refusal(UnsupportedError, f"the constructor of {name} receives an active value",
                       "keep active values in floats, arrays and tuples")
    if fn is vars(np.ndarray)["flat"]:
        return refusal(UnsupportedError, f"{name} of active values is handed on as an iterator",
                       "hand on a.ravel(), or index a.flat or loop over it where it stands")
    if fn is np.ndarray.resize:
        return refusal(UnsupportedError,
                       f"{name} changes the shape of an array that others may have: a caller, "
                       "another name, a view, a container",
                       "make an array of that shape (np.zeros(shape), np.concatenate) and put the "
                       "entries into it, or resize a copy that one name has, outside loops")
    if getattr(fn, "__name__", "") in _CHANGING and hasattr(fn, "__objclass__"):
        return refusal(UnsupportedError, f"{name} changes what holds or receives an active value",
                       "build a new array (np.where, np.concatenate, np.stack), tuple or object")
    of = name if all(part.isidentifier() for part in name.split(".")) else "..."
    return refusal(MissingDerivativeError,
                   f"{name} has no registered derivative and is no plain Python function",
                   f"register one: @sd.derivative(of={of})")


def again(fn: Any) -> Exception:
    """The refusal of code that finds out when it runs what is called, and is differentiated."""
    return refusal(
        NestedDerivativeError,
        f"this derivative is differentiated again, and {fn.__name__} in it finds out when it "
        "runs what is called, or keeps cotangents by place",
        "write what is called, and what is written, so that it can be seen in the source")


def unless_by_place(fn: Any, given: list[Any], args: tuple) -> None:
    """Refuse what keeps cotangents by place: an empty list would not be seen to grow in it.

    To read a number or an array, `call_by_place(slots, operator.getitem, options, "scale")`, lets
    nothing grow.

    Parameters
    ----------
    given : those of the arguments that may have tangents
    """
    if getattr(fn, "__module__", None) not in _KEEPING_PLACES:
        return
    reads = len(args) == 4 and args[1] is operator.getitem and type(args[2]) is dict and isinstance(
        args[2].get(args[3]), (int, float, complex, np.generic, np.ndarray))
    # Arguments that come in a tuple and a dict are no lists themselves.
    apart = fn.__name__.startswith("apply")
    if not reads and any(map(_may_grow, [v for x in given for v in (
            x.values() if apart and type(x) is dict else (x,))])):
        raise again(fn)


def _may_grow(x: Any) -> bool:
    return any(map(_may_grow, x)) if isinstance(x, tuple) else isinstance(
        x, (list, dict, set, deque))


_KEEPING_PLACES = ("s2sdiff.runtime.by_place", "s2sdiff.runtime.tried")


def unknown_code(fn: Any, error: DifferentiationError) -> DifferentiationError:
    """The refusal of a function of a library for that of the Python code behind it."""
    said = (error.said or str(error)).partition(" Instead, ")[0].rstrip(".")
    return refusal(MissingDerivativeError,
                   f"{spelled(fn)} has no registered derivative, and the code behind it cannot be "
                   f"differentiated: {said}", f"register one: @sd.derivative(of={spelled(fn)})")


#: Methods of C classes that change their owner.
_CHANGING = frozenset({
    "append", "extend", "insert", "remove", "clear", "sort", "reverse", "update", "setdefault",
    "fill", "put", "resize", "partition", "byteswap", "setfield", "appendleft", "extendleft",
    "__setitem__", "__setattr__", "__delitem__", "__delattr__", "__iadd__",
})


def spelled(fn: Any) -> str:
    """A callable as a user would write it, with its module."""
    owner = getattr(fn, "__objclass__", fn)
    module = getattr(owner, "__module__", None)
    name = name_of(fn)
    if module == "_operator":
        return f"operator.{name}"
    if module == "s2sdiff.ops":
        return _SYNTAX.get(name, name)
    return name if module in (None, "builtins", "__main__") else f"{module}.{name}"


#: Syntax that is a function in generated code.
_SYNTAX = {"unpack": "unpacking", "contains": "in", "not_contains": "not in"}


def described(value: Any) -> str:
    """The type of an argument, for messages."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {type(value).__name__} of shape {value.shape}"
    return getattr(value, "__s2sdiff_shown__", type(value).__name__)


def described_all(args: tuple, kwargs: dict[str, Any]) -> str:
    """The types of all arguments of a call.

    >>> described_all((1.0,), {"axis": 0})
    'float, axis=int'
    """
    return ", ".join([*map(described, args), *(f"{k}={described(v)}" for k, v in kwargs.items())])


def name_of(fn: Any) -> str:
    """What a callable calls itself."""
    return getattr(fn, "__qualname__", None) or getattr(fn, "__name__", None) or repr(fn)


def collected(entries: Any, name: str, index: Any, rule: Any) -> Any:
    """A pullback's entry for one of the arguments that a star parameter or a mapping collects."""
    try:
        # An array's elements are no entries, though it may be indexed.
        return (() if isinstance(entries, np.ndarray) and not rule.pure else entries)[index]
    except (TypeError, LookupError):
        raise refusal(RuleError,
                      f"the pullback of {name_of(rule.of)} returned {described(entries)} for "
                      f"{name}, which collects arguments",
                      "return a tuple with an entry for each of them (a dict by name for those "
                      "given by keyword)") from None
