"""Moments of distributions of `scipy.stats`, where SciPy has another formula at single parameters.

That formula does not name the parameter, and beside it digits cancel; slopes are those of formulas
that hold for all parameters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special, stats

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_box_cox import boxcox_slope
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import scaled, standins, unbroadcast

__all__: list[str] = []


def pareto_moment(n: Any, c: Any) -> Any:
    return stats.genpareto._munp(n, c)


def truncated_moment(n: Any, b: Any, c: Any) -> Any:
    return stats.truncpareto._munp(n, b, c)


def extreme_moment(n: Any, c: Any) -> Any:
    return stats.genextreme._munp(n, c)


def extreme_moments(c: Any) -> Any:
    return stats.genextreme._stats(c)


#: What stands for methods of distributions: the same, without the object.
STANDINS = {
    ("genpareto", "_munp"): lambda self, n, c: pareto_moment(n, c),
    ("truncpareto", "_munp"): lambda self, n, b, c: truncated_moment(n, b, c),
    ("genextreme", "_munp"): lambda self, n, c: extreme_moment(n, c),
    ("genextreme", "_stats"): lambda self, c: extreme_moments(c),
}
# One that a class has of its base is that of all other distributions, too.
standins.EAGER.update({vars(cls)[name]: made for (of, name), made in STANDINS.items()
                       for cls in [type(getattr(stats, of, None))] if name in vars(cls)})


@derivative(of=pareto_moment, wrt="c")
def genpareto_moment(n, c):
    def pullback(bar):
        # n! over the product of 1 - k c; SciPy's sum loses its digits for a small c.
        k, exists = np.arange(1, int(n) + 1), c * n < 1
        left = 1 - k * np.expand_dims(np.where(exists, c, 0.0), -1)
        slope = np.prod(k / left, axis=-1) * np.sum(k / left, axis=-1)
        return np.where(exists, bar * slope, 0.0)[()]

    return pareto_moment(n, c), pullback


@derivative(of=truncated_moment, wrt=("b", "c"))
def truncpareto_moment(n, b, c):
    value = truncated_moment(n, b, c)

    def pullback(bar):
        # b c**n boxcox(c, b - n) / (c**b - 1).
        log_c, power = np.log(c), np.asarray(c) ** b
        front, back = b / (power - 1), power / (power - 1)
        b_slope = value * (1 / b - log_c * back) + front * np.asarray(
            c) ** n * boxcox_slope(log_c, b - n)
        c_slope = (value * n + b * back * (1 - value)) / c
        return unbroadcast(bar * b_slope, np.shape(b)), unbroadcast(bar * c_slope, np.shape(c))

    return value, pullback


# ------------------------------------------------------------------------------- extreme values


def by_nodes(n: Any, c: Any) -> tuple:
    """The mean of ((1 - E**c)/c)**n, and its slope in c, where E is exponentially distributed.

    The trapezoidal rule over the logarithm of E, whose density falls doubly exponentially.
    """
    log_e = np.arange(-88.0, 4.75, 0.25)
    weights = 0.25 * np.exp(log_e - np.exp(log_e))
    c = np.expand_dims(c, -1)
    x, slope = -log_e * special.exprel(c * log_e), -boxcox_slope(log_e, c)
    return (np.sum(weights * x**n, axis=-1), np.sum(weights * n * x ** (n - 1) * slope, axis=-1))


def by_gamma(n: Any, c: Any) -> tuple:
    """The same, where digits do not cancel."""
    k = np.arange(int(n) + 1)
    ck = np.expand_dims(c, -1) * k
    terms = special.comb(n, k) * (-1.0) ** k * special.gamma(ck + 1)
    moment = np.sum(terms, axis=-1) / c**n
    return moment, (np.sum(terms * k * special.digamma(ck + 1), axis=-1) / c**n - n * moment / c)


@effectless
def moment_and_slope(n, c):
    near = np.abs(c) * n < 0.5
    exists = np.asarray(c * n > -1)
    few = by_nodes(n, np.where(near, c, 0.0))
    many = by_gamma(n, np.where(near | ~exists, 1.0, c))
    return tuple(np.where(near, p, np.where(exists, q, np.nan))
                 for p, q in zip(few, many, strict=True))


@derivative(of=extreme_moment, wrt="c")
def genextreme_moment(n, c):
    def pullback(bar):
        slope = moment_and_slope(n, c)[1]
        return unbroadcast(np.where(np.isnan(slope), 0.0, bar * slope), np.shape(c))

    return extreme_moment(n, c), pullback


@derivative(of=extreme_moments, wrt="c")
def genextreme_moments(c):
    def pullback(bars):
        mean_bar, variance_bar, skew_bar, kurtosis_bar = bars
        (m, m1), (s, s1), (t, t1), (q, q1) = (moment_and_slope(n, c) for n in (1, 2, 3, 4))
        v, v1 = s - m * m, s1 - 2 * m * m1
        third, third1 = t - 3 * m * s + 2 * m**3, t1 - 3 * (m1 * s + m * s1) + 6 * m * m * m1
        fourth = q - 4 * m * t + 6 * m * m * s - 3 * m**4
        fourth1 = q1 - 4 * (m1 * t + m * t1) + 6 * m * (2 * m1 * s + m * s1) - 12 * m**3 * m1
        slopes = (m1, v1, (third1 - 1.5 * third * v1 / v) / v**1.5,
                  (fourth1 - 2 * fourth * v1 / v) / (v * v))
        total: Any = 0.0
        for g, slope in zip((mean_bar, variance_bar, skew_bar, kurtosis_bar), slopes, strict=True):
            if g is not None:
                total = total + scaled(g, np.where(np.isnan(slope), 0.0, slope))
        return unbroadcast(total, np.shape(c))

    return extreme_moments(c), pullback

