"""For what kinds of arguments a function is looked at: of objects, in the end, for their classes.

Where functions hand objects to each other, of which more is known at each place than at others, one
would be looked at for each way that leads to it, and there are as many of these as paths.
"""

from __future__ import annotations

from typing import Any

from s2sdiff.kinds import Kind
from s2sdiff.runtime.marking import marked
from s2sdiff.transforms.early import REMEMBERED

__all__ = ["are_many", "key_of", "widened"]

#: How often functions were looked at for objects of the same classes.
_looks: dict[Any, int] = {}
_MANY, _GROUPS = 8, 4 * REMEMBERED


def key_of(fn: Any, arguments: dict[str, Kind]) -> Any:
    """Under what it is kept what a function gives."""
    return (fn.__code__, marked(fn), id(fn.__globals__), tuple(arguments.items()),
            fn if fn.__closure__ else None)


def are_many(fn: Any, arguments: dict[str, Kind]) -> bool:
    """Whether a function was looked at often for objects of these classes; counted once more."""
    group = key_of(fn, widened(arguments))
    if len(_looks) >= _GROUPS:
        _looks.clear()
    _looks[group] = _looks.get(group, 0) + 1
    return _looks[group] > _MANY


def widened(arguments: dict[str, Kind]) -> dict[str, Kind]:
    """The same without what is known of objects' attributes.

    >>> Box = type("Box", (), {"__module__": "boxes"})
    >>> box = Kind(Box, items=(Kind(float, (), "real"),), value=("x",))
    >>> widened({"b": box, "n": Kind(int, (), "int")}) == {
    ...     "b": Kind(Box), "n": Kind(int, (), "int")}
    True
    """
    return {name: _of_class_alone(kind) for name, kind in arguments.items()}


def _of_class_alone(kind: Kind) -> Kind:
    if kind.items is None:
        return kind
    if kind.is_tuple or kind.type is list:
        return kind._replace(items=tuple(map(_of_class_alone, kind.items)))
    of_user = kind.type not in (dict, slice) and type(kind.value) is tuple and \
        isinstance(kind.type, type) and kind.type.__flags__ & 1 << 9 and not (
            kind.type.__module__.startswith("s2sdiff."))
    return Kind(kind.type) if of_user else kind
