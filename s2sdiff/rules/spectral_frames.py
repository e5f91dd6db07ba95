"""How signals are cut into pieces, windowed and transformed, and the adjoint of all that.

The transform's matrix is symmetric, so that its adjoint is a transform, too; detrending is a
projection, and its own adjoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import signal

from s2sdiff.rules.shared import unsupported

__all__ = ["Frames", "cut", "doubled", "lengthened", "rate_bar"]


@dataclass(frozen=True)
class Frames:
    """How a signal is cut into pieces, and what is done to each."""

    window: Any
    step: int
    nfft: int
    detrend: Any
    onesided: bool
    scale: float
    density: bool

    def spectra(self, x: Any) -> Any:
        """The transforms of all pieces, one row for each, scaled."""
        size = len(self.window)
        pieces = np.lib.stride_tricks.sliding_window_view(x, size, -1)[..., ::self.step, :]
        pieces = self.window.astype(x.real.dtype) * self.detrended(pieces)
        transform = np.fft.rfft if self.onesided else np.fft.fft
        return transform(pieces, self.nfft) * self.scale

    def detrended(self, pieces: Any) -> Any:
        """The pieces without their trend."""
        return signal.detrend(pieces, type=self.detrend) if self.detrend else pieces

    def back(self, spectra_bar: Any, x: Any) -> tuple[Any, Any, Any]:
        """The cotangents of the signal, the window, and the logarithm of the scale."""
        size, n = len(self.window), x.shape[-1]
        g = np.fft.fft(spectra_bar * self.scale, self.nfft)[..., :size]
        g = g if np.iscomplexobj(x) else np.real(g)
        pieces = np.lib.stride_tricks.sliding_window_view(x, size, -1)[..., ::self.step, :]
        each = np.real(g * self.detrended(pieces))
        window_bar = np.sum(each, axis=tuple(range(each.ndim - 1)))
        # All of it is the window times something, and the scale.
        scale_bar = np.sum(window_bar * self.window)
        total = self.window / np.sum(self.window**2) if self.density else 1 / np.sum(self.window)
        window_bar = window_bar - scale_bar * total
        x_bar = overlapped(self.detrended(g * self.window), self.step, n).astype(x.dtype)
        return x_bar, window_bar, scale_bar

    def entries(self, found: Any, window: Any, fs: float, rates: float) -> tuple:
        """The cotangents of the signal, the sampling rate and the window.

        `rates` is that of the logarithm of the rate by way of frequencies and times.
        """
        x_bar, window_bar, scale_bar = found
        rates = rates - scale_bar / 2 if self.density else rates
        if isinstance(window, (str, tuple)):
            window_bar = None if isinstance(window, str) else NotImplemented
        return x_bar, rates / fs, window_bar


def overlapped(g: Any, step: int, n: int) -> Any:
    """The sum of pieces, each a step behind the one before, as n samples.

    >>> overlapped(np.array([[1.0, 1.0, 1.0], [10.0, 10.0, 10.0]]), 2, 6)
    array([ 1.,  1., 11., 10., 10.,  0.])
    """
    *outer, count, size = g.shape
    blocks = -(-size // step)
    total = np.zeros((*outer, max(count + blocks, -(-n // step)), step), g.dtype)
    for i in range(blocks):
        part = g[..., i * step:(i + 1) * step]
        total[..., i:i + count, :part.shape[-1]] += part
    return np.reshape(total, (*outer, -1))[..., :n]


def cut(n: int, is_complex: bool, fs: float, window: Any, nperseg: Any, noverlap: Any, nfft: Any,
        detrend: Any, return_onesided: bool, scaling: str, overlap: int) -> Frames:
    """How a signal of n samples is cut; as a rule the pieces overlap by 1 / `overlap`."""
    if callable(detrend):
        raise unsupported("scipy.signal with a function as `detrend` has no derivative here",
                          "detrend the signal beforehand, and pass detrend=False")
    if isinstance(window, (str, tuple)):
        size = min(256 if nperseg is None else int(nperseg), n)
        weights: Any = signal.get_window(window, size)
    else:
        weights = np.asarray(window)
    size, density = len(weights), scaling in ("density", "psd")
    step = size - (size // overlap if noverlap is None else int(noverlap))
    power = fs * np.sum(weights**2) if density else np.sum(weights) ** 2
    return Frames(weights, step, size if nfft is None else int(nfft), detrend,
                  bool(return_onesided) and not is_complex, 1 / np.sqrt(power),
                  density)


def rate_bar(bars: Any, values: Any) -> Any:
    """What frequencies, which grow with the rate, and times, which shrink, give its logarithm."""
    parts = [0.0 if bar is None else np.sum(bar * value)
             for bar, value in zip(bars[:-1], values[:-1], strict=True)]
    return parts[0] - sum(parts[1:])


def doubled(frames: Frames, g: Any) -> Any:
    """What stands for two frequencies counts twice; frequencies are the last axis."""
    if not frames.onesided:
        return g
    g = np.array(g)
    g[..., 1:-1 if frames.nfft % 2 == 0 else None] *= 2
    return g


def lengthened(x: Any, n: int) -> Any:
    """A signal with zeros behind it."""
    return np.concatenate([x, np.zeros((*x.shape[:-1], n - x.shape[-1]), x.dtype)], axis=-1)
