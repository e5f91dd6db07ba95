"""Gradients in the structure of their values, for gradients that are differentiated again."""

from __future__ import annotations

from typing import Any

from s2sdiff import runtime as rt
from s2sdiff.registry import constant, derivative
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.runtime.structures import totals_of

__all__ = ["gradient"]

# What stands for a value is asked for its structure only.
constant(rt.parts)


@derivative(of=rt.gradient)
def gradient(bar: Any, like: Any, lent: bool = False) -> Any:
    value = rt.parts(like)

    def pullback(z_bar: Any) -> tuple[Any, None, None]:
        return _back(z_bar, bar, value, totals_of(z_bar, value)), None, None

    return rt.gradient(bar, value, lent), pullback


def _back(z_bar: Any, bar: Any, like: Any, totals: dict[int, dict[Any, Any]]) -> Any:
    """The part of a gradient's cotangent that belongs to a cotangent by key.

    A gradient is the sum of the cotangents in all places in which its value is found, and so what
    belongs to each of those is the same.
    """
    if bar is None or not isinstance(bar, (dict, list, tuple)):
        return None if bar is None else z_bar
    known = isinstance(like, Parts)
    given = totals.get(id(like), {}) if known else dict(items_of(z_bar) or ())
    items = like.items if known else dict(items_of(like) or ())
    keyed = bar if isinstance(bar, dict) else dict(enumerate(bar))
    found = {k: _back(given.get(k), g, items.get(k), totals) for k, g in keyed.items()}
    return found if isinstance(bar, dict) else \
        tuple(found.values()) if isinstance(bar, tuple) else list(found.values())


gradient.__s2sdiff_any__ = True  # type: ignore[attr-defined]


@derivative(of=rt.gradient, mode="jvp")
def gradient_differential(bar: Any, like: Any, lent: bool = False) -> Any:
    return rt.gradient(bar, like, lent), \
        lambda bar_dot, like_dot, lent_dot: rt.gradient(bar_dot, like, lent)
