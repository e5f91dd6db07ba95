"""Read-only views of dicts: what is read through one is read from the dict behind it."""

from __future__ import annotations

import gc
import types
from collections import OrderedDict
from typing import Any

from s2sdiff import registry
from s2sdiff.runtime.carried import class_of

__all__ = ["through"]


def through(fn: Any, args: tuple) -> tuple[Any, tuple]:
    """A call that reads a mapping proxy, as one that reads the dict, whose place it is.

    >>> import operator
    >>> d = {"a": 1.0}
    >>> fn, (found, _) = through(operator.getitem, (types.MappingProxyType(d), "a"))
    >>> found is d, fn is operator.getitem
    (True, True)
    """
    (mapping,) = gc.get_referents(args[0])
    if type(mapping) not in (dict, OrderedDict):
        return fn, args
    if getattr(fn, "__objclass__", None) is types.MappingProxyType:
        return getattr(class_of(mapping), fn.__name__), (mapping, *args[1:])
    rule = registry.find(fn)
    if rule is None or rule.constant:
        return fn, args
    return fn, (mapping, *args[1:])
