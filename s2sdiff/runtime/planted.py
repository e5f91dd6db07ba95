"""What generated code has between its calls: refusals, the user's hooks, names without a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff import errors
from s2sdiff.errors import RuleError, refusal
from s2sdiff.runtime.batches import unbatched
from s2sdiff.runtime.cells import unbound
from s2sdiff.runtime.handed import matched
from s2sdiff.runtime.own_copies import copied

__all__ = ["UNBOUND", "bound", "hooked", "refuse"]


def refuse(kind: str, message: str) -> None:
    """Raise the refusal that the compiler planted here."""
    raise getattr(errors, kind)(message)


def hooked(fn: Callable[[Any], Any], x_bar: Any) -> Any:
    """Run the user's function on a private copy of a cotangent; None keeps what it left there."""
    if x_bar is None:
        return None
    if not callable(fn):
        raise refusal(RuleError, f"with_derivative was given a {type(fn).__name__} to call",
                      "give it a function of the cotangent")
    unbatched(x_bar)
    private = copied(x_bar)
    replaced = fn(private)
    return private if replaced is None else matched(replaced, x_bar)


class _Unbound:
    """What a name holds that the compiler copies before the user's code has bound it."""

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND = _Unbound()


def bound(value: Any, name: str) -> None:
    """Raise, as Python does, where a name is read that has no value yet."""
    if value is UNBOUND:
        raise unbound(name)
