"""Geometric sequences of numbers: `np.logspace`, `np.geomspace`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import carried, rule_of
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


@derivative(of=np.logspace, wrt=("start", "stop", "base"))
def logspace(start, stop, num=50, endpoint=True, base: Any = 10.0, dtype=None, axis=0):
    z = np.logspace(start, stop, num, endpoint, base, dtype, axis)
    shapes = np.shape(start), np.shape(stop), np.shape(base)
    bases = np.asarray(base)
    if bases.ndim:
        # NumPy gives all three as many axes, before the new one goes among them.
        ndim = max(np.ndim(start), np.ndim(stop), bases.ndim)
        start, stop, bases = (np.array(v, ndmin=ndim) for v in (start, stop, base))
        bases = np.expand_dims(bases, axis)
    y, y_pullback = rule_of(np.linspace)(start, stop, num, endpoint, False, None, axis)

    def pullback(z_bar):
        g = carried(z_bar, z.dtype)
        with np.errstate(divide="ignore"):
            # Of powers of 0 that are 0, 0 is the derivative, too.
            rates = np.where(z == 0, 0.0, z * np.log(np.where(z == 0, 1.0, bases)))
            slopes = y * bases ** (y - 1.0)
        start_bar, stop_bar = y_pullback(unbroadcast(scaled(g, rates), np.shape(y)))
        base_bar = unbroadcast(scaled(g, slopes), np.shape(bases))
        return (np.reshape(start_bar, shapes[0])[()], np.reshape(stop_bar, shapes[1])[()],
                np.reshape(base_bar, shapes[2])[()])

    return z, pullback


@derivative(of=np.geomspace, wrt=("start", "stop"))
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    z = np.geomspace(start, stop, num, endpoint, dtype, axis)
    shape_start, shape_stop = np.shape(start), np.shape(stop)

    def pullback(z_bar):
        # z = start * (stop / start)**t
        g = np.moveaxis(carried(z_bar, z.dtype) * z, axis, -1)
        t = np.linspace(0.0, 1.0, num, endpoint, dtype=g.real.dtype)
        return (unbroadcast(np.sum(g * (1.0 - t), axis=-1) / start, shape_start),
                unbroadcast(np.sum(g * t, axis=-1) / stop, shape_stop))

    return z, pullback
