"""Gradients in the structure of their values, for gradients that are differentiated again."""

from __future__ import annotations

from typing import Any

from s2sdiff import runtime as rt
from s2sdiff.registry import constant, derivative
from s2sdiff.runtime.whole_values import items_of

__all__ = ["gradient"]

# What stands for a value is asked for its structure only.
constant(rt.parts)


@derivative(of=rt.gradient, wrt="bar")
def gradient(bar: Any, like: Any) -> Any:
    return rt.gradient(bar, like), lambda z_bar: _back(z_bar, bar)


def _back(z_bar: Any, bar: Any) -> Any:
    """The part of a gradient's cotangent that belongs to a cotangent by key."""
    if bar is None or z_bar is None:
        return None
    if isinstance(bar, (dict, list, tuple)):
        given = dict(z_bar) if isinstance(z_bar, dict) else dict(items_of(z_bar) or ())
        if isinstance(bar, dict):
            return {k: _back(given.get(k), g) for k, g in bar.items()}
        return type(bar)([_back(given.get(i), g) for i, g in enumerate(bar)])
    return z_bar


gradient.__s2sdiff_any__ = True  # type: ignore[attr-defined]


@derivative(of=rt.gradient, mode="jvp")
def gradient_differential(bar: Any, like: Any) -> Any:
    return rt.gradient(bar, like), lambda bar_dot, like_dot: rt.gradient(bar_dot, like)
