"""Functions whose derivative is not finite everywhere: powers, quotients, roots, logarithms, arcs.

`scaled` multiplies so that a masked zero stays zero at such a point, as in
`np.where(x > 0, np.sqrt(x), 0)`; `np.reciprocal` and `power` do not raise for Python's floats.
"""

from __future__ import annotations

import cmath
import math
import operator
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import like
from s2sdiff.runtime import divide, literal, power, scaled, steep, unbroadcast, weighed

__all__ = ["exponent_slope", "number_slope", "power_slope"]


@derivative(of=[operator.truediv, np.ndarray.__truediv__])
def truediv(x, y):
    if isinstance(y, list):
        return divide_arrays(x, np.asarray(y))
    if isinstance(y, tuple):
        return divide_arrays(x, np.asarray(y))
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = x / y

    def pullback(z_bar):
        share = scaled(z_bar, 1 / y)
        return unbroadcast(share, shape_x), -unbroadcast(scaled(share, z), shape_y)

    return z, pullback


@derivative(of=np.divide)
def divide_arrays(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = np.divide(x, y)

    def pullback(z_bar):
        share = scaled(z_bar, power(y, -1.0))
        return unbroadcast(share, shape_x), -unbroadcast(scaled(share, z), shape_y)

    return z, pullback


@derivative(of=np.reciprocal)
def reciprocal(x):
    z = np.reciprocal(x)
    return z, lambda z_bar: scaled(z_bar, -z * z)


# ------------------------------------------------------------------------------------ powers


@derivative(of=[operator.pow, np.ndarray.__pow__])
def pow_(x, y):
    if isinstance(y, list):
        return power_arrays(x, np.asarray(y))
    if isinstance(y, tuple):
        return power_arrays(x, np.asarray(y))
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = x**y

    def pullback(z_bar):
        if np.ndim(y) > 0:
            x_bar = unbroadcast(steep(z_bar, power_slope(x, y)), shape_x)
        elif isinstance(y, complex):
            x_bar = steep(z_bar, power_slope(x, y))
        elif not literal(y):
            x_bar = steep(z_bar, number_slope(x, y))
        elif y == 2:
            x_bar = weighed(z_bar, 2 * x)
        elif y == 0:
            x_bar = None
        elif y < 1:
            x_bar = divide(z_bar * y, power(x, 1 - y))
        elif isinstance(y, int):
            x_bar = weighed(z_bar, y * x ** (y - 1))
        else:
            x_bar = scaled(z_bar, y * x ** (y - 1))
        return x_bar, unbroadcast(scaled(z_bar, exponent_slope(x, z)), shape_y)

    return z, pullback


@derivative(of=np.power)
def power_arrays(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = np.power(x, y)

    def pullback(z_bar):
        if np.ndim(y) > 0:
            x_bar = unbroadcast(steep(z_bar, power_slope(x, y)), shape_x)
        elif isinstance(y, complex):
            x_bar = steep(z_bar, power_slope(x, y))
        elif not literal(y):
            x_bar = steep(z_bar, number_slope(x, y))
        elif y == 2:
            x_bar = weighed(z_bar, 2 * x)
        elif y == 0:
            x_bar = None
        elif y < 1:
            x_bar = divide(z_bar * y, np.power(x, 1 - y))
        elif isinstance(y, int):
            x_bar = weighed(z_bar, y * np.power(x, y - 1))
        else:
            x_bar = scaled(z_bar, y * np.power(x, y - 1))
        return x_bar, unbroadcast(scaled(z_bar, exponent_slope(x, z)), shape_y)

    return z, pullback


@derivative(of=np.float_power)
def float_power(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = np.float_power(x, y)

    def pullback(z_bar):
        x_bar = unbroadcast(steep(z_bar, power_slope(x, y)), shape_x)
        return x_bar, unbroadcast(scaled(z_bar, exponent_slope(x, z)), shape_y)

    return z, pullback


def power_slope(x, y):
    """The derivative of `x**y` with respect to x, for exponents of any kind; 0 where y is 0.

    >>> power_slope(3.0, np.array([0.0, 1.0, 2.0]))
    array([0., 1., 6.])
    """
    with np.errstate(all="ignore"):
        if type(y) is complex:
            return y * np.power(x, y - 1) if y else 0 * x
        return np.where(y == 0, 0, y * np.power(x, np.where(y == 0, 1, y - 1)))


def number_slope(x, y):
    """The derivative of `x**y` with respect to x for one number y; 0 where it is 0, no warning.

    >>> number_slope(3.0, 2), number_slope(0.0, 0), number_slope(0.0, 0.5)
    (6.0, 0.0, inf)
    """
    if y == 0:
        return 0 * x
    if y < 1:
        with np.errstate(all="ignore"):
            return y * power(x, y - 1)
    return y * x ** (y - 1)


def exponent_slope(x, z):
    """The derivative of `z = x**y` with respect to y: 0 where x is 0, nan where x < 0; no warning.

    >>> exponent_slope(0.0, 0.0), exponent_slope(1.0, 1.0)
    (0.0, 0.0)
    """
    if type(x) is complex or (type(x) in (int, float) and type(z) is complex):
        # Python's power of a negative number is the principal value.
        return z * cmath.log(x) if x else 0 * z
    if type(x) in (int, float):
        return z * math.log(x) if x > 0 else 0.0 if x == 0 else math.nan
    with np.errstate(all="ignore"):
        # The logarithm of a small integer would be of half precision.
        return z * np.log(np.where(x == 0, 1.0, x))


@derivative(of=power_slope)
def power_slope_rule(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    d = power_slope(x, y)

    def pullback(d_bar):
        # d = y * x**(y - 1), whose exponent is y - 1.
        x_bar = unbroadcast(scaled(d_bar, y * power_slope(x, y - 1)), shape_x)
        z = np.power(x, y - 1)
        return x_bar, unbroadcast(scaled(d_bar, z + y * exponent_slope(x, z)), shape_y)

    return d, pullback


@derivative(of=number_slope)
def number_slope_rule(x, y):
    shape_x = np.shape(x)
    d = number_slope(x, y)

    def pullback(d_bar):
        # d = y * x**(y - 1), whose exponent is y - 1.
        with np.errstate(all="ignore"):
            z = power(x, y - 1)
        y_bar = unbroadcast(scaled(d_bar, z + y * exponent_slope(x, z)), ())
        again = number_slope(x, y - 1) if y else 0 * x
        return unbroadcast(steep(d_bar, y * again), shape_x), y_bar

    return d, pullback


@derivative(of=exponent_slope)
def exponent_slope_rule(x, z):
    shape_x, shape_z = np.shape(x), np.shape(z)
    d = exponent_slope(x, z)

    def pullback(d_bar):
        x_bar = unbroadcast(scaled(d_bar, z / np.where(x == 0, np.inf, x)), shape_x)
        return x_bar, unbroadcast(scaled(d_bar, exponent_slope(x, 1)), shape_z)

    return d, pullback


# ----------------------------------------------------------------------- roots and logarithms


@derivative(of=np.sqrt)
def sqrt(x):
    z = np.sqrt(x)
    return z, lambda z_bar: divide(z_bar, 2 * z)


@derivative(of=np.cbrt)
def cbrt(x):
    z = np.cbrt(x)
    return z, lambda z_bar: divide(z_bar, 3 * z * z)


@derivative(of=np.log)
def log(x):
    return np.log(x), lambda z_bar: steep(z_bar, np.reciprocal(x))


@derivative(of=np.log2)
def log2(x):
    return np.log2(x), lambda z_bar: steep(z_bar, np.reciprocal(x * math.log(2)))


@derivative(of=np.log10)
def log10(x):
    return np.log10(x), lambda z_bar: steep(z_bar, np.reciprocal(x * math.log(10)))


@derivative(of=np.log1p)
def log1p(x):
    return np.log1p(x), lambda z_bar: steep(z_bar, np.reciprocal(1 + x))


# -------------------------------------------------------------------------------------- arcs
# (1 - x) * (1 + x) is exact near its zeros, where 1 - x * x has lost its digits.


@derivative(of=np.arcsin)
def arcsin(x):
    if np.iscomplexobj(x):
        z = np.arcsin(x)
        return z, lambda z_bar: divide(z_bar, root_of_arc(x, np.cos(z)))
    return np.arcsin(x), lambda z_bar: divide(z_bar, np.sqrt((1 - x) * (1 + x)))


@derivative(of=np.arccos)
def arccos(x):
    if np.iscomplexobj(x):
        z = np.arccos(x)
        return z, lambda z_bar: -divide(z_bar, root_of_arc(x, np.sin(z)))
    return np.arccos(x), lambda z_bar: -divide(z_bar, np.sqrt((1 - x) * (1 + x)))


@like(0)
def root_of_arc(x: Any, rough: Any) -> Any:
    """A root of `1 - x * x`: that of the two which is nearer to a rough one.

    On the cuts the sign of a zero says on which side x lies, which `1 - x` loses.

    >>> root_of_arc(2.0 + 0.0j, -1.7j), root_of_arc(2.0 - 0.0j, 1.7j)
    (np.complex128(-0-1.7320508075688772j), np.complex128(1.7320508075688772j))
    """
    root = np.sqrt((1 - x) * (1 + x))
    return np.where(np.real(root * np.conj(rough)) < 0, -root, root)[()]


@derivative(of=np.arccosh)
def arccosh(x):
    # Two roots, not one of the product: they agree with the branch of a complex arccosh.
    return np.arccosh(x), lambda z_bar: divide(z_bar, np.sqrt(x - 1) * np.sqrt(x + 1))


@derivative(of=np.arctanh)
def arctanh(x):
    return np.arctanh(x), lambda z_bar: steep(z_bar, np.reciprocal((1 - x) * (1 + x)))


@derivative(of=np.arctan2)
def arctan2(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        # The squares of integers, and of what is tiny, would not be what they are.
        r = np.hypot(x, y)
        x_bar = unbroadcast(steep(z_bar, y / r / r), shape_x)
        return x_bar, unbroadcast(steep(-z_bar, x / r / r), shape_y)

    return np.arctan2(x, y), pullback


@derivative(of=np.hypot)
def hypot(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = np.hypot(x, y)

    def pullback(z_bar):
        # At the origin the subgradient of smallest norm, 0.
        u_bar = z_bar / np.where(z == 0, 1, z)
        return unbroadcast(u_bar * x, shape_x), unbroadcast(u_bar * y, shape_y)

    return z, pullback
