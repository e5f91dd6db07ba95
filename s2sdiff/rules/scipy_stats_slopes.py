"""Slopes of log densities in standard form, which have closed forms for their own slopes.

Each is by the point `y` or by a shape parameter.  The rules of single distributions call these, so
that second derivatives are found here, and need not go through tests of what is given.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.polynomial.polynomial import polyval
from scipy.special import digamma, hyp2f1, zeta

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import like, shaped
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__ = [
    "FAR", "STEPS", "cauchy_by_point", "chi2_by_df", "chi2_by_point", "digamma_step", "gamma_by_a",
    "gamma_by_point", "gumbel_by_point", "invgamma_by_a", "invgamma_by_point", "logarithm",
    "logistic_by_point", "reciprocal", "student_bend", "student_by_df", "student_by_point",
]


@like(0)
def reciprocal(y: Any) -> Any:
    """At the ends of supports it is infinite, of which nobody is warned."""
    with np.errstate(divide="ignore"):
        return np.divide(1.0, y)


@derivative(of=reciprocal)
def reciprocal_(y):
    z = reciprocal(y)
    return z, lambda g: -steep(g, z * z)


@like(0)
def logarithm(y: Any) -> Any:
    """Of points outside of the support it is nan, of which nobody is warned."""
    with np.errstate(all="ignore"):
        return np.log(y)


@derivative(of=logarithm)
def logarithm_(y):
    return logarithm(y), lambda g: steep(g, reciprocal(y))


# ------------------------------------------------------------------------ without a shape


@like(0)
def cauchy_by_point(y: Any) -> Any:
    with np.errstate(over="ignore"):
        return -2 * y / (1 + y * y)


@like(0)
def cauchy_bend(y: Any) -> Any:
    with np.errstate(over="ignore"):
        part = 1 / (1 + y * y)
        return 2 * part * (1 - 2 * part)


@derivative(of=cauchy_by_point)
def cauchy_by_point_(y):
    return cauchy_by_point(y), lambda g: scaled(g, cauchy_bend(y))


@like(0)
def logistic_by_point(y: Any) -> Any:
    return -np.tanh(y / 2)


@like(0)
def logistic_bend(y: Any) -> Any:
    with np.errstate(over="ignore"):
        return -0.5 / np.cosh(y / 2) ** 2


@derivative(of=logistic_by_point)
def logistic_by_point_(y):
    return logistic_by_point(y), lambda g: scaled(g, logistic_bend(y))


@derivative(of=logistic_bend)
def logistic_bend_(y):
    return logistic_bend(y), lambda g: scaled(g, logistic_bend(y) * logistic_by_point(y))


@like(0)
def gumbel_by_point(y: Any) -> Any:
    with np.errstate(over="ignore"):
        return np.expm1(-y)


@derivative(of=gumbel_by_point)
def gumbel_by_point_(y):
    return gumbel_by_point(y), lambda g: -scaled(g, gumbel_by_point(y) + 1.0)


# ------------------------------------------------------------------------------ Student's


#: Of 1/x**2, 1/x**4, ... in `digamma_step`: (2 - 2**(1 - 2k)) B_2k / 2k (DLMF 5.11.2).
STEPS = [1 / 8, -1 / 64, 1 / 128, -17 / 2048, 31 / 2048, -691 / 16384, 5461 / 32768]
#: From where on it is taken.
FAR = 16.0


@like(0)
def digamma_step(x: Any) -> Any:
    """psi(x + 1/2) - psi(x) - 1/(2 x), which is small for large x."""
    with np.errstate(all="ignore"):
        near, far = np.minimum(x, FAR), 1 / np.maximum(x, FAR) ** 2
        found = digamma(near + 0.5) - digamma(near) - 0.5 / near
        return np.where(x > FAR, far * polyval(far, STEPS), found)[()]


@like(0)
def trigamma_step(x: Any) -> Any:
    """The slope of `digamma_step`; zeta(2, x) is that of psi (DLMF 25.11.12)."""
    with np.errstate(all="ignore"):
        near, far = np.minimum(x, FAR), 1 / np.maximum(x, FAR)
        found = zeta(2.0, near + 0.5) - zeta(2.0, near) + 0.5 / near**2
        slopes = [-2 * (k + 1) * c for k, c in enumerate(STEPS)]
        return np.where(x > FAR, far**3 * polyval(far**2, slopes), found)[()]


@derivative(of=digamma_step)
def digamma_step_(x):
    return digamma_step(x), lambda g: scaled(g, trigamma_step(x))


def student_by_point(y: Any, df: Any) -> Any:
    """With v = 1/df, which is 0 of the normal distribution, -(1 + v) y/(1 + v y**2)."""
    with np.errstate(all="ignore"):
        v = divide(1.0, df)
        return -(1 + v) * y / (1 + v * y * y)


@derivative(of=student_by_point)
@shaped
def student_by_point_(y, df):
    shape_y, shape_df = np.shape(y), np.shape(df)

    def pullback(g):
        v = divide(1.0, df)
        part = reciprocal(1 + v * y * y)
        return (unbroadcast(scaled(g, (1 + v) * part * (1 - 2 * part)), shape_y),
                unbroadcast(scaled(g, y * (1 - y * y) * (v * part) ** 2), shape_df))

    return student_by_point(y, df), pullback


def student_by_df(y: Any, df: Any) -> Any:
    with np.errstate(all="ignore"):
        v = divide(1.0, df)
        u = v * y * y
        part = u / (1 + u)
        return (digamma_step(df / 2) - bend_of_log(u, part) + part * v) / 2


def bend_of_log(u: Any, part: Any) -> Any:
    """log1p(u) - u/(1 + u), with `part` for the quotient; near 0 by its series (DLMF 15.4.1)."""
    near = part < 0.1
    series = part * part / 2 * hyp2f1(1.0, 2.0, 3.0, np.where(near, part, 0.0))
    return np.where(near, series, np.log1p(u) - part)


def student_bend(y: Any, df: Any) -> Any:
    """The slope of `student_by_df` in df."""
    with np.errstate(all="ignore"):
        v = divide(1.0, df)
        part = reciprocal(1 + v * y * y)
        inner = v**3 * y * y * part * (y * y * part - 1 - part) / 2
        return trigamma_step(df / 2) / 4 + inner


@derivative(of=student_by_df)
@shaped
def student_by_df_(y, df):
    shape_y, shape_df = np.shape(y), np.shape(df)

    def pullback(g):
        v = divide(1.0, df)
        part = reciprocal(1 + v * y * y)
        return (unbroadcast(scaled(g, y * (1 - y * y) * (v * part) ** 2), shape_y),
                unbroadcast(scaled(g, student_bend(y, df)), shape_df))

    return student_by_df(y, df), pullback


# --------------------------------------------------------------------- gamma, chi-squared


def gamma_by_point(y: Any, a: Any) -> Any:
    return divide(a - 1.0, y) - 1.0


@derivative(of=gamma_by_point)
@shaped
def gamma_by_point_(y, a):
    shape_y, shape_a = np.shape(y), np.shape(a)
    return gamma_by_point(y, a), lambda g: (
        unbroadcast(-steep(g, divide(a - 1.0, y * y)), shape_y),
        unbroadcast(steep(g, reciprocal(y)), shape_a))


def gamma_by_a(y: Any, a: Any) -> Any:
    return logarithm(y) - digamma(a)


@derivative(of=gamma_by_a)
@shaped
def gamma_by_a_(y, a):
    shape_y, shape_a = np.shape(y), np.shape(a)
    return gamma_by_a(y, a), lambda g: (
        unbroadcast(steep(g, reciprocal(y)), shape_y),
        unbroadcast(-scaled(g, zeta(2.0, a)), shape_a))


def chi2_by_point(y: Any, df: Any) -> Any:
    return divide(df / 2 - 1.0, y) - 0.5


@derivative(of=chi2_by_point)
@shaped
def chi2_by_point_(y, df):
    shape_y, shape_df = np.shape(y), np.shape(df)
    return chi2_by_point(y, df), lambda g: (
        unbroadcast(-steep(g, divide(df / 2 - 1.0, y * y)), shape_y),
        unbroadcast(steep(g, 0.5 * reciprocal(y)), shape_df))


def chi2_by_df(y: Any, df: Any) -> Any:
    return (logarithm(y / 2) - digamma(df / 2)) / 2


@derivative(of=chi2_by_df)
@shaped
def chi2_by_df_(y, df):
    shape_y, shape_df = np.shape(y), np.shape(df)
    return chi2_by_df(y, df), lambda g: (
        unbroadcast(steep(g, 0.5 * reciprocal(y)), shape_y),
        unbroadcast(scaled(g, zeta(2.0, df / 2) / -4), shape_df))


def invgamma_by_point(y: Any, a: Any) -> Any:
    return divide(reciprocal(y) - (a + 1.0), y)


@derivative(of=invgamma_by_point)
@shaped
def invgamma_by_point_(y, a):
    shape_y, shape_a = np.shape(y), np.shape(a)
    return invgamma_by_point(y, a), lambda g: (
        unbroadcast(steep(g, divide(a + 1.0 - 2.0 * reciprocal(y), y * y)), shape_y),
        unbroadcast(-steep(g, reciprocal(y)), shape_a))


def invgamma_by_a(y: Any, a: Any) -> Any:
    return -logarithm(y) - digamma(a)


@derivative(of=invgamma_by_a)
@shaped
def invgamma_by_a_(y, a):
    shape_y, shape_a = np.shape(y), np.shape(a)
    return invgamma_by_a(y, a), lambda g: (
        unbroadcast(-steep(g, reciprocal(y)), shape_y),
        unbroadcast(-scaled(g, zeta(2.0, a)), shape_a))
