"""NumPy's functions without a rule: for plain arrays they are the Python code behind them."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import DifferentiationError, InternalError
from s2sdiff.runtime import reasons
from s2sdiff.runtime.carried import class_of

__all__ = ["implementation", "run"]

#: The type of NumPy's functions that other libraries' arrays may take over.
_DISPATCHED = type(np.polyval)


def implementation(fn: Any, args: tuple, kwargs: dict[str, Any]) -> types.FunctionType | None:
    """The Python function that a function of NumPy runs for these arguments, or None.

    >>> implementation(np.polyval, ([1.0, 2.0], 3.0), {}) is np.polyval.__wrapped__
    True
    >>> implementation(np.bincount, ([1, 2],), {}), implementation(len, ([],), {})
    (None, None)
    """
    if type(fn) is not _DISPATCHED:
        return None
    found = fn.__wrapped__
    if not isinstance(found, types.FunctionType) or _elsewhere((*args, *kwargs.values())):
        return None
    return None if _overwrites(found, args, kwargs) else found


def _overwrites(fn: types.FunctionType, args: tuple, kwargs: dict[str, Any]) -> bool:
    """The argument may be used as memory to work in, of which callers are told nothing.

    >>> _overwrites(np.nanmedian.__wrapped__, (np.ones(2), None, None, True), {})
    True
    """
    name = "overwrite_input"
    if name not in fn.__code__.co_varnames:
        return False
    at = fn.__code__.co_varnames.index(name)
    return bool(kwargs.get(name, args[at] if at < len(args) else False))


def run(fn: Any, args: tuple, kwargs: dict[str, Any], make: Callable[[], Any]) -> Any:
    """What `make` gives; a refusal in it is one of `fn`, unless that calls what it is given."""
    if any(map(_may_call, (*args, *kwargs.values()))):
        return make()
    try:
        return make()
    except InternalError:
        raise
    except DifferentiationError as error:
        raise reasons.unknown_code(fn, error) from error


def _may_call(x: Any) -> bool:
    return any(map(_may_call, x)) if isinstance(x, (tuple, list)) else callable(x)


def _elsewhere(values: Any, depth: int = 3) -> bool:
    """Some array among the values, or in a sequence there, has functions of its own."""
    for x in values:
        if isinstance(x, (tuple, list)) and depth:
            if _elsewhere(x, depth - 1):
                return True
        elif class_of(x) is not np.ndarray and hasattr(class_of(x), "__array_function__"):
            return True
    return False
