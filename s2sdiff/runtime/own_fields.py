"""What an object has in its own `__dict__`, whatever its class says to who asks for that."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any

__all__ = ["all_fields", "own_fields", "said"]


def own_fields(x: Any) -> Mapping[str, Any]:
    """An object's own attributes; nothing where it has none.

    Objects of some libraries answer every question, with an error or with an object of their own.

    >>> class Lazy:
    ...     def __init__(self):
    ...         self.loaded = False
    ...     def __getattribute__(self, name):
    ...         raise ImportError(name)
    >>> own_fields(Lazy()), own_fields(2.5)
    ({'loaded': False}, {})
    """
    try:
        found = object.__getattribute__(x, "__dict__")
    except AttributeError:
        return {}
    # Of a class it is a view; a library in C may give anything.
    return found if isinstance(found, (dict, Mapping)) else {}


def all_fields(x: Any) -> dict[str, Any]:
    """`own_fields`, and what lies in `__slots__`.

    >>> class Point:
    ...     __slots__ = ("x", "y")
    >>> point = Point()
    >>> point.x = 1.0
    >>> all_fields(point)
    {'x': 1.0}
    """
    slots = [n for c in type(x).__mro__ for n, d in list(vars(c).items())
             if isinstance(d, types.MemberDescriptorType) and n[:2] != "__" and hasattr(x, n)]
    return {**{n: getattr(x, n) for n in slots}, **own_fields(x)}


def said(x: Any, name: str) -> Any:
    """`x.name`; None where there is no such attribute, or where an object raises when it is asked.

    What libraries put in place of a package that is not installed raises at any attribute.

    >>> said(len, "__name__"), said(2.5, "__name__")
    ('len', None)
    """
    try:
        return getattr(x, name, None)
    except Exception:
        return None
