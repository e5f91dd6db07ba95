"""Functions whose derivative is not finite everywhere: quotients, roots, logarithms, arcs.

`scaled` multiplies so that a masked zero stays zero at such a point, as in
`np.where(x > 0, np.sqrt(x), 0)`; `np.reciprocal` and `power` do not raise for Python's floats.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import like
from s2sdiff.runtime import divide, power, scaled, steep, unbroadcast


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
        r = np.where(z == 0, 1, z)
        return unbroadcast(z_bar * (x / r), shape_x), unbroadcast(z_bar * (y / r), shape_y)

    return z, pullback
