"""What a rule's signature says of how it may be called."""

from __future__ import annotations

import contextlib
import inspect
import weakref
from typing import Any

__all__ = ["parameters", "place_of_out", "positional", "takes"]

#: By rule function: at which position it takes `out`, how many arguments it takes by position, and
#: whether it takes any more.
_counted: weakref.WeakKeyDictionary[Any, tuple[int | None, int, bool]] = weakref.WeakKeyDictionary()
_parameters: weakref.WeakKeyDictionary[Any, list[inspect.Parameter]] = weakref.WeakKeyDictionary()


def parameters(function: Any) -> list[inspect.Parameter]:
    """The parameters of a rule, whose signature stays what it is."""
    try:
        return _parameters[function]
    except (KeyError, TypeError):
        pass
    found = list(inspect.signature(function).parameters.values())
    with contextlib.suppress(TypeError):  # not everything can be referred to weakly
        _parameters[function] = found
    return found


def place_of_out(function: Any) -> int | None:
    """At which position a rule takes an `out` argument."""
    return _positions(function)[0]


def positional(function: Any) -> int:
    """How many arguments a rule takes by position, `*args` left aside."""
    return _positions(function)[1]


def takes(function: Any, count: int) -> bool:
    """Whether a rule may be given so many arguments by position."""
    _, most, more = _positions(function)
    return more or count <= most


def _positions(function: Any) -> tuple[int | None, int, bool]:
    try:
        return _counted[function]
    except (KeyError, TypeError):
        pass
    params = parameters(function)
    star = next((i for i, p in enumerate(params) if p.kind is p.VAR_POSITIONAL), len(params))
    at = next((i for i, p in enumerate(params[:star]) if p.name == "out"), None)
    most = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in params)
    found = at, most, star < len(params)
    with contextlib.suppress(TypeError):  # not everything can be referred to weakly
        _counted[function] = found
    return found
