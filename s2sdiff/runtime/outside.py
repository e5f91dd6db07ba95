"""Which functions read, from globals and classes, what a program may have written there."""

from __future__ import annotations

import sys
import types
import weakref
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.values import is_inert

__all__ = ["cannot_matter", "reads_places"]

_LIBRARIES = frozenset({*sys.stdlib_module_names, "numpy", "scipy", "s2sdiff"})
_READ: Any = weakref.WeakKeyDictionary()


def cannot_matter(function: types.FunctionType, args: tuple, kwargs: dict[str, Any]) -> bool:
    """A call neither is given anything that may have a derivative, nor finds it outside.

    >>> cannot_matter(cannot_matter, (1, "a"), {}), cannot_matter(cannot_matter, (1.0,), {})
    (True, False)
    """
    return is_inert(function) and all(map(is_inert, args)) and all(
        map(is_inert, kwargs.values())) and not reads_places(function, args)


def reads_places(function: types.FunctionType, args: tuple = ()) -> bool:
    """Whether a function, or one that it calls, names a container, an array or an object outside.

    >>> reads_places(reads_places)
    False
    """
    code = function.__code__
    if code not in _READ:
        _READ[code] = list(_read(function, set()))
    return any(_is_place(space.get(name)) for space, name in _READ[code]) or any(
        any(map(_is_place, vars(cls).values()))
        for a in args if isinstance(a, type) for cls in a.__mro__[:-1] if _users(cls))


def _read(function: types.FunctionType, seen: set[Any]) -> Iterator[tuple[Any, str]]:
    if function.__code__ in seen or not _users(function):
        return
    seen.add(function.__code__)
    space = function.__globals__
    for name in dict.fromkeys(_names(function.__code__)):
        value = space.get(name)
        if isinstance(value, types.FunctionType):
            yield from _read(value, seen)
        elif isinstance(value, type) and _users(value) and value not in seen:
            seen.add(value)
            yield from _in_class(value, seen)
        elif isinstance(value, types.ModuleType):
            if _users(value):
                yield from ((vars(value), n) for n in _names(function.__code__) if n in vars(value))
        elif name in space:
            yield space, name


def _in_class(cls: type, seen: set[Any]) -> Iterator[tuple[Any, str]]:
    for base in cls.__mro__[:-1]:
        for name, value in list(vars(base).items()) if _users(base) else ():
            inner = getattr(value, "__func__", getattr(value, "fget", value))
            if isinstance(inner, types.FunctionType):
                yield from _read(inner, seen)
            elif not name.startswith("__"):
                yield vars(base), name


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _users(x: Any) -> bool:
    """What is no part of a library."""
    module = x.__name__ if isinstance(x, types.ModuleType) else getattr(x, "__module__", None)
    return (module or "").partition(".")[0] not in _LIBRARIES


def _is_place(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fcO"
    if isinstance(value, (list, dict, set, deque)):
        return True
    # An object of a class of the user's.
    return not isinstance(value, (type, types.FunctionType)) and _users(type(value))
