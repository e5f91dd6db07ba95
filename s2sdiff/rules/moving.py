"""Moving along a tangent, which is linear in the value and in the tangent."""

from __future__ import annotations

from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.runtime import moving
from s2sdiff.runtime.contents import items_of

__all__ = ["move"]


@derivative(of=moving.move)
def move(x: Any, along: Any) -> Any:
    vector = isinstance(along, moving.TangentVector)
    given = along.value if vector else along

    def pullback(y_bar: Any) -> Any:
        along_bar = _beside(y_bar, given)
        return y_bar, {"value": along_bar} if vector else along_bar

    return moving.move(x, along), pullback


def _beside(bar: Any, given: Any) -> Any:
    """What of a value's cotangent is its tangent's, which may be a dict for an object."""
    if isinstance(given, (list, tuple)):
        # A tuple without numbers has no entries in a cotangent.
        bars = [None] * len(given) if bar is None else bar
        return [_beside(b, t) for b, t in zip(bars, given, strict=True)]
    if not isinstance(given, dict):
        return None if given is None else bar
    held = dict(items_of(bar) or ())
    return {k: _beside(held.get(k), t) for k, t in given.items()}


move.__s2sdiff_any__ = True  # type: ignore[attr-defined]


@derivative(of=moving.move, mode="jvp")
def move_differential(x: Any, along: Any) -> Any:
    def differential(x_dot: Any, along_dot: Any) -> Any:
        start = moving.zero_tangent(x) if x_dot is None else x_dot
        return start if along_dot is None else moving.move(start, along_dot)

    return moving.move(x, along), differential
