"""`scipy.special`: functions with equations like Bessel's, their second derivatives by these.

Airy's (DLMF 9.2), Kelvin's (10.61), Struve's (11.4), Mathieu's (28.2, 28.20), the parabolic
cylinder functions (12.2) and Wright's Bessel function.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.quadrature import by_blocks
from s2sdiff.rules.scipy_airy_far import FAR, ai_fall, bi_fall
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import scaled, steep, unbroadcast

__all__: list[str] = []


@derivative(of=special.airy)
def airy(z):
    ai, ai_slope, bi, bi_slope = special.airy(z)

    def pullback(bars):
        # Far out Bi is infinite.
        return (bars[0] * ai_slope + bars[1] * (z * ai) + scaled(bars[2], bi_slope)
                + scaled(bars[3], steep(z, bi)))

    return (ai, ai_slope, bi, bi_slope), pullback


@derivative(of=special.airye)
def airye(z):
    ai, ai_slope, bi, bi_slope = special.airye(z)

    def pullback(bars):
        # Ai grows by exp(w), w = 2/3 z**1.5, and Bi by exp(-|Re w|), which is not holomorphic.
        right = np.iscomplexobj(z) | (np.real(z) >= 0)
        root = np.where(right, np.sqrt(np.where(right, z, 1.0)), 0.0)
        sign = np.where(np.equal(z, 0), 1.0, np.sign(np.real(2 / 3 * z * root)))
        far = (not np.iscomplexobj(z)) & (np.real(z) > FAR) & np.isfinite(ai)
        x, near = np.where(far, np.real(z), FAR), np.where(far, 0.0, 1.0)
        beyond = scaled(1 - near, bars[0] + root * bars[1]) * ai_fall(x) + scaled(
            1 - near, bars[2] - root * bars[3]) * bi_fall(x)
        bars = [scaled(near, bar) for bar in bars]
        modulus = sign * np.real(bars[2] * bi + bars[3] * bi_slope)
        # Of negative numbers Ai is nan here.
        return (scaled(bars[0], ai_slope + steep(root, ai))
                + scaled(bars[1], steep(z, ai) + steep(root, ai_slope))
                + bars[2] * bi_slope + bars[3] * (z * bi) - root * modulus + beyond)

    return (ai, ai_slope, bi, bi_slope), pullback


# ------------------------------------------------------------------------- Kelvin's functions


@derivative(of=special.ber)
def ber(x):
    return special.ber(x), lambda bar: bar * special.berp(x)


@derivative(of=special.bei)
def bei(x):
    return special.bei(x), lambda bar: bar * special.beip(x)


@derivative(of=special.ker)
def ker(x):
    return special.ker(x), lambda bar: bar * special.kerp(x)


@derivative(of=special.kei)
def kei(x):
    return special.kei(x), lambda bar: bar * special.keip(x)


def over(slope, x, limit):
    """slope / x, and its limit at 0."""
    return np.where(x == 0, limit, slope / np.where(x == 0, 1, x))[()]


@derivative(of=special.berp)
def berp(x):
    z = special.berp(x)
    return z, lambda bar: -bar * (special.bei(x) + over(z, x, 0.0))


@derivative(of=special.beip)
def beip(x):
    z = special.beip(x)
    return z, lambda bar: bar * (special.ber(x) - over(z, x, 0.5))


@derivative(of=special.kerp)
def kerp(x):
    z = special.kerp(x)
    return z, lambda bar: -bar * (special.kei(x) + z / x)


@derivative(of=special.keip)
def keip(x):
    z = special.keip(x)
    return z, lambda bar: bar * (special.ker(x) - over(z, x, 0.0))


@derivative(of=special.kelvin)
def kelvin(x):
    first, second, first_slope, second_slope = special.kelvin(x)

    def pullback(bars):
        return (bars[0] * first_slope + scaled(bars[1], second_slope)
                + bars[2] * (1j * first - over(first_slope, x, 0.5j))
                + scaled(bars[3], 1j * second - second_slope / x))

    return (first, second, first_slope, second_slope), pullback


# ------------------------------------------------------------------------- Struve's functions


def struve_term(v, x):
    """(x/2)**v / (sqrt(pi) gamma(v + 3/2)), of DLMF 11.4.24 and 11.4.26."""
    return np.power(np.divide(x, 2), v) * special.rgamma(np.add(v, 1.5)) / math.sqrt(math.pi)


@derivative(of=special.struve)
def struve(v, x):
    value, shape = special.struve(v, x), np.shape(x)

    def pullback(bar):
        lower = special.struve(np.subtract(v, 1.0), x)
        around = (lower - special.struve(np.add(v, 1.0), x) + struve_term(v, x)) / 2
        # Of these the last two cancel far from 0.
        far = np.abs(x) > 10 + np.abs(v)
        slope = np.where(far, lower - v * value / np.where(far, x, 1.0), around)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return value, pullback


@derivative(of=special.modstruve)
def modstruve(v, x):
    shape = np.shape(x)

    def pullback(bar):
        around = special.modstruve(np.subtract(v, 1.0), x) + special.modstruve(np.add(v, 1.0), x)
        return NotImplemented, unbroadcast(scaled(bar, (around + struve_term(v, x)) / 2), shape)

    return special.modstruve(v, x), pullback


# ------------------------------------------------------------- parabolic cylinder functions


def parabolic(function, order, curvature, x):
    """The rule of a parabolic cylinder function and its slope: y'' is a curvature times y."""
    shape = np.shape(x)
    value, slope = function(order, x)

    def pullback(bars):
        curve = curvature * value
        return NotImplemented, unbroadcast(bars[0] * slope + bars[1] * curve, shape)

    return (value, slope), pullback


@derivative(of=special.pbdv)
def pbdv(v, x):
    return parabolic(special.pbdv, v, x * x / 4 - v - 0.5, x)


@derivative(of=special.pbvv)
def pbvv(v, x):
    return parabolic(special.pbvv, v, x * x / 4 - v - 0.5, x)


@derivative(of=special.pbwa)
def pbwa(a, x):
    return parabolic(special.pbwa, a, a - x * x / 4, x)


# ------------------------------------------------------------------------ Wright's function


@effectless
def wright_slopes(a, b, x, log_value):
    """Over the value, the derivatives of wright_bessel in a and b: its series, term by term."""
    return tuple(by_blocks(wright_sums, a, b, x, log_value))


def wright_sums(a, b, x, log_value):
    # The largest term is near the least k with k (a k)**a >= x; their width is its square root.
    near = np.exp((np.log(x) - special.xlogy(a, a)) / (1 + a))
    top = float(np.max(np.where(np.isfinite(near), near, 0), initial=0))
    k = np.arange(int(top + 12 * math.sqrt(top)) + 60)[:, None]
    at = a * k + b
    terms = np.exp(special.xlogy(k, x) - special.gammaln(k + 1.0) - special.gammaln(at) - log_value)
    # 1 / gamma has the slope 1 at 0.
    terms = np.where(at == 0, np.exp(-log_value), -terms * special.digamma(at))
    return [np.add.reduce(k * terms, axis=0), np.add.reduce(terms, axis=0)]


@derivative(of=special.wright_bessel)
def wright_bessel(a, b, x):
    shapes = np.shape(a), np.shape(b), np.shape(x)
    value = special.wright_bessel(a, b, x)

    def pullback(bar):
        slopes = wright_slopes(a, b, x, 0.0)
        return (unbroadcast(scaled(bar, slopes[0]), shapes[0]),
                unbroadcast(scaled(bar, slopes[1]), shapes[1]),
                unbroadcast(scaled(bar, special.wright_bessel(a, a + b, x)), shapes[2]))

    return value, pullback


if hasattr(special, "log_wright_bessel"):

    @derivative(of=special.log_wright_bessel)
    def log_wright_bessel(a, b, x):
        shapes = np.shape(a), np.shape(b), np.shape(x)
        value = special.log_wright_bessel(a, b, x)

        def pullback(bar):
            slopes = wright_slopes(a, b, x, value)
            share = np.exp(special.log_wright_bessel(a, a + b, x) - value)
            return (unbroadcast(scaled(bar, slopes[0]), shapes[0]),
                    unbroadcast(scaled(bar, slopes[1]), shapes[1]),
                    unbroadcast(scaled(bar, share), shapes[2]))

        return value, pullback
