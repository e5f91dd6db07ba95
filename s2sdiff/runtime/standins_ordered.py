"""What an OrderedDict does whose class has a `__setitem__` of its own, in the language.

Other dicts store directly where they are made, updated or copied; this one calls it (see
`standins`).
"""

from __future__ import annotations

import operator
from collections import OrderedDict
from typing import Any

from s2sdiff.runtime.carried import class_of

__all__ = ["storing", "updated"]


def updated(items: Any, source: Any = (), /, **more: Any) -> None:
    """`items.update(source, **more)`, item by item."""
    if hasattr(source, "keys"):
        for key in list(source.keys()):
            items[key] = source[key]
    else:
        for key, value in source:
            items[key] = value
    for name in more:
        items[name] = more[name]


def united(items: Any, source: Any, /) -> Any:
    updated(items, source)
    return items


def defaulted(items: Any, key: Any, default: Any = None) -> Any:
    if key in items:
        return items[key]
    items[key] = default
    return default


def copied(items: Any) -> Any:
    made = class_of(items)()
    for key in list(items):
        made[key] = items[key]
    return made


def joined(items: Any, source: Any, /) -> Any:
    made = copied(items)
    updated(made, source)
    return made


_STORING: dict[Any, Any] = {
    OrderedDict.__init__: updated, OrderedDict.update: updated, OrderedDict.__ior__: united,
    OrderedDict.setdefault: defaulted, OrderedDict.copy: copied, OrderedDict.__or__: joined,
    operator.ior: united, operator.or_: joined,
}


def storing(fn: Any, args: tuple) -> Any:
    """What stands for a method that calls a `__setitem__` of the user's; None for any other."""
    if not args or not isinstance(args[0], OrderedDict) or \
            class_of(args[0]).__setitem__ is OrderedDict.__setitem__:
        return None
    try:
        return _STORING.get(fn)
    except TypeError:
        return None
