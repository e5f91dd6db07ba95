"""Methods that run without being called by name, in code that takes them to write nothing.

Of an object whose class is not known when code is made, `a + b`, `a[i]`, `x in a` and `a.mean()`
are taken to read.  Here, where the class is known, a method that writes is refused.
"""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable
from typing import Any

from s2sdiff import ops
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import values
from s2sdiff.runtime.inert import EXACT

__all__ = ["check", "check_method", "only_reads"]

#: Set by the compiler: whether a method of a class writes; by function, the methods that it may run
#: of what it is given; and the names of methods that are taken to read.
writes: Callable[[type, Any], bool] | None = None
methods: dict[Any, tuple[str, ...]] = {}
reading: frozenset[str] = frozenset()
#: Set by the compiler: whether a method of a class writes what it has not made itself.
surely: Callable[[type, Any], bool] | None = None


def check(fn: Any, args: tuple) -> None:
    """Refuse an operator or builtin function that runs a method of the user's which writes."""
    if fn is values.sequence or fn is values.undisturbed:
        _walked(type(args[0]))
        return
    try:
        names = methods.get(fn)
    except TypeError:
        return
    if names is None:
        return
    for a in args:
        _of_class(type(a), names)
        if isinstance(a, _CONTAINERS) and (fn in _OF_ITEMS):
            for cls in set(map(type, a)):
                _of_class(cls, names)


_CONTAINERS = (list, tuple, set, frozenset, deque)
#: They run methods of the items of what they are given.
_OF_ITEMS = (sum, sorted, min, max, any, all, ops.contains, ops.not_contains)


def _walked(cls: type) -> None:
    """Refuse a loop over an object whose class is known now only, and whose __iter__ writes."""
    assert surely is not None
    if cls.__flags__ & 1 << 9 and not cls.__module__.startswith("s2sdiff.") and \
            surely(cls, getattr(cls, "__iter__", None)):
        raise refusal(UnsupportedError, f"{cls.__name__}.__iter__ writes, and a loop runs it, of a "
                      f"{cls.__name__} that only the run tells", "walk over what a method gives "
                      "that is called by its name")


def _of_class(cls: type, names: tuple[str, ...]) -> None:
    if cls.__flags__ & 1 << 9 and not issubclass(cls, EXACT) and \
            not cls.__module__.startswith("s2sdiff."):
        for name in names:
            if name != "__missing__":
                _refuse(cls, name, "without being called by its name")


def only_reads(function: Any) -> None:
    """Refuse a function that writes, where it is called while nobody follows what it does."""
    assert writes is not None
    if isinstance(function, types.FunctionType) and writes(type(None), function):
        raise refusal(UnsupportedError, f"{function.__name__} compares, and writes",
                      "write a function that only compares")


def check_method(owner: Any, name: str) -> None:
    """Refuse a method that writes, and is named as one that reads."""
    cls = type(owner)
    if name in reading and cls.__flags__ & 1 << 9:
        _refuse(cls, name, "under the name of a method that only reads")


def _refuse(cls: type, name: str, how: str) -> None:
    assert writes is not None
    method = getattr(cls, name, None)
    if isinstance(method, types.FunctionType) and method.__code__.co_filename != "<string>" \
            and writes(cls, method):
        raise refusal(UnsupportedError, f"{cls.__name__}.{name} writes, and runs here {how}, of "
                      f"a {cls.__name__} that only the run tells", "give the method that writes a "
                      "name of its own, and call it by that")


