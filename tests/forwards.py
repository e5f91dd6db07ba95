"""Forward mode of programs of two floats, against differences, and effects against a plain run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import s2sdiff as sd

__all__ = ["LOG", "check_forward"]

#: What programs write down as their effects.
LOG: list[Any] = []


def check_forward(function: Callable[[float, float], float], x: float = 1.3,
                  y: float = 0.7) -> None:
    """Value, tangent along two directions, and effects in their order."""
    value, effects = _run(function, x, y)
    for x_dot, y_dot in ((0.3, -0.4), (1.0, 0.0)):
        h = 1e-6
        after, _ = _run(function, x + h * x_dot, y + h * y_dot)
        before, _ = _run(function, x - h * x_dot, y - h * y_dot)
        (made, dot), seen = _run(lambda a, b: sd.jvp(function, (a, b), (x_dot, y_dot)), x, y)
        assert made == value
        assert seen == effects
        np.testing.assert_allclose(dot, (after - before) / (2 * h), rtol=1e-6, atol=1e-7)


def _run(call: Callable[[float, float], Any], x: float, y: float) -> tuple[Any, list[Any]]:
    LOG.clear()
    return call(x, y), [*LOG]
