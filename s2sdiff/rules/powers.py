"""Powers, whose derivative is not finite where the base is 0 and the exponent small.

Where a slope has two arguments of its own, it is a helper with a rule, which is taken once more.
"""

from __future__ import annotations

import cmath
import math
import operator

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.runtime import divide, literal, power, scaled, steep, unbroadcast, weighed

__all__ = ["exponent_slope", "number_slope", "pow_", "power_slope"]


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
        if literal(x) and not isinstance(x, complex) and x > 0:
            y_bar = unbroadcast(scaled(z_bar, z * math.log(x)), shape_y)
        else:
            y_bar = unbroadcast(scaled(z_bar, exponent_slope(x, y, z)), shape_y)
        return x_bar, y_bar

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
        if literal(x) and not isinstance(x, complex) and x > 0:
            y_bar = unbroadcast(scaled(z_bar, z * math.log(x)), shape_y)
        else:
            y_bar = unbroadcast(scaled(z_bar, exponent_slope(x, y, z)), shape_y)
        return x_bar, y_bar

    return z, pullback


@derivative(of=np.float_power)
def float_power(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = np.float_power(x, y)

    def pullback(z_bar):
        x_bar = unbroadcast(steep(z_bar, power_slope(x, y)), shape_x)
        return x_bar, unbroadcast(scaled(z_bar, exponent_slope(x, y, z)), shape_y)

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


def exponent_slope(x, y, z):
    """The derivative of `z = x**y` with respect to y: 0 where x is 0; no warning.

    Of a negative x it is nan, unless the value is complex: then it is that of the principal value.

    >>> exponent_slope(0.0, 0.0, 1.0), exponent_slope(1.0, 2.0, 1.0)
    (0.0, 0.0)
    """
    if type(x) is complex or (type(x) in (int, float) and np.iscomplexobj(z)):
        return z * cmath.log(x) if x else 0 * z
    if type(x) in (int, float):
        return z * math.log(x) if x > 0 else 0.0 if x == 0 else math.nan
    with np.errstate(all="ignore"):
        # The logarithm of a small integer would be of half precision.
        return z * log_of_base(np.where(x == 0, 1.0, x), z)


def log_of_base(x, z):
    """The logarithm of the base of a power, which is complex where the power `z` is.

    >>> complex(log_of_base(-1.0, 1j))
    3.141592653589793j
    """
    return np.log(x + 0j if np.iscomplexobj(z) and not np.iscomplexobj(x) else x)


def mixed_slope(x, y):
    """The derivative of `x**y` with respect to both, with its limits where x is 0.

    >>> [float(mixed_slope(x, y)) for x, y in ((1.0, 2.0), (0.0, 1.0), (0.0, 1.5))]
    [1.0, -inf, 0.0]
    """
    with np.errstate(all="ignore"):
        z = power(x, y - 1)
        return scaled(z, 1 + scaled(y, log_of_base(x, z)))


@derivative(of=power_slope)
def power_slope_rule(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    d = power_slope(x, y)

    def pullback(d_bar):
        # d = y * x**(y - 1), whose exponent is y - 1.
        x_bar = unbroadcast(steep(d_bar, scaled(y, power_slope(x, y - 1))), shape_x)
        return x_bar, unbroadcast(steep(d_bar, mixed_slope(x, y)), shape_y)

    return d, pullback


@derivative(of=number_slope)
def number_slope_rule(x, y):
    shape_x = np.shape(x)
    d = number_slope(x, y)

    def pullback(d_bar):
        # d = y * x**(y - 1), whose exponent is y - 1.
        again = number_slope(x, y - 1) if y else 0 * x
        x_bar = unbroadcast(steep(d_bar, y * again), shape_x)
        return x_bar, unbroadcast(steep(d_bar, mixed_slope(x, y)), ())

    return d, pullback


@derivative(of=exponent_slope)
def exponent_slope_rule(x, y, z):
    shape_x, shape_y = np.shape(x), np.shape(y)
    d = exponent_slope(x, y, z)

    def pullback(d_bar):
        # As z is x**y, all that moves it is x and y.
        x_bar = unbroadcast(steep(d_bar, mixed_slope(x, y)), shape_x)
        with np.errstate(all="ignore"):
            again = scaled(d, log_of_base(x, d))
        return x_bar, unbroadcast(scaled(d_bar, again), shape_y), None

    return d, pullback
