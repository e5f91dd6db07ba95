"""`scipy.signal.savgol_filter` and `decimate`, both linear in the signal."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_ndimage_filters import step_back, taps
from s2sdiff.runtime import call
from s2sdiff.runtime.later import Later

__all__: list[str] = []


@derivative(of=signal.savgol_filter, wrt=("x", "delta", "cval"))
def savgol_filter(x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode="interp",
                  cval=0.0):
    y: Any = signal.savgol_filter(x, window_length, polyorder, deriv, delta, axis, mode, cval)

    def of_signal(y_bar):
        g = np.moveaxis(y_bar, axis, -1)
        half, last = window_length // 2, g.ndim - 1
        weights = signal.savgol_coeffs(window_length, polyorder, deriv, delta)
        origin = -(window_length % 2 == 0)
        if mode != "interp":
            x_bar = step_back(g, taps(last, weights[::-1], mode, origin))
            return np.moveaxis(x_bar, -1, axis)
        inner = np.array(g)
        inner[..., :half], inner[..., g.shape[-1] - half:] = 0, 0
        x_bar = np.array(step_back(inner, taps(last, weights[::-1], "constant", origin)))
        # At the ends, what polynomials through the first and last samples give.
        ends = signal.savgol_filter(np.eye(window_length, dtype=y.dtype), window_length, polyorder,
                                    deriv, delta, axis=0)
        x_bar[..., :window_length] += g[..., :half] @ ends[:half]
        x_bar[..., -window_length:] += g[..., g.shape[-1] - half:] @ ends[window_length - half:]
        return np.moveaxis(x_bar, -1, axis)

    def of_constant(y_bar):
        still = np.zeros(np.shape(x), y.dtype)
        beyond = signal.savgol_filter(still, window_length, polyorder, deriv, delta, axis, mode,
                                      1.0)
        return np.sum(y_bar * beyond)

    def pullback(y_bar):
        # A derivative of that order is divided by as many steps.
        return Later({0: lambda: of_signal(y_bar), 1: lambda: -deriv * np.sum(y_bar * y) / delta,
                      2: lambda: of_constant(y_bar) if mode == "constant" else 0.0})

    return y, pullback


@derivative(of=signal.decimate, wrt="x")
def decimate(x, q, n=None, ftype: Any = "iir", axis=-1, zero_phase=True):
    y = signal.decimate(x, q, n, ftype, axis, zero_phase)

    def pullback(y_bar):
        return decimate_back(y_bar, np.shape(x), q, n, ftype, axis, zero_phase)

    return y, pullback


def decimate_back(y_bar: Any, shape: Any, q: int, n: Any, ftype: Any, axis: int,
                  zero_phase: bool) -> Any:
    """The cotangent of a signal of some shape for that of what `decimate` makes of it."""
    kind, filter_ = decimation(q, n, ftype)
    g = np.zeros(shape, y_bar.dtype)
    if kind == "fir" and zero_phase:
        return call((0,), signal.resample_poly, g, 1, q, axis, filter_[0])[1](y_bar)
    still = np.zeros_like(g)
    np.moveaxis(g, axis, -1)[..., ::q] = np.moveaxis(y_bar, axis, -1)
    if kind == "sos":
        of = signal.sosfiltfilt if zero_phase else signal.sosfilt
        return call((1,), of, filter_, still, axis)[1](g)
    of = signal.filtfilt if zero_phase else signal.lfilter
    return call((2,), of, *filter_, still, axis)[1](g)


@derivative(of=decimate_back, wrt="y_bar")
def decimate_twice(y_bar, shape, q, n, ftype, axis, zero_phase):
    def pullback(x_bar_bar):
        return signal.decimate(x_bar_bar, q, n, ftype, axis, zero_phase)

    return decimate_back(y_bar, shape, q, n, ftype, axis, zero_phase), pullback


@derivative(of=signal.decimate, wrt="x", mode="jvp")
def decimate_forward(x, q, n=None, ftype: Any = "iir", axis=-1, zero_phase=True):
    def differential(x_dot):
        return signal.decimate(x_dot, q, n, ftype, axis, zero_phase)

    return signal.decimate(x, q, n, ftype, axis, zero_phase), differential


def decimation(q: int, n: Any, ftype: Any) -> tuple[str, Any]:
    """The filter that goes before decimation: second-order sections, or `b` and `a`."""
    if ftype == "fir":
        return "fir", (signal.firwin((20 * q if n is None else n) + 1, 1.0 / q, window="hamming"),
                       np.ones(1))
    if ftype == "iir":
        return "sos", signal.cheby1(8 if n is None else n, 0.05, 0.8 / q, output="sos")
    system = ftype.to_zpk()
    if system.poles.size and not np.any(np.iscomplex(system.poles)) and not np.iscomplex(
            system.gain):
        return "sos", signal.zpk2sos(system.zeros, system.poles, system.gain)
    fraction = ftype.to_tf()
    if system.poles.size:
        return "tf", (fraction.num, fraction.den)
    return "fir", (fraction.num / fraction.den, np.ones(1))
