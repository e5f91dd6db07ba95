"""The special functions of `scipy.special`, most of them ufuncs of one or two arrays.

Formulas by their numbers in the Digital Library of Mathematical Functions (DLMF).  Where a
derivative with respect to an order or a shape parameter is not known in closed form, it is refused.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import compiled, like
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__ = ["faddeeva_fall", "faddeeva_slope", "mills"]

_ufuncs: Any = compiled("scipy.special._ufuncs")
#: 2 / sqrt(pi), the slope of erf at 0.
SLOPE = 2 / math.sqrt(math.pi)


# ------------------------------------------------------------------ error functions (DLMF 7.10)


def remote(x, far):
    """Where a number is far from 0, and there 1 / x**2, which is 1 elsewhere."""
    return far, 1 / np.square(np.where(far, x, 1))


def asymptotic(u):
    """The sum of (2k + 1)!! (u / 2)**k (DLMF 7.12.1, differentiated), for small u."""
    return 1 + 3 / 2 * u * (1 + 5 / 2 * u * (1 + 7 / 2 * u * (1 + 9 / 2 * u * (
        1 + 11 / 2 * u * (1 + 13 / 2 * u)))))


def decaying(z):
    """Where exp(-z * z) is no part of wofz: above, and below where it is negligible."""
    return (np.imag(z) >= 0) | (np.abs(np.real(z)) - np.abs(np.imag(z)) > 30)


def faddeeva_slope(z, w):
    """The derivative of wofz, whose two terms cancel far from 0."""
    far, u = remote(z, (np.abs(z) > 30) & decaying(z))
    return np.where(far, -1j / math.sqrt(math.pi) * u * asymptotic(u), SLOPE * 1j - 2 * z * w)[()]


def faddeeva_fall(z, w):
    """The derivative of z times wofz, of which far from 0 only the third power of 1 / z is left."""
    far, u = remote(z, (np.abs(z) > 30) & decaying(z))
    series = 1 + 3 * u * (1 + 15 / 4 * u * (1 + 14 / 3 * u * (1 + 45 / 8 * u * (
        1 + 33 / 5 * u))))
    return np.where(far, -1j / math.sqrt(math.pi) * u / z * series, w + z * faddeeva_slope(z, w))


@derivative(of=special.erf)
def erf(x):
    return special.erf(x), lambda z_bar: z_bar * (SLOPE * np.exp(-x**2))


@derivative(of=special.erfc)
def erfc(x):
    return special.erfc(x), lambda z_bar: z_bar * (-SLOPE * np.exp(-x**2))


@derivative(of=special.erfcx)
def erfcx(x):
    z = special.erfcx(x)

    def pullback(z_bar):
        far, u = remote(x, np.real(x) > 30)
        return z_bar * np.where(far, -u / math.sqrt(math.pi) * asymptotic(-u), 2 * x * z - SLOPE)

    return z, pullback


@derivative(of=special.erfi)
def erfi(x):
    return special.erfi(x), lambda z_bar: z_bar * (SLOPE * np.exp(x * x))


@derivative(of=special.dawsn)
def dawsn(x):
    z = special.dawsn(x)

    def pullback(z_bar):
        # Of complex numbers far from the real axis the exponential is no small part.
        far, u = remote(x, (np.abs(x) > 30) & (np.imag(x) == 0))
        return z_bar * np.where(far, -u / 2 * asymptotic(u), 1 - 2 * x * z)

    return z, pullback


@derivative(of=special.wofz)
def wofz(z):
    w = special.wofz(z)
    return w, lambda w_bar: w_bar * faddeeva_slope(z, w)


@derivative(of=special.erfinv)
def erfinv(y):
    z = special.erfinv(y)
    return z, lambda z_bar: steep(z_bar, np.exp(z * z) / SLOPE)


@derivative(of=special.erfcinv)
def erfcinv(y):
    z = special.erfcinv(y)
    return z, lambda z_bar: steep(z_bar, -np.exp(z * z) / SLOPE)


# -------------------------------------------------------------- the normal distribution, logistic


@derivative(of=special.ndtr)
def ndtr(x):
    return special.ndtr(x), lambda z_bar: z_bar * (np.exp(-x * x / 2) / math.sqrt(2 * math.pi))


@derivative(of=special.log_ndtr)
def log_ndtr(x):
    return special.log_ndtr(x), lambda z_bar: z_bar * mills(x)


def mills(x):
    """The normal density over its integral up to x.

    Below without the exponentials that both contain; above these vanish, and all that bends.
    """
    above = np.real(x) > 5
    low, high = np.where(above, 0.0, x), np.where(above, x, 5.0)
    density = np.exp(high * high / -2) / math.sqrt(2 * math.pi)
    return np.where(above, density / special.ndtr(high),
                    math.sqrt(2 / math.pi) / special.erfcx(low / -math.sqrt(2)))[()]


@derivative(of=special.ndtri)
def ndtri(y):
    z = special.ndtri(y)
    return z, lambda z_bar: steep(z_bar, np.exp(z * z / 2) * math.sqrt(2 * math.pi))


@derivative(of=special.expit)
def expit(x):
    return special.expit(x), lambda z_bar: z_bar * expit_slope(x)


@like(0)
def expit_slope(x: Any) -> Any:
    """The logistic density, with all digits on both sides.

    >>> float(expit_slope(0.0))
    0.25
    """
    if np.size(x) < 500:
        return special.expit(x) * special.expit(-x)
    # SciPy's loop takes one number after the other: one exponential of NumPy's is cheaper.
    e = np.exp(np.copysign(x, -1))
    return e / ((1 + e) * (1 + e))


@derivative(of=special.log_expit)
def log_expit(x):
    return special.log_expit(x), lambda z_bar: z_bar * special.expit(-x)


@derivative(of=special.logit)
def logit(x):
    return special.logit(x), lambda z_bar: divide(z_bar, x * (1 - x))


# ------------------------------------------------------------------- exponentials and logarithms


@derivative(of=special.expm1)
def expm1(x):
    return special.expm1(x), lambda z_bar: z_bar * np.exp(x)


@derivative(of=special.exp2)
def exp2(x):
    z = special.exp2(x)
    return z, lambda z_bar: z_bar * (z * math.log(2))


@derivative(of=special.exp10)
def exp10(x):
    z = special.exp10(x)
    return z, lambda z_bar: z_bar * (z * math.log(10))


@derivative(of=special.log1p)
def log1p(x):
    return special.log1p(x), lambda z_bar: divide(z_bar, 1 + x)


@derivative(of=special.cbrt)
def cbrt(x):
    z = special.cbrt(x)
    return z, lambda z_bar: steep(z_bar, 1 / (3 * z * z))


@derivative(of=special.cosm1)
def cosm1(x):
    return special.cosm1(x), lambda z_bar: -z_bar * np.sin(x)


@derivative(of=special.xlogy)
def xlogy(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        # The logarithm of a small integer would be of half precision.
        return (unbroadcast(steep(z_bar, np.log(1.0 * y)), shape_x),
                unbroadcast(steep(z_bar, divide(x, y)), shape_y))

    return special.xlogy(x, y), pullback


@derivative(of=special.xlog1py)
def xlog1py(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return (unbroadcast(steep(z_bar, special.log1p(y)), shape_x),
                unbroadcast(steep(z_bar, divide(x, 1 + y)), shape_y))

    return special.xlog1py(x, y), pullback


@derivative(of=special.entr)
def entr(x):
    return special.entr(x), lambda z_bar: steep(z_bar, -np.log(x) - 1)


@derivative(of=special.rel_entr)
def rel_entr(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return (unbroadcast(steep(z_bar, np.log(np.divide(x, y)) + 1), shape_x),
                unbroadcast(-steep(z_bar, divide(x, y)), shape_y))

    return special.rel_entr(x, y), pullback


@derivative(of=special.kl_div)
def kl_div(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return (unbroadcast(steep(z_bar, np.log(np.divide(x, y))), shape_x),
                unbroadcast(steep(z_bar, 1 - divide(x, y)), shape_y))

    return special.kl_div(x, y), pullback


@derivative(of=special.exp1)
def exp1(x):
    return special.exp1(x), lambda z_bar: scaled(z_bar, -np.exp(-x) / x)


if hasattr(_ufuncs, "_scaled_exp1"):
    @derivative(of=_ufuncs._scaled_exp1)
    def scaled_exp1(x):
        """x exp(x) E1(x), which entropies of `scipy.stats` are made of."""
        z = _ufuncs._scaled_exp1(x)

        def pullback(bar):
            # Far out digits cancel; there it is an asymptotic series (DLMF 6.12.1).
            far = np.maximum(x, 50.0)
            series = np.polyval([-k * math.factorial(k) * (-1.0) ** k for k in range(19, -1, -1)],
                                1 / far) / far
            return scaled(bar, np.where(x > 50.0, series, (1 + 1 / x) * z - 1)[()])

        return z, pullback


@derivative(of=special.expi)
def expi(x):
    return special.expi(x), lambda z_bar: scaled(z_bar, np.exp(x) / x)


@derivative(of=special.lambertw, wrt="z")
def lambertw(z, k=0, tol=1e-8):
    w = special.lambertw(z, k, tol)
    return w, lambda w_bar: scaled(w_bar, np.exp(-w) / (1 + w))
