"""Functions of sampled data: `np.interp`, `np.convolve`, `np.correlate`, `np.bincount`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import like
from s2sdiff.runtime.joined import structured
from s2sdiff.runtime.later import Later

__all__: list[str] = []


@derivative(of=np.interp, wrt=("x", "xp", "fp", "left", "right", "period"))
def interp(x, xp, fp, left=None, right=None, period=None):
    if period is not None:
        return periodic_interp(x, xp, fp, period)
    if left is None and right is None and isinstance(x, np.ndarray) and \
            isinstance(xp, np.ndarray) and isinstance(fp, np.ndarray) and not np.iscomplexobj(fp):
        return np.interp(x, xp, fp), lambda z_bar: (
            z_bar * slopes(x, xp, fp), -values_back(z_bar * slopes(x, xp, fp), x, xp, xp),
            values_back(z_bar, x, xp, fp), None, None, None)
    else:
        return general_interp(x, xp, fp, left, right)


@like(0)
def slopes(x, xp, fp):
    """The derivative of `np.interp` by `x`: at a knot that to its right, 0 outside.

    >>> knots, values = np.array([0.0, 1.0, 2.0]), np.array([0.0, 2.0, 3.0])
    >>> slopes(np.array([-1.0, 0.0, 0.5, 2.0]), knots, values)
    array([0., 2., 2., 1.])
    """
    # Of points that are integers, the slopes are none.
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(float)
    # The last knot has no piece to its right.
    i = xp.searchsorted(x, "right") - (x == xp[-1])
    if len(xp) > max(x.size, 1000):
        inside = (i > 0) & (i < len(xp))
        low, high = np.where(inside, i - 1, 0), np.where(inside, i, 0)
        width = np.where(inside, xp[high] - xp[low], 1.0)
        return ((fp[high] - fp[low]) / width).astype(dtype, copy=False)
    found = np.zeros(len(xp) + 1, dtype)
    with np.errstate(divide="ignore", invalid="ignore"):  # of two equal knots, which nobody asks
        found[1:-1] = (fp[1:] - fp[:-1]) / (xp[1:] - xp[:-1])
    return found[i]


@derivative(of=slopes)
def slopes_(x, xp, fp):
    found = slopes(x, xp, fp)

    def pullback(bar):
        return None, -between_knots(bar * found, x, xp, xp), between_knots(bar, x, xp, fp)

    return found, pullback


@like(3)
def between_knots(bar, x, xp, fp):
    """The cotangent of values at the knots, of that of the slopes between them."""
    i = xp.searchsorted(x, "right") - (x == xp[-1])
    inside = (i > 0) & (i < len(xp))
    low, high = np.where(inside, i - 1, 0), np.where(inside, i, 0)
    share = np.where(inside, bar / np.where(inside, xp[high] - xp[low], 1.0), 0.0)
    found = np.zeros(fp.shape, fp.dtype)
    np.add.at(found, high, share)
    np.subtract.at(found, low, share)
    return found


@derivative(of=between_knots)
def between_knots_(bar, x, xp, fp):
    def pullback(found_bar):
        rise = slopes(x, xp, found_bar)
        return rise, None, -between_knots(bar * rise, x, xp, xp), None

    return between_knots(bar, x, xp, fp), pullback


@like(3)
def values_back(z_bar, x, xp, fp):
    """The cotangent of the values at the knots."""
    return np.asarray(general_interp(x, xp, fp, None, None)[1](z_bar)[2], fp.dtype)


@derivative(of=values_back)
def values_back_(z_bar, x, xp, fp):
    def pullback(bar):
        moved = z_bar * slopes(x, xp, bar)
        return np.interp(x, xp, bar), moved, -values_back(moved, x, xp, xp), None

    return values_back(z_bar, x, xp, fp), pullback


def general_interp(x, xp, fp, left, right):
    """`np.interp` of complex values, of lists and numbers, and with values outside."""
    knots, values, places = np.asarray(xp), np.asarray(fp), np.asarray(x)
    z = np.interp(x, xp, fp, left, right)

    def pullback(z_bar):
        g = np.asarray(z_bar)
        low, high = places < knots[0], places > knots[-1]
        inside = ~(low | high)
        last = len(knots) - 1
        # At a knot the piece to its right counts; at the last one there is none.
        i = np.clip(np.searchsorted(knots, places, side="right") - 1, 0, max(last - 1, 0))
        j = np.minimum(i + 1, last)
        width = np.where(j > i, knots[j] - knots[i], 1.0)
        t = np.where(inside, (places - knots[i]) / width, 0.0)
        slope = (values[j] - values[i]) / width
        held = np.where(inside, g, 0)
        along = np.real(held * slope)
        below, above = np.sum(np.where(low, g, 0)), np.sum(np.where(high, g, 0))

        def at_knots(g: Any) -> Any:
            bar = np.zeros(knots.shape, g.dtype)
            np.add.at(bar, i, g * (1 - t))
            np.add.at(bar, j, g * t)
            return bar

        def of_values() -> Any:
            fp_bar = at_knots(held)
            fp_bar[0] += below if left is None else 0
            fp_bar[-1] += above if right is None else 0
            return structured(fp_bar, fp)

        return Later({
            0: lambda: structured(along[()], x), 1: lambda: structured(-at_knots(along), xp),
            2: of_values, 3: lambda: None if left is None else below,
            4: lambda: None if right is None else above, 5: nothing})

    return z, pullback


@derivative(of=slopes, mode="jvp")
def slopes_forward(x, xp, fp):
    found = slopes(x, xp, fp)

    def differential(x_dot, xp_dot, fp_dot):
        rise = None if fp_dot is None else slopes(x, xp, fp_dot)
        return added(rise, None if xp_dot is None else -found * slopes(x, xp, xp_dot))

    return found, differential


@derivative(of=between_knots, mode="jvp")
def between_knots_forward(bar, x, xp, fp):
    def differential(bar_dot, x_dot, xp_dot, fp_dot):
        more = None if bar_dot is None else between_knots(bar_dot, x, xp, fp)
        return added(more, None if xp_dot is None else between_knots(
            -bar * slopes(x, xp, xp_dot), x, xp, fp))

    return between_knots(bar, x, xp, fp), differential


@derivative(of=values_back, mode="jvp")
def values_back_forward(z_bar, x, xp, fp):
    def differential(z_bar_dot, x_dot, xp_dot, fp_dot):
        more = None if z_bar_dot is None else values_back(z_bar_dot, x, xp, fp)
        step = added(x_dot, None if xp_dot is None else -np.interp(x, xp, xp_dot))
        return added(more, None if step is None else between_knots(z_bar * step, x, xp, fp))

    return values_back(z_bar, x, xp, fp), differential


def added(p: Any, q: Any) -> Any:
    """The sum of what moves."""
    return q if p is None else p if q is None else p + q


def nothing() -> None:
    """The cotangent of what has none."""


def periodic_interp(x, xp, fp, period):
    """`np.interp` of what repeats: at remainders, with one more knot at each end, as NumPy does.

    There is nothing outside, so that `left` and `right` do not matter.
    """
    z, length = np.interp(x, xp, fp, period=period), abs(period)
    turns, knot_turns = (np.floor_divide(np.asarray(v, float), length) for v in (x, xp))
    knots = np.asarray(xp, float) % length
    order = np.argsort(knots)
    at = np.concatenate([order[-1:], order, order[:1]])
    ends = np.zeros(len(at))
    ends[0], ends[-1] = -1.0, 1.0
    _, back = general_interp(np.asarray(x, float) % length, knots[at] + ends * length,
                             np.asarray(fp)[at], None, None)

    def pullback(z_bar):
        found = back(z_bar)

        def folded(g: Any) -> Any:
            bar = np.zeros(len(order), g.dtype)
            np.add.at(bar, at, g)
            return bar

        def of_period() -> Any:
            wide = found[1]
            total = np.sum(wide * ends) - np.sum(folded(wide) * knot_turns) - np.sum(
                found[0] * turns)
            return np.reshape(total * np.sign(period), np.shape(period))[()]

        return Later({
            0: lambda: structured(found[0], x), 1: lambda: structured(folded(found[1]), xp),
            2: lambda: structured(folded(found[2]), fp), 3: nothing, 4: nothing,
            5: of_period})

    return z, pullback


def probe(size: int, at: int) -> Any:
    """Zeros with a one at a position."""
    e = np.zeros(size)
    e[at] = 1.0
    return e


def in_full(g: Any, start: int, size: int) -> Any:
    """A cotangent of some entries of a full convolution as that of all of them."""
    full = np.zeros(size, np.asarray(g).dtype)
    full[start:start + len(g)] = g
    return full


@derivative(of=np.convolve, wrt=("a", "v"))
def convolve(a, v, mode: Any = "full"):
    if mode == "full" and isinstance(a, np.ndarray) and isinstance(v, np.ndarray) and \
            np.ndim(a) == 1 and np.ndim(v) == 1:
        return np.convolve(a, v), lambda z_bar: (
            np.correlate(z_bar, np.conj(v), "valid"), np.correlate(z_bar, np.conj(a), "valid"))
    else:
        return general_convolve(a, v, mode)


def general_convolve(a, v, mode):
    """`np.convolve` of lists and numbers, and with other modes."""
    left, right = np.atleast_1d(a), np.atleast_1d(v)
    n, m = len(left), len(right)
    # Where the result begins in the full one: NumPy tells, by a product that is 1 at one place.
    at = (n - 1, 0) if n >= m else (0, m - 1)
    start = sum(at) - int(np.argmax(np.convolve(probe(n, at[0]), probe(m, at[1]), mode)))

    def pullback(z_bar):
        g = in_full(z_bar, start, n + m - 1)
        # What is valid is all that is needed: the full product would take n * n steps.
        a_bar = np.convolve(g, right[::-1], "valid")
        v_bar = np.convolve(g, left[::-1], "valid")
        return structured(np.reshape(a_bar, np.shape(a)), a), structured(
            np.reshape(v_bar, np.shape(v)), v)

    return np.convolve(a, v, mode), pullback


@derivative(of=np.correlate, wrt=("a", "v"))
def correlate(a, v, mode: Any = "valid"):
    left, right = np.atleast_1d(a), np.atleast_1d(v)
    n, m = len(left), len(right)
    start = m - 1 - int(np.argmax(np.correlate(probe(n, 0), probe(m, 0), mode)))

    def pullback(z_bar):
        # c[j] is the sum of a[i] conj(v[k]) over i - k = j - (m - 1).
        g = in_full(z_bar, start, n + m - 1)
        a_bar = np.convolve(g, np.conj(right), "valid")
        v_bar = np.conj(np.convolve(g, left[::-1], "valid")[::-1])
        return structured(np.reshape(a_bar, np.shape(a)), a), structured(
            np.reshape(v_bar, np.shape(v)), v)

    return np.correlate(a, v, mode), pullback


@derivative(of=np.bincount, wrt="weights")
def bincount(x, weights=None, minlength=0):
    z = np.bincount(x, weights, minlength)
    numbers = np.array(x, np.intp)  # they may change until the pullback runs

    def pullback(z_bar):
        return None if weights is None else np.asarray(z_bar)[numbers]

    return z, pullback
