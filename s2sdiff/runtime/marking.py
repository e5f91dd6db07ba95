"""Functions that were made of generator functions, and are told from them by a mark."""

from __future__ import annotations

import types
from typing import Any

__all__ = ["LISTED", "STEP", "is_step", "listed", "marked"]

#: The mark of a function that gives all that a generator function yields in a list.
LISTED = "__s2sdiff_listed__"
#: Of the step of a generator function: where that function is.
STEP = "__s2sdiff_step__"


def is_step(function: Any) -> bool:
    """Whether it is what a generator goes on by."""
    return hasattr(function, STEP)


def listed(function: Any) -> Any:
    """The function that gives all that a generator function yields in a list."""
    made = types.FunctionType(function.__code__, function.__globals__, function.__name__,
                              function.__defaults__, function.__closure__)
    made.__kwdefaults__, made.__qualname__ = function.__kwdefaults__, function.__qualname__
    made.__module__ = function.__module__
    setattr(made, LISTED, True)
    return made


def marked(function: Any) -> bool:
    """Whether a function was made so.

    >>> marked(len), marked(listed(marked))
    (False, True)
    """
    return hasattr(function, LISTED)
