"""What patterns of a `match` statement ask of a value."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import sent_out
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.written_names import functions_behind

__all__ = ["MATCH_SELF", "has", "is_mapping", "is_sequence", "positional"]

#: Their one positional part is the value itself.
#: https://docs.python.org/3/reference/compound_stmts.html#class-patterns
MATCH_SELF = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
_PLAIN = (types.MemberDescriptorType, types.GetSetDescriptorType)


def is_sequence(value: Any) -> bool:
    """Whether `case [...]` may match.

    >>> is_sequence([]), is_sequence(range(2)), is_sequence("ab"), is_sequence({})
    (True, True, False, False)
    """
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray))


def is_mapping(value: Any) -> bool:
    """Whether `case {...}` may match."""
    return isinstance(value, Mapping)


def positional(cls: Any, position: int, count: int) -> str:
    """The attribute that stands at a position of `case cls(…)`, which has `count` of them.

    >>> class Point:
    ...     __match_args__ = ("x", "y")
    >>> positional(Point, 1, 2)
    'y'
    """
    names = getattr(cls, "__match_args__", ())
    if type(names) is not tuple:
        raise TypeError(f"{cls.__name__}.__match_args__ must be a tuple (got "
                        f"{type(names).__name__})")
    if count > len(names):
        if not hasattr(cls, "__match_args__") and issubclass(cls, MATCH_SELF) and count == 1:
            raise refusal(UnsupportedError, f"a pattern {cls.__name__}(…) that names the value "
                          "itself", f"write `{cls.__name__}() as name`")
        plural = "" if len(names) == 1 else "s"
        raise TypeError(f"{cls.__name__}() accepts {len(names)} positional sub-pattern{plural} "
                        f"({count} given)")
    if not isinstance(names[position], str):
        raise TypeError("__match_args__ elements must be strings (got "
                        f"{type(names[position]).__name__})")
    return names[position]


def has(value: Any, *names: str) -> bool:
    """Whether a value has all these attributes; no property is evaluated to find out.

    >>> has(1.0, "real"), has(1.0, "real", "colour")
    (True, False)
    """
    return all(_has(value, name) for name in names)


def _has(value: Any, name: str) -> bool:
    found = inspect.getattr_static(value, name, None)
    if found is None:
        # What is asked here is asked once more where the part is taken: not even counts may differ.
        cls = class_of(value)
        if any(sent_out.writes(f) for f in functions_behind(getattr(cls, "__getattr__", None))):
            raise refusal(UnsupportedError, f"{cls.__name__}.__getattr__ writes, and a pattern "
                          "asks it", "read the attribute in front of the match statement")
    if found is None or isinstance(found, _PLAIN):
        return hasattr(value, name)
    return True
