"""Parameters for which a call gives functions that write nothing: its callee may call them.

By the callee's code and the parameter's name.  It is part of what is asked about the callee, so
what is found out holds for all calls that give it such functions.
"""

from __future__ import annotations

import contextvars
import dis
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from s2sdiff.ir import Arg, Bind, Const, Free, Star, Var

__all__ = ["is_quiet", "known", "taken"]

#: Those that are taken to write nothing when they are called.
known: contextvars.ContextVar[frozenset] = contextvars.ContextVar("known", default=frozenset())


def is_quiet(a: Arg, origin: Any) -> bool:
    """Whether something is such a parameter, also of a function around."""
    return isinstance(a, (Var, Free)) and isinstance(origin, types.FunctionType) and (
        origin.__code__, a.name) in known.get()


@contextmanager
def taken(s: Bind, callee: types.FunctionType, quiet: Callable[[Arg], bool]) -> Iterator[bool]:
    """Take parameters for quiet that a call gives quiet functions; whether there are any more."""
    code, found = callee.__code__, set(known.get())
    names = code.co_varnames[:code.co_argcount]
    stars = any(isinstance(a, Star) for a in s.args)
    for name, a in [*zip(names, () if stars else s.args, strict=False), *s.kwargs]:
        if not isinstance(a, Const) and quiet(a):
            found |= set(_within(code, name))
    more = found != known.get()
    before = known.set(frozenset(found))
    try:
        yield more
    finally:
        known.reset(before)


def _within(code: types.CodeType, name: str) -> Iterator[tuple[types.CodeType, str]]:
    """A parameter in its function and in those inside that capture it, if nothing binds it anew."""
    scopes = [code, *_capturing(code, name)]
    if not any(name in (i.argval if isinstance(i.argval, tuple) else (i.argval,))
               and i.opname.startswith(("STORE_", "DELETE_"))
               for scope in scopes for i in dis.get_instructions(scope)):
        yield from ((scope, name) for scope in scopes)


def _capturing(code: types.CodeType, name: str) -> Iterator[types.CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType) and name in inner.co_freevars:
            yield inner
            yield from _capturing(inner, name)
