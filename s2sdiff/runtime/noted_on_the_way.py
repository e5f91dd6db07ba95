"""What a search's callback notes of points on the way: nobody knows how these move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.shadow_slots import of_fields, slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.solver_states import State, state_of
from s2sdiff.runtime.whole_values import withdraw

__all__ = ["SPECIAL", "Noted", "on_the_way"]


class Noted:
    """What a callback leads to before a search."""

    def __init__(self, state: State | None) -> None:
        self.state = state

    def look(self, callback: Any) -> None:
        """Refuse that the callback has noted what has a derivative.

        By place it may: a cotangent of it is refused.
        """
        if self.state is None or not self.state.is_still():
            raise _refusal()


def on_the_way(callback: Any) -> Noted:
    """What a callback leads to now; it has no derivative."""
    return Noted(state_of(callback))


def _by_place(fn: Any, wrt: tuple, args: tuple, called: Callable[..., Any]) -> Any:
    before = args[0].state
    found = None if before is None else before.moved()
    if found is None:
        raise _refusal()
    noted = [(of_fields(place), key, parts(value)) for place, key, value in found]

    def pull(bar: Any, bars: Bars) -> tuple:
        for place, key, value in noted:
            g = withdraw(bars, value, slot(bars, place, key))
            if any(v is not None and np.any(v) for v in leaves_of(g)):
                raise _refusal()
        return (None,) * len(wrt)

    return None, pull


def _refusal() -> Exception:
    return refusal(UnsupportedError,
                   "what a callback of minimize has noted of points on the way has no derivative",
                   "compute with what minimize finds")


#: By place a call has a way of its own.
SPECIAL: dict[Any, Any] = {Noted.look: _by_place}
