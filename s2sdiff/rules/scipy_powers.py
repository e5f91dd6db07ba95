"""`scipy.special`: exponentials, powers, the transforms of Box and Cox, degrees, Huber's losses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.powers import exponent_slope, power_slope
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import divide, power, scaled, steep, unbroadcast

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
    return special.exprel(x), lambda z_bar: z_bar * exprel_slope(x)


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


# ----------------------------------------------------------------------------- Box and Cox


def boxcox_slope(log_x, lmbda):
    """The derivative of expm1(l u) / l in l, which is u**2 times a slope of `exprel`."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        slope = log_x * log_x * exprel_slope(lmbda * log_x)
        # At x = 0 the value is -1 / l.
        return np.where(np.isinf(log_x) & (log_x < 0) & (lmbda > 0),
                        1 / np.square(lmbda), slope)[()]


@derivative(of=boxcox_slope)
def boxcox_curvature(log_x, lmbda):
    shape_x, shape_l = np.shape(log_x), np.shape(lmbda)

    def pullback(bar):
        t = lmbda * log_x
        by_l = np.where(np.isneginf(log_x) & np.greater(lmbda, 0), divide(-2.0, lmbda**3),
                        log_x**3 * exprel_curvature(t))
        return (unbroadcast(steep(bar, log_x * np.exp(t)), shape_x),
                unbroadcast(steep(bar, by_l), shape_l))

    return boxcox_slope(log_x, lmbda), pullback


@derivative(of=special.boxcox)
def boxcox(x, lmbda):
    shape_x, shape_l = np.shape(x), np.shape(lmbda)

    def pullback(z_bar):
        return (unbroadcast(scaled(z_bar, power(x, lmbda - 1.0)), shape_x),
                unbroadcast(scaled(z_bar, boxcox_slope(np.log(1.0 * x), lmbda)), shape_l))

    return special.boxcox(x, lmbda), pullback


@derivative(of=special.boxcox1p)
def boxcox1p(x, lmbda):
    shape_x, shape_l = np.shape(x), np.shape(lmbda)

    def pullback(z_bar):
        log_x = special.log1p(x)
        # An exponential of infinity does not tell how the power bends there.
        end = np.equal(x, -1)
        slope = np.where(end, power(1.0 + x, lmbda - 1.0),
                         np.exp((lmbda - 1.0) * np.where(end, 0.0, log_x)))[()]
        return (unbroadcast(scaled(z_bar, slope), shape_x),
                unbroadcast(scaled(z_bar, boxcox_slope(log_x, lmbda)), shape_l))

    return special.boxcox1p(x, lmbda), pullback


def quotient_slope(w):
    """The derivative of log|1 + w| / w, where w is small by its power series.

    It is the sum of k / (k + 1) (-w)**k / w over k = 1, 2, ...
    """
    near = np.abs(w) < 0.1
    small, large = np.where(near, w, 0.0), np.where(near, 1.0, w)
    series = np.polyval([(-1) ** k * k / (k + 1) for k in range(18, 0, -1)], small)
    direct = (large / (1 + large) - np.log(np.abs(1 + large))) / (large * large)
    return np.where(near, series, direct)[()]


@effectless
def root_slope(y, lmbda):
    """The derivative of log1p(l y) / l in l."""
    return np.square(y) * quotient_slope(np.multiply(lmbda, y))


def back_slope(x, y, lmbda):
    """The derivative of x = (1 + l y)**(1/l) in l, also where that is 0."""
    end = np.equal(np.multiply(lmbda, y), -1)
    edge = np.divide(y, np.where(end, lmbda, 1.0)) * np.power(x, 1.0 - lmbda)
    return np.where(end, edge, x * root_slope(y, lmbda))[()]


@derivative(of=special.inv_boxcox)
def inv_boxcox(y, lmbda):
    shape_y, shape_l = np.shape(y), np.shape(lmbda)
    x = special.inv_boxcox(y, lmbda)

    def pullback(x_bar):
        return (unbroadcast(scaled(x_bar, x ** (1.0 - lmbda)), shape_y),
                unbroadcast(scaled(x_bar, back_slope(x, y, lmbda)), shape_l))

    return x, pullback


@derivative(of=special.inv_boxcox1p)
def inv_boxcox1p(y, lmbda):
    shape_y, shape_l = np.shape(y), np.shape(lmbda)
    x = special.inv_boxcox1p(y, lmbda)

    def pullback(x_bar):
        return (unbroadcast(scaled(x_bar, (1 + x) ** (1.0 - lmbda)), shape_y),
                unbroadcast(scaled(x_bar, back_slope(1 + x, y, lmbda)), shape_l))

    return x, pullback


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
