"""`dataclasses.asdict` and `astuple`, in the language that is differentiated (see `standins`)."""

from __future__ import annotations

import collections
import copy
import dataclasses
from typing import Any

from s2sdiff.runtime.carried import class_of

__all__ = ["asdict", "astuple"]


def asdict(obj: Any, *, dict_factory: Any = dict) -> Any:
    if not is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return as_dict(obj, dict_factory)


def astuple(obj: Any, *, tuple_factory: Any = tuple) -> Any:
    if not is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return as_tuple(obj, tuple_factory)


def is_instance(obj: Any) -> bool:
    return hasattr(class_of(obj), "__dataclass_fields__")


def as_dict(obj: Any, factory: Any) -> Any:
    if is_instance(obj):
        return factory([(name, as_dict(getattr(obj, name), factory)) for name in names(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return class_of(obj)(*[as_dict(v, factory) for v in obj])
    if isinstance(obj, (list, tuple)):
        return class_of(obj)([as_dict(v, factory) for v in obj])
    if isinstance(obj, dict):
        made = copied(obj)
        for k, v in obj.items():
            made[as_dict(k, factory)] = as_dict(v, factory)
        return made
    return copy.deepcopy(obj)


def as_tuple(obj: Any, factory: Any) -> Any:
    if is_instance(obj):
        return factory([as_tuple(getattr(obj, name), factory) for name in names(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return class_of(obj)(*[as_tuple(v, factory) for v in obj])
    if isinstance(obj, (list, tuple)):
        return class_of(obj)([as_tuple(v, factory) for v in obj])
    if isinstance(obj, dict):
        made = copied(obj)
        for k, v in obj.items():
            made[as_tuple(k, factory)] = as_tuple(v, factory)
        return made
    return copy.deepcopy(obj)


def names(obj: Any) -> list:
    return [f.name for f in dataclasses.fields(obj)]


def copied(obj: Any) -> Any:
    """An empty dict of the same class."""
    if isinstance(obj, collections.defaultdict):
        return class_of(obj)(obj.default_factory)
    return class_of(obj)()
