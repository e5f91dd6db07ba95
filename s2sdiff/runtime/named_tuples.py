"""How `collections.namedtuple` makes its tuples."""

from __future__ import annotations

import types
from typing import Any

__all__ = ["is_plain_new", "like_fields", "plain_new"]


def like_fields(value: Any, items: Any) -> Any:
    """A named tuple of the class of another one, without running the class's own code.

    A plain tuple where the class, as SciPy makes some, wants attributes beside the items.
    """
    return tuple(items) if hasattr(value, "_extra_fields") else type(value)._make(items)


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
