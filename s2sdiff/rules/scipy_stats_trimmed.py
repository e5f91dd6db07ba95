"""Variances of what lies between limits: `tvar` and `tsem`.

SciPy puts nan for what lies outside, by which the zero cotangents there would be multiplied.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from s2sdiff.registry import derivative
from s2sdiff.runtime import divide

__all__: list[str] = []


def inside(a: Any, limits: Any, inclusive: Any) -> Any:
    """Which entries are counted.

    >>> inside(np.array([1.0, 2.0, np.nan]), (1.0, None), (False, True)).tolist()
    [False, True, False]
    """
    counted = ~np.isnan(a)
    if limits is not None:
        low, high = limits
        if low is not None:
            counted = counted & ((a >= low) if inclusive[0] else (a > low))
        if high is not None:
            counted = counted & ((a <= high) if inclusive[1] else (a < high))
    return counted


def deviations(a: Any, limits: Any, inclusive: Any, axis: Any, ddof: Any) -> tuple[Any, Any]:
    """The slope of the variance, and how many entries are counted, with all axes kept."""
    a = np.asarray(a)
    counted = inside(a, limits, inclusive)
    n = np.sum(counted, axis=axis, keepdims=True, dtype=a.dtype if a.dtype.kind == "f" else float)
    mean = np.sum(np.where(counted, a, 0), axis=axis, keepdims=True) / n
    return np.where(counted, 2 * (a - mean) / (n - ddof), 0), n


@derivative(of=stats.tvar, wrt=("a", "limits"))
def tvar(a, limits=None, inclusive=(True, True), axis=0, ddof=1, **options):
    v = stats.tvar(a, limits, inclusive, axis, ddof, **options)

    def pullback(v_bar):
        slope, n = deviations(a, limits, inclusive, axis, ddof)
        return np.reshape(v_bar, np.shape(n)) * slope, None

    return v, pullback


@derivative(of=stats.tsem, wrt=("a", "limits"))
def tsem(a, limits=None, inclusive=(True, True), axis=0, ddof=1, **options):
    e = stats.tsem(a, limits, inclusive, axis, ddof, **options)

    def pullback(e_bar):
        slope, n = deviations(a, limits, inclusive, axis, ddof)
        # The root of the variance over the number; of equal values the subgradient 0.
        root = np.reshape(e, np.shape(n))
        share = divide(np.reshape(e_bar, np.shape(n)), 2 * n * np.where(root == 0, np.inf, root))
        return share * slope, None

    return e, pullback
