"""`np.gradient`: slopes of what is known at points, in the samples and in the coordinates.

NumPy takes evenly spaced coordinates for one spacing, and has a formula for that.  The rule has one
for both: slopes from point to point, weighed by the intervals on both sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import axes_of
from s2sdiff.runtime.several import filled

__all__: list[str] = []


@derivative(of=np.gradient, wrt=("f", "varargs"))
def gradient(f, *varargs, axis=None, edge_order: Any = 1):
    slopes = np.gradient(f, *varargs, axis=axis, edge_order=edge_order)
    f = np.asarray(f)
    axes = axes_of(axis, f.ndim)
    shared = len(varargs) < len(axes)

    def pullback(slopes_bar):
        bars = [slopes_bar] if len(axes) == 1 else filled(
            slopes_bar, [(s.shape, s.dtype) for s in slopes])
        f_bar, found = 0.0, []
        for i, along in enumerate(axes):
            at = varargs[0 if shared else i] if varargs else 1.0
            g, h = np.moveaxis(bars[i], along, -1), intervals(at, f.shape[along])
            steps_bar = steps_back(g, h, edge_order)
            f_bar = f_bar + np.moveaxis(differences_back(steps_bar), -1, along)
            if np.ndim(at):
                found.append(differences_back(intervals_back(
                    g, steps_bar, np.moveaxis(f, along, -1), h, edge_order)))
            elif varargs:
                y = slopes if len(axes) == 1 else slopes[i]
                found.append(-np.sum(bars[i] * y) / at)
        return f_bar, (sum(found),) if shared and varargs else tuple(found)

    return slopes, pullback


def intervals(at: Any, count: int) -> Any:
    """The distances of neighbouring points."""
    at = np.asarray(at)
    return np.diff(at) * 1.0 if at.ndim else np.full(count - 1, at * 1.0)


def differences_back(d_bar: Any) -> Any:
    """The cotangent of what differences were taken of, along the last axis."""
    a_bar = np.zeros((*d_bar.shape[:-1], d_bar.shape[-1] + 1), d_bar.dtype)
    a_bar[..., 1:] = d_bar
    a_bar[..., :-1] -= d_bar
    return a_bar


def steps_back(g: Any, h: Any, edge_order: int) -> Any:
    """The cotangent of the steps from sample to sample, along the last axis."""
    inner = g[..., 1:-1]
    s_bar = np.zeros((*g.shape[:-1], len(h)), np.result_type(g, h))
    # Between two intervals the slope of the shorter one counts for more.
    share = h[1:] / (h[:-1] + h[1:])
    s_bar[..., :-1] = inner * share
    s_bar[..., 1:] += inner * (1 - share)
    s_bar[..., 0] += g[..., 0]
    s_bar[..., -1] += g[..., -1]
    if edge_order != 1:
        # Outwards from the second point and from the last but one, at the rate of their change.
        first, last = g[..., 0] * (1 - share[0]), g[..., -1] * share[-1]
        s_bar[..., 0] += first
        s_bar[..., 1] -= first
        s_bar[..., -1] += last
        s_bar[..., -2] -= last
    return s_bar / h


def intervals_back(g: Any, steps_bar: Any, f: Any, h: Any, edge_order: int) -> Any:
    """The cotangent of the distances."""
    s = np.diff(f * 1.0) / h
    others = tuple(range(f.ndim - 1))
    h_bar = -np.sum(steps_bar * s, axis=others)
    share_bar = g[..., 1:-1] * 1.0
    if edge_order != 1:
        share_bar[..., 0] -= g[..., 0]
        share_bar[..., -1] -= g[..., -1]
    both = h[:-1] + h[1:]
    turn = np.sum(share_bar * (s[..., :-1] - s[..., 1:]), axis=others) / (both * both)
    h_bar[1:] += turn * h[:-1]
    h_bar[:-1] -= turn * h[1:]
    return h_bar
