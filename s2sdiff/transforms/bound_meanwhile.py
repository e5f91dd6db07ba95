"""Outside names that may mean something else when they are read than when the function begins."""

from __future__ import annotations

import functools
import types
from typing import Any

from s2sdiff.errors import SourceError
from s2sdiff.frontend import files
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime.bound_names import keeps_type
from s2sdiff.runtime.outside import leads_to
from s2sdiff.transforms.meant import namespace_value

__all__ = ["may_be_bound", "rebindable"]

#: So many functions and classes are looked through; behind more, any name may be bound.
_MOST = 400


def may_be_bound(origin: Any, name: str, kind: Kind = ANY) -> bool:
    """Whether code of the file declares it `global` or `nonlocal`, and may run meanwhile.

    What is None at first is so until something lazily puts an object there.
    """
    if not isinstance(origin, types.FunctionType) or not rebindable(origin, name):
        return False
    return kind.type is type(None) or _changes(origin, name, type(namespace_value(origin, name)))


def rebindable(origin: types.FunctionType, name: str) -> bool:
    """Whether code of the file declares a name `global` or `nonlocal`."""
    try:
        file = files.file_of(origin)
    except SourceError:
        return False
    return name in file.rebindable or _asks_for_globals(file)


@functools.lru_cache(64)
def _asks_for_globals(file: files.File) -> bool:
    return "globals()[" in file.text


def _same(x: types.FunctionType, origin: types.FunctionType, name: str) -> bool:
    """Whether a name is the same to both functions: a global, or captured in one cell."""
    if name not in origin.__code__.co_freevars:
        return x.__globals__ is origin.__globals__
    cell = (origin.__closure__ or ())[origin.__code__.co_freevars.index(name)]
    return any(c is cell for c in x.__closure__ or ())


def _changes(origin: types.FunctionType, name: str, t: type) -> bool:
    """Whether the function, or something that its names lead to, may assign something of another
    type to its name."""
    #: By their numbers, kept so that none is given to another: classes lead to one another.
    seen: dict[int, Any] = {}
    count = 0
    waiting: list[Any] = [origin]
    while waiting:
        x = waiting.pop()
        if id(x) in seen:
            continue
        if count >= _MOST:
            return True
        if isinstance(x, types.FunctionType) and _same(x, origin, name) and not keeps_type(
                x.__code__, name, t):
            return True
        seen[id(x)] = x
        count += isinstance(x, (types.FunctionType, type))
        waiting.extend(leads_to(x))
    return False
