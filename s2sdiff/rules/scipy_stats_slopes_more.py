"""Slopes as in `scipy_stats_slopes`: of the beta, lognormal and Weibull's distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import digamma, zeta

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_stats_slopes import logarithm, reciprocal
from s2sdiff.rules.shared import like, shaped
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__ = [
    "beta_by_point", "beta_by_shape", "logarithm_of_rest", "lognorm_by_point", "lognorm_by_s",
    "weibull_by_c", "weibull_by_point",
]


# ---------------------------------------------------------------------------------- beta


def beta_by_point(y: Any, a: Any, b: Any) -> Any:
    return divide(a - 1.0, y) - divide(b - 1.0, 1.0 - y)


@derivative(of=beta_by_point)
@shaped
def beta_by_point_(y, a, b):
    shape_y, shape_a, shape_b = np.shape(y), np.shape(a), np.shape(b)

    def pullback(g):
        rest = 1.0 - y
        by_point = divide(1.0 - a, y * y) + divide(1.0 - b, rest * rest)
        return (unbroadcast(steep(g, by_point), shape_y),
                unbroadcast(steep(g, reciprocal(y)), shape_a),
                unbroadcast(-steep(g, reciprocal(rest)), shape_b))

    return beta_by_point(y, a, b), pullback


@like(0)
def logarithm_of_rest(y: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.log1p(-y)


@derivative(of=logarithm_of_rest)
def logarithm_of_rest_(y):
    return logarithm_of_rest(y), lambda g: -steep(g, reciprocal(1.0 - y))


def beta_by_shape(log_y: Any, a: Any, b: Any) -> Any:
    """The slope by `a`; that by `b` is the same of 1 - y, b and a."""
    return log_y - digamma(a) + digamma(a + b)


@derivative(of=beta_by_shape)
@shaped
def beta_by_shape_(log_y, a, b):
    shape_y, shape_a, shape_b = np.shape(log_y), np.shape(a), np.shape(b)

    def pullback(g):
        both = zeta(2.0, a + b)
        return (unbroadcast(g, shape_y), unbroadcast(scaled(g, both - zeta(2.0, a)), shape_a),
                unbroadcast(scaled(g, both), shape_b))

    return beta_by_shape(log_y, a, b), pullback


# ----------------------------------------------------------------------------- lognormal


def lognorm_by_point(y: Any, s: Any) -> Any:
    return -divide(1.0 + divide(logarithm(y), s * s), y)


@derivative(of=lognorm_by_point)
@shaped
def lognorm_by_point_(y, s):
    shape_y, shape_s = np.shape(y), np.shape(s)

    def pullback(g):
        log_y, part = logarithm(y), divide(1.0, s * s)
        return (unbroadcast(steep(g, divide(1.0 + (log_y - 1.0) * part, y * y)), shape_y),
                unbroadcast(steep(g, divide(2.0 * log_y * part, s * y)), shape_s))

    return lognorm_by_point(y, s), pullback


def lognorm_by_s(y: Any, s: Any) -> Any:
    z = divide(logarithm(y), s)
    return divide(z * z - 1.0, s)


@derivative(of=lognorm_by_s)
@shaped
def lognorm_by_s_(y, s):
    shape_y, shape_s = np.shape(y), np.shape(s)

    def pullback(g):
        z = divide(logarithm(y), s)
        return (unbroadcast(steep(g, divide(2.0 * z, s * s * y)), shape_y),
                unbroadcast(scaled(g, divide(1.0 - 3.0 * z * z, s * s)), shape_s))

    return lognorm_by_s(y, s), pullback


# ------------------------------------------------------------------------------ Weibull's


def raised(y: Any, c: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.power(y, c, dtype=float)


@derivative(of=raised)
@shaped
def raised_(y, c):
    shape_y, shape_c = np.shape(y), np.shape(c)
    p = raised(y, c)
    return p, lambda g: (unbroadcast(steep(g, c * raised(y, c - 1.0)), shape_y),
                         unbroadcast(scaled(g, steep(p, logarithm(y))), shape_c))


def weibull_by_point(y: Any, c: Any) -> Any:
    return divide(c - 1.0, y) - c * raised(y, c - 1.0)


@derivative(of=weibull_by_point)
@shaped
def weibull_by_point_(y, c):
    shape_y, shape_c = np.shape(y), np.shape(c)

    def pullback(g):
        p, less = raised(y, c), raised(y, c - 1.0)
        by_c = reciprocal(y) - less - scaled(c * less, logarithm(y))
        return (unbroadcast(steep(g, divide((1.0 - c) * (1.0 + c * p), y * y)), shape_y),
                unbroadcast(steep(g, by_c), shape_c))

    return weibull_by_point(y, c), pullback


def weibull_by_c(y: Any, c: Any) -> Any:
    return divide(1.0, c) + scaled(logarithm(y), 1.0 - raised(y, c))


@derivative(of=weibull_by_c)
@shaped
def weibull_by_c_(y, c):
    shape_y, shape_c = np.shape(y), np.shape(c)

    def pullback(g):
        log_y, less = logarithm(y), raised(y, c - 1.0)
        by_point = reciprocal(y) - less - scaled(c * less, log_y)
        by_c = divide(-1.0, c * c) - scaled(scaled(raised(y, c), log_y), log_y)
        return unbroadcast(steep(g, by_point), shape_y), unbroadcast(scaled(g, by_c), shape_c)

    return weibull_by_c(y, c), pullback
