"""Functions that are chosen by the class of an argument, as code that is differentiated (see
`standins`)."""

from __future__ import annotations

import functools
import types
import weakref
from typing import Any

__all__ = ["chosen", "dispatched", "dispatching"]


def chosen(dispatch: Any, cls: type) -> Any:
    """The function for a class; what `functools` remembers of it is no part of the derivative."""
    return dispatch(cls)


def dispatched(self: Any, owner: Any, cls: Any = None) -> Any:
    """What a `singledispatchmethod` is where it is read; nobody registers on what is read."""
    dispatch = self.dispatcher.dispatch

    def method(*args: Any, **kwargs: Any) -> Any:
        found = chosen(dispatch, args[0].__class__)
        if owner is not None and isinstance(found, types.FunctionType):
            return found(owner, *args, **kwargs)
        return found.__get__(owner, cls)(*args, **kwargs)

    return method


def _nothing(_: Any) -> None:
    """What `functools.singledispatch` makes has this code, whatever it is made of."""


_MADE_OF_NOTHING: Any = functools.singledispatch(_nothing)
_CODE = _MADE_OF_NOTHING.__code__


def dispatching(function: Any) -> Any:
    """The function that stands for one that `functools.singledispatch` has made, or None.

    >>> dispatching(functools.singledispatch(abs))(-1.5), dispatching(_nothing)
    (1.5, None)
    """
    if not isinstance(function, types.FunctionType) or function.__code__ is not _CODE:
        return None
    made = _MADE.get(function)
    if made is None:
        made = _MADE[function] = _dispatching(function.dispatch, function.__name__)
    return made


def _dispatching(dispatch: Any, name: str) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        if not args:
            raise TypeError(f"{name} requires at least 1 positional argument")
        return chosen(dispatch, args[0].__class__)(*args, **kwargs)

    return call


#: One for each, so that code that is made for it serves all calls.
_MADE: Any = weakref.WeakKeyDictionary()
