"""`scipy.special`: the gamma function and its relatives (DLMF 5.4, 5.15, 8.8, 25.11)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.quadrature import by_blocks
from s2sdiff.rules.scipy_beta_slopes import beside_zero, psi_apart
from s2sdiff.rules.shared import compiled, effectless, shaped
from s2sdiff.runtime import scaled, steep, unbroadcast

__all__ = ["trigamma"]


def trigamma(x):
    """The derivative of digamma, of negative numbers by reflection (DLMF 5.15.6)."""
    if np.iscomplexobj(x):
        return complex_trigamma(x)
    below = x < 0
    positive = special.polygamma(1, np.where(below, 1 - x, x))
    sine = np.where(below, np.sin(np.pi * (x - np.rint(x))), 1.0)
    return np.where(below, (np.pi / sine) ** 2 - positive, positive)


def complex_trigamma(z):
    """By the recurrence of DLMF 5.15.5 up to where the asymptotic series 5.15.8 has all digits."""
    left = np.real(z) < 0
    w, total = np.where(left, 1 - z, z), 0.0
    for _ in range(12):
        total = total + 1 / (w * w)
        w = w + 1
    v = 1 / (w * w)
    even = np.array([-3617 / 510, 7 / 6, -691 / 2730, 5 / 66, -1 / 30, 1 / 42, -1 / 30, 1 / 6])
    series = total + 1 / w + v / 2 + v / w * np.polyval(even, v)
    # Far from the real axis the reflection's sine overflows, and its term is nothing.
    high = np.abs(np.imag(z)) > 200
    sine = np.sin(np.pi * np.where(left & ~high, z - np.rint(np.real(z)), 0.5))
    reflected = np.where(high, 0.0, np.square(np.pi / sine)) - series
    return np.asarray(np.where(left, reflected, series), np.result_type(z))[()]


@derivative(of=special.gamma)
def gamma(z):
    value = special.gamma(z)
    return value, lambda bar: bar * (value * special.digamma(z))


@derivative(of=special.gammaln)
def gammaln(x):
    return special.gammaln(x), lambda bar: bar * special.digamma(x)


@derivative(of=special.loggamma)
def loggamma(z):
    return special.loggamma(z), lambda bar: bar * special.digamma(z)


def rgamma_slope(z):
    """The derivative of 1 / gamma, to the left by reflection (DLMF 5.5.3), where it has zeros."""
    left = np.real(z) < 0.25
    n = np.rint(np.where(left, np.real(z), 0.0))
    turned, apart = np.where(left, 1 - z, 1.0), np.pi * np.where(left, z - n, 0.0)
    reflected = special.gamma(turned) * (
        np.cos(apart) - special.digamma(turned) / np.pi * np.sin(apart))
    regular = np.where(left, 1.0, z)
    slope = -special.rgamma(regular) * special.digamma(regular)
    return np.where(left, np.where(n % 2 == 0, 1.0, -1.0) * reflected, slope)[()]


@derivative(of=special.rgamma)
def rgamma(z):
    return special.rgamma(z), lambda bar: scaled(bar, rgamma_slope(z))


def multifactorial(name, n, k, exact, extend):
    """What computes `factorial` and its kin: k**((n - 1)/k) gamma(n/k + 1) / gamma(1/k + 1).

    Of the numbers 0 and 1 SciPy gives 1, which does not name them.
    """
    value = _basic._factorialx_wrapper(name, n, k, exact, extend)

    def pullback(bar):
        some = np.asarray(n) * 1.0
        known = (some >= 0) | (extend == "complex")
        base = 1.0 * k if k > 0 else k + 0j
        share = np.where(known, bar * value, 0.0)
        top = special.digamma(np.where(known, some, 1.0) / k + 1)
        by_k = ((some - 1) * (1 - np.log(base)) - some * top + special.digamma(1 / k + 1)) / k**2
        return share * ((np.log(base) + top) / k), np.sum(scaled(share, by_k))

    return value, pullback


_basic: Any = compiled("scipy.special._basic")
if hasattr(_basic, "_factorialx_wrapper"):
    derivative(of=_basic._factorialx_wrapper, wrt=("n", "k"))(multifactorial)


@derivative(of=special.digamma)
def digamma(z):
    return special.digamma(z), lambda bar: scaled(bar, trigamma(z))


@derivative(of=special.polygamma, wrt="x")
@shaped
def polygamma(n, x):
    shape = np.shape(x)
    value = special.polygamma(n, x)
    return value, lambda bar: unbroadcast(
        scaled(bar, special.polygamma(np.asarray(n) + 1, x)), shape)


#: B_2j / (2j)! of the formula of Euler and Maclaurin (DLMF 24.2).
CORRECTIONS = [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000,
               1 / 74724249600, -3617 / 10670622842880000, 43867 / 5109094217170944000]


@effectless
def zeta_slope(x, q):
    """The derivative in x of zeta(x, q)."""
    return by_blocks(zeta_slopes, x, q)[0]


def zeta_slopes(x, q):
    # The functional equation (DLMF 25.4.1), to the left, where q is 1.
    left = (np.real(x) < -1) & (q == 1)
    s = np.where(left, 1 - x, x)
    slope = euler_maclaurin(s, q)
    turned = np.where(left, s, 2.0)
    value, quarter = special.zeta(turned), math.pi / 2 * turned
    inner = np.cos(quarter) * (
        slope + value * (special.digamma(turned) - math.log(2 * math.pi))
    ) - math.pi / 2 * np.sin(quarter) * value
    front = 2 * np.exp(special.loggamma(turned) - turned * math.log(2 * math.pi))
    return [np.where(np.real(q) <= 0, np.nan, np.where(left, -front * inner, slope))]


def euler_maclaurin(s, q):
    """The sum of -log(q + k) (q + k)**-s over k = 0, 1, ..., differentiated from DLMF 25.11.5."""
    count = 16 + int(np.max(np.abs(np.imag(s)), initial=0))
    k = np.arange(count)[:, None]
    total = -np.add.reduce(np.log(q + k) * np.exp(-s * np.log(q + k)), axis=0)
    w = q + count
    log, power, rest = np.log(w), np.exp(-s * np.log(w)), s - 1
    total = total - w * power * (log / rest + 1 / (rest * rest)) - log * power / 2
    # (s)_(2j-1) and its derivative.
    rising, slope = s, np.ones_like(s)
    for j, weight in enumerate(CORRECTIONS):
        total = total + weight * power * w ** (-2 * j - 1) * (slope - log * rising)
        for i in (2 * j + 1, 2 * j + 2):
            rising, slope = rising * (s + i), slope * (s + i) + rising
    return total


@derivative(of=special.zeta, wrt=("x", "q"))
@shaped
def zeta(x, q=None, out=None):
    if q is None:
        return special.zeta(x, q, out), lambda bar: (
            scaled(bar, zeta_slope(np.asarray(x), 1.0)), None)
    shape_x, shape_q = np.shape(x), np.shape(q)

    def pullback(bar):
        return (unbroadcast(scaled(bar, zeta_slope(x, q)), shape_x),
                unbroadcast(scaled(-bar, x * special.zeta(np.add(x, 1.0), q)), shape_q))

    return special.zeta(x, q, out), pullback


@derivative(of=special.zetac)
def zetac(x):
    return special.zetac(x), lambda bar: scaled(bar, zeta_slope(x, 1.0))


@derivative(of=special.poch)
def poch(z, m):
    shape_z, shape_m = np.shape(z), np.shape(m)
    value = special.poch(z, m)

    def pullback(bar):
        both = z + m
        # Around a zero of 1 / gamma(z) by its slope; with an integer m the poles of both cancel.
        near = (apart(z) < 0.125) & (apart(z) < apart(both) / 2) & (z > -150) & (both < 170)
        low, high = np.where(near, z, 1.0), np.where(near, both, 1.0)
        around = value * special.digamma(high) + special.gamma(high) * rgamma_slope(low)
        beyond = steep(-value, digammas_apart(np.where(near, 1.0, z), m))
        slope = np.where(near, around, beyond)[()]
        return (unbroadcast(scaled(bar, slope), shape_z),
                unbroadcast(scaled(bar, value * special.digamma(both)), shape_m))

    return value, pullback


def beta_slopes(a, b, value):
    """The derivatives of beta(a, b); it vanishes where a + b is a pole of gamma."""
    both = np.add(a, b)
    near = (apart(both) < 0.125) & (apart(both) < np.minimum(apart(a), apart(b)) / 2)
    near = near & (both > -150)
    # Around such a pole by the slope of 1 / gamma.
    rest, one, other = (np.where(near, x, 1.0) for x in (both, a, b))
    turn = special.gamma(one) * special.gamma(other) * rgamma_slope(rest)
    tiny = np.greater(a, 0) & np.greater(b, 0) & (np.minimum(a, b) < 0.05)
    low, high = (np.where(tiny, x, 1.0) for x in (a, b))
    a, b = (np.where(near | tiny, 1.0, x) for x in (a, b))
    slopes = [(value * special.digamma(one) + turn, steep(value, digammas_apart(a, b)),
               beside_zero(low, high)),
              (value * special.digamma(other) + turn, steep(value, digammas_apart(b, a)),
               beside_zero(high, low))]
    return tuple([np.where(tiny, beside, np.where(near, around, beyond))[()]
                  for around, beyond, beside in slopes])


def apart(x):
    """How far a number is from the integers from 0 down, the poles of gamma."""
    return np.where(x < 0.25, np.abs(x - np.rint(x)), 1.0)


constant(apart)


def digammas_apart(a, b):
    """psi(a) - psi(a + b), to the left by reflection (DLMF 5.5.4), where both may be near poles."""
    a, b = np.asarray(a), np.asarray(b)
    left = (a < 0.5) & (a + b < 0.5)
    low, step = np.where(left, 1 - a, a), np.where(left, -b, b)
    close = np.abs(step) < 0.05 * low
    found = np.where(close, psi_apart(np.where(close, low, 1.0), np.where(close, step, 0.0)),
                     special.digamma(low) - special.digamma(low + step))
    # The difference of two cotangents of pi times a and a + b.
    of_a, of_b = (np.where(left, np.pi * (x - np.rint(x)), 0.5) for x in (a, b))
    turn = steep(np.pi * np.sin(of_b), np.reciprocal(np.sin(of_a) * np.sin(of_a + of_b)))
    return (found - np.where(left, turn, 0.0))[()]


@derivative(of=special.beta)
def beta(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)
    value = special.beta(a, b)

    def pullback(bar):
        slope_a, slope_b = beta_slopes(a, b, value)
        return (unbroadcast(scaled(bar, slope_a), shape_a),
                unbroadcast(scaled(bar, slope_b), shape_b))

    return value, pullback


@derivative(of=special.betaln)
def betaln(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)

    def pullback(bar):
        return (unbroadcast(scaled(bar, digammas_apart(a, b)), shape_a),
                unbroadcast(scaled(bar, digammas_apart(b, a)), shape_b))

    return special.betaln(a, b), pullback


def at_zero(z, value, rest):
    """value * digamma(z), where 1 / gamma(z), which may be zero, is a factor of the value.

    Around the poles of digamma by the slope of 1 / gamma, while that does not overflow.
    """
    zero = (z < 0.25) & (z > -150)
    return np.where(zero, -np.where(zero, rest, 1.0) * rgamma_slope(np.where(zero, z, 1.0)),
                    value * special.digamma(np.where(zero, 1, z)))


@derivative(of=special.binom)
def binom(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    value = special.binom(x, y)

    def pullback(bar):
        # gamma(x + 1) / (gamma(y + 1) gamma(x - y + 1)).
        top, low, rest = special.gamma(x + 1.0), y + 1.0, x - y + 1.0
        of_rest = at_zero(rest, value, top * special.rgamma(low))
        of_low = at_zero(low, value, top * special.rgamma(rest))
        return (unbroadcast(scaled(bar, value * special.digamma(x + 1.0) - of_rest), shape_x),
                unbroadcast(scaled(bar, of_rest - of_low), shape_y))

    return value, pullback
