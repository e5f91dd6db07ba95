"""The functions of `cmath`.  NumPy's functions in the pullbacks, as these do not raise at poles."""

from __future__ import annotations

import cmath
import math

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.runtime import scaled

__all__: list[str] = []


@derivative(of=cmath.sin)
def sin(x):
    return cmath.sin(x), lambda z_bar: z_bar * cmath.cos(x)


@derivative(of=cmath.cos)
def cos(x):
    return cmath.cos(x), lambda z_bar: -z_bar * cmath.sin(x)


@derivative(of=cmath.tan)
def tan(x):
    z = cmath.tan(x)
    return z, lambda z_bar: z_bar * (1 + z * z)


@derivative(of=cmath.asin)
def asin(x):
    return cmath.asin(x), lambda z_bar: scaled(z_bar, 1 / np.sqrt((1 - x) * (1 + x) + 0j))


@derivative(of=cmath.acos)
def acos(x):
    return cmath.acos(x), lambda z_bar: scaled(z_bar, -1 / np.sqrt((1 - x) * (1 + x) + 0j))


@derivative(of=cmath.atan)
def atan(x):
    return cmath.atan(x), lambda z_bar: z_bar / (1 + x * x)


@derivative(of=cmath.sinh)
def sinh(x):
    return cmath.sinh(x), lambda z_bar: z_bar * cmath.cosh(x)


@derivative(of=cmath.cosh)
def cosh(x):
    return cmath.cosh(x), lambda z_bar: z_bar * cmath.sinh(x)


@derivative(of=cmath.tanh)
def tanh(x):
    z = cmath.tanh(x)
    return z, lambda z_bar: z_bar * (1 - z * z)


@derivative(of=cmath.asinh)
def asinh(x):
    return cmath.asinh(x), lambda z_bar: scaled(z_bar, 1 / np.sqrt(1 + x * x + 0j))


@derivative(of=cmath.acosh)
def acosh(x):
    def pullback(z_bar):
        return scaled(z_bar, 1 / (np.sqrt(x - 1 + 0j) * np.sqrt(x + 1 + 0j)))

    return cmath.acosh(x), pullback


@derivative(of=cmath.atanh)
def atanh(x):
    return cmath.atanh(x), lambda z_bar: z_bar / ((1 - x) * (1 + x))


@derivative(of=cmath.exp)
def exp(x):
    z = cmath.exp(x)
    return z, lambda z_bar: z_bar * z


@derivative(of=cmath.log)
def log(x, base=None):
    if base is None:
        return cmath.log(x), lambda z_bar: (z_bar / x, None)
    z = cmath.log(x, base)

    def pullback(z_bar):
        return z_bar / cmath.log(base) / x, -z_bar * z / cmath.log(base) / base

    return z, pullback


@derivative(of=cmath.log10)
def log10(x):
    return cmath.log10(x), lambda z_bar: z_bar / math.log(10) / x


@derivative(of=cmath.sqrt)
def sqrt(x):
    z = cmath.sqrt(x)
    return z, lambda z_bar: scaled(z_bar, np.divide(0.5, z))


@derivative(of=cmath.phase)
def phase(x):
    # Of a real number only the step at 0, so nothing of it is left there.
    return cmath.phase(x), lambda z_bar: z_bar * (-1j / x) if x else 0.0


@derivative(of=cmath.polar)
def polar(x):
    r, phi = cmath.polar(x)

    def pullback(z_bar):
        r_bar, phi_bar = z_bar
        x_bar = r_bar * np.conj(np.sign(x))
        return x_bar + phi_bar * (-1j / x) if x else x_bar

    return (r, phi), pullback


@derivative(of=cmath.rect)
def rect(r, phi):
    def pullback(z_bar):
        return (z_bar * cmath.rect(1, phi)).real, (z_bar * cmath.rect(r, phi) * 1j).real

    return cmath.rect(r, phi), pullback


constant(cmath.isclose, cmath.isfinite, cmath.isinf, cmath.isnan)
