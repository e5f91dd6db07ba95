"""Context managers: which may end an exception, and which write nothing that code reads."""

from __future__ import annotations

import contextlib
import decimal
import dis
import io
import sys
import threading
import types
import warnings
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import DifferentiationError, UnsupportedError, refusal
from s2sdiff.runtime.outside_held import held_write
from s2sdiff.runtime.structures import holds_numbers

__all__ = [
    "BUILTIN", "as_it_is", "carried", "enterable", "gives_nothing", "kind_of", "known", "managed",
    "passes_on",
    "raised", "surely_passes_on", "tame", "trace_of", "ways",
]

#: They neither end an exception nor write what code in them reads.
_TAME = (np.errstate, np.printoptions, warnings.catch_warnings, decimal.localcontext,
         threading.Lock, threading.RLock, contextlib.redirect_stdout,
         contextlib.redirect_stderr, contextlib.nullcontext, open, io.StringIO)
_PASSING = (*_TAME, contextlib.closing)
_OTHERS = (type(threading.Lock()), type(threading.RLock()), type(decimal.localcontext()),
           io.TextIOWrapper, io.BufferedReader, io.BufferedWriter, io.FileIO)

#: Classes of managers of libraries that have nothing to do with numbers.
BUILTIN = (*_OTHERS, np.errstate, warnings.catch_warnings, contextlib.redirect_stdout,
           contextlib.redirect_stderr, contextlib.suppress, io.StringIO)
_TAME_IDS = frozenset(map(id, _TAME))


def tame(made: Any) -> bool:
    """Whether a manager made by calling `made` writes nothing that code in it reads."""
    return made is contextlib.suppress or id(made) in _TAME_IDS


def gives_nothing(made: Any) -> bool:
    """Whether what is named behind `as` of a manager made by calling `made` holds no numbers."""
    return any(made is m for m in _WITHOUT_NUMBERS)


_WITHOUT_NUMBERS = (np.errstate, np.printoptions, warnings.catch_warnings, threading.Lock,
                    threading.RLock)


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
    """A Python function all of whose returns are None or False, which asks for nothing."""
    if not isinstance(function, types.FunctionType) or function.__code__.co_flags & 0x2A0:
        return False
    before = None
    for i in dis.get_instructions(function):
        if i.opname == "RETURN_CONST":
            if i.argval:
                return False
        elif i.opname == "RETURN_VALUE":
            none = before is not None and before.opname == "LOAD_CONST" and not before.argval \
                and not i.is_jump_target  # `a if b else False` returns both in one place
            if not none:
                return False
        before = i
    return True


def surely_passes_on(manager: Any) -> None:
    """Refuse a manager that may end exceptions, where code was made for one that does not."""
    cls = type(manager)
    known = any(isinstance(m, type) and cls is m for m in _PASSING) or cls in _OTHERS
    if not known:
        raise refusal(UnsupportedError,
                      f"a {cls.__name__} stands where another context manager was before",
                      "give it a name of its own")


# --------------------------------------------------------------- managers that are called


def as_it_is(made: Any) -> bool:
    """Whether a manager made by calling `made` stays one: what it does is of no interest."""
    return tame(made) and made is not contextlib.nullcontext


def ways(made: Any) -> tuple[Any, Any]:
    """The functions that enter and leave all managers that calling a class gives, or None twice."""
    if not (isinstance(made, type) and type(made) is type and made.__new__ is object.__new__):
        return None, None
    found = tuple(getattr(made, name, None) for name in ("__enter__", "__exit__"))
    if all(isinstance(f, types.FunctionType) and registry.find(f) is None for f in found):
        return found[0], found[1]
    return None, None


def enterable(manager: Any, made: Any) -> None:
    """Raise what Python does for what is no manager; refuse one of another class than `made`."""
    cls = type(manager)
    if made is not None and cls is not made:
        raise refusal(UnsupportedError,
                      f"a {cls.__name__} stands where another context manager was before",
                      "give it a name of its own")
    if not hasattr(cls, "__enter__") or not hasattr(cls, "__exit__"):
        with manager:  # which raises what Python raises
            raise AssertionError("unreachable")


def raised() -> BaseException:
    """The exception that is being handled, which goes to a manager."""
    error = sys.exc_info()[1]
    assert error is not None
    carried(error)
    return error


def kind_of(error: BaseException) -> type:
    """The class of an exception."""
    return type(error)


def trace_of(error: BaseException) -> Any:
    """The traceback of an exception."""
    return error.__traceback__


def carried(error: BaseException) -> None:
    """Refuse an exception with numbers in it, of which one does not know how they were made."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        e = waiting.pop()
        if e is None or id(e) in seen:
            continue
        seen.add(id(e))
        if holds_numbers(e.args) or holds_numbers(vars(e)):
            raise refusal(UnsupportedError,
                          f"the result depends on what the exception {type(e).__name__} carries",
                          "keep it in a variable before raising")
        waiting += [e.__cause__, e.__context__]


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
        passed = isinstance(raised[1], DifferentiationError) or held_write(raised[1]) is not None
        return ended if not passed else False
