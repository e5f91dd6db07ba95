"""Classes below tuple: those of `collections.namedtuple`, and others, made without their code."""

from __future__ import annotations

import collections
import functools
import inspect
import types
from typing import Any

__all__ = ["GETTER", "is_by_items", "is_named", "is_plain_new", "like_fields", "like_tuple",
           "plain_new"]


def like_fields(value: Any, items: Any) -> Any:
    """A named tuple of the class of another one, without running the class's own code.

    A plain tuple where the class, as SciPy makes some, wants attributes beside the items, or where
    brackets mean something else: cotangents and tangents are read by index.
    """
    cls = type(value)
    plain = hasattr(value, "_extra_fields") or isinstance(cls.__getitem__, types.FunctionType)
    return tuple(items) if plain else tuple.__new__(cls, items)


def like_tuple(value: Any, items: Any) -> Any:
    """A tuple of the class of another one, whatever class that is, without running its code.

    What attributes it has beside its items are None.  A plain tuple where the class says itself
    what walking over it gives, or wants attributes.

    >>> class Pair(tuple):
    ...     def __new__(cls, a, b):
    ...         return super().__new__(cls, (a, b))
    >>> type(like_tuple(Pair(1, 2), [3, 4])).__name__, type(like_tuple((1, 2), [3, 4])).__name__
    ('Pair', 'tuple')
    """
    cls = type(value)
    walks = cls is not tuple and any(
        isinstance(getattr(cls, name), types.FunctionType) for name in ("__iter__", "__len__"))
    if walks or hasattr(value, "_extra_fields"):
        return tuple(items)
    made = tuple.__new__(cls, items)
    beside = getattr(value, "__dict__", None)
    if beside:
        vars(made).update(dict.fromkeys(beside))
    return made


#: The type of the descriptors that read fields.
GETTER = type(vars(collections.namedtuple("Pair", "a b"))["a"])
_OF_TUPLES = ("__getitem__", "__iter__", "__len__", "__getattribute__", "__setattr__", "__init__")


def is_named(cls: Any) -> bool:
    """Whether objects of a class are items under names, as `namedtuple` says, with methods beside.

    >>> import typing
    >>> class Pair(typing.NamedTuple):
    ...     a: float
    ...     b: float = 0.0
    ...     def total(self):
    ...         return self.a + self.b
    >>> is_named(Pair), is_named(tuple)
    (True, False)
    """
    return type(cls) is type and issubclass(cls, tuple) and _is_named(cls)


@functools.lru_cache(maxsize=512)
def _is_named(cls: Any) -> bool:
    made = next((c for c in cls.__mro__ if "_field_defaults" in vars(c) and is_plain_new(
        c.__new__)), None)
    if made is None or cls.__new__ is not made.__new__ or hasattr(cls, "_extra_fields") or \
            hasattr(cls, "__getattr__") or hasattr(cls, "__del__"):
        return False
    return cls._fields == made._fields and all(  # type: ignore[attr-defined]
        getattr(cls, n) is getattr(tuple, n) for n in _OF_TUPLES) and all(
        type(vars(made).get(n)) is GETTER and inspect.getattr_static(cls, n) is vars(made)[n]
        for n in made._fields)  # type: ignore[attr-defined]


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
