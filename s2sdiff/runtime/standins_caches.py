"""Functions that keep what they gave, in the language that is differentiated (see `standins`).

What is kept is read as any item of a dict is, so that its cotangents go to the call that made it.
"""

from __future__ import annotations

import functools
import types
from typing import Any

from s2sdiff.runtime.recency import kept_number, new_number, recency

__all__ = ["Cached", "cache", "decorator", "is_decorator", "lru_cache"]


class Cached:
    """What `functools.lru_cache` makes of a function."""

    def __init__(self, function: Any, maxsize: Any, typed: bool) -> None:
        self.__wrapped__ = function
        self.known = recency(maxsize, typed)
        self.kept: dict[int, Any] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        number = kept_number(self.known, args, kwargs)
        if number is not None:
            return self.kept[number]
        value = self.__wrapped__(*args, **kwargs)
        number, gone = new_number(self.known, args, kwargs)
        if gone is not None:
            del self.kept[gone]
        if number is not None:
            self.kept[number] = value
        return value

    def __get__(self, owner: Any, cls: Any = None) -> Any:
        return self if owner is None else types.MethodType(self, owner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__wrapped__, name)

    def cache_clear(self) -> None:
        self.known.clear()
        self.kept.clear()

    def cache_info(self) -> Any:
        return self.known.info()


def lru_cache(maxsize: Any = 128, typed: bool = False) -> Any:
    if callable(maxsize):
        return Cached(maxsize, 128, typed)

    def decorating(function: Any) -> Any:
        return Cached(function, maxsize, typed)

    return decorating


def cache(function: Any, /) -> Any:
    return Cached(function, None, False)


_DECORATOR: Any = functools.lru_cache(None)


def is_decorator(function: Any) -> bool:
    """What `lru_cache(maxsize=…)` gives.

    >>> is_decorator(functools.lru_cache(maxsize=5)), is_decorator(is_decorator)
    (True, False)
    """
    return isinstance(function, types.FunctionType) and \
        function.__code__ is _DECORATOR.__code__


def decorator(function: Any) -> Any:
    """The one of `lru_cache` here for one of `functools.lru_cache`."""
    held = dict(zip(function.__code__.co_freevars, function.__closure__, strict=True))
    return lru_cache(held["maxsize"].cell_contents, held["typed"].cell_contents)
