"""Kinds of arguments: with what is in their lists, dicts and objects when the call begins."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2sdiff.kinds import SCALARS, Kind, kind_of

__all__ = ["kind_of_argument"]

#: So many parts of a list, a dict or an object are looked at, of numbers alone fewer, and so deep.
#: An object in an object is no deeper, but for one of a class that is around it already.
PARTS, NUMBERS, DEPTH, OBJECTS = 32, 12, 3, 8


def kind_of_argument(value: Any, name: str, depth: int = DEPTH,
                     above: tuple[type, ...] = ()) -> Kind:
    """The kind of an argument: `kind_of`, with what is in lists, dicts and objects now.

    Keys and names of attributes are the kind's `value`; `above` are the classes around it.
    """
    t = type(value)
    if t in SCALARS or t is np.ndarray:
        return kind_of(value, name)
    if depth < DEPTH or above:
        if _is_known(value):
            return Kind(t, value=value)
        if depth == 0:
            return kind_of(value, name)
    if t in (list, tuple) and 0 < len(value) <= _most(value):
        return Kind(t, items=tuple([kind_of_argument(v, f"{name}.{i}", depth - 1, above)
                                    for i, v in enumerate(value)]))
    if t is list and value and type(value[0]) in SCALARS and set(map(type, value)) == {
            type(value[0])}:
        return Kind(t, value=SCALARS[type(value[0])])
    fields = value if t is dict else _fields(value)
    # An object without attributes has a class all the same, whose methods are known.
    if fields is not None and (fields or t is not dict) and len(fields) <= _most(
            fields.values()) and all(type(k) is str for k in fields):
        if t is dict or t in above or len(above) == OBJECTS:
            depth -= 1
        return Kind(t, items=tuple([
            _flag(v) if type(v) is bool and t is not dict else
            kind_of_argument(v, f"{name}.{k}", depth, (*above, t))
            for k, v in fields.items()]), value=tuple(fields))
    return kind_of(value, name)


def _flag(value: bool) -> Kind:
    """What an object is told to do is known, as its class is: there is code for either."""
    return SCALARS[bool]._replace(value=value)


def _most(values: Iterable[Any]) -> int:
    """How many parts there may be for each of them to be known."""
    return NUMBERS if all(type(v) in SCALARS for v in values) else PARTS


def _is_known(value: Any) -> bool:
    """A function that is one and the same in every call, as those of modules are."""
    return isinstance(value, np.ufunc) or (
        isinstance(value, (types.FunctionType, types.BuiltinFunctionType))
        and getattr(sys.modules.get(value.__module__ or ""), value.__name__, None) is value)


def _fields(value: Any) -> dict[str, Any] | None:
    """What an object has in its own `__dict__`, where reading attributes does nothing else."""
    cls = type(value)
    if hasattr(cls, "__s2sdiff_alike__"):
        return None  # one text serves whatever they hold
    if not cls.__flags__ & (1 << 9) or cls.__getattribute__ is not object.__getattribute__ or \
            issubclass(cls, (type, tuple, list, dict, BaseException, *SCALARS)):
        return None
    found = getattr(value, "__dict__", None)
    if not isinstance(found, dict) or any(
            not isinstance(n, str) or hasattr(type(getattr(cls, n, None)), "__set__")
            for n in found):
        return None
    return found
