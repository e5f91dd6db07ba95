"""Linear filters of `scipy.signal`, whose adjoints are filters that run backwards in time."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import shaped, unsupported
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []


def lagged(g: Any, x: Any, count: int) -> Any:
    """The sums of `g[n] * x[n - k]` over n and all rows, for each k.

    >>> lagged(np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0]), 4)
    array([6., 3., 1., 0.])
    """
    n = x.shape[-1]
    return np.array([np.sum(g[..., k:] * x[..., :max(n - k, 0)]) for k in range(count)])


def padded(a: Any, count: int) -> Any:
    """Coefficients with zeros behind them."""
    return np.concatenate([a, np.zeros(count - len(a), a.dtype)])


@derivative(of=signal.lfilter, wrt=("b", "a", "x", "zi"))
@shaped
def lfilter(b, a, x, axis=-1, zi: Any = None):
    result: Any = signal.lfilter(b, a, x, axis, zi)
    first = np.ravel(a)[0]
    order = max(np.size(b), np.size(a)) - 1

    def pullback(result_bar):
        # In a * y = b * x + a[0] * zi, products are convolutions.
        y, y_bar = (result, result_bar) if zi is None else (result[0], result_bar[0])
        y = np.moveaxis(y, axis, -1)
        g = np.zeros_like(y) if y_bar is None else np.moveaxis(y_bar, axis, -1)
        signals = np.moveaxis(np.asarray(x), axis, -1)
        over, under = padded(np.ravel(b) / first, order + 1), padded(np.ravel(a) / first, order + 1)
        n, start = y.shape[-1], 0.0
        last_b = last_a = np.zeros_like(over)
        direct = 0.0
        if zi is not None and result_bar[1] is not None:
            last = np.moveaxis(result_bar[1], axis, -1)
            shares = states_back(last, y, signals, over, under)
            direct, extra, last_b, last_a, start = shares
            g = g + extra
        back = backwards([1.0], under, g)
        x_bar = backwards(over, [1.0], back) + direct
        over_bar = lagged(back, signals, order + 1) + last_b
        under_bar = last_a - lagged(back, y, order + 1)
        b_bar, a_bar = normalised_back(b, a, over, under, over_bar, under_bar)
        if zi is None:
            return b_bar, a_bar, np.moveaxis(x_bar, -1, axis), None
        width = min(order, n)
        zi_bar = np.zeros((*y.shape[:-1], order), back.dtype) + start
        zi_bar[..., :width] += back[..., :width]
        return (b_bar, a_bar, np.moveaxis(x_bar, -1, axis),
                unbroadcast(np.moveaxis(zi_bar, -1, axis), np.shape(zi)))

    return result, pullback


def normalised_back(b: Any, a: Any, over: Any, under: Any, over_bar: Any, under_bar: Any) -> Any:
    """The cotangents of coefficients for those of what is divided by `a[0]`, with zeros behind."""
    first = np.ravel(a)[0]
    under_bar[0] = -(np.sum(over_bar * over) + np.sum(under_bar[1:] * under[1:]))
    return (np.reshape(over_bar[:np.size(b)] / first, np.shape(b)),
            np.reshape(under_bar[:np.size(a)] / first, np.shape(a)))


@derivative(of=signal.lfilter_zi)
def lfilter_zi(b, a):
    if np.ravel(a)[0] == 0:
        raise unsupported("scipy.signal.lfilter_zi of a[0] == 0 has no derivative here",
                          "leave leading zeros out of `a`")

    def pullback(zi_bar):
        # All inputs 1, all results `gain`: state i is the sum of b[j] - gain * a[j] for j > i.
        first, order = np.ravel(a)[0], max(np.size(b), np.size(a)) - 1
        over, under = padded(np.ravel(b) / first, order + 1), padded(np.ravel(a) / first, order + 1)
        gain = np.sum(over) / np.sum(under)
        direct = np.concatenate([[0], np.cumsum(zi_bar)])
        gain_bar = -np.sum(direct * under) / np.sum(under)
        return normalised_back(b, a, over, under, direct + gain_bar, -gain * (direct + gain_bar))

    return signal.lfilter_zi(b, a), pullback


#: Whether `lfiltic` divides by a[0]: before SciPy 1.16 it does not.
NORMALISED = bool(signal.lfiltic([0.0], [2.0, 2.0], [1.0])[0] == -1.0)


@derivative(of=signal.lfiltic)
@shaped
def lfiltic(b, a, y, x=None):
    zi = signal.lfiltic(b, a, y, x)

    def pullback(zi_bar):
        # a[0] * zi[i] is the sum of b[i + 1 + k] * x[k] - a[i + 1 + k] * y[k] over k.
        g = zi_bar / np.ravel(a)[0] if NORMALISED else zi_bar
        b_bar, x_bar = past_back(np.ravel(b), np.zeros(0) if x is None else np.ravel(x), g)
        a_bar, y_bar = past_back(np.ravel(a), np.ravel(y), -g)
        a_bar[0] = -np.sum(g * zi) if NORMALISED else 0.0
        return (np.reshape(b_bar, np.shape(b)), np.reshape(a_bar, np.shape(a)),
                np.reshape(y_bar, np.shape(y)), None if x is None else np.reshape(
                    x_bar, np.shape(x)))

    return zi, pullback


def past_back(b: Any, x: Any, g: Any) -> tuple:
    """The cotangents of coefficients, and of samples from the last one on, in states."""
    order = len(b) - 1
    b_bar, x_bar = np.zeros(len(b), np.result_type(x, g)), np.zeros(len(x), np.result_type(b, g))
    for i in range(order):
        count = min(order - i, len(x))
        b_bar[i + 1:i + 1 + count] += g[i] * x[:count]
        x_bar[:count] += g[i] * b[i + 1:i + 1 + count]
    return b_bar, x_bar


def backwards(b: Any, a: Any, g: Any) -> Any:
    """A filter that runs from the last sample to the first."""
    result: Any = signal.lfilter(b, a, g[..., ::-1]) if g.size else g
    return result[..., ::-1]


def states_back(last: Any, y: Any, x: Any, over: Any, under: Any) -> tuple:
    """The shares of samples, results, coefficients and first states in the last states.

    State i is the sum of `b[j] * x[N + i - j] - a[j] * y[N + i - j]` over all j > i, and of the
    first state N + i if there is one, N being the number of samples.
    """
    n, order = y.shape[-1], len(over) - 1
    x_bar, y_bar = (np.zeros(y.shape, np.result_type(last, over)) for _ in range(2))
    b_bar, a_bar = np.zeros_like(x_bar, shape=order + 1), np.zeros_like(x_bar, shape=order + 1)
    for j in range(1, order + 1):
        g = last[..., max(j - n, 0):j]
        part = slice(max(n - j, 0), n)
        x_bar[..., part] += over[j] * g
        y_bar[..., part] -= under[j] * g
        b_bar[j] = np.sum(g * x[..., part])
        a_bar[j] = -np.sum(g * y[..., part])
    start = np.zeros_like(last)
    start[..., n:] = last[..., :max(order - n, 0)]
    return x_bar, y_bar, b_bar, a_bar, start


@derivative(of=signal.sosfilt, wrt=("sos", "x", "zi"))
@shaped
def sosfilt(sos, x, axis=-1, zi: Any = None):
    result = signal.sosfilt(sos, x, axis, zi)

    def pullback(result_bar):
        sections, steps, y = np.atleast_2d(sos), [], x
        for i, section in enumerate(sections):
            state = None if zi is None else np.asarray(zi)[i]
            passed, back = lfilter(section[:3], section[3:], y, axis, state)
            y = passed if zi is None else passed[0]
            steps.append(back)
        g, last = (result_bar, None) if zi is None else result_bar
        sos_bar, zi_bar = [], []
        for i in reversed(range(len(steps))):
            rest = g if zi is None else (g, None if last is None else last[i])
            b_bar, a_bar, g, state_bar = steps[i](rest)
            # The first coefficient below the line is 1, and is not read.
            a_bar[0] = 0
            sos_bar.append(np.concatenate([b_bar, a_bar]))
            zi_bar.append(state_bar)
        return (np.reshape(np.stack(sos_bar[::-1]), np.shape(sos)), g,
                None if zi is None else np.stack(zi_bar[::-1]))

    return result, pullback


@derivative(of=signal.hilbert, wrt="x")
@shaped
def hilbert(x, N=None, axis=-1):
    n = np.shape(x)[axis]

    def pullback(z_bar):
        # Transform, weights, inverse transform: in the opposite order they are the same ones.
        weights: Any = signal.hilbert(np.eye(1, np.shape(z_bar)[axis])[0])
        spectrum = np.moveaxis(np.fft.ifft(z_bar, axis=axis), axis, -1) * np.fft.fft(weights)
        whole = np.fft.fft(spectrum)[..., :n]
        short = np.zeros((*whole.shape[:-1], n - whole.shape[-1]), whole.dtype)
        g = np.real(np.concatenate([whole, short], axis=-1))
        return np.moveaxis(g, -1, axis).astype(np.asarray(x).dtype)

    return signal.hilbert(x, N, axis), pullback
