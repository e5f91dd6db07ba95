"""Functions that were made of generator functions, and classes that are made anew: their marks."""

from __future__ import annotations

import types
import weakref
from typing import Any

__all__ = ["LISTED", "MADE_ANEW", "START", "STEP", "is_step", "listed", "marked", "written"]

#: The mark of a function that gives all that a generator function yields in a list.
LISTED = "__s2sdiff_listed__"
#: Of the step of a generator function: where that function is.
STEP = "__s2sdiff_step__"
#: The same of what makes its iterator.
START = "__s2sdiff_start__"

#: Classes that a differentiated function has made, and makes anew at each call: code that is made
#: for their objects shall serve those of the next one.
MADE_ANEW: weakref.WeakSet[type] = weakref.WeakSet()


def written(function: Any) -> Any:
    """The function that the user has written, of which this one may have been made.

    >>> written(len) is len
    True
    """
    return getattr(function, START, function)


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
