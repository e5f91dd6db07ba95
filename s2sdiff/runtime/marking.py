"""Functions that were made of generator functions, and classes that are made anew: their marks."""

from __future__ import annotations

import types
import weakref
from typing import Any

__all__ = ["LISTED", "START", "STEP", "is_made_anew", "is_step", "listed", "mark_made_anew",
           "marked", "written"]

#: The mark of a function that gives all that a generator function yields in a list.
LISTED = "__s2sdiff_listed__"
#: Of the step of a generator function: where that function is.
STEP = "__s2sdiff_step__"
#: The same of what makes its iterator.
START = "__s2sdiff_start__"

#: Classes that a differentiated function has made, and makes anew at each call: code that is made
#: for their objects shall serve those of the next one.  By their ids: a class of a class may say
#: anything of what is equal, and have no hash.
_MADE_ANEW: dict[int, weakref.ref[type]] = {}


def mark_made_anew(cls: type) -> None:
    key = id(cls)
    _MADE_ANEW[key] = weakref.ref(cls, lambda _: _MADE_ANEW.pop(key, None))


def is_made_anew(cls: type) -> bool:
    """Whether a differentiated function has made the class.

    >>> is_made_anew(int)
    False
    """
    return id(cls) in _MADE_ANEW


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
