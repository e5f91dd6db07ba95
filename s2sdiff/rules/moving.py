"""Moving along a tangent, which is linear in the value and in the tangent."""

from __future__ import annotations

from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.runtime import moving

__all__ = ["move"]


@derivative(of=moving.move)
def move(x: Any, along: Any) -> Any:
    vector = isinstance(along, moving.TangentVector)
    return moving.move(x, along), lambda y_bar: (y_bar, {"value": y_bar} if vector else y_bar)


move.__s2sdiff_any__ = True  # type: ignore[attr-defined]


@derivative(of=moving.move, mode="jvp")
def move_differential(x: Any, along: Any) -> Any:
    def differential(x_dot: Any, along_dot: Any) -> Any:
        start = moving.zero_tangent(x) if x_dot is None else x_dot
        return start if along_dot is None else moving.move(start, along_dot)

    return moving.move(x, along), differential
