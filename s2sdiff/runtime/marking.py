"""Functions that were made of generator functions, and are told from them by a mark."""

from __future__ import annotations

import types
from typing import Any

__all__ = ["LISTED", "STEPPED", "copied_as", "listed", "marked"]

#: The mark of a function that gives all that a generator function yields in a list.
LISTED = "__s2sdiff_listed__"
#: That of a generator function that stays one, of pairs (`runtime.steps`).
STEPPED = "__s2sdiff_stepped__"


def listed(function: Any) -> Any:
    """The function that gives all that a generator function yields in a list."""
    return copied_as(function, LISTED)


def marked(function: Any) -> str:
    """The mark of a function that was made of a generator function; empty for others.

    >>> marked(len)
    ''
    """
    return next((m for m in (LISTED, STEPPED) if hasattr(function, m)), "")


def copied_as(function: Any, mark: str) -> Any:
    """A function that is another one, but for its mark."""
    made = types.FunctionType(function.__code__, function.__globals__, function.__name__,
                              function.__defaults__, function.__closure__)
    made.__kwdefaults__, made.__qualname__ = function.__kwdefaults__, function.__qualname__
    made.__module__ = function.__module__
    setattr(made, mark, True)
    return made
