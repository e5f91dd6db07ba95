"""What Numba has compiled stands for the Python function that it was made of."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.outside import root_of
from s2sdiff.runtime.own_fields import said
from s2sdiff.runtime.standins_numpy import vectorized

__all__ = ["made_of", "standin"]


def standin(function: Any) -> Any:
    """The Python function that does what a function of Numba does; None for anything else.

    `@njit` gives a function's own meaning, which is run by Python here; `@vectorize` that of
    `np.vectorize`, but that of numbers it gives a number.  Numba is not imported.

    >>> standin(len) is None, standin(lambda x: x) is None
    (True, True)
    """
    if root_of(type(function)) != "numba":
        return None
    made_of = said(function, "py_func")
    if isinstance(made_of, types.FunctionType):
        return _compiled(made_of)
    if said(function, "gufunc_builder") is not None:
        raise refusal(UnsupportedError, f"{said(function, '__name__')} is a function of Numba "
                      "over the last axes of arrays, which writes its results into arguments",
                      "call the Python function that it was made of, in a loop")
    made_of = said(said(function, "_dispatcher"), "py_func")
    return _elementwise(function, made_of) if isinstance(made_of, types.FunctionType) else None


def made_of(function: Any) -> types.FunctionType | None:
    """The user's function that Numba has compiled, for numbers or whole arrays; or None."""
    if root_of(type(function)) != "numba":
        return None
    found = said(function, "py_func") or said(said(function, "_dispatcher"), "py_func")
    return found if isinstance(found, types.FunctionType) else None


def _compiled(made_of: types.FunctionType) -> Any:
    def as_of_numba(*args: Any, **kwargs: Any) -> Any:
        return _boxed(made_of(*args, **kwargs))

    return as_of_numba


def _boxed(x: Any) -> Any:
    """A result as Numba gives it: its numbers are Python's."""
    if isinstance(x, np.generic):
        return x.item()
    return tuple([_boxed(item) for item in x]) if type(x) is tuple else x


def _elementwise(function: Any, made_of: types.FunctionType) -> Any:
    kinds = {signature.partition("->")[2] for signature in said(function, "types") or ()}
    whole = vectorized(np.vectorize(made_of, otypes=kinds.pop() if len(kinds) == 1 else None))

    def each(*args: Any, **options: Any) -> Any:
        if options:
            raise refusal(UnsupportedError, "a function of Numba is called with keyword arguments",
                          "give it the numbers alone")
        return whole(*args)[()]

    return each
