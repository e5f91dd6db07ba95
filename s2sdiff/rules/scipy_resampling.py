"""Changes of the sampling rate in `scipy.signal`: their adjoints change it back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import signal

from s2sdiff.registry import derivative
from s2sdiff.rules.boundaries import extended, folded
from s2sdiff.rules.shared import shaped, unsupported

__all__: list[str] = []

#: What `upfirdn` reads beyond the ends, by its names and those of `np.pad`.
MODES = {"constant": "constant", "wrap": "wrap", "edge": "edge", "symmetric": "symmetric",
         "reflect": "reflect"}
#: Modes in which samples go on along straight lines at both ends: through the outermost two
#: samples there, or through the first and the last.
STRAIGHT = ("smooth", "line")


@derivative(of=signal.upfirdn, wrt=("h", "x", "cval"))
@shaped
def upfirdn(h, x, up=1, down=1, axis=-1, mode="constant", cval: Any = 0):
    name = mode.lower()
    if name not in MODES and name not in STRAIGHT:
        raise unsupported(f"scipy.signal.upfirdn with mode={mode!r} has no derivative here",
                          "extend the signal with np.pad")
    y = signal.upfirdn(h, x, up, down, axis, mode, cval)

    def pullback(y_bar):
        samples = np.moveaxis(np.asarray(x), axis, -1)
        g = np.moveaxis(y_bar, axis, -1)
        n, last = samples.shape[-1], samples.ndim - 1
        # What lies beyond the ends is written out, as much as moves the result by whole samples;
        # it is zero, and stays so, where there is an integer.
        unit = down // math.gcd(up, down)
        zero = name == "constant" and isinstance(cval, int) and cval == 0
        more = 0 if zero else -(-np.size(h) // (up * unit)) * unit
        wide = (lines(samples, more, name) if name in STRAIGHT else
                extended(samples, last, more, more, MODES[name], cval))
        g = np.concatenate([np.zeros((*g.shape[:-1], more * up // down), g.dtype), g], axis=-1)
        wide_bar = samples_back(np.asarray(h), g, wide.shape[-1], up, down)
        x_bar = (lines_back(wide_bar, more, name) if name in STRAIGHT else
                 folded(wide_bar, last, more, n, MODES[name]))
        cval_bar = np.sum(wide_bar) - np.sum(x_bar) if name == "constant" else 0.0
        return (taps_back(g, wide, np.size(h), up, down), np.moveaxis(x_bar, -1, axis),
                cval_bar if np.iscomplexobj(cval) else np.real(cval_bar))

    return y, pullback


def rises(n: int, mode: str) -> tuple[tuple[int, int], ...]:
    """The samples through which the straight lines go, at the beginning and at the end."""
    return ((0, n - 1), (0, n - 1)) if mode == "line" else ((0, 1), (n - 2, n - 1))


def lines(x: Any, more: int, mode: str) -> Any:
    """Samples that go on along straight lines.

    >>> lines(np.array([0.0, 1.0, 3.0]), 1, "smooth").tolist()
    [-1.0, 0.0, 1.0, 3.0, 5.0]
    """
    (i, j), (k, m) = rises(x.shape[-1], mode)
    steps = np.arange(1, more + 1)
    first, last = x[..., :1], x[..., -1:]
    low = (x[..., j:j + 1] - x[..., i:i + 1]) / (j - i)
    high = (x[..., m:m + 1] - x[..., k:k + 1]) / (m - k)
    return np.concatenate([first - low * steps[::-1], x, last + high * steps], axis=-1)


def lines_back(g: Any, more: int, mode: str) -> Any:
    x_bar = g[..., more:g.shape[-1] - more].copy()
    (i, j), (k, m) = rises(x_bar.shape[-1], mode)
    steps = np.arange(1, more + 1)
    before, after = g[..., :more], g[..., g.shape[-1] - more:]
    x_bar[..., 0] += np.sum(before, axis=-1)
    x_bar[..., -1] += np.sum(after, axis=-1)
    low = np.sum(before * steps[::-1], axis=-1) / (j - i)
    high = np.sum(after * steps, axis=-1) / (m - k)
    x_bar[..., i] += low
    x_bar[..., j] -= low
    x_bar[..., k] -= high
    x_bar[..., m] += high
    return x_bar


def samples_back(h: Any, g: Any, n: int, up: int, down: int) -> Any:
    """The cotangent of n samples for that of `y[m] = sum(h[m * down - k * up] * x[k])`."""
    # The same with both rates exchanged and h reversed, which begins len(h) - 1 steps too early.
    whole = np.concatenate([h, np.zeros((1 - len(h)) % up, h.dtype)])[::-1]
    start = (len(whole) - 1) // up
    found = signal.upfirdn(whole, g, down, up)[..., start:start + n]
    rest = np.zeros((*found.shape[:-1], n - found.shape[-1]), found.dtype)
    return np.concatenate([found, rest], axis=-1)


def taps_back(g: Any, x: Any, count: int, up: int, down: int) -> Any:
    """The cotangent of the filter: the sums of `g[m] * x[k]` over all m * down - k * up = t."""
    common = math.gcd(up, down)
    step_m, step_k = up // common, down // common
    h_bar = np.zeros(count, np.result_type(g, x))
    for t in range(0, count, common):
        # The first m, k that are not negative; all others are a step of both further on.
        m = t // common * pow(step_k, -1, step_m) % step_m if step_m > 1 else 0
        k = (m * down - t) // up
        if k < 0:
            skip = -(k // step_k)
            m, k = m + skip * step_m, k + skip * step_k
        late, early = g[..., m::step_m], x[..., k::step_k]
        size = min(late.shape[-1], early.shape[-1])
        h_bar[t] = np.sum(late[..., :size] * early[..., :size])
    return h_bar


def _writes() -> bool:
    given = np.ones(2, complex)
    signal.resample(given, 2, window=np.zeros(2), domain="freq")
    return not given.all()


#: Whether `resample` writes into a spectrum that it is given, as it does before SciPy 1.16.  There
#: it also reads windows with a name in another order, and takes a real spectrum for half of one.
WRITES = _writes()


@derivative(of=signal.resample, wrt="x")
@shaped
def resample(x, num, t: Any = None, axis=0, window: Any = None, domain="time"):
    if WRITES:
        if domain == "freq" and (window is not None or np.isrealobj(x)):
            raise unsupported("scipy.signal.resample of a spectrum that is real, or with a window, "
                              "has no derivative in this version of SciPy",
                              "multiply a complex spectrum by the window beforehand")
        if np.iscomplexobj(x) and num == 2 < np.shape(x)[axis]:
            raise unsupported("scipy.signal.resample of complex numbers to two has no derivative "
                              "in this version of SciPy", "resample to more than two")
    result: Any = signal.resample(x, num, t, axis, window, domain)
    # SciPy does not look at it where there is only one.
    axis = axis if np.ndim(x) > 1 else -1
    n = np.shape(x)[axis]
    weights: Any
    if window is None or hasattr(window, "shape"):
        weights = window
    elif callable(window):
        weights = window(np.fft.fftfreq(n))
    else:
        shift = np.fft.ifftshift if WRITES else np.fft.fftshift
        weights = shift(signal.get_window(window, n))

    def pullback(result_bar):
        g = np.moveaxis(result_bar if t is None else result_bar[0], axis, -1)
        spectrum = np.fft.ifft(g) * (num / n)
        # The bins that both have; a middle one is two where there are more bins, and half of each.
        m = min(num, n)
        half = m // 2 + 1
        back = np.zeros((*g.shape[:-1], n), spectrum.dtype)
        back[..., :half] = spectrum[..., :half]
        if half < m:
            back[..., half - m:] = spectrum[..., half - m:]
        if m % 2 == 0 and num < n:
            back[..., -m // 2] = spectrum[..., -m // 2]
        elif m % 2 == 0 and n < num:
            back[..., m // 2] = (spectrum[..., m // 2] + spectrum[..., num - m // 2]) / 2
        if weights is not None:
            back = back * weights
        if domain == "time":
            back = np.fft.fft(back)
            back = back if np.iscomplexobj(x) else np.real(back)
        return np.moveaxis(back.astype(np.asarray(x).dtype), -1, axis)

    return result, pullback
