"""What stands for the value of a call that raised, where the caller wants to go back through it."""

from __future__ import annotations

from typing import Any

from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime import calls, iterated
from s2sdiff.runtime.shadows import Bars

__all__ = ["Raised", "outcome", "unless_raised"]


class Raised:
    """Stands for the value of a call that raised, and whose pullback undoes what it did before."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


def outcome(fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A Python function's call; Raised for its exception."""
    assert calls.derive is not None
    assert iterated.may_write is not None
    if not iterated.may_write(fn):
        # Nothing is left of what it did before it raised: how far it came need not be known.
        try:
            return calls.derive(fn, wrt, True, True)(*args, **kwargs)
        except DifferentiationError:
            raise
        except BaseException as error:
            nothing = None if len(wrt) == 1 else (None,) * len(wrt)
            return Raised(error), lambda bar, bars: nothing
    (value, error), pullback = calls.derive(fn, wrt, True, True, True)(*args, **kwargs)

    def pull(bar: Any, bars: Bars) -> Any:
        return pullback((None if error is not None else bar, None), bars)

    return (value if error is None else Raised(error)), pull


def unless_raised(fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any],
                  told: bool) -> tuple[Any, Any]:
    """A call through which nothing has a derivative; where `told`, Raised for its exception."""
    def pull(bar: Any, bars: Bars) -> tuple:
        return (None,) * len(wrt)

    if not told:
        return fn(*args, **kwargs), pull
    try:
        return fn(*args, **kwargs), pull
    except DifferentiationError:
        raise
    except BaseException as error:
        return Raised(error), pull
