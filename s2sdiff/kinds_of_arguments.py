"""Kinds of arguments: with what is in their lists, dicts and objects when the call begins."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2sdiff.kinds import ANY, SCALARS, Kind, kind_of
from s2sdiff.kinds_in_common import key_in_common, kind_in_common
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.marking import is_made_anew
from s2sdiff.runtime.named_tuples import is_named

__all__ = ["held_by", "is_known", "kind_of_argument", "kind_of_named",
           "kind_of_outside"]

#: So many parts of a list, a dict or an object are looked at, of numbers alone fewer, and so deep.
#: An object in an object is no deeper; what one of its own class holds is not looked at.
PARTS, NUMBERS, DEPTH, OBJECTS = 32, 12, 3, 8
#: Of what has more parts in all, less is looked at: each is compared at each call.
MOST = 400


class _TooMany(Exception):
    pass


class _Look:
    """How far to look; `left` is how many parts more."""

    def __init__(self, parts: int, objects: int, left: float, any_tuple: bool = False) -> None:
        self.parts, self.objects, self.left = parts, objects, left
        #: Of a tuple that lies too deep it is not even looked at what it holds.
        self.any_tuple = any_tuple

    def most(self, values: Iterable[Any]) -> int:
        """How many parts there may be for each of them to be known."""
        return NUMBERS if all(class_of(v) in SCALARS for v in values) else self.parts


def kind_of_argument(value: Any, name: str, less: int = 0) -> Kind:
    """The kind of an argument: `kind_of`, with what is in lists, dicts and objects now.

    Keys and names of attributes are the kind's `value`.  With `less`, 1 or 2, what is nested is not
    looked at: the arguments of recursion over trees are of ever other structures.
    """
    if less:
        return _kind(value, name, 2 - less, (), _Look(NUMBERS, 0, float("inf"), True))
    try:
        return _kind(value, name, DEPTH, (), _Look(PARTS, OBJECTS, MOST))
    except _TooMany:
        return _kind(value, name, DEPTH, (), _Look(NUMBERS, 0, float("inf")))


def _kind(value: Any, name: str, depth: int, above: tuple[type, ...], look: _Look) -> Kind:
    """`above` are the classes around it."""
    t = class_of(value)
    look.left -= 1
    if look.left < 0:
        raise _TooMany
    if t in SCALARS or t is np.ndarray:
        return kind_of(value, name)
    if is_known(value):
        return Kind(t, value=value)
    if depth == 0 or is_made_anew(t) or (t in above and t is not dict):
        return ANY if t is tuple and look.any_tuple else kind_of(value, name)
    if t is list and above:
        # An object's list may be longer at each call: what it holds is looked at, not how many.
        classes = set(map(class_of, value))
        if not classes or (len(classes) == 1 and classes <= SCALARS.keys()):
            return Kind(t, value=SCALARS[classes.pop()]) if classes else Kind(t, items=())
    if (t in (list, tuple) or is_named(t)) and 0 < len(value) <= look.most(value):
        return Kind(t, items=tuple([_kind(v, f"{name}.{i}", depth - 1, above, look)
                                    for i, v in enumerate(value)]))
    if t is list and value and class_of(value[0]) in SCALARS and set(map(class_of, value)) == {
            class_of(value[0])}:
        return Kind(t, value=SCALARS[class_of(value[0])])
    fields = value if t is dict else held_by(value)
    # An object without attributes has a class all the same, whose methods are known.
    if fields is not None and (fields or t is not dict) and len(fields) <= look.most(
            fields.values()) and all(type(k) is str for k in fields):
        if t is dict or len(above) >= look.objects:
            depth -= 1
        return Kind(t, items=tuple([
            _flag(v) if type(v) is bool and t is not dict else
            _kind(v, f"{name}.{k}", depth, (*above, t), look)
            for k, v in fields.items()]), value=tuple(fields))
    if t in (list, dict) and len(value) > (NUMBERS if t is list else 0):
        each = kind_in_common(list(value.values()) if t is dict else value, held_by)
        key = key_in_common(value) if t is dict else None
        return kind_of(value, name) if each is None else Kind(t, value=each, key=key)
    return kind_of(value, name)


def _flag(value: bool) -> Kind:
    """What an object is told to do is known, as its class is: there is code for either."""
    return SCALARS[bool]._replace(value=value)


def kind_of_named(value: Any, name: str = "a") -> Kind:
    """The kind of what a name of a module stands for: of a function, which one it is."""
    return Kind(class_of(value), value=value) if is_known(value) else kind_of(value, name)


def kind_of_outside(value: Any, name: str) -> Kind:
    """The kind of what code reads of a name from outside; with what is in small tables of data."""
    return kind_of_argument(value, name) if type(value) in (list, tuple, dict) and _data(
        value, [_DATA]) else kind_of_named(value, name)


#: So many parts of a table are compared at each call, which is for what reading it costs.
_DATA = 48


def _data(value: Any, left: list[int]) -> bool:
    """Whether it is numbers, text and arrays, in tuples, lists and dicts: not too many of them."""
    left[0] -= 1
    cls = type(value)
    if cls is dict:
        return all(type(k) in (str, int) for k in value) and all(
            _data(v, left) for v in value.values())
    if cls is list or cls is tuple:
        return len(value) <= left[0] and all(_data(v, left) for v in value)
    return left[0] >= 0 and (cls in SCALARS or cls is str or cls is np.ndarray or value is None)


def is_known(value: Any) -> bool:
    """A function that is one and the same in every call, as those of modules are."""
    return isinstance(value, np.ufunc) or (
        isinstance(value, (types.FunctionType, types.BuiltinFunctionType))
        and (getattr(sys.modules.get(value.__module__ or ""), value.__name__, None) is value
             or hasattr(value, "__s2sdiff_lifted__")))


def held_by(value: Any) -> dict[str, Any] | None:
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
