"""What `__iter__` gives may be of another class than the object, which nobody has met yet."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from typing import Any

from s2sdiff.runtime import suspects
from s2sdiff.runtime.outside import is_of_user
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["called_by_name", "walks_by_others"]


def walks_by_others(cls: Any) -> bool:
    """Whether `__iter__` may give an iterator of another class, of which some write."""
    own = getattr(cls, "__iter__", None) if suspects.of_user(cls) else None
    if not isinstance(own, types.FunctionType) or inspect.isgeneratorfunction(own):
        return False
    _meet(cls, own)
    return suspects.any_of(frozenset({"__next__"}))


def _meet(cls: type, own: types.FunctionType) -> None:
    """Look at the classes that a method names, or functions that it calls, and so on."""
    for function in called_by_name(cls, own):
        for name in (*function.__code__.co_names, *function.__code__.co_freevars):
            for found in (namespace_value(function, name), inspect.getattr_static(
                    cls, name, None)):
                if found is not MISSING and isinstance(found, type):
                    suspects.note(found)


def called_by_name(cls: type, method: types.FunctionType) -> Iterator[types.FunctionType]:
    """A method, the functions and methods of its class that it may call by name, and so on."""
    waiting, seen = [method], {method.__code__}
    while waiting:
        function = waiting.pop()
        yield function
        for name in (*function.__code__.co_names, *function.__code__.co_freevars):
            found: Any
            for found in (namespace_value(function, name), inspect.getattr_static(
                    cls, name, None)):
                if is_of_user(found) and found.__code__ not in seen:
                    seen.add(found.__code__)
                    waiting.append(found)
