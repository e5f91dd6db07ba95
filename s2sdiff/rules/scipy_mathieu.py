"""`scipy.special`: Mathieu's functions and characteristic values (DLMF 28.2, 28.7, 28.20)."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


@effectless
def level_slope(function, m, q):
    """The derivative of an eigenvalue in q: the mean of 2 cos(2x) in its eigenfunction.

    Its square has few frequencies, so equispaced points give the integrals to rounding.
    """
    known = (np.abs(q) < 1e8) & np.less(m, 1e4)  # infinite ones end in a crash in SciPy
    at = np.where(known, q, 0.0)
    highest = np.max(np.where(known, m, 0), initial=0)
    count = 40 + 2 * int(highest + np.sqrt(np.max(np.abs(at), initial=0)))
    x = np.arange(count) * (180.0 / count)
    with np.errstate(all="ignore"):
        square = np.square(function(np.expand_dims(m, -1), np.expand_dims(at, -1), x)[0])
    mean = np.sum(square * (2 * np.cos(np.deg2rad(2 * x))), axis=-1)
    slope = np.where(known, mean / np.sum(square, axis=-1), np.nan)
    return np.asarray(slope, np.result_type(q, np.float32))[()]


@derivative(of=special.mathieu_a, wrt="q")
def mathieu_a(m, q):
    shape = np.shape(q)

    def pullback(bar):
        return unbroadcast(scaled(bar, level_slope(special.mathieu_cem, m, q)), shape)

    return special.mathieu_a(m, q), pullback


@derivative(of=special.mathieu_b, wrt="q")
def mathieu_b(m, q):
    shape = np.shape(q)

    def pullback(bar):
        return unbroadcast(scaled(bar, level_slope(special.mathieu_sem, m, q)), shape)

    return special.mathieu_b(m, q), pullback


@derivative(of=special.mathieu_cem, wrt=("q", "x"))
def mathieu_cem(m, q, x):
    shape = np.shape(x)
    value, slope = special.mathieu_cem(m, q, x)

    def pullback(bars):
        # The argument is in degrees, the second result is not.
        curve = (2 * q * special.cosdg(2 * x) - special.mathieu_a(m, q)) * value
        x_bar = (bars[0] * slope + bars[1] * curve) * (math.pi / 180)
        return NotImplemented, unbroadcast(x_bar, shape)

    return (value, slope), pullback


@derivative(of=special.mathieu_sem, wrt=("q", "x"))
def mathieu_sem(m, q, x):
    shape = np.shape(x)
    value, slope = special.mathieu_sem(m, q, x)

    def pullback(bars):
        # The argument is in degrees, the second result is not.
        curve = (2 * q * special.cosdg(2 * x) - special.mathieu_b(m, q)) * value
        x_bar = (bars[0] * slope + bars[1] * curve) * (math.pi / 180)
        return NotImplemented, unbroadcast(x_bar, shape)

    return (value, slope), pullback


def modified(function, characteristic, m, q, x):
    """The rule of a modified function and its slope, whose slope is told by the equation itself."""
    shape = np.shape(x)
    value, slope = function(m, q, x)

    def pullback(bars):
        curve = (characteristic(m, q) - 2 * q * np.cosh(2 * x)) * value
        return NotImplemented, unbroadcast(bars[0] * slope + bars[1] * curve, shape)

    return (value, slope), pullback


@derivative(of=special.mathieu_modcem1, wrt=("q", "x"))
def mathieu_modcem1(m, q, x):
    return modified(special.mathieu_modcem1, special.mathieu_a, m, q, x)


@derivative(of=special.mathieu_modcem2, wrt=("q", "x"))
def mathieu_modcem2(m, q, x):
    return modified(special.mathieu_modcem2, special.mathieu_a, m, q, x)


@derivative(of=special.mathieu_modsem1, wrt=("q", "x"))
def mathieu_modsem1(m, q, x):
    return modified(special.mathieu_modsem1, special.mathieu_b, m, q, x)


@derivative(of=special.mathieu_modsem2, wrt=("q", "x"))
def mathieu_modsem2(m, q, x):
    return modified(special.mathieu_modsem2, special.mathieu_b, m, q, x)
