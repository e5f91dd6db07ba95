"""`scipy.special`: exponentials, powers, degrees, Huber's losses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.powers import exponent_slope, power_slope
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []

DEGREE = math.pi / 180

constant(special.round, special.gammasgn)


#: 1 / (k! (k + 2)), of the integral of t exp(x t) over t from 0 to 1.
COEFFICIENTS = [1 / (math.factorial(k) * (k + 2)) for k in range(18, -1, -1)]


def exprel_slope(x):
    """The derivative of (exp(x) - 1) / x, near 0 by its power series, in which nothing cancels."""
    near = np.abs(x) < 1
    small, large = np.where(near, x, 0.0), np.where(near, 1.0, np.minimum(x, 720.0))
    with np.errstate(over="ignore"):
        direct = np.exp(large) / large * (1 - 1 / large) + 1 / (large * large)
    return np.where(near, np.polyval(COEFFICIENTS, small), direct)[()]


#: 1 / (k! (k + 3)), of the integral of t**2 exp(x t).
OF_SQUARES = [1 / (math.factorial(k) * (k + 3)) for k in range(18, -1, -1)]


def exprel_curvature(x):
    """The second derivative of (exp(x) - 1) / x."""
    near = np.abs(x) < 1
    small, large = np.where(near, x, 0.0), np.where(near, 1.0, np.minimum(x, 720.0))
    with np.errstate(over="ignore"):
        direct = np.exp(large) / large * (1 - 2 / large + 2 / (large * large)) - 2 / large**3
    return np.where(near, np.polyval(OF_SQUARES, small), direct)[()]


@derivative(of=special.exprel)
def exprel(x):
    return special.exprel(x), lambda z_bar: scaled(z_bar, exprel_slope(x))


@derivative(of=special.powm1)
def powm1(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return (unbroadcast(scaled(z_bar, power_slope(x, y)), shape_x),
                unbroadcast(scaled(z_bar, exponent_slope(x, y, x**y)), shape_y))

    return special.powm1(x, y), pullback


@derivative(of=special.wrightomega)
def wrightomega(z):
    w = special.wrightomega(z)
    return w, lambda w_bar: scaled(w_bar, w / (1 + w))


@derivative(of=special.ndtri_exp)
def ndtri_exp(y):
    z = special.ndtri_exp(y)
    # Of the logarithm of a probability: that probability over the density at the quantile.
    return z, lambda z_bar: scaled(
        z_bar, special.erfcx(z / -math.sqrt(2)) * math.sqrt(math.pi / 2))


# ---------------------------------------------------------------------------------- degrees


@derivative(of=special.sindg)
def sindg(x):
    return special.sindg(x), lambda z_bar: z_bar * (DEGREE * special.cosdg(x))


@derivative(of=special.cosdg)
def cosdg(x):
    return special.cosdg(x), lambda z_bar: z_bar * (-DEGREE * special.sindg(x))


@derivative(of=special.tandg)
def tandg(x):
    z = special.tandg(x)
    return z, lambda z_bar: scaled(z_bar, DEGREE * (1 + z * z))


@derivative(of=special.cotdg)
def cotdg(x):
    z = special.cotdg(x)
    return z, lambda z_bar: scaled(z_bar, -DEGREE * (1 + z * z))


@derivative(of=special.radian)
def radian(d, m, s):
    shapes = np.shape(d), np.shape(m), np.shape(s)

    def pullback(z_bar):
        return (unbroadcast(z_bar * DEGREE, shapes[0]),
                unbroadcast(z_bar * (DEGREE / 60), shapes[1]),
                unbroadcast(z_bar * (DEGREE / 3600), shapes[2]))

    return special.radian(d, m, s), pullback


# ----------------------------------------------------------------------------------- losses


@derivative(of=special.huber)
def huber(delta, r):
    shape_delta, shape_r = np.shape(delta), np.shape(r)

    def pullback(z_bar):
        # Infinite everywhere where delta is negative.
        width = np.where(np.less(delta, 0), 0.0, delta)
        return (unbroadcast(z_bar * np.maximum(np.abs(r) - width, 0) * (delta >= 0), shape_delta),
                unbroadcast(z_bar * np.clip(r, -width, width), shape_r))

    return special.huber(delta, r), pullback


@derivative(of=special.pseudo_huber)
def pseudo_huber(delta, r):
    shape_delta, shape_r = np.shape(delta), np.shape(r)

    def pullback(z_bar):
        h = np.hypot(delta, r)
        part = r / np.where(h == 0, 1, h)
        half = r / np.where(h == 0, 1, h + delta)
        return (unbroadcast(scaled(z_bar, r * part * half * half), shape_delta),
                unbroadcast(scaled(z_bar, delta * part), shape_r))

    return special.pseudo_huber(delta, r), pullback


# ------------------------------------------------- what SciPy's distributions compute with

_ufuncs: Any = special._ufuncs
if hasattr(_ufuncs, "_log1mexp"):

    @derivative(of=_ufuncs._log1mexp)
    def log1mexp(x):
        return _ufuncs._log1mexp(x), lambda bar: scaled(bar, -1 / special.expm1(-x))


if hasattr(_ufuncs, "_log1pmx"):

    @derivative(of=_ufuncs._log1pmx)
    def log1pmx(x):
        return _ufuncs._log1pmx(x), lambda bar: scaled(bar, -x / (1 + x))

    @derivative(of=_ufuncs._lgam1p)
    def lgam1p(x):
        return _ufuncs._lgam1p(x), lambda bar: bar * special.digamma(1 + x)


if hasattr(_ufuncs, "_sinpi"):

    @derivative(of=_ufuncs._sinpi)
    def sinpi(x):
        return _ufuncs._sinpi(x), lambda bar: bar * (math.pi * _ufuncs._cospi(x))

    @derivative(of=_ufuncs._cospi)
    def cospi(x):
        return _ufuncs._cospi(x), lambda bar: bar * (-math.pi * _ufuncs._sinpi(x))


if hasattr(_ufuncs, "_cosine_cdf"):

    @derivative(of=_ufuncs._cosine_cdf)
    def cosine_cdf(x):
        slope = np.where(np.abs(x) < math.pi, (1 + np.cos(x)) / (2 * math.pi), 0.0)
        return _ufuncs._cosine_cdf(x), lambda bar: bar * slope

    @derivative(of=_ufuncs._cosine_invcdf)
    def cosine_invcdf(p):
        x = _ufuncs._cosine_invcdf(p)
        return x, lambda bar: scaled(bar, 2 * math.pi / (1 + np.cos(x)))
