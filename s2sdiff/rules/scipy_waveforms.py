"""`scipy.signal.chirp`, whose formulas have limits put in where both frequencies are the same."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special
from scipy.signal import _waveforms

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_box_cox import quotient_slope
from s2sdiff.rules.scipy_powers import exprel_slope
from s2sdiff.runtime import standins, standins_waveforms

__all__: list[str] = []

TURN = 2 * math.pi


# --------------------------------------------------------------------------------------- chirps


@derivative(of=standins_waveforms.logarithmic_phase)
def logarithmic_phase(t, f0, t1, f1):
    phase = standins_waveforms.logarithmic_phase(t, f0, t1, f1)

    def pullback(bar):
        # The phase is 2 pi f0 t (exp(k) - 1) / k.
        k = np.log(f1 / f0) / t1 * t
        slope = bar * (TURN * f0 / t1) * t * t * exprel_slope(k)
        return (bar * (TURN * f0 * np.exp(k)),
                np.sum(bar * (TURN * t * special.exprel(k)) - slope / f0),
                np.sum(slope * (-np.log(f1 / f0) / t1)), np.sum(slope) / f1)

    return phase, pullback


@derivative(of=standins_waveforms.hyperbolic_phase)
def hyperbolic_phase(t, f0, t1, f1):
    phase = standins_waveforms.hyperbolic_phase(t, f0, t1, f1)

    def pullback(bar):
        # The phase is 2 pi f0 t log|1 + w| / w, the frequency f0 / (1 + w).
        w = (f0 - f1) / (f1 * t1) * t
        slope = bar * (TURN * f0 / t1) * t * t * quotient_slope(w)
        return (bar * (TURN * f0 / (1 + w)),
                np.sum(bar * (TURN * t * quotient(w)) + slope / f1),
                np.sum(slope * ((f1 - f0) / (f1 * t1))), np.sum(slope) * (-f0 / (f1 * f1)))

    return phase, pullback


def quotient(w: Any) -> Any:
    """log|1 + w| / w, which is 1 at 0."""
    below = w > -0.5
    near, far = np.where(below & (w != 0), w, 1.0), np.where(below, 1.0, w)
    return np.where(w == 0, 1.0 - w / 2 + w * w / 3, np.where(
        below, special.log1p(near) / near, np.log(np.abs(1 + far)) / far))


if hasattr(_waveforms, "_chirp_phase"):
    standins.EAGER[_waveforms._chirp_phase] = standins_waveforms.chirp_phase
