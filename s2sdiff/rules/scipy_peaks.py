"""`scipy.signal`: peaks, whose places are constant, and how far they stand out."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import compiled

__all__: list[str] = []

_peaks: Any = compiled("scipy.signal._peak_finding_utils")

constant(*[getattr(_peaks, name) for name in ("_local_maxima_1d", "_select_by_peak_distance")
           if hasattr(_peaks, name)])


def prominences(x, peaks, wlen):
    """A peak's height above the higher one of the bases beside it."""
    result = _peaks._peak_prominences(x, peaks, wlen)
    shape = np.shape(x)
    _, left, right = result
    bases = np.where(np.asarray(x)[left] > np.asarray(x)[right], left, right)

    def pullback(bars):
        found = np.zeros(shape)
        if bars[0] is not None:
            np.add.at(found, peaks, bars[0])
            np.subtract.at(found, bases, bars[0])
        return found

    return result, pullback


if hasattr(_peaks, "_peak_prominences"):
    derivative(of=_peaks._peak_prominences, wrt=("x",))(prominences)
