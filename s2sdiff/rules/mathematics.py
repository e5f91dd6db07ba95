"""The functions of `math` on one float: a pullback never raises where the function did not."""

from __future__ import annotations

import math
import sys

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules import complex_mathematics, math_of_several  # noqa: F401
from s2sdiff.runtime import divide, power

__all__ = ["digamma"]


@derivative(of=math.sin)
def sin(x):
    return math.sin(x), lambda z_bar: z_bar * math.cos(x)


@derivative(of=math.cos)
def cos(x):
    return math.cos(x), lambda z_bar: -z_bar * math.sin(x)


@derivative(of=math.tan)
def tan(x):
    z = math.tan(x)
    return z, lambda z_bar: z_bar * (1 + z * z)


@derivative(of=math.asin)
def asin(x):
    return math.asin(x), lambda z_bar: divide(z_bar, math.sqrt((1 - x) * (1 + x)))


@derivative(of=math.acos)
def acos(x):
    return math.acos(x), lambda z_bar: divide(-z_bar, math.sqrt((1 - x) * (1 + x)))


@derivative(of=math.atan)
def atan(x):
    return math.atan(x), lambda z_bar: z_bar / (1 + x * x)


@derivative(of=math.sinh)
def sinh(x):
    return math.sinh(x), lambda z_bar: z_bar * math.cosh(x)


@derivative(of=math.cosh)
def cosh(x):
    return math.cosh(x), lambda z_bar: z_bar * math.sinh(x)


@derivative(of=math.tanh)
def tanh(x):
    z = math.tanh(x)
    return z, lambda z_bar: z_bar * (1 - z * z)


@derivative(of=math.asinh)
def asinh(x):
    # Squares of what is huge are infinite, here and below.
    return math.asinh(x), lambda z_bar: z_bar / math.hypot(1.0, x)


@derivative(of=math.acosh)
def acosh(x):
    return math.acosh(x), lambda z_bar: divide(z_bar, math.sqrt(x - 1) * math.sqrt(x + 1))


@derivative(of=math.atanh)
def atanh(x):
    return math.atanh(x), lambda z_bar: z_bar / ((1 - x) * (1 + x))


@derivative(of=math.exp)
def exp(x):
    z = math.exp(x)
    return z, lambda z_bar: z_bar * z


@derivative(of=math.expm1)
def expm1(x):
    z = math.expm1(x)
    return z, lambda z_bar: z_bar * (z + 1)


@derivative(of=math.log)
def log(x, base=None):
    if base is None:
        return math.log(x), lambda z_bar: (z_bar / x, None)
    z = math.log(x, base)

    def pullback(z_bar):
        # One factor after the other: their product could underflow to 0.
        return z_bar / math.log(base) / x, -z_bar * z / math.log(base) / base

    return z, pullback


@derivative(of=math.log2)
def log2(x):
    return math.log2(x), lambda z_bar: z_bar / math.log(2) / x


@derivative(of=math.log10)
def log10(x):
    return math.log10(x), lambda z_bar: z_bar / math.log(10) / x


@derivative(of=math.log1p)
def log1p(x):
    return math.log1p(x), lambda z_bar: z_bar / (1 + x)


@derivative(of=math.sqrt)
def sqrt(x):
    z = math.sqrt(x)
    return z, lambda z_bar: divide(z_bar, 2 * z)


@derivative(of=math.fabs)
def fabs(x):
    return math.fabs(x), lambda z_bar: z_bar * np.sign(x)


@derivative(of=math.degrees)
def degrees(x):
    return math.degrees(x), lambda z_bar: z_bar * (180 / math.pi)


@derivative(of=math.radians)
def radians(x):
    return math.radians(x), lambda z_bar: z_bar * (math.pi / 180)


@derivative(of=math.modf)
def modf(x):
    return math.modf(x), lambda z_bar: z_bar[0]


@derivative(of=math.frexp)
def frexp(x):
    mantissa, exponent = math.frexp(x)
    return (mantissa, exponent), lambda z_bar: z_bar[0] * power(2.0, -exponent)


# ------------------------------------------------------------------- error and gamma functions


@derivative(of=math.erf)
def erf(x):
    return math.erf(x), lambda z_bar: z_bar * (2 / math.sqrt(math.pi) * math.exp(-x * x))


@derivative(of=math.erfc)
def erfc(x):
    return math.erfc(x), lambda z_bar: -z_bar * (2 / math.sqrt(math.pi) * math.exp(-x * x))


def digamma(x):
    """The logarithmic derivative of the gamma function (DLMF 5.5.2, 5.5.4, 5.11.2).

    >>> round(digamma(1.0), 12)  # minus Euler's constant
    -0.577215664902
    """
    if x < 0:
        return digamma(1 - x) - math.pi / math.tan(math.pi * (x - np.rint(x)))
    total = 0.0
    while x < 10:
        total = total - 1 / x
        x = x + 1
    u = 1 / x / x
    series = u * (1 / 12 - u * (1 / 120 - u * (1 / 252 - u * (1 / 240 - u * (1 / 132)))))
    return total + math.log(x) - 0.5 / x - series


@derivative(of=math.gamma)
def gamma(x):
    z = math.gamma(x)
    return z, lambda z_bar: z_bar * (z * digamma(x))


@derivative(of=math.lgamma)
def lgamma(x):
    return math.lgamma(x), lambda z_bar: z_bar * digamma(x)


# ---------------------------------------------------------------- added in Python 3.11 and later

if sys.version_info >= (3, 11):

    @derivative(of=math.exp2)
    def exp2(x):
        z = math.exp2(x)
        return z, lambda z_bar: z_bar * (z * math.log(2))

    @derivative(of=math.cbrt)
    def cbrt(x):
        z = math.cbrt(x)
        return z, lambda z_bar: divide(z_bar, 3 * z * z)


constant(
    math.ceil, math.comb, math.factorial, math.floor, math.gcd, math.isclose, math.isfinite,
    math.isinf, math.isnan, math.isqrt, math.lcm, math.perm, math.trunc, math.ulp,
)
