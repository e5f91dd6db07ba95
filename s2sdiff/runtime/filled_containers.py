"""`deque.__init__` and `defaultdict.__init__`, which fill objects of classes below them.

Each is the call of the class itself, whose rule knows what it is given: the object gets the items
of what that makes, and the cotangents go from its places to those of the items there.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.raising import Raised
from s2sdiff.runtime.shadow_slots import add_slot, of_fields, slots
from s2sdiff.runtime.shadows import Bars

__all__ = ["FILLING", "filled", "filled_in"]

#: What fills an object that is made, by the class that it is of.
FILLING: dict[Any, Any] = {deque.__init__: deque, defaultdict.__init__: defaultdict}


def filled(fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any],
           called: Callable[..., tuple[Any, Any]]) -> tuple[Any, Any]:
    """A call of one of them, by place; the pullback gives a tuple of entries."""
    made = _empty(args[0])
    moved = tuple([s - 1 if isinstance(s, int) else s for s in wrt if s != 0])
    value, pullback = called(FILLING[fn], moved, args[1:], kwargs)
    if isinstance(value, Raised):
        return value, lambda bar, bars: (None,) * (0 in wrt) + pullback(None, bars)
    _fill(made, value)

    def pull(bar: Any, bars: Bars) -> tuple:
        place, source = slots(bars, of_fields(made)), of_fields(value)
        for key in [k for k in _keys(value) if k in place]:
            add_slot(bars, source, key, place.pop(key))
        return (None,) * (0 in wrt) + tuple(pullback(None, bars))

    return None, pull


def filled_in(dots: Dots, fn: Any, given: dict[Any, Any], args: tuple, kwargs: dict[str, Any],
              call: Callable[..., tuple[Any, Any]]) -> tuple[Any, Any]:
    """A call of one of them in forward mode, and what the object's items are the tangents of."""
    made = _empty(args[0])
    moved = {s - 1 if isinstance(s, int) else s: d for s, d in given.items() if s != 0}
    value, dot = call(FILLING[fn], moved, args[1:], kwargs)
    mine = zero_in(dots, made)
    _fill(made, value)
    if isinstance(mine, deque):
        deque.__init__(mine, zero_in(dots, value) if dot is None else dot, value.maxlen)
    else:
        mine.update(zero_in(dots, value) if dot is None else dot)
    return None, None


def _empty(made: Any) -> Any:
    base: Any = deque if isinstance(made, deque) else dict
    if base.__len__(made):
        raise refusal(UnsupportedError, f"a {type(made).__name__} that is not empty is initialised",
                      "make a new one")
    return made


def _fill(made: Any, value: Any) -> None:
    if isinstance(made, deque):
        deque.__init__(made, value, value.maxlen)
    else:
        defaultdict.__init__(made, value.default_factory, value)


def _keys(value: Any) -> Any:
    return range(len(value)) if isinstance(value, deque) else list(value)
