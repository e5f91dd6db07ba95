"""What names and literals mean now."""

from __future__ import annotations

import builtins
from typing import Any

from s2sdiff.ir import Const, Ref

__all__ = ["MISSING", "constant_value", "namespace_value"]

MISSING = object()


def namespace_value(function: Any, name: str) -> Any:
    """What a free name means to a function now: cell, global or builtin; MISSING if unbound.

    For a class, what an attribute of it is.
    """
    if function is None:
        return getattr(builtins, name, MISSING)
    if isinstance(function, type):
        return getattr(function, name, MISSING)
    code = function.__code__
    if function.__closure__ and name in code.co_freevars:
        try:
            return function.__closure__[code.co_freevars.index(name)].cell_contents
        except ValueError:
            return MISSING
    if name in function.__globals__:
        return function.__globals__[name]
    return getattr(builtins, name, MISSING)


def constant_value(a: Any) -> Any:
    """What a Const or Ref stands for; MISSING for anything else.

    >>> constant_value(Const(3)), constant_value(Ref(len)), constant_value(None) is MISSING
    (3, <built-in function len>, True)
    """
    if isinstance(a, Const):
        return a.value
    if isinstance(a, Ref):
        return a.object
    return MISSING
