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
