"""Names that several functions share in cells, and that one of them binds anew (`nonlocal`)."""

from __future__ import annotations

import dis
import functools
import types
import weakref
from typing import Any

from s2sdiff.runtime.bound_names import keeps_type, with_nested
from s2sdiff.runtime.own_fields import own_fields

__all__ = ["may_be_rebound"]


def may_be_rebound(function: types.FunctionType) -> bool:
    """Whether what a function has captured may be another number when it is read again.

    Whose code binds the name anew, the function says that has made this one; where that is not
    found, anybody may.

    >>> def counter():
    ...     n = 0.0
    ...     def add(x):
    ...         nonlocal n
    ...         n += x
    ...     return lambda: n, add
    >>> def scaled(k):
    ...     return lambda x: k * x
    >>> may_be_rebound(counter()[0]), may_be_rebound(scaled(2.0))
    (True, False)
    """
    return any(name in _rebound(function) and not _is_count(function, name, cell)
               for name, cell in zip(
                   function.__code__.co_freevars, function.__closure__ or (), strict=True))


def _is_count(function: types.FunctionType, name: str, cell: types.CellType) -> bool:
    """Whether a name holds an int or a text, and stays one."""
    try:
        held = type(cell.cell_contents)
    except ValueError:
        return False
    maker = _maker(function)
    return held in (int, bool, str) and (maker is None or keeps_type(maker, name, held))


#: By code: the names of it that somebody binds anew.
_REBOUND: Any = weakref.WeakKeyDictionary()


def _rebound(function: types.FunctionType) -> frozenset[str]:
    code = function.__code__
    found = _REBOUND.get(code)
    if found is None:
        maker = _maker(function)
        codes = [code] if maker is None else with_nested(maker)
        found = _REBOUND[code] = frozenset(code.co_freevars) if maker is None else frozenset(
            n for c in codes for n in _bound_anew(c) if n in code.co_freevars)
    return found


def _maker(function: types.FunctionType) -> types.CodeType | None:
    """The code of the function, or the method, of a module in which a function was made."""
    x: Any = None
    for at, name in enumerate(function.__qualname__.partition(".<locals>")[0].split(".")):
        x = function.__globals__.get(name) if at == 0 else own_fields(x).get(name)
    for _ in range(8):
        x = getattr(x, "__func__", x) if isinstance(x, (staticmethod, classmethod)) else x
        code = x.__code__ if isinstance(x, types.FunctionType) else None
        if code is not None and any(c is function.__code__ for c in with_nested(code)):
            return code
        x = own_fields(x).get("__wrapped__")
    return None


@functools.lru_cache(maxsize=4096)
def _bound_anew(code: types.CodeType) -> frozenset[str]:
    if "cell_contents" in code.co_names:
        return frozenset(code.co_freevars)
    return frozenset(i.argval for i in dis.get_instructions(code)
                     if i.opname in ("STORE_DEREF", "DELETE_DEREF")
                     and i.argval in code.co_freevars)
