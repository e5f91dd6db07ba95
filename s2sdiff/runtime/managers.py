"""Context managers: which of them may end an exception, and which write nothing that code reads."""

from __future__ import annotations

import contextlib
import decimal
import dis
import io
import threading
import types
import warnings
from typing import Any

import numpy as np

from s2sdiff.errors import DifferentiationError, UnsupportedError, refusal

__all__ = ["known", "managed", "passes_on", "quiet", "surely_passes_on", "tame"]

#: They neither end an exception nor write what code in them reads.
_TAME = (np.errstate, np.printoptions, warnings.catch_warnings, decimal.localcontext,
         threading.Lock, threading.RLock, contextlib.redirect_stdout,
         contextlib.redirect_stderr, contextlib.nullcontext, open, io.StringIO)
_PASSING = (*_TAME, contextlib.closing)
_TAME_IDS = frozenset(map(id, _TAME))


def tame(made: Any) -> bool:
    """Whether a manager made by calling `made` writes nothing that code in it reads."""
    return made is contextlib.suppress or id(made) in _TAME_IDS


def known(made: Any) -> bool:
    """Whether it is the library's that a manager made by calling `made` ends no exception."""
    return any(made is m for m in _PASSING)


def passes_on(made: Any) -> bool:
    """Whether a manager made by calling `made` surely ends no exception."""
    if any(made is m for m in _PASSING):
        return True
    return isinstance(made, type) and type(made) is type and made.__new__ is object.__new__ \
        and _returns_nothing(getattr(made, "__exit__", None))


def _returns_nothing(function: Any) -> bool:
    """A Python function all of whose returns are None: what it returns asks for nothing."""
    if not isinstance(function, types.FunctionType) or function.__code__.co_flags & 0x2A0:
        return False
    before = None
    for i in dis.get_instructions(function):
        if i.opname == "RETURN_CONST":
            if i.argval is not None:
                return False
        elif i.opname == "RETURN_VALUE":
            none = before is not None and before.opname == "LOAD_CONST" and before.argval is None
            if not none:
                return False
        before = i
    return True


def surely_passes_on(manager: Any) -> None:
    """Refuse a manager that may end exceptions, where code was made for one that does not."""
    cls = type(manager)
    known = any(isinstance(m, type) and cls is m for m in _PASSING) or cls in _OTHERS
    if not known and not _returns_nothing(getattr(cls, "__exit__", None)):
        raise refusal(UnsupportedError,
                      f"a {cls.__name__} stands where another context manager was before",
                      "give it a name of its own")


_OTHERS = (type(threading.Lock()), type(threading.RLock()), type(decimal.localcontext()),
           io.TextIOWrapper, io.BufferedReader, io.BufferedWriter, io.FileIO)


def quiet(manager: Any) -> None:
    """Refuse a manager that holds active values, and may change them when it is entered or left."""
    for name in ("__enter__", "__exit__"):
        method = getattr(type(manager), name, None)
        if isinstance(method, types.FunctionType) and method.__module__ != "contextlib" and any(
                i.opname in _ACTING for i in dis.get_instructions(method)):
            raise refusal(UnsupportedError,
                          f"{type(manager).__name__}.{name} may write, and the object holds active "
                          "values", "call the methods that do so before and after the statement")


#: What a method does that only returns something does not.
_ACTING = frozenset({
    "STORE_ATTR", "STORE_SUBSCR", "DELETE_ATTR", "DELETE_SUBSCR", "CALL", "CALL_FUNCTION",
    "CALL_METHOD", "CALL_FUNCTION_EX", "CALL_FUNCTION_KW", "CALL_KW", "PRECALL", "STORE_GLOBAL",
    "STORE_DEREF",
})


class managed:
    """A manager that does what another one does, but never ends a refusal."""

    __slots__ = ("exit", "manager")

    def __init__(self, manager: Any) -> None:
        self.manager = manager

    def __enter__(self) -> Any:
        cls = type(self.manager)
        try:
            enter, self.exit = cls.__enter__, cls.__exit__
        except AttributeError:
            with self.manager:  # which raises what Python raises
                raise AssertionError("unreachable") from None
        return enter(self.manager)

    def __exit__(self, *raised: Any) -> Any:
        ended = self.exit(self.manager, *raised)
        return ended if not isinstance(raised[1], DifferentiationError) else False
