"""`scipy.special`: integrals of elementary functions, and of Bessel functions from 0.

The sine, cosine and exponential integrals, those of Fresnel, Voigt's profile, the dilogarithm and
Owen's T.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.quadrature import doubled
from s2sdiff.rules.scipy_special import faddeeva_fall, faddeeva_slope
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__: list[str] = []


def quotient(numerator, z, limit):
    """numerator / z, and its limit where z is 0; a Python number where both are."""
    zero = z == 0
    return np.where(zero, limit, numerator / np.where(zero, 1, z))[()]


@derivative(of=special.spence)
def spence(z):
    return special.spence(z), lambda bar: scaled(bar, spence_slope(z))


def spence_slope(z):
    """log(z) / (1 - z), of DLMF 25.12.2, around 1 by its power series."""
    near = np.abs(z - 1) < 0.1
    small, far = np.where(near, z - 1, 0.0), np.where(near, 2.0, z)
    series = np.polyval([-(-1) ** k / (k + 1) for k in range(18, -1, -1)], small)
    return np.where(near, series, np.log(far) / (1 - far))[()]


@derivative(of=special.sici)
def sici(x):
    def pullback(bars):
        return bars[0] * quotient(np.sin(x), x, 1.0) + divide(bars[1] * np.cos(x), x)

    return special.sici(x), pullback


@derivative(of=special.shichi)
def shichi(x):
    def pullback(bars):
        return scaled(bars[0], quotient(np.sinh(x), x, 1.0)) + scaled(
            bars[1], divide(np.cosh(x), x))

    return special.shichi(x), pullback


# Far from 0 a square of single precision does not tell the phase.
def sine_of_square(z):
    """sin(pi / 2 z**2)"""
    return doubled(lambda w: np.sin(math.pi / 2 * (w * w)), z)


def cosine_of_square(z):
    """cos(pi / 2 z**2)"""
    return doubled(lambda w: np.cos(math.pi / 2 * (w * w)), z)


@derivative(of=sine_of_square)
def sine_of_square_along(z):
    return sine_of_square(z), lambda bar: bar * (math.pi * z * cosine_of_square(z))


@derivative(of=cosine_of_square)
def cosine_of_square_along(z):
    return cosine_of_square(z), lambda bar: bar * (-math.pi * z * sine_of_square(z))


@derivative(of=special.fresnel)
def fresnel(z):
    def pullback(bars):
        return scaled(bars[0], sine_of_square(z)) + scaled(bars[1], cosine_of_square(z))

    return special.fresnel(z), pullback


@derivative(of=special.modfresnelp)
def modfresnelp(x):
    def pullback(bars):
        turn = np.exp(1j * (x * x))
        # The second is half of wofz(unit x) (DLMF 7.5.1), whose slope's terms cancel far from 0.
        unit = np.exp(0.25j * math.pi)
        inner = unit / 2 * faddeeva_slope(unit * x, 2 * special.modfresnelp(x)[1])
        return -bars[0] * turn + bars[1] * inner

    return special.modfresnelp(x), pullback


@derivative(of=special.modfresnelm)
def modfresnelm(x):
    def pullback(bars):
        turn = np.exp(-1j * (x * x))
        unit = np.exp(0.75j * math.pi)
        inner = unit / 2 * faddeeva_slope(unit * x, 2 * special.modfresnelm(x)[1])
        return -bars[0] * turn + bars[1] * inner

    return special.modfresnelm(x), pullback


@derivative(of=special.voigt_profile)
def voigt_profile(x, sigma, gamma):
    shapes = np.shape(x), np.shape(sigma), np.shape(gamma)

    def pullback(y_bar):
        # Where sigma is 0, the profile is that of Cauchy, and spreads as heat does.
        narrow = np.equal(sigma, 0)
        width, place = np.where(narrow, 1, sigma), x + 1j * np.asarray(gamma)
        z = place / (width * math.sqrt(2))
        w = special.wofz(z)
        slope = faddeeva_slope(z, w) / (2 * width * width * math.sqrt(math.pi))
        along = np.real(faddeeva_fall(z, w)) / (width * width * math.sqrt(2 * math.pi))
        place = np.where(narrow, place, 1)
        slope = np.where(narrow, -1j / math.pi / (place * place), slope)
        along = np.where(narrow, sigma * np.imag(place**-3) * (2 / math.pi), along)
        return (unbroadcast(scaled(y_bar, np.real(slope)), shapes[0]),
                unbroadcast(scaled(-y_bar, along), shapes[1]),
                unbroadcast(scaled(-y_bar, np.imag(slope)), shapes[2]))

    return special.voigt_profile(x, sigma, gamma), pullback


@derivative(of=special.expn, wrt=("n", "x"))
def expn(n, x):
    shape = np.shape(x)
    z = special.expn(n, x)

    def pullback(bar):
        # DLMF 8.19.13, and 8.19.12 where there is no order below.
        order = np.trunc(n)
        lower = special.expn(np.maximum(order, 1.0) - 1.0, x)
        slope = np.where(order == 0, (np.exp(-x) + z) / x, lower)[()]
        return NotImplemented, unbroadcast(scaled(bar, -slope), shape)

    return z, pullback


@derivative(of=special.owens_t)
def owens_t(h, a):
    shape_h, shape_a = np.shape(h), np.shape(a)

    def pullback(bar):
        # Owen (1956), "Tables for computing bivariate normal probabilities", equation 2.1.
        peak = np.exp(-0.5 * h * h) / math.sqrt(8 * math.pi)
        wide = 1 + 1.0 * a * a
        fall = np.exp(-0.5 * steep(h * h, wide))
        return (unbroadcast(-bar * (peak * special.erf(steep(h, a) / math.sqrt(2))), shape_h),
                unbroadcast(bar * (fall / (2 * math.pi * wide)), shape_a))

    return special.owens_t(h, a), pullback


# ------------------------------------------------------------- integrals of Bessel functions


@derivative(of=special.itj0y0)
def itj0y0(x):
    def pullback(bars):
        return bars[0] * special.j0(x) + scaled(bars[1], special.y0(x))

    return special.itj0y0(x), pullback


@derivative(of=special.iti0k0)
def iti0k0(x):
    def pullback(bars):
        return scaled(bars[0], special.i0(x)) + scaled(bars[1], special.k0(x))

    return special.iti0k0(x), pullback


def departure(x, value, sign):
    """(I0(x) - 1) / x, or (1 - J0(x)) / x with the other sign (DLMF 10.8.1, 10.25.2)."""
    near = np.abs(x) < 1
    square = sign * np.where(near, x, 0.0) ** 2 / 4
    series = np.polyval([1 / math.factorial(k) ** 2 for k in range(8, 0, -1)], square) * (x / 4)
    return np.where(near, series, sign * (value - 1) / np.where(near, 1.0, x))[()]


@derivative(of=special.it2j0y0)
def it2j0y0(x):
    def pullback(bars):
        # Of (1 - J0(t)) / t from 0, and of Y0(t) / t from x on.
        return (bars[0] * departure(x, special.j0(x), -1.0)
                - scaled(bars[1], special.y0(x) / x))

    return special.it2j0y0(x), pullback


@derivative(of=special.it2i0k0)
def it2i0k0(x):
    def pullback(bars):
        return (scaled(bars[0], departure(x, special.i0(x), 1.0))
                - scaled(bars[1], special.k0(x) / x))

    return special.it2i0k0(x), pullback


@derivative(of=special.itairy)
def itairy(x):
    def pullback(bars):
        ai, _, bi, _ = special.airy(x)
        ai_below, _, bi_below, _ = special.airy(-x)
        return bars[0] * ai + scaled(bars[1], bi) + bars[2] * ai_below + scaled(bars[3], bi_below)

    return special.itairy(x), pullback


@derivative(of=special.itstruve0)
def itstruve0(x):
    # Integrals from 0 of what is odd are even.
    return special.itstruve0(x), lambda bar: bar * special.struve(0, x)


@derivative(of=special.itmodstruve0)
def itmodstruve0(x):
    return special.itmodstruve0(x), lambda bar: bar * special.modstruve(0, x)


@derivative(of=special.it2struve0)
def it2struve0(x):
    def pullback(bar):
        # Of H0(t) / t from x on.
        return -bar * quotient(special.struve(0, x), x, 2 / math.pi)

    return special.it2struve0(x), pullback
