"""Spectra of `scipy.signal`: periodograms, cross spectra, spectrograms, short-time transforms.

Each is made of the transforms of windowed pieces of a signal.  The transform's matrix is symmetric,
so that its adjoint is a transform, too; detrending is a projection, and its own adjoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import signal

from s2sdiff.registry import derivative
from s2sdiff.rules.boundaries import folded
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []


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


# --------------------------------------------------------------------------- averaged over pieces


@derivative(of=signal.csd, wrt=("x", "y", "fs", "window"))
def csd(x, y, fs=1.0, window: Any = "hann_periodic", nperseg=None, noverlap=None, nfft=None,
        detrend: Any = "constant", return_onesided=True, scaling="density", axis=-1,
        average="mean"):
    result = signal.csd(x, y, fs, window, nperseg, noverlap, nfft, detrend, return_onesided,
                        scaling, axis, average)
    n = max(np.shape(x)[axis], np.shape(y)[axis])
    frames = cut(n, np.iscomplexobj(x), fs, window, nperseg, noverlap, nfft, detrend,
                 return_onesided, scaling, 2)

    def pullback(result_bar):
        g = doubled(frames, np.moveaxis(np.asarray(result_bar[1]), axis, -1))
        signals = [np.moveaxis(np.asarray(v), axis, -1) for v in (x, y)]
        longer = [lengthened(v, n) for v in signals]
        of_x, of_y = [frames.spectra(v) for v in longer]
        shares = shares_of(np.conj(of_x) * of_y, g, average)
        of_x_bar, of_y_bar = np.conj(shares * of_y), shares * np.conj(of_x)
        x_found = frames.back(of_x_bar, longer[0])
        y_found = frames.back(of_y_bar, longer[1])
        bars = [np.moveaxis(unbroadcast(bar[..., :v.shape[-1]], v.shape), -1, axis)
                for (bar, *_), v in zip((x_found, y_found), signals, strict=True)]
        both = [None, *[p + q for p, q in zip(x_found[1:], y_found[1:], strict=True)]]
        _, *rest = frames.entries(both, window, fs, rate_bar(result_bar, result))
        return (*bars, *rest)

    return result, pullback


def shares_of(products: Any, g: Any, average: str) -> Any:
    """The cotangents of all pieces' products for that of their mean or median."""
    count = products.shape[-2]
    g = np.expand_dims(g, -2)
    if average == "mean":
        return np.broadcast_to(g / count, products.shape)
    # The median of exponentially distributed numbers is less than their mean.
    pairs = 2.0 * np.arange(1, (count - 1) // 2 + 1)
    bias = 1 + np.sum(1 / (pairs + 1) - 1 / pairs)
    parts = [np.real(g) * middle(np.real(products))]
    if np.iscomplexobj(g):
        parts.append(1j * np.imag(g) * middle(np.imag(products)))
    return sum(parts) / bias


def middle(a: Any) -> Any:
    """Which elements of each column make its median, and how much of it."""
    count = a.shape[-2]
    order = np.argsort(a, axis=-2)[..., (count - 1) // 2:count // 2 + 1, :]
    weights = np.zeros(a.shape)
    np.put_along_axis(weights, order, 1 / order.shape[-2], axis=-2)
    return weights


@derivative(of=signal.welch, wrt=("x", "fs", "window"))
def welch(x, fs=1.0, window: Any = "hann_periodic", nperseg=None, noverlap=None, nfft=None,
          detrend: Any = "constant", return_onesided=True, scaling="density", axis=-1,
          average="mean"):
    result = signal.welch(x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided,
                          scaling, axis, average)
    frames = cut(np.shape(x)[axis], np.iscomplexobj(x), fs, window, nperseg, noverlap, nfft,
                 detrend, return_onesided, scaling, 2)

    def pullback(result_bar):
        found = power_back(result_bar[1], x, frames, axis, average)
        return frames.entries(found, window, fs, rate_bar(result_bar, result))

    return result, pullback


def power_back(p_bar: Any, x: Any, frames: Frames, axis: int, average: str) -> tuple:
    """The cotangents of signal, window and scale for that of the power spectrum."""
    samples = np.moveaxis(np.asarray(x), axis, -1)
    g = doubled(frames, np.moveaxis(np.asarray(p_bar), axis, -1))
    spectra = frames.spectra(samples)
    shares = shares_of(np.real(np.conj(spectra) * spectra), g, average)
    x_bar, *rest = frames.back(2 * shares * np.conj(spectra), samples)
    return np.moveaxis(x_bar, -1, axis), *rest


@derivative(of=signal.periodogram, wrt=("x", "fs", "window"))
def periodogram(x, fs=1.0, window: Any = "boxcar", nfft=None, detrend: Any = "constant",
                return_onesided=True, scaling="density", axis=-1):
    result = signal.periodogram(x, fs, window, nfft, detrend, return_onesided, scaling, axis)
    n = np.shape(x)[axis]
    used = n if nfft is None else min(nfft, n)
    frames = cut(used, np.iscomplexobj(x), fs, "boxcar" if window is None else window, used, 0,
                 nfft, detrend, return_onesided, scaling, 2)

    def pullback(result_bar):
        samples = np.moveaxis(np.asarray(x), axis, -1)
        g = np.moveaxis(np.asarray(result_bar[1]), axis, -1)
        x_bar, *rest = power_back(g, samples[..., :used], frames, -1, "mean")
        found = np.moveaxis(lengthened(x_bar, n), -1, axis), *rest
        given = "boxcar" if window is None else window
        return frames.entries(found, given, fs, rate_bar(result_bar, result))

    return result, pullback


# ----------------------------------------------------------------------------- one for each piece


@derivative(of=signal.spectrogram, wrt=("x", "fs", "window"))
def spectrogram(x, fs=1.0, window: Any = ("tukey_periodic", 0.25), nperseg=None, noverlap=None,
                nfft=None, detrend: Any = "constant", return_onesided=True, scaling="density",
                axis=-1, mode="psd"):
    result = signal.spectrogram(x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided,
                                scaling, axis, mode)
    frames = cut(np.shape(x)[axis], np.iscomplexobj(x), fs, window, nperseg, noverlap, nfft,
                 detrend, return_onesided, scaling, 8)

    def pullback(result_bar):
        samples = np.moveaxis(np.asarray(x), axis, -1)
        # Frequencies stand where time was, and pieces behind everything.
        g = np.moveaxis(result_bar[2], axis % samples.ndim, -1)
        spectra = frames.spectra(samples)
        conjugate, size = np.conj(spectra), np.abs(spectra)
        apart = np.where(size == 0, np.inf, size)
        if mode == "complex":
            spectra_bar = g
        elif mode == "psd":
            spectra_bar = 2 * doubled(frames, g) * conjugate
        elif mode == "magnitude":
            spectra_bar = g * conjugate / apart
        else:
            spectra_bar = -1j * g * (conjugate / apart) / apart
        x_bar, *rest = frames.back(spectra_bar, samples)
        found = np.moveaxis(x_bar, -1, axis), *rest
        return frames.entries(found, window, fs, rate_bar(result_bar, result))

    return result, pullback


@derivative(of=signal.stft, wrt=("x", "fs", "window"))
def stft(x, fs=1.0, window: Any = "hann_periodic", nperseg: Any = 256, noverlap=None, nfft=None,
         detrend: Any = False, return_onesided=True, boundary: Any = "zeros", padded=True, axis=-1,
         scaling="spectrum"):
    result = signal.stft(x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided,
                         boundary, padded, axis, scaling)
    size = nperseg if isinstance(window, (str, tuple)) else len(window)
    n = np.shape(x)[axis]
    more = 0 if boundary is None else (256 if size is None else int(size)) // 2
    frames = cut(n + 2 * more, np.iscomplexobj(x), fs, window, nperseg, noverlap, nfft, detrend,
                 return_onesided, scaling, 2)

    def pullback(result_bar):
        samples = np.moveaxis(np.asarray(x), axis, -1)
        g = np.moveaxis(result_bar[2], axis % samples.ndim, -1)
        covered = (g.shape[-2] - 1) * frames.step + len(frames.window)
        wide = continued(samples, more, boundary)
        wide = lengthened(wide, max(covered, wide.shape[-1]))
        wide_bar, *rest = frames.back(g, wide)
        x_bar = boundary_back(wide_bar[..., :n + 2 * more], n, more, boundary)
        found = np.moveaxis(x_bar, -1, axis), *rest
        return frames.entries(found, window, fs, rate_bar(result_bar, result))

    return result, pullback


def continued(x: Any, more: int, boundary: Any) -> Any:
    """A signal that goes on beyond its ends."""
    options: Any = {"even": {"mode": "reflect"}, "constant": {"mode": "edge"},
                    "odd": {"mode": "reflect", "reflect_type": "odd"}}
    return np.pad(x, [(0, 0)] * (x.ndim - 1) + [(more, more)],
                  **options.get(boundary, {"mode": "constant"}))


def boundary_back(g: Any, n: int, more: int, boundary: Any) -> Any:
    """The cotangent of a signal for that of the one that goes on beyond its ends."""
    modes = {"even": "reflect", "odd": "reflect", "constant": "edge"}
    mode = modes.get(boundary, "constant")
    if boundary != "odd":
        return folded(g, g.ndim - 1, more, n, mode)
    # Mirrored at the first and last samples as points: twice these, minus what is mirrored.
    before, behind = g[..., :more], g[..., more + n:]
    turned = np.concatenate([-before, g[..., more:more + n], -behind], axis=-1)
    x_bar = np.array(folded(turned, g.ndim - 1, more, n, mode))
    x_bar[..., 0] += 2 * np.sum(before, axis=-1)
    x_bar[..., -1] += 2 * np.sum(behind, axis=-1)
    return x_bar
