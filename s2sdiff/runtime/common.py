"""What the whole program shares: modules, classes, and the dicts that their names are in."""

from __future__ import annotations

import inspect
import types
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.values import is_inert

__all__ = ["held", "is_common", "no_defaults", "owned", "still"]

#: Names that are in each dict of globals, and in hardly any other.
_MARKS = ("__spec__", "__builtins__")


def is_common(owner: Any) -> bool:
    """Whether names that anybody may read are kept in an object.

    >>> is_common(types), is_common(vars(types)), is_common({}), is_common(types.SimpleNamespace())
    (True, True, False, False)
    """
    if isinstance(owner, dict):
        return any(mark in owner for mark in _MARKS)
    return isinstance(owner, (types.ModuleType, type))


def owned(owner: Any, *values: Any) -> None:
    """Refuse to write what may have a derivative where the whole program reads it."""
    if not is_common(owner) and not isinstance(owner, types.FunctionType):
        return
    for value in values:
        parts = value.values() if isinstance(value, dict) else (value,)
        if not all(map(is_inert, parts)):
            raise refusal(UnsupportedError, f"an active value is written to a name of "
                          f"{_described(owner)}, which the whole program shares",
                          "store it in an object, or return it")


def _described(owner: Any) -> str:
    if isinstance(owner, dict):
        return f"the module {owner.get('__name__', '')}".rstrip()
    sort = "class" if isinstance(owner, type) else \
        "module" if isinstance(owner, types.ModuleType) else "function"
    return f"the {sort} {owner.__name__}"


def held(*values: Any) -> None:
    """Refuse to keep what may have a derivative in a function, as attribute or default."""
    if not all(map(is_inert, values)):
        raise refusal(UnsupportedError, "an active value is made an attribute or default of a "
                      "function, which the whole program shares", "hand it over as an argument")


def no_defaults(function: Any) -> None:
    """Refuse to show what a function takes by default, where that may have a derivative.

    What stands in a module has had its defaults since before anything was differentiated.
    """
    if not callable(function) or "<locals>" not in getattr(function, "__qualname__", "<locals>"):
        return
    given = [p.default for p in inspect.signature(function).parameters.values()]
    if not all(value is inspect.Parameter.empty or is_inert(value) for value in given):
        raise refusal(UnsupportedError, "the signature of a function shows default values that may "
                      "be active", "read them where they are made, or call the function")


def still(value: Any, before: Any, name: str) -> None:
    """Refuse what an outside name means now, where a call has bound it anew to a number."""
    if value is not before and not is_inert(value):
        raise refusal(UnsupportedError,
                      f"a call that was given active values has bound the outside name {name} anew",
                      "return the value, or hand it over as an argument")
