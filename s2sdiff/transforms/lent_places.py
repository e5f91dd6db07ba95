"""Containers that outlive a call, and that a default or the result of a helper hands to it."""

from __future__ import annotations

import collections
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.ir import Bind, Function, Ref, Var
from s2sdiff.kinds import Kind
from s2sdiff.runtime.outside import is_of_library, is_of_user

__all__ = ["lent"]

_CONTAINERS = (list, dict, set, collections.deque, np.ndarray)


def lent(a: Any, function: Function, made: Any, kind: Kind,
         varies: Callable[[Any], bool]) -> tuple[Any, ...] | None:
    """By what it is lent, the same wherever that is asked again; None where nobody lends it.

    `made` is the statement that makes the variable, `varies` says of an atom whether it does.
    """
    if not isinstance(a, Var) or not (kind.type is None or kind.type in _CONTAINERS):
        return None
    if any(p.name == a.name for p in function.params):
        return ("default", a.name) if _has_container(function.origin, a.name) else None
    if not isinstance(made, Bind) or len(made.targets) != 1 or made.kwargs or any(
            map(varies, made.args)):
        return None
    fn = made.fn.object if isinstance(made.fn, Ref) else None
    asked = fn is ops.method or fn is None or (
        isinstance(fn, types.FunctionType) and is_of_user(fn) and not is_of_library(fn))
    return ("call", made.fn, made.args) if asked else None


def _has_container(origin: Any, name: str) -> bool:
    """Whether a parameter has a default that keeps what is put into it."""
    if not isinstance(origin, types.FunctionType):
        return False
    code, defaults = origin.__code__, origin.__defaults__ or ()
    names = code.co_varnames[:code.co_argcount]
    by_place = dict(zip(names[::-1], defaults[::-1], strict=False))  # set by hand, they may be more
    given = {**by_place, **(origin.__kwdefaults__ or {})}
    return isinstance(given.get(name), _CONTAINERS)
