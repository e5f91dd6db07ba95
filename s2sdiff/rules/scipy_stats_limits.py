"""Distributions of which SciPy puts in a limit where a shape parameter is zero.

Its code has another formula there, which does not name the parameter, though the density is smooth
in it.  Slopes and motions are written here in functions that are smooth, too: of the generalized
extreme values, Pareto's, Hosking's kappa and Pearson's third type.  The tables are as those in
`scipy_stats_densities` and `scipy_stats_flows`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special, stats

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_incomplete import gamma_ratio
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import scaled, unbroadcast

__all__ = ["FLOWS", "SLOPES", "at_zero"]

_SMALL, _TERMS = 0.05, 16


def bend(u: Any) -> Any:
    """x**-2 d/dc of log(1 - c x)/c, at u = c x: (-u/(1 - u) - log(1 - u))/u**2.

    >>> bend(np.array([0.0, 0.5])).round(6).tolist()
    [-0.5, -1.227411]
    """
    near = np.where(np.abs(u) < _SMALL, u, 0.0)
    series = -sum((k + 1) / (k + 2) * near**k for k in range(_TERMS))
    far = np.where(np.abs(u) < _SMALL, 0.5, u)
    return np.where(np.abs(u) < _SMALL, series, (-far / (1 - far) - np.log1p(-far)) / far**2)


def skewed(w: Any) -> Any:
    """The slope of (log(1 + w) - w)/w**2.

    >>> skewed(np.array([0.0, 1.0])).round(6).tolist()
    [0.333333, 0.113706]
    """
    near = np.where(np.abs(w) < _SMALL, w, 0.0)
    series = sum((-1) ** k * (k + 1) / (k + 3) * near**k for k in range(_TERMS))
    far = np.where(np.abs(w) < _SMALL, 1.0, w)
    return np.where(np.abs(w) < _SMALL, series,
                    (2 * far - far**2 / (1 + far) - 2 * np.log1p(far)) / far**3)


def log_ratio(x: Any, c: Any) -> Any:
    """log(1 - c x)/c, which is -x for c = 0."""
    some = np.where(c == 0, 1.0, c)
    return np.where(c == 0, -x, np.log1p(-some * x) / some)


@derivative(of=log_ratio)
@shaped
def log_ratio_(x, c):
    shape_x, shape_c = np.shape(x), np.shape(c)

    def pullback(bar):
        return (unbroadcast(scaled(-bar, 1 / (1 - c * x)), shape_x),
                unbroadcast(scaled(bar, x * x * bend(c * x)), shape_c))

    return log_ratio(x, c), pullback


# --------------------------------------------------------- extreme values, Pareto's, kappa


def _genextreme(x, c):
    rest, power = 1 - c * x, np.exp(log_ratio(x, c))
    return (power - 1 + c) / rest, (1 - power) * x**2 * bend(c * x) + x / rest


def _genextreme_flow(x, c):
    return (-x**2 * bend(c * x) * (1 - c * x),)


def _genpareto(x, c):
    rest = 1 + c * x
    return -(1 + c) / rest, -x**2 * bend(-c * x) - x / rest


def _genpareto_flow(x, c):
    return (x**2 * bend(-c * x) * (1 + c * x),)


def _kappa4(x, h, k):
    """With E = (1 - k x)**(1/k), F = (1 - h E)**(1/h) (Hosking 1994)."""
    power, rest = np.exp(log_ratio(x, k)), 1 - k * x
    left = 1 - h * power
    share = power * (h - 1) / left + 1
    return ((k - share) / rest, power**2 * bend(h * power) + power / left,
            share * x**2 * bend(k * x) + x / rest)


def _kappa4_flow(x, h, k):
    power, rest = np.exp(log_ratio(x, k)), 1 - k * x
    return power * bend(h * power) * (1 - h * power) * rest, -x**2 * bend(k * x) * rest


# --------------------------------------------------------------------- Pearson's third type


def _pearson3(x, skew):
    """With t = skew/2, y = 1 + t x and a = 1/t**2, log f is a (log y - t x) - log y - log(2 pi)/2
    - r(a), where r is the rest of Stirling's series (DLMF 5.11.1)."""
    t = skew / 2
    y = 1 + t * x
    inside = y > 0
    y = np.where(inside, y, 1.0)
    by_t = x**3 * skewed(np.where(inside, t * x, 0.0)) - x / y - _rest_of_stirling(t)
    return np.where(inside, -(x + t) / y, 0.0), np.where(inside, by_t / 2, 0.0)


def _rest_of_stirling(t):
    """The slope in t of the rest of Stirling's series at 1/t**2 (DLMF 5.11.2)."""
    near = np.where(np.abs(t) < 0.2, t, 0.0)
    series = near / 6 - near**5 / 60 + near**9 / 126 - near**13 / 120
    far = np.where(np.abs(t) < 0.2, 1.0, t)
    a = 1 / far**2
    return np.where(np.abs(t) < 0.2, series,
                    -2 / far**3 * (special.digamma(a) - np.log(a) + 0.5 / a))


def _pearson3_flow(x, skew):
    """That of the gamma distribution; for small t it solves v' = (log f)_t + v (x + t)/y in
    powers of t."""
    t = skew / 2
    series = (1 - x**2) / 3 + t * (x**3 + x) / 6 + t**2 * (1 / 30 - x**2 / 15 - x**4 / 10)
    some = np.where(np.abs(t) < 3e-3, 1.0, t)
    a = 1 / some**2
    y = np.maximum(1 + some * x, 0.0)
    exact = -2 * a * (gamma_ratio(a, a * y) + y) + x / some
    return (np.where(np.abs(t) < 3e-3, series, exact) / 2,)


def _rice(x, b):
    ratio = special.i1e(x * b) / special.i0e(x * b)
    return 1 / x - x + b * ratio, x * ratio - b


SLOPES: dict[type, Callable[..., tuple]] = {
    type(stats.genextreme): _genextreme, type(stats.genpareto): _genpareto,
    type(stats.kappa4): _kappa4, type(stats.pearson3): _pearson3, type(stats.rice): _rice}
FLOWS: dict[type, Callable[..., tuple]] = {
    type(stats.genextreme): _genextreme_flow, type(stats.genpareto): _genpareto_flow,
    type(stats.kappa4): _kappa4_flow, type(stats.pearson3): _pearson3_flow}

#: By distribution: the shape parameter at whose zero SciPy takes another formula; its slope, of the
#: log density, and its flow there.  With F_k for k degrees of freedom and density f_k, that of F_k
#: is -f_(k+2), which is -x/k f_k (Johnson, Kotz and Balakrishnan, chapter 29).
_AT_ZERO: dict[type, tuple[int, Callable[..., Any], Callable[..., Any]]] = {
    type(stats.ncx2): (1, lambda x, df: (x / df - 1) / 2, lambda x, df: -x / df)}


def at_zero(dist: Any, x: Any, shapes: Any, found: Any, weight: Any, flow: bool) -> list[Any]:
    """The entries `found` of the shape parameters, right also where one of them is zero.

    `weight` is what slopes are multiplied with.
    """
    known = _AT_ZERO.get(type(dist))
    if known is None or not np.any(shapes[known[0]] == 0):
        return list(found)
    at, slope, flow_of = known
    zero, others = shapes[at] == 0, [s for i, s in enumerate(shapes) if i != at]
    there = weight * (flow_of if flow else slope)(x, *others)
    return [np.where(zero, there, 0.0 if bar is None else bar) if i == at else bar
            for i, bar in enumerate(found)]
