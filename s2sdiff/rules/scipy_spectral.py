"""Spectra of `scipy.signal`: periodograms, cross spectra, spectrograms, short-time transforms.

Each is made of the transforms of windowed pieces of a signal, which `spectral_frames` makes.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
from scipy import signal

from s2sdiff.registry import derivative
from s2sdiff.rules.boundaries import folded
from s2sdiff.rules.spectral_frames import Frames, cut, doubled, lengthened, rate_bar
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []

#: Before SciPy 1.16 windows that are periodic had the plain names.
HANN, TUKEY = [inspect.signature(f).parameters["window"].default
               for f in (signal.welch, signal.spectrogram)]

# --------------------------------------------------------------------------- averaged over pieces


@derivative(of=signal.csd, wrt=("x", "y", "fs", "window"))
def csd(x, y, fs=1.0, window: Any = HANN, nperseg=None, noverlap=None, nfft=None,
        detrend: Any = "constant", return_onesided=True, scaling="density", axis=-1,
        average="mean"):
    result = signal.csd(x, y, fs, window, nperseg, noverlap, nfft, detrend, return_onesided,
                        scaling, axis, average)
    if not (np.size(x) and np.size(y)):
        return result, lambda _: (np.zeros_like(x), np.zeros_like(y), 0.0, None)
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
def welch(x, fs=1.0, window: Any = HANN, nperseg=None, noverlap=None, nfft=None,
          detrend: Any = "constant", return_onesided=True, scaling="density", axis=-1,
          average="mean"):
    result = signal.welch(x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided,
                          scaling, axis, average)
    if not np.size(x):
        return result, nothing_back(x)
    frames = cut(np.shape(x)[axis], np.iscomplexobj(x), fs, window, nperseg, noverlap, nfft,
                 detrend, return_onesided, scaling, 2)

    def pullback(result_bar):
        found = power_back(result_bar[1], x, frames, axis, average)
        return frames.entries(found, window, fs, rate_bar(result_bar, result))

    return result, pullback


def nothing_back(x: Any) -> Any:
    """The pullback of spectra of no samples, which do not depend on anything."""
    return lambda _: (np.zeros_like(x), 0.0, None)


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
    if not np.size(x):
        return result, nothing_back(x)
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
def spectrogram(x, fs=1.0, window: Any = TUKEY, nperseg=None, noverlap=None,
                nfft=None, detrend: Any = "constant", return_onesided=True, scaling="density",
                axis=-1, mode="psd"):
    result = signal.spectrogram(x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided,
                                scaling, axis, mode)
    if not np.size(x):
        return result, nothing_back(x)
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
def stft(x, fs=1.0, window: Any = HANN, nperseg: Any = 256, noverlap=None, nfft=None,
         detrend: Any = False, return_onesided=True, boundary: Any = "zeros", padded=True, axis=-1,
         scaling="spectrum"):
    result = signal.stft(x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided,
                         boundary, padded, axis, scaling)
    if not np.size(x):
        return result, nothing_back(x)
    size = nperseg if isinstance(window, (str, tuple)) else len(window)
    n = np.shape(x)[axis]
    # No piece is longer than the signal before it goes on beyond its ends.
    size = min(256 if size is None else int(size), n)
    more = 0 if boundary is None else size // 2
    frames = cut(n + 2 * more, np.iscomplexobj(x), fs, window, size, noverlap, nfft, detrend,
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
    first, last = np.arange(n) == 0, np.arange(n) == n - 1
    return folded(turned, g.ndim - 1, more, n, mode) + 2 * (
        np.sum(before, axis=-1, keepdims=True) * first
        + np.sum(behind, axis=-1, keepdims=True) * last)
