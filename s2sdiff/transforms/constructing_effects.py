"""What making an object writes, and the classes that a statement names."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from typing import Any

from s2sdiff.ir import Bind, Free, Ref
from s2sdiff.runtime import suspects
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms import handing_over
from s2sdiff.transforms.known_effects import ALL, NOTHING
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.plain_writes import writes_when_it_goes

__all__ = ["met", "of_class"]

Summary = Callable[..., frozenset]

suspects.handing_over, suspects.reaches = handing_over.found, handing_over.reaches
suspects.alive = handing_over.alive


def met(s: Bind, origin: Any) -> None:
    """Look at the classes that a call is given under their names; it may make objects of them."""
    for a in s.args:
        if type(a) is Ref:
            value = a.object
        elif type(a) is Free:
            value = namespace_value(origin, a.name)
        else:
            continue
        if isinstance(value, type):
            suspects.note(value)


def of_class(cls: type, summary: Summary) -> frozenset:
    """The names of the parameters that a class's constructor may write, "*" for whatever else."""
    if cls.__module__ in ("builtins", "numpy") or cls.__module__.startswith("pandas."):
        return NOTHING
    if hasattr(cls, "__del__") and writes_when_it_goes(cls):
        return ALL
    if issubclass(cls, (BaseException, tuple)):
        # What else it does is to keep what it is given.
        own = [f for f in (cls.__init__, cls.__new__) if isinstance(f, types.FunctionType)
               and f.__code__.co_filename != "<string>" and not is_of_library(cls)]
        return ALL if any(summary(f) - {*f.__code__.co_varnames[:1], "*"} for f in own) else NOTHING
    if not is_of_library(cls) and (isinstance(cls.__new__, types.FunctionType)
                                   or type(cls).__call__ is not type.__call__):
        return ALL
    made = cls.__init__
    if not isinstance(made, types.FunctionType):
        return NOTHING if made is object.__init__ else ALL
    if made.__code__.co_filename == "<string>":
        # What `dataclass` wrote.
        described = any(isinstance(getattr(cls, name, None), property)
                        for name in getattr(cls, "__dataclass_fields__", ()))
        return ALL if described or hasattr(cls, "__post_init__") else NOTHING
    first = next(iter(inspect.signature(made).parameters), "")
    return summary(made) - {first}
