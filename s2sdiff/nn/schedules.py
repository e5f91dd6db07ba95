"""Rates of learning that change: functions of the count of updates done before, from 0 on."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence

from s2sdiff.nn import checks

__all__ = [
    "Schedule", "cosine_decay", "exponential_decay", "inverse_square_root", "linear_decay",
    "piecewise_constant", "warmed_up",
]

Schedule = Callable[[int], float]


def exponential_decay(initial: float, factor: float, steps: int) -> Schedule:
    """initial * factor ** (n / steps).

    >>> exponential_decay(0.1, 0.5, 10)(20)
    0.025
    """
    checks.sizes("exponential_decay", "steps", steps, "steps")
    return lambda n: initial * factor ** (n / steps)


def linear_decay(initial: float, steps: int, final: float = 0.0) -> Schedule:
    """From `initial` to `final` in a straight line over so many steps, and `final` from there.

    >>> linear_decay(1.0, 10)(5)
    0.5
    """
    checks.sizes("linear_decay", "steps", steps, "steps")
    return lambda n: initial + (final - initial) * min(n / steps, 1.0)


def cosine_decay(initial: float, steps: int, final: float = 0.0) -> Schedule:
    """From `initial` to `final` along half a cosine: https://arxiv.org/abs/1608.03983.

    >>> cosine_decay(1.0, 10)(10)
    0.0
    """
    checks.sizes("cosine_decay", "steps", steps, "steps")
    return lambda n: final + (initial - final) * 0.5 * (
        1 + math.cos(math.pi * min(n / steps, 1.0)))


def inverse_square_root(initial: float, steps: int) -> Schedule:
    """initial, and from `steps` on initial * sqrt(steps / n).

    >>> inverse_square_root(0.1, 100)(400)
    0.05
    """
    checks.sizes("inverse_square_root", "steps", steps, "steps")
    return lambda n: initial * math.sqrt(steps / max(n, steps))


def piecewise_constant(boundaries: Sequence[int], rates: Sequence[float]) -> Schedule:
    """The first rate before the first boundary, and one more from each boundary on.

    >>> rate = piecewise_constant([10, 20], [0.1, 0.01, 0.001])
    >>> rate(9), rate(10), rate(20)
    (0.1, 0.01, 0.001)
    """
    if len(rates) != len(boundaries) + 1 or list(boundaries) != sorted(boundaries):
        raise ValueError(
            f"piecewise_constant: boundaries are {list(boundaries)} and rates {list(rates)}. "
            "Instead, pass rising boundaries and one rate more."
        )
    return lambda n: rates[bisect.bisect_right(boundaries, n)]


def warmed_up(schedule: Schedule | float, steps: int) -> Schedule:
    """A rate that is approached in a straight line: (n + 1) / steps of it in the first steps.

    >>> rate = warmed_up(1.0, 4)
    >>> rate(0), rate(3), rate(9)
    (0.25, 1.0, 1.0)
    """
    checks.sizes("warmed_up", "steps", steps, "steps")

    def rate(n: int) -> float:
        full = schedule(n) if callable(schedule) else schedule
        return full * min((n + 1) / steps, 1.0)

    return rate
