"""Products with slopes and quotients by what may be zero, where slopes may be infinite or nan."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy import float64, ndarray

from s2sdiff.runtime.batches import Batch
from s2sdiff.runtime.carried import CARRIED, carried, run_of

__all__ = ["divide", "has_nan", "literal", "power", "scaled", "sign", "steep", "weighed"]


def sign(x: float) -> float:
    """`np.sign` of a Python float, which it stays.

    >>> sign(-0.5), sign(0.0), sign(float("nan"))
    (-1.0, 0.0, nan)
    """
    if type(x) is not float:
        return np.sign(x)
    return math.copysign(1.0, x) if x and x == x else x


_SCALARS = (float, np.floating)


def scaled(g: Any, d: Any) -> Any:
    """`g * d`, where an exact zero on either side wins over inf and nan on the other.

    >>> scaled(0.0, float("inf"))
    0.0
    """
    if type(g) is float and type(d) is float:
        return g * d if g and d else 0.0
    if type(g) in CARRIED or type(d) in CARRIED:
        return _scaled(g, d)
    if isinstance(g, _SCALARS) and isinstance(d, _SCALARS):
        return g * d if g and d else type(g)(0) + type(d)(0)
    with np.errstate(invalid="ignore"):
        product = g * d
        nan = has_nan(product)
    if nan:
        zero = np.zeros((), getattr(product, "dtype", complex))  # Python's complex has none
        product = np.where((g == 0) | (d == 0), zero, product)
        product = product if np.ndim(product) else product[()]
    return product


def _scaled(g: Any, d: Any) -> Any:
    """The same where tangents are carried: a zero that moves is none."""
    run = run_of((g, d))
    assert run is not None
    g, g_dot = (g.value, g.tangent) if run_of(g) is run else (g, 0.0)
    d, d_dot = (d.value, d.tangent) if run_of(d) is run else (d, 0.0)
    return carried(scaled(g, d), scaled(g_dot, d) + scaled(g, d_dot), run)


def weighed(g: Any, d: Any) -> Any:
    """`scaled`, of which generated code makes a plain product where `d` is taken to be finite."""
    return scaled(g, d)


def steep(g: Any, d: Any) -> Any:
    """`scaled` in tangents, too, for slopes that are infinite where values are finite."""
    return scaled(g, d)


def standing(g: Any, d: Any) -> Any:
    """`steep` with a number of the function in the cotangent's place: it stays in all code."""
    return scaled(g, d)


def has_nan(a: Any) -> bool:
    """Whether some entry is nan; it may also be said of infinities of both signs.

    A sum is the cheapest way to ask: one pass, and no array of answers.

    >>> has_nan(np.array([1.0, np.nan])), has_nan(np.array([1.0, np.inf]))
    (True, False)
    """
    a = a.rows if type(a) is Batch else a
    total = np.add.reduce(a, None) if np.ndim(a) else a
    return bool(total != total)


def divide(a: Any, b: Any) -> Any:
    """`a / b` of a cotangent, where 0 / 0 and 0 / nan are 0; inf where Python's floats would raise.

    For slopes that are infinite where the value is finite, as that of a root at 0: what does not
    count there must not turn into nan, and nobody is warned of it.

    >>> divide(1.0, 0.0), divide(0.0, 0.0)
    (inf, 0.0)
    >>> divide(np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 2.0, np.nan]))
    array([0. , inf, 0.5, 0. ])
    """
    kind = type(b)
    if kind is ndarray:
        if b.dtype.kind == "f" and b.size and _least(b) > 0:
            return a / b
    elif (kind is float64 or kind is float) and (b > 0 or b < 0):
        return a / b
    if getattr(b, "shape", ()):
        with np.errstate(divide="ignore", invalid="ignore"):
            quotient = a / b
            if not has_nan(quotient):
                return quotient
    elif b and b == b:
        return a / b
    elif not np.shape(a) and not isinstance(b, np.generic | np.ndarray):
        if not a or a != a or b != b:
            return b if a == a and a else a
        return float(np.copysign(np.inf, a) * np.copysign(1.0, b))
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.where(np.equal(a, 0), np.zeros((), np.result_type(a, b)), np.divide(a, b))
    return quotient if np.shape(quotient) else quotient[()]


def _least(b: np.ndarray) -> Any:
    """The least number; nan if there is one."""
    # Where it is takes a fifth of the time of a reduction for few numbers, and longer for many.
    return b.item(b.argmin()) if b.size < 1000 else np.minimum.reduce(b, None)


def literal(number: Any) -> bool:
    """Whether a number stands in the text; where a rule is called, nothing says that it does.

    A form for one number has no slope in that number: of 2, `2 * x` is `y * x ** (y - 1)`.

    >>> literal(2)
    False
    """
    return False


def power(x: Any, p: Any) -> Any:
    """`x ** p` of Python floats with inf where Python raises ZeroDivisionError or OverflowError.

    >>> power(0.0, -0.5)
    inf
    """
    try:
        result = x**p
    except (ZeroDivisionError, OverflowError):
        with np.errstate(all="ignore"):
            if isinstance(x, complex) or isinstance(p, complex):
                return complex(np.complex128(x) ** np.complex128(p))
            return float(np.float64(x) ** np.float64(p))
    return result
