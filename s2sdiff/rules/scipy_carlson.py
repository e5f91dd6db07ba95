"""`scipy.special`: Carlson's symmetric elliptic integrals.

Derivatives are such integrals themselves (DLMF 19.18, and partial fractions under the integral
sign).  What divides by a difference of arguments is a step into the complex plane where these are
nearly equal: the integrals are analytic there, and nothing cancels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import divide, steep, unbroadcast

__all__: list[str] = []

#: How close arguments may be, in units of the greater, for a quotient by their difference.
_APART = 1e-3


@derivative(of=special.elliprf)
def elliprf(x, y, z):
    shapes = np.shape(x), np.shape(y), np.shape(z)

    def pullback(bar):
        return (unbroadcast(steep(bar, special.elliprd(y, z, x) / -6), shapes[0]),
                unbroadcast(steep(bar, special.elliprd(x, z, y) / -6), shapes[1]),
                unbroadcast(steep(bar, special.elliprd(x, y, z) / -6), shapes[2]))

    return special.elliprf(x, y, z), pullback


@derivative(of=special.elliprc)
def elliprc(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    value = special.elliprc(x, y)

    def pullback(bar):
        # A principal value has the quotients alone.
        below = np.real(y) < 0
        above = np.where(below, 1.0, y)
        apart = np.where(below, 2 * (y - x), 1.0)
        x_slope = np.where(below, (value - 1 / np.sqrt(x)) / apart,
                           special.elliprd(above, above, x) / -6)
        y_slope = np.where(below, (np.sqrt(x) / y - value) / apart,
                           special.elliprd(x, above, above) / -3)
        return (unbroadcast(steep(bar, x_slope), shape_x),
                unbroadcast(steep(bar, y_slope), shape_y))

    return value, pullback


@derivative(of=special.elliprg)
def elliprg(x, y, z):
    shapes = np.shape(x), np.shape(y), np.shape(z)
    value = special.elliprg(x, y, z)

    def pullback(bar):
        return (unbroadcast(steep(bar, slope_of_g(x, y, z, value)), shapes[0]),
                unbroadcast(steep(bar, slope_of_g(y, z, x, value)), shapes[1]),
                unbroadcast(steep(bar, slope_of_g(z, x, y, value)), shapes[2]))

    return value, pullback


def slope_of_g(x, y, z, value):
    """The derivative in `x`; where the others are 0, the integral is half the root of x."""
    alone = (y == 0) & (z == 0)
    other = np.where(alone, 1.0, z)
    slope = special.elliprf(x, y, other) / 4 - steep(x, special.elliprd(y, other, x)) / 12
    return np.where(alone, divide(value / 2, x), slope)[()]


@derivative(of=slope_of_g)
def slope_of_g_along(x, y, z, value):
    slope, shapes = slope_of_g(x, y, z, value), (np.shape(x), np.shape(y), np.shape(z))

    def pullback(bar):
        alone = (y == 0) & (z == 0)
        other = np.where(alone, 1.0, z)
        inner = special.elliprd(y, other, x)
        # Terms of R_F, and of R_D, which is homogeneous, leave nothing of each other.
        by_y = slope_apart(special.elliprd, y, (other, x), x, inner)
        by_z = slope_apart(special.elliprd, other, (y, x), x, inner)
        by_x = np.where(alone, divide(-slope / 2, x), (steep(y, by_y) + steep(other, by_z)) / 12)
        return (unbroadcast(steep(bar, by_x), shapes[0]),
                unbroadcast(steep(bar, mixed_of_g(x, y, z, value, slope)), shapes[1]),
                unbroadcast(steep(bar, mixed_of_g(x, z, y, value, slope)), shapes[2]), None)

    return slope, pullback


def mixed_of_g(x, y, z, value, slope):
    """The second derivative in x and y, of the equation of Euler and Darboux (DLMF 19.18.14)."""
    near = np.abs(x - y) < _APART * np.maximum(np.abs(x), np.abs(y))
    quotient = (slope - slope_of_g(y, z, x, value)) / np.where(near, 1.0, 2 * (x - y))
    if not np.any(near):
        return quotient
    inner = special.elliprd(y, z, x)
    together = special.elliprd(x, z, y) / -24 - steep(
        x, slope_apart(special.elliprd, y, (z, x), x, inner)) / 12
    return np.where(near, together, quotient)


def slope_apart(function: Any, x: Any, rest: tuple, at: Any, value: Any) -> Any:
    """The derivative of an integral in `x`, of which 1 / (t + at) is a factor under the sign.

    With a factor (t + x)**-0.5 it is `(value - R_D(the others, x)) / (2 (at - x))`.
    """
    near = np.abs(at - x) < _APART * np.maximum(np.abs(at), np.abs(x))
    quotient = (value - special.elliprd(*rest[:2], x)) / np.where(near, 1.0, 2 * (at - x))
    if not np.any(near):
        return quotient
    return np.where(near, stepped(function, x, rest), quotient)


def stepped(function: Any, x: Any, rest: tuple) -> Any:
    """The derivative in the first argument by a step into the complex plane."""
    if any(np.iscomplexobj(a) for a in (x, *rest)):
        raise unsupported("Carlson's integrals of complex arguments that are nearly equal have no "
                          "derivative here", "move them apart by a thousandth")
    # As small as SciPy's way with nearly equal arguments allows, which adds up large numbers.
    step = 1e-5 * np.where(x == 0, 1.0, x)
    return np.imag(function(x + 1j * step, *[a + 0j for a in rest])) / step


@derivative(of=special.elliprd)
def elliprd(x, y, z):
    shapes = np.shape(x), np.shape(y), np.shape(z)
    value = special.elliprd(x, y, z)

    def pullback(bar):
        x_slope = slope_apart(special.elliprd, x, (y, z), z, value)
        y_slope = slope_apart(special.elliprd, y, (x, z), z, value)
        # The integral is homogeneous of degree -3/2.
        z_slope = -(1.5 * value + steep(x, x_slope) + steep(y, y_slope)) / z
        return (unbroadcast(steep(bar, x_slope), shapes[0]),
                unbroadcast(steep(bar, y_slope), shapes[1]),
                unbroadcast(steep(bar, z_slope), shapes[2]))

    return value, pullback


@derivative(of=special.elliprj)
def elliprj(x, y, z, p):
    shapes = np.shape(x), np.shape(y), np.shape(z), np.shape(p)
    value = special.elliprj(x, y, z, p)

    def pullback(bar):
        x_slope = slope_apart(special.elliprj, x, (y, z, p), p, value)
        y_slope = slope_apart(special.elliprj, y, (x, z, p), p, value)
        z_slope = slope_apart(special.elliprj, z, (x, y, p), p, value)
        p_slope = -(1.5 * value + steep(x, x_slope) + steep(y, y_slope)
                    + steep(z, z_slope)) / p
        return (unbroadcast(steep(bar, x_slope), shapes[0]),
                unbroadcast(steep(bar, y_slope), shapes[1]),
                unbroadcast(steep(bar, z_slope), shapes[2]),
                unbroadcast(steep(bar, p_slope), shapes[3]))

    return value, pullback
