"""What `__getattr__` is asked for, where a property or a descriptor raises an AttributeError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.raising import Raised

__all__ = ["asked_instead", "asked_instead_in_step"]


#: Set by `tried`, which reads attributes itself: a call that gives Raised for an exception.
attempted: Callable[..., tuple[Any, Any]] | None = None


def asked_instead(owner: Any, name: str, get: Callable[[Any], tuple[Any, Any]],
                  called: Callable[..., tuple[Any, Any]],
                  plainly: bool = False) -> tuple[Any, Any]:
    """Value and pullback of what `get` gives by calls of the kind that it is given, or of
    `__getattr__`; with `plainly` that is not asked."""
    dynamic = None if plainly else getattr(class_of(owner), "__getattr__", None)
    if dynamic is None:
        return get(called)
    value, before = get(attempted)
    if not isinstance(value, Raised):
        return value, before
    if not isinstance(value.error, AttributeError):
        if called is not attempted:
            raise value.error
        return value, before
    value, asked = called(dynamic, (0,), (owner, name), {})

    def pullback(bar: Any, bars: Any) -> Any:
        entry = asked(bar, bars)
        before(None, bars)  # what was done before it raised
        return entry

    return value, pullback


def asked_instead_in_step(owner: Any, name: str, dot: Any, get: Callable[[], Any],
                          call: Callable[..., Any], plainly: bool = False) -> Any:
    """The same for value and tangent: what was written before has its tangents already."""
    dynamic = None if plainly else getattr(class_of(owner), "__getattr__", None)
    if dynamic is None:
        return get()
    try:
        return get()
    except AttributeError:
        return call(dynamic, {0: dot}, (owner, name), {})
