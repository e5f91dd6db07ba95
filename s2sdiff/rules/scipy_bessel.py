"""`scipy.special`: Bessel functions of the orders 0 and 1, and of any (DLMF 10.6, 10.29)."""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_bessel_orders import iv_order, jv_order, kv_order, yv_order
from s2sdiff.runtime import scaled, steep, unbroadcast

__all__ = ["scaled_slope"]


def scaled_slope(v, x, z, sign, around):
    """The slope of what is scaled by an exponential; far from 0 its terms `around` there cancel.

    There it is x**-0.5 times a series in 1/x (DLMF 10.40.1, with the sign of 10.40.2).
    """
    square = np.square(1.0 * np.asarray(v))
    # Of single precision fewer digits may be lost, and the series has enough of them sooner.
    least = square + (30.0 if np.result_type(x) == np.float32 else 1e3)
    far = np.abs(x) > least
    u = 1 / np.where(far, np.abs(x), least)
    term, total, slope = 1.0, 1.0, 0.0
    for k in range(1, 12):
        term = term * (sign * (4 * square - (2 * k - 1) ** 2) / (8 * k)) * u
        total = total + term
        slope = slope + k * term
    fall = -(0.5 + slope / total) / np.where(far, x, 1.0)
    return np.where(far, z * fall, around)[()]


@derivative(of=special.j0)
def j0(x):
    return special.j0(x), lambda bar: -bar * special.j1(x)


@derivative(of=special.j1)
def j1(x):
    return special.j1(x), lambda bar: bar * ((special.j0(x) - special.jv(2, x)) / 2)


@derivative(of=special.y0)
def y0(x):
    return special.y0(x), lambda bar: -bar * special.y1(x)


@derivative(of=special.y1)
def y1(x):
    return special.y1(x), lambda bar: bar * ((special.y0(x) - special.yv(2, x)) / 2)


@derivative(of=special.i0)
def i0(x):
    return special.i0(x), lambda bar: bar * special.i1(x)


@derivative(of=special.i1)
def i1(x):
    return special.i1(x), lambda bar: bar * ((special.i0(x) + special.iv(2, x)) / 2)


@derivative(of=special.i0e)
def i0e(x):
    z = special.i0e(x)
    return z, lambda bar: bar * scaled_slope(0, x, z, -1, special.i1e(x) - np.sign(x) * z)


@derivative(of=special.i1e)
def i1e(x):
    z = special.i1e(x)

    def pullback(bar):
        around = (special.i0e(x) + special.ive(2, x)) / 2 - np.sign(x) * z
        return bar * scaled_slope(1, x, z, -1, around)

    return z, pullback


@derivative(of=special.k0)
def k0(x):
    return special.k0(x), lambda bar: -bar * special.k1(x)


@derivative(of=special.k1)
def k1(x):
    return special.k1(x), lambda bar: bar * ((special.k0(x) + special.kv(2, x)) / -2)


@derivative(of=special.k0e)
def k0e(x):
    z = special.k0e(x)
    return z, lambda bar: scaled(bar, scaled_slope(0, x, z, 1, z - special.k1e(x)))


@derivative(of=special.k1e)
def k1e(x):
    z = special.k1e(x)

    def pullback(bar):
        around = z - (special.k0e(x) + special.kve(2, x)) / 2
        return scaled(bar, scaled_slope(1, x, z, 1, around))

    return z, pullback


@derivative(of=special.jv)
def jv(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)

    def pullback(bar):
        slope = (special.jv(np.subtract(v, 1.0), z) - special.jv(np.add(v, 1.0), z)) / 2
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, jv_order(v, z)), shape_v),
                unbroadcast(steep(bar, slope), shape_z))

    return special.jv(v, z), pullback


@derivative(of=special.yv)
def yv(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)

    def pullback(bar):
        slope = (special.yv(np.subtract(v, 1.0), z) - special.yv(np.add(v, 1.0), z)) / 2
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, yv_order(v, z)), shape_v),
                unbroadcast(scaled(bar, slope), shape_z))

    return special.yv(v, z), pullback


@derivative(of=special.iv)
def iv(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)

    def pullback(bar):
        slope = (special.iv(np.subtract(v, 1.0), z) + special.iv(np.add(v, 1.0), z)) / 2
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, iv_order(v, z)), shape_v),
                unbroadcast(steep(bar, slope), shape_z))

    return special.iv(v, z), pullback


@derivative(of=special.kv)
def kv(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)

    def pullback(bar):
        slope = (special.kv(np.subtract(v, 1.0), z) + special.kv(np.add(v, 1.0), z)) / -2
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, kv_order(v, z)), shape_v),
                unbroadcast(scaled(bar, slope), shape_z))

    return special.kv(v, z), pullback


@derivative(of=special.yn, wrt="x")
def yn(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = (special.yv(np.trunc(n) - 1.0, x) - special.yv(np.trunc(n) + 1.0, x)) / 2
        return unbroadcast(scaled(bar, slope), shape)

    return special.yn(n, x), pullback


@derivative(of=special.kn, wrt="x")
def kn(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = (special.kv(np.trunc(n) - 1.0, x) + special.kv(np.trunc(n) + 1.0, x)) / -2
        return unbroadcast(scaled(bar, slope), shape)

    return special.kn(n, x), pullback
