"""How `collections.namedtuple` makes its tuples."""

from __future__ import annotations

import collections
import types
from typing import Any

__all__ = ["is_by_items", "is_plain_new", "like_fields", "plain_new"]


def like_fields(value: Any, items: Any) -> Any:
    """A named tuple of the class of another one, without running the class's own code.

    A plain tuple where the class, as SciPy makes some, wants attributes beside the items.
    """
    return tuple(items) if hasattr(value, "_extra_fields") else type(value)._make(items)


def is_by_items(x: Any) -> bool:
    """Whether a value is a named tuple with nothing beside its items, which Python copies by them.

    >>> is_by_items(collections.namedtuple("Pair", "a b")(1.0, 2.0)), is_by_items((1.0, 2.0))
    (True, False)
    """
    own = getattr(type(x), "__getnewargs__", None)
    return isinstance(x, tuple) and isinstance(own, types.FunctionType) and \
        own.__code__.co_filename == collections.__file__ and \
        is_plain_new(type(x).__new__) and not getattr(x, "__dict__", None)


def is_plain_new(new: Any) -> bool:
    """The `__new__` that `namedtuple` wrote."""
    return isinstance(new, types.FunctionType) and str(
        new.__globals__.get("__name__")).startswith("namedtuple_")


def plain_new(cls: Any) -> Any:
    """The `__new__` that `namedtuple` wrote for a class, or for one that it is made of.

    >>> import collections
    >>> class Pair(collections.namedtuple("Pair", "a b")):
    ...     def __new__(cls, a):
    ...         return super().__new__(cls, a, a)
    >>> plain_new(Pair)(Pair, 1, 2)
    Pair(a=1, b=2)
    """
    return next(c.__new__ for c in cls.__mro__ if is_plain_new(vars(c).get("__new__")) or
                is_plain_new(getattr(vars(c).get("__new__"), "__func__", None)))
