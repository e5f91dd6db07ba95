"""NumPy's smooth elementwise functions: circular, hyperbolic, exponential, and the like."""

from __future__ import annotations

import math

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules import complex_parts, selections  # noqa: F401
from s2sdiff.runtime import scaled, unbroadcast, weighed

__all__: list[str] = []


@derivative(of=np.sin)
def sin(x):
    return np.sin(x), lambda z_bar: z_bar * np.cos(x)


@derivative(of=np.cos)
def cos(x):
    return np.cos(x), lambda z_bar: -z_bar * np.sin(x)


@derivative(of=np.tan)
def tan(x):
    z = np.tan(x)
    return z, lambda z_bar: z_bar * (1 + z**2)


@derivative(of=np.arctan)
def arctan(x):
    return np.arctan(x), lambda z_bar: z_bar / (1 + x * x)


@derivative(of=np.sinh)
def sinh(x):
    return np.sinh(x), lambda z_bar: z_bar * np.cosh(x)


@derivative(of=np.cosh)
def cosh(x):
    return np.cosh(x), lambda z_bar: z_bar * np.sinh(x)


@derivative(of=np.tanh)
def tanh(x):
    z = np.tanh(x)
    return z, lambda z_bar: z_bar * (1 - z**2)


@derivative(of=np.arcsinh)
def arcsinh(x):
    if np.iscomplexobj(x):
        return np.arcsinh(x), lambda z_bar: z_bar / np.sqrt(1 + x * x)
    # The square of what is huge is infinite, and its slope was 0 by it.
    return np.arcsinh(x), lambda z_bar: z_bar / np.hypot(1, x)


@derivative(of=np.exp)
def exp(x):
    z = np.exp(x)
    return z, lambda z_bar: weighed(z_bar, z)


@derivative(of=np.exp2)
def exp2(x):
    z = np.exp2(x)
    return z, lambda z_bar: weighed(z_bar, z * math.log(2))


@derivative(of=np.expm1)
def expm1(x):
    z = np.expm1(x)
    return z, lambda z_bar: weighed(z_bar, z + 1)


@derivative(of=np.square)
def square(x):
    return np.square(x), lambda z_bar: 2 * weighed(z_bar, x)


@derivative(of=np.deg2rad)
def deg2rad(x):
    return np.deg2rad(x), lambda z_bar: np.deg2rad(z_bar)


@derivative(of=np.radians)
def radians(x):
    return np.radians(x), lambda z_bar: np.radians(z_bar)


@derivative(of=np.rad2deg)
def rad2deg(x):
    return np.rad2deg(x), lambda z_bar: np.rad2deg(z_bar)


@derivative(of=np.degrees)
def degrees(x):
    return np.degrees(x), lambda z_bar: np.degrees(z_bar)


@derivative(of=np.logaddexp)
def logaddexp(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = np.logaddexp(x, y)

    def pullback(z_bar):
        whole = np.where(z == -np.inf, 0.0, z)
        x_bar = unbroadcast(scaled(z_bar, np.exp(x - whole)), shape_x)
        return x_bar, unbroadcast(scaled(z_bar, np.exp(y - whole)), shape_y)

    return z, pullback


@derivative(of=np.logaddexp2)
def logaddexp2(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = np.logaddexp2(x, y)

    def pullback(z_bar):
        whole = np.where(z == -np.inf, 0.0, z)
        x_bar = unbroadcast(scaled(z_bar, np.exp2(x - whole)), shape_x)
        return x_bar, unbroadcast(scaled(z_bar, np.exp2(y - whole)), shape_y)

    return z, pullback


# ------------------------------------------------------------------------- sinc, i0, mantissas


def sinc_slope(x):
    """The derivative of `np.sinc`; by its series near 0, where (cos - sinc) / x cancels.

    >>> sinc_slope(np.array([0.5, 1.0])).round(3)
    array([-1.273, -1.   ])
    """
    near = np.abs(x) < 0.02
    u = np.where(near, (np.pi * x) ** 2, 0)
    series = -(np.pi**2) * x * (1 / 3 - u * (1 / 30 - u * (1 / 840 - u / 45360)))
    return np.where(near, series, (np.cos(np.pi * x) - np.sinc(x)) / np.where(near, 1, x))


@derivative(of=np.sinc)
def sinc(x):
    return np.sinc(x), lambda z_bar: z_bar * sinc_slope(x)


def bessel_ratio(x):
    """I1(x) / I0(x), by the continued fraction DLMF 10.33.1 from its tail up."""
    ratio = 0 * x
    # The tail is damped by exp(-terms**2 / x), and i0 itself overflows beyond x = 713.
    for order in range(160, 0, -1):
        ratio = x / (2 * order + x * ratio)
    return ratio


@derivative(of=np.i0)
def i0(x):
    z = np.i0(x)
    return z, lambda z_bar: scaled(z_bar, z * bessel_ratio(x))


@derivative(of=np.ldexp, wrt="x")
def ldexp(x, y):
    shape_x = np.shape(x)
    return np.ldexp(x, y), lambda z_bar: unbroadcast(np.ldexp(z_bar, y), shape_x)


@derivative(of=np.frexp)
def frexp(x):
    mantissa, exponent = np.frexp(x)
    return (mantissa, exponent), lambda z_bar: np.ldexp(z_bar[0], -exponent)


@derivative(of=np.modf)
def modf(x):
    return np.modf(x), lambda z_bar: z_bar[0]


@derivative(of=np.nextafter)
def nextafter(x, y):
    # Where to, changes the sign of a step that has the size of rounding.
    shape_x = np.shape(x)
    return np.nextafter(x, y), lambda z_bar: (unbroadcast(z_bar, shape_x), None)


@derivative(of=np.unwrap)
def unwrap(p, discont=None, axis=-1, *, period=6.283185307179586):
    z = np.unwrap(p, discont, axis, period=period)
    # A whole number of periods was added to each.
    return z, lambda z_bar: (z_bar, None, None, np.sum(z_bar * np.rint((z - p) / period)))


constant(
    np.floor, np.ceil, np.rint, np.trunc, np.fix, np.round, np.around, np.ndarray.round,
    np.generic.round, np.spacing, float.is_integer,
)
