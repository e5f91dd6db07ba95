"""Derivatives of the original by central differences, extrapolated, with an estimate of error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["derivative_along"]

#: Step sizes, relative to the size of what is moved; each is used with its half and its quarter.
STEPS = (3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5)


def derivative_along(function: Callable[[float], float], size: float) -> tuple[float, float]:
    """The derivative of `function` at 0 and how far off it may be.

    Richardson's extrapolation removes the error of second order.  Of all step sizes the one
    counts where two extrapolations, by this step and by half of it, lie closest together.
    """
    best, spread = float("nan"), float("inf")
    for relative in STEPS:
        h = relative * size
        try:
            first, second, third = (central(function, h / k) for k in (1, 2, 4))
        except (ArithmeticError, ValueError):  # a step out of the function's domain
            continue
        coarse, fine = (4 * second - first) / 3, (4 * third - second) / 3
        apart = abs(fine - coarse)
        if np.isfinite(apart) and apart < spread:
            best, spread = fine, apart
    return best, spread


def central(function: Callable[[float], float], h: float) -> float:
    return (function(h) - function(-h)) / (2 * h)
