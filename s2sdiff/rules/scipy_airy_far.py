"""Slopes of the scaled Airy functions far to the right, where their growth is taken out.

What is left of Ai' + sqrt(x) Ai is of order Ai / x, and so on: the asymptotic series of both
(DLMF 9.7.5 to 9.7.8) are subtracted term by term.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.runtime import scaled

__all__ = ["FAR", "ai_fall", "bi_fall"]

#: From here on twelve terms have all digits.
FAR = 20.0
TERMS = 12

U = [1.0]
for _k in range(1, TERMS):
    U.append(U[-1] * (6 * _k - 5) * (6 * _k - 3) * (6 * _k - 1) / (216 * _k * (2 * _k - 1)))
V = [(6 * _k + 1) / (1 - 6 * _k) * _u for _k, _u in enumerate(U)]
#: Of the first derivatives; of the second ones, in which the term of 1 / w cancels.
FALLS = [u - v for u, v in zip(U, V, strict=True)]
BENDS = [0.0, 0.0, *[2 * FALLS[k] - U[k - 1] / 3 for k in range(2, TERMS)]]


def series(coefficients: list[float], x: Any, sign: float) -> Any:
    """Of powers of 1 / w, where w = 2/3 x**1.5."""
    return np.polyval(coefficients[::-1], sign * 1.5 / (x * np.sqrt(x)))


def ai_fall(x: Any) -> Any:
    """The derivative of Ai(x) exp(w), of numbers from `FAR` on."""
    return np.sqrt(np.sqrt(x)) / (2 * math.sqrt(math.pi)) * series(FALLS, x, -1.0)


@derivative(of=ai_fall)
def ai_fall_(x):
    return ai_fall(x), lambda bar: scaled(
        bar, np.sqrt(x * np.sqrt(x)) / (2 * math.sqrt(math.pi)) * series(BENDS, x, -1.0))


def bi_fall(x: Any) -> Any:
    """That of Bi(x) exp(-w)."""
    return -np.sqrt(np.sqrt(x)) / math.sqrt(math.pi) * series(FALLS, x, 1.0)


@derivative(of=bi_fall)
def bi_fall_(x):
    return bi_fall(x), lambda bar: scaled(
        bar, np.sqrt(x * np.sqrt(x)) / math.sqrt(math.pi) * series(BENDS, x, 1.0))
