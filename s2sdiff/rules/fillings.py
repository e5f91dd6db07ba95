"""Arrays made of a few numbers: `np.full`, `np.full_like`, `np.linspace`, `np.arange`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import carried
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []


@derivative(of=np.full, wrt="fill_value")
def full(shape, fill_value, dtype=None, order: Any = "C", *, device=None, like=None):
    if dtype is not None:
        return filled_as(np.full, shape, fill_value, dtype, order)
    old = np.shape(fill_value)
    return np.full(shape, fill_value, order=order), lambda z_bar: unbroadcast(z_bar, old)


@derivative(of=np.full_like, wrt=("a", "fill_value"))
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    z, pullback = filled_as(np.full_like, a, fill_value, dtype, order, subok, shape)
    return z, lambda z_bar: (None, pullback(z_bar))


def filled_as(function, *args):
    """The rule for `np.full` and `np.full_like` where the result may be of another dtype."""
    z = function(*args)
    old = np.shape(args[1])
    return z, lambda z_bar: unbroadcast(carried(z_bar, z.dtype), old)


@derivative(of=np.linspace, wrt=("start", "stop"))
def linspace(start, stop, num=50, endpoint=True, retstep: Any = False, dtype=None,
             axis=0, *, device=None):
    z = np.linspace(start, stop, num, endpoint, retstep, dtype, axis)
    shape_start, shape_stop = np.shape(start), np.shape(stop)
    points = z[0] if retstep else z
    intervals = num - 1 if endpoint else num

    def pullback(z_bar):
        points_bar, step_bar = z_bar if retstep else (z_bar, None)
        start_bar = stop_bar = 0.0
        if points_bar is not None:
            rows = np.moveaxis(carried(points_bar, points.dtype), axis, -1)
            t = (np.arange(num) / max(intervals, 1)).astype(rows.real.dtype)
            start_bar, stop_bar = np.sum(rows * (1.0 - t), axis=-1), np.sum(rows * t, axis=-1)
        if step_bar is not None and intervals > 0:
            start_bar, stop_bar = start_bar - step_bar / intervals, stop_bar + step_bar / intervals
        return unbroadcast(start_bar, shape_start), unbroadcast(stop_bar, shape_stop)

    return z, pullback


@derivative(of=np.arange, wrt=("start_or_stop", "stop", "step"))
def arange(start_or_stop, /, stop: Any = None, step: Any = 1, *, dtype: Any = None, device=None,
           like=None):
    z = np.arange(start_or_stop, stop, step, dtype=dtype)
    shape_start, shape_step = np.shape(start_or_stop), np.shape(step)

    def pullback(z_bar):
        # The number of points is fixed nearby, so that the end does not matter.
        z_bar = carried(z_bar, z.dtype)
        step_bar = np.reshape(np.sum(z_bar * np.arange(z.size, dtype=z_bar.dtype)), shape_step)
        if stop is None:
            return None, None, step_bar
        return np.reshape(np.sum(z_bar), shape_start), None, step_bar

    return z, pullback
