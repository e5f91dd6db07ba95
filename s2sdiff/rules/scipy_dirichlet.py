"""Dirichlet's kernel, `scipy.special.diric`, which SciPy takes from its limits at its peaks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []

TURN = 2 * math.pi

#: 2 zeta(2 k) / pi**(2 k) of pi cot(pi u) = 1 / u - ... (DLMF 4.19.6), the highest power first.
COTANGENT = [2 * float(special.zeta(2 * k)) / math.pi ** (2 * k) for k in range(12, 0, -1)]


@derivative(of=special.diric, wrt="x")
def diric(x, n):
    shape = np.shape(x)
    value = special.diric(x, n)
    return value, lambda bar: unbroadcast(scaled(bar, kernel_slope(np.asarray(x), n, value)), shape)


def kernel_slope(x: Any, n: Any, value: Any) -> Any:
    """The derivative of sin(n h) / (n sin(h)) in x = 2 h.

    Around the multiples of pi it is the kernel times n cot(n h) - cot(h), in which 1 / h cancels.
    """
    h = x / 2 - math.pi * np.rint(x / TURN)
    near = np.abs(n * h) < 0.5
    small, half = np.where(near, h, 0.0), np.where(near, 0.25 * math.pi, x / 2)
    square = small * small
    series = small * (np.polyval(COTANGENT, square)
                      - np.square(n) * np.polyval(COTANGENT, np.square(n) * square))
    direct = (np.cos(n * half) - value * np.cos(half)) / np.sin(half)
    return np.where(near, value * series, direct) / 2
