"""Context managers that generators are, in the language that is differentiated (see `standins`)."""

from __future__ import annotations

import contextlib
import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError
from s2sdiff.runtime.outside import reads_places
from s2sdiff.runtime.values import is_inert

__all__ = ["Halves", "converted", "decorated", "is_decorated", "is_manager", "standin"]

#: Set by the compiler: what takes a generator function apart (`frontend.halves`).
split: Callable[[Any], Any] | None = None

_HELPER = contextlib.contextmanager(lambda: iter(())).__code__
#: Functions that managers make of those that they decorate: they enter one like themselves.
_ENTERING = contextlib.ContextDecorator()(len).__code__  # type: ignore[type-var]
_OF_NUMPY = np.errstate()(len).__code__
_UNCHANGED: Any = np.errstate()._call  # type: ignore[attr-defined]


class Halves:
    """A manager made of a function that gives a value, and a function that is called at the end."""

    def __init__(self, function: Any, args: tuple, kwargs: dict[str, Any]) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs
        self.leave: Any = None

    def __enter__(self) -> Any:
        value, leave = self.function(*self.args, **self.kwargs)
        self.leave = leave
        return value

    def __exit__(self, kind: Any, error: Any, trace: Any) -> Any:
        return self.leave(kind, error, trace)

    def __call__(self, called: Any) -> Any:
        function, given, named = self.function, self.args, self.kwargs

        @functools.wraps(called)
        def inner(*args: Any, **kwargs: Any) -> Any:
            with Halves(function, given, named):
                return called(*args, **kwargs)

        return inner


def is_manager(function: Any) -> bool:
    """What `contextlib.contextmanager` makes of a generator function.

    >>> is_manager(contextlib.contextmanager(lambda: iter(()))), is_manager(is_manager)
    (True, False)
    """
    return isinstance(function, types.FunctionType) and function.__code__ is _HELPER


def standin(function: Any) -> Any:
    """What makes such a manager."""
    halves = _halves(function.__wrapped__)

    def made(*args: Any, **kwargs: Any) -> Any:
        return Halves(halves, args, kwargs)

    return made


def is_decorated(function: Any) -> bool:
    """A function with a manager of a generator, or NumPy's for errors, around each call of it.

    >>> is_decorated(np.errstate(divide="ignore")(len)), is_decorated(len)
    (True, False)
    """
    code = function.__code__ if isinstance(function, types.FunctionType) else None
    return code is _OF_NUMPY or (code is _ENTERING and isinstance(
        _captured(function)["self"], contextlib._GeneratorContextManager))


def decorated(function: Any) -> Any:
    """What calls the function with such a manager around it."""
    captured = _captured(function)
    around, called = captured["self"], captured["func"]
    if isinstance(around, np.errstate):
        said = {n: getattr(around, f"_{n}") for n in ("all", "divide", "over", "under", "invalid")}
        if around._call is not _UNCHANGED:
            said["call"] = around._call
        manager: Any = np.errstate(**said)
    else:
        manager = converted(around._recreate_cm())

    def inner(*args: Any, **kwargs: Any) -> Any:
        with manager:
            return called(*args, **kwargs)

    return inner


def _captured(function: Any) -> dict[str, Any]:
    return {name: cell.cell_contents for name, cell in zip(
        function.__code__.co_freevars, function.__closure__, strict=True)}


_KNOWN: dict[Any, Any] = {}


def _halves(function: Any) -> Any:
    assert split is not None
    key = function.__code__
    known = _KNOWN.get(key)
    if known is None or known.__globals__ is not function.__globals__ or function.__closure__ \
            or known.__defaults__ is not function.__defaults__:
        known = _KNOWN[key] = split(function)
    return known


def converted(manager: Any) -> Any:
    """A manager that has been made and not entered, or has been so entered; else as it is."""
    held = vars(manager)
    if "s2sdiff_halves" in held:
        return held["s2sdiff_halves"]
    if inspect.getgeneratorstate(manager.gen) != inspect.GEN_CREATED:
        return manager
    function, args, kwargs = manager.func, manager.args, manager.kwds
    try:
        made = Halves(_halves(function), args, kwargs)
    except UnsupportedError:
        given = (function, *args, *kwargs.values())
        if all(map(is_inert, given)) and not reads_places(function, args):
            return manager
        raise
    held["s2sdiff_halves"] = made
    return made
