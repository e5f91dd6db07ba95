"""`np.pad` in each of its modes.

NumPy extends one axis after the other, each with the ends that those before it have got.  So the
cotangent is folded back along the last axis first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.repetitions import gathered_back
from s2sdiff.rules.shared import carried, rule_of, unsupported
from s2sdiff.runtime import unbroadcast
from s2sdiff.runtime.joined import structured
from s2sdiff.runtime.later import Later

__all__: list[str] = []

#: Modes in which every entry of the result is an entry of the argument.
GATHERS = ("edge", "reflect", "symmetric", "wrap")

#: Modes in which the ends are what a function gives of the entries next to them.
STATISTICS = {"maximum": np.max, "mean": np.mean, "median": np.median, "minimum": np.min}

#: Modes that are given numbers for the ends, and by which name.
GIVEN = {"constant": "constant_values", "linear_ramp": "end_values"}


@derivative(of=np.pad, wrt=("array", "kwargs"))
def pad(array, pad_width, mode: Any = "constant", **kwargs):
    if callable(mode):
        raise unsupported("np.pad with a function for mode has no derivative here",
                          "pad in one of its named modes, or write into the ends of an array")
    shape = np.shape(array)
    widths = pairs(pad_width, len(shape))
    z = np.pad(array, pad_width, mode, **kwargs)
    if mode in STATISTICS:
        return z, statistics_pullback(STATISTICS[mode], array, z, widths, kwargs)
    if mode == "empty" or (mode == "constant" and not kwargs):
        inner = middle(shape, widths)
        return z, lambda z_bar: (z_bar[inner], None)
    if mode in GIVEN:
        return z, given_pullback(GIVEN[mode], z.dtype, shape, widths, kwargs)
    if kwargs.get("reflect_type", "even") == "odd":
        return z, odd_pullback(mode, shape, widths)

    def pullback(z_bar):
        for i, (n, width) in enumerate(zip(shape, widths, strict=True)):
            if width != (0, 0):
                indices = np.pad(np.arange(n), width, mode)
                now = (*z_bar.shape[:i], n, *z_bar.shape[i + 1:])
                z_bar = gathered_back(z_bar, indices, now, i)
        return z_bar, None

    return z, pullback


def pairs(given: Any, ndim: int) -> tuple[tuple[int, int], ...]:
    """`pad_width` as one pair of lengths for each axis.

    >>> pairs(1, 2), pairs({-1: (0, 2)}, 2)
    (((1, 1), (1, 1)), ((0, 0), (0, 2)))
    """
    if isinstance(given, dict):
        full = {i % ndim: pairs(w, 1)[0] for i, w in given.items()}
        return tuple(full.get(i, (0, 0)) for i in range(ndim))
    widths = np.broadcast_to(given, (ndim, 2))
    return tuple((int(before), int(after)) for before, after in widths)


def middle(shape: Any, widths: Any) -> tuple[slice, ...]:
    """Where the argument stands in the result."""
    return tuple(slice(before, before + n) for n, (before, _) in zip(shape, widths, strict=True))


def given_pullback(name, dtype, shape, widths, kwargs):
    """Of ends that hold a number, or lead from the outermost entry to a number."""
    ends = kwargs.get(name, 0)

    def back(z_bar):
        g, ends_bar = carried(z_bar, dtype), []
        for axis in reversed(range(len(shape))):
            (before, after), n = widths[axis], shape[axis]
            g = np.moveaxis(g, axis, 0)
            left, right = g[:before], g[before + n:][::-1]
            g = g[before:before + n]
            if name == "end_values":
                shares = [ramp(before, left), ramp(after, right)]
                ends_bar += [np.sum(right * (1 - shares[1])), np.sum(left * (1 - shares[0]))]
                g = g.copy()
                g[:1] += np.sum(left * shares[0], axis=0)
                g[-1:] += np.sum(right * shares[1], axis=0)
            else:
                ends_bar += [np.sum(right), np.sum(left)]
            g = np.moveaxis(g, 0, axis)
        rows = np.stack(ends_bar[::-1]) if shape else np.zeros(0, dtype)
        return g, np.reshape(rows, (len(shape), 2))

    def of_ends(z_bar):
        return structured(unbroadcast(back(z_bar)[1], np.shape(ends)), ends)

    def pullback(z_bar):
        return Later({
            0: lambda: back(z_bar)[0] if name == "end_values" else z_bar[middle(shape, widths)],
            1: lambda: {name: of_ends(z_bar)}})

    return pullback


def ramp(width: int, g: Any) -> Any:
    """The outermost entry's share in a ramp from the end, along the first axis."""
    share = np.arange(width) / max(width, 1)
    return np.reshape(share.astype(g.real.dtype), (width, *[1] * (g.ndim - 1)))


def statistics_pullback(function, array, z, widths, kwargs):
    """Of ends that hold a statistic: each is a sum of entries, by weights that are kept."""
    shape, given = np.shape(array), kwargs.get("stat_length")
    counts = [(n, n) for n in shape] if given is None else pairs(given, len(shape))
    kept = []
    for axis, (n, width) in enumerate(zip(shape, widths, strict=True)):
        before, after = (min(count, n) for count in counts[axis])
        inner = (*[slice(None)] * axis, *middle(shape, widths)[axis:])
        entries = np.moveaxis(np.array(z[inner]), axis, 0)
        kept.append((n, width, weights(function, entries[:before]),
                     weights(function, entries[n - after:])))

    def pullback(z_bar):
        g = carried(z_bar, z.dtype)
        for axis, (n, (before, _), first, last) in reversed(list(enumerate(kept))):
            g = np.moveaxis(g, axis, 0)
            left, right = np.sum(g[:before], axis=0), np.sum(g[before + n:], axis=0)
            g = np.array(g[before:before + n])
            g[:len(first)] += first * left
            g[n - len(last):] += last * right
            g = np.moveaxis(g, 0, axis)
        return g, None

    return pullback


def weights(function: Any, entries: Any) -> Any:
    """What each entry counts in a statistic along the first axis.

    >>> weights(np.max, np.array([2.0, 1.0, 2.0])).tolist()
    [0.5, 0.0, 0.5]
    """
    if not len(entries):
        return entries
    value, back = rule_of(function)(entries, axis=0, keepdims=True)
    found = back(np.ones_like(value))
    return np.broadcast_to(found[0] if isinstance(found, (tuple, Later)) else found, entries.shape)


# They are constant in pieces.
constant(weights)


def odd_pullback(mode, shape, widths):
    """Of ends that are reflected at the outermost entries' values, too.

    Each place holds an entry, with a sign, and multiples of the outermost ones.  Where these two
    are 1 and all others 0, NumPy gives the multiples; a constant array stays constant, so that
    all three add up to 1.
    """
    def pullback(z_bar):
        for i, n in enumerate(shape):
            width = widths[i]
            if width != (0, 0) and z_bar.size:
                at = np.pad(np.arange(n), width, mode)
                first, last = (np.pad(np.eye(1, n, k)[0], width, mode, reflect_type="odd")
                               for k in (0, n - 1))
                last = last * (n > 1)
                along = (-1, *[1] * (z_bar.ndim - 1))
                g = np.moveaxis(z_bar, i, 0)
                first, last = (np.reshape(c.astype(g.real.dtype), along) for c in (first, last))
                g_bar = gathered_back(g * (1 - first - last), at, (n, *g.shape[1:]), 0)
                g_bar[0] += np.sum(g * first, axis=0)
                g_bar[-1] += np.sum(g * last, axis=0)
                z_bar = np.moveaxis(g_bar, 0, i)
        return z_bar, None

    return pullback
