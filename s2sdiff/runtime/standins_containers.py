"""What fills a set, a Counter or a dict that is made, in the language (see `standins`)."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.standins_ordered import updated

__all__ = ["count_elements", "of_mapping", "set_init"]


def set_init(self: Any, iterable: Any = (), /) -> None:
    set.clear(self)
    set.update(self, iterable)


def count_elements(mapping: Any, iterable: Any, /) -> None:
    get = mapping.get
    for element in list(iterable):
        mapping[element] = get(element, 0) + 1


def dict_of(mapping: Any, /, **more: Any) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    updated(made, mapping, **more)
    return made


def of_mapping(fn: Any, args: tuple) -> Any:
    """What stands for `dict(x)` and `d.update(x)` of an object that has keys by Python code."""
    at = 0 if fn is dict else 1
    if (fn is not dict and fn is not dict.update) or len(args) != at + 1 or isinstance(
            args[at], dict) or (at and class_of(args[0]) is not dict):
        return None
    keyed = isinstance(getattr(class_of(args[at]), "keys", None), types.FunctionType)
    return (updated if at else dict_of) if keyed else None
