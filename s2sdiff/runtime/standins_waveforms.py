"""SciPy's chirps, in the language that is differentiated (see `standins`).

Where both frequencies are the same SciPy has a formula in which but one occurs.  Here the phases
are functions of their own, of which rules know the slopes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["chirp_phase", "hyperbolic_phase", "logarithmic_phase"]


def logarithmic_phase(t: Any, f0: Any, t1: Any, f1: Any) -> Any:
    """The phase of a chirp whose frequency grows exponentially, as SciPy computes it.

    >>> logarithmic_phase(np.array([0.5]), 1.0, 1.0, 1.0) / np.pi
    array([1.])
    """
    if f0 == f1:
        return 2 * math.pi * f0 * t
    beta = t1 / np.log(f1 / f0)
    return 2 * math.pi * beta * f0 * (pow(f1 / f0, t / t1) - 1.0)


def hyperbolic_phase(t: Any, f0: Any, t1: Any, f1: Any) -> Any:
    """The phase of a chirp whose period grows linearly, as SciPy computes it.

    >>> hyperbolic_phase(np.array([0.5]), 1.0, 1.0, 1.0) / np.pi
    array([1.])
    """
    if f0 == f1:
        return 2 * math.pi * f0 * t
    singular = -f1 * t1 / (f0 - f1)
    return 2 * math.pi * (-singular * f0) * np.log(np.abs(1 - t / singular))


def chirp_phase(t: Any, f0: Any, t1: Any, f1: Any, method: str = "linear",
                vertex_zero: bool = True) -> Any:
    """`scipy.signal._waveforms._chirp_phase`"""
    t = np.asarray(t)
    f0 = float(f0)
    t1 = float(t1)
    f1 = float(f1)
    if method in ("linear", "lin", "li"):
        beta = (f1 - f0) / t1
        return 2 * math.pi * (f0 * t + 0.5 * beta * t * t)
    if method in ("quadratic", "quad", "q"):
        beta = (f1 - f0) / (t1**2)
        if vertex_zero:
            return 2 * math.pi * (f0 * t + beta * t**3 / 3)
        return 2 * math.pi * (f1 * t + beta * ((t1 - t) ** 3 - t1**3) / 3)
    if method in ("logarithmic", "log", "lo"):
        if f0 * f1 <= 0.0:
            raise ValueError("For a logarithmic chirp, f0 and f1 must be nonzero and have the "
                             "same sign.")
        return logarithmic_phase(t, f0, t1, f1)
    if method in ("hyperbolic", "hyp"):
        if f0 == 0 or f1 == 0:
            raise ValueError("For a hyperbolic chirp, f0 and f1 must be nonzero.")
        return hyperbolic_phase(t, f0, t1, f1)
    raise ValueError("method must be 'linear', 'quadratic', 'logarithmic', or 'hyperbolic', but a "
                     f"value of {method!r} was given.")
