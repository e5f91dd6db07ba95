"""How quantiles of `scipy.stats` move with shape parameters.

The entry of a parameter is dF/dparameter divided by the density, both in standard form and at the
same point: to change the parameter changes F, its logarithm, 1 - F and the inverse as a shift of
the point by so much does.  The ratio stays finite where F and the density underflow.  (Figurnov,
Mohamed, Mnih, Implicit reparameterization gradients, 2018, has this view of it.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special, stats

from s2sdiff.rules.scipy_incomplete import gamma_quantile_slope, gamma_ratio
from s2sdiff.rules.scipy_incomplete_beta import beta_ratios, nearer_end, turned
from s2sdiff.rules.scipy_incomplete_beta_inverses import beta_quantile_slope
from s2sdiff.rules.scipy_probabilities_student import student_ratio
from s2sdiff.rules.scipy_special import mills
from s2sdiff.rules.scipy_stats_limits import log_ratio

__all__ = ["FLOWS", "HAZARDS", "QUANTILES", "log_mass"]

#: Nodes and weights on (-1, 1).
LEGENDRE = np.polynomial.legendre.leggauss(48)


def log_mass(a: Any, b: Any) -> Any:
    """The logarithm of Phi(b) - Phi(a), by the tail in which both lie."""
    right = a > 0
    low, high = np.where(right, -b, a), np.where(right, -a, b)
    log_high = special.log_ndtr(high)
    return log_high + np.log1p(-np.exp(special.log_ndtr(low) - log_high))


# ---------------------------------------------------------------------------- by distribution


def _gamma(x, a):
    return (gamma_ratio(a, x),)


def _chi2(x, df):
    return (gamma_ratio(df / 2, x / 2),)


def _invgamma(x, a):
    return (-x * x * gamma_ratio(a, 1 / x),)


def _beta(x, a, b):
    return tuple(beta_ratios(a, b, x))


def _f(x, dfn, dfd):
    # dfn x / (dfn x + dfd) has a beta distribution.
    whole = dfn * x + dfd
    far, a, b, w = nearer_end(dfn, dfd, x)
    ratios = turned(far, beta_ratios(a, b, w))
    stretch = whole * whole / (2 * dfn * dfd)
    return ratios[0] * stretch + x / dfn, ratios[1] * stretch - x / dfd


def _t(x, df):
    return (student_ratio(df, x),)


def _lognorm(x, s):
    return (-special.xlogy(x, x) / s,)


def _weibull_min(x, c):
    return (special.xlogy(x, x) / c,)


def _dgamma(x, a):
    # One half of a gamma distribution on each side: the middle stays where it is.
    return (np.where(x == 0, 0.0, np.sign(x) * gamma_ratio(a, np.abs(x))),)


def _dweibull(x, c):
    return (special.xlogy(x, np.abs(x)) / c,)


def _pareto(x, b):
    return (x * np.log(x) / b,)


def _triang(x, c):
    return (np.where(x < c, -x / (2 * c), (x - 1) / (2 * (1 - c))),)


def _skewnorm(x, a):
    # The derivative of Owen's T(x, a) in a is exp(-x**2 (1 + a**2) / 2) / (2 pi (1 + a**2)).
    return (-mills(a * x) / (1 + a * a),)


def _truncnorm(x, a, b):
    lower = log_mass(a, x) - log_mass(a, b)
    upper = log_mass(x, b) - log_mass(a, b)
    return (-np.exp((x - a) * (x + a) / 2 + upper), -np.exp((x - b) * (x + b) / 2 + lower))


def _vonmises(x, kappa):
    # The integral of the density times cos(v) - I1 / I0 over (0, x): that over (x, pi) with
    # the other sign: on the side where the integrand falls, as far as it counts.
    turn = x - 2 * np.pi * np.rint(x / (2 * np.pi))
    y, ratio = np.abs(turn), special.i1e(kappa) / special.i0e(kappa)
    outer = np.cos(y) < ratio
    far = np.arccos(np.maximum(np.cos(y) - 40 / kappa, -1.0))
    start, half = np.where(outer, y, 0.0), np.where(outer, far - y, -y) / 2
    total = 0.0
    for node, weight in zip(*LEGENDRE, strict=True):
        v = start + np.abs(half) * (1 + node)
        rise = -2 * np.sin((v + y) / 2) * np.sin((v - y) / 2)
        total = total + weight * np.exp(kappa * rise) * (np.cos(v) - ratio)
    return (-np.sign(turn) * half * total,)


#: By class: the motions, one for each shape parameter, at points inside of the support.
FLOWS: dict[type, Callable[..., tuple]] = {
    type(stats.gamma): _gamma, type(stats.chi2): _chi2, type(stats.invgamma): _invgamma,
    type(stats.beta): _beta, type(stats.f): _f, type(stats.t): _t,
    type(stats.lognorm): _lognorm, type(stats.weibull_min): _weibull_min,
    type(stats.pareto): _pareto, type(stats.triang): _triang,
    type(stats.skewnorm): _skewnorm, type(stats.truncnorm): _truncnorm,
    type(stats.vonmises): _vonmises, type(stats.dgamma): _dgamma,
    type(stats.dweibull): _dweibull,
}


# --------------------------------------------------------------- slopes of quantiles, in q


def _gamma_quantile(q, x, a):
    return gamma_quantile_slope(a, q, x)


def _chi2_quantile(q, x, df):
    return 2 * gamma_quantile_slope(df / 2, q, x / 2)


def _beta_quantile(q, x, a, b):
    return beta_quantile_slope(a, b, q, x)


def _f_quantile(q, x, dfn, dfd):
    far, a, b, w = nearer_end(dfn, dfd, x)
    slope = beta_quantile_slope(a, b, np.where(far, 1 - q, q), w)
    return slope * (dfn * x + dfd) ** 2 / (dfn * dfd)


#: Of those whose density may be infinite at an end: how they bend there.
QUANTILES: dict[type, Callable] = {
    type(stats.gamma): _gamma_quantile, type(stats.chi2): _chi2_quantile,
    type(stats.beta): _beta_quantile, type(stats.f): _f_quantile,
}


#: The slopes of the logarithms of F (1) and 1 - F (-1), where these are powers and exponentials: of
#: their own logarithms, which are huge, less those of the density nothing would be left.
HAZARDS: dict[tuple[type, int], Callable] = {
    (type(stats.gumbel_r), 1): lambda x: np.exp(-x),
    (type(stats.gumbel_l), -1): lambda x: np.exp(x),
    (type(stats.weibull_min), -1): lambda x, c: c * np.power(x, c - 1),
    (type(stats.weibull_max), 1): lambda x, c: c * np.power(-x, c - 1),
    (type(stats.invweibull), 1): lambda x, c: c * np.power(x, -c - 1),
    (type(stats.gompertz), -1): lambda x, c: c * np.exp(x),
    (type(stats.rayleigh), -1): lambda x: x,
    (type(stats.expon), -1): lambda x: np.ones_like(x),
    (type(stats.pareto), -1): lambda x, b: b / x,
    (type(stats.lomax), -1): lambda x, c: c / (1 + x),
    (type(stats.genpareto), -1): lambda x, c: 1 / (1 + c * x),
    (type(stats.powerlaw), 1): lambda x, a: a / x,
    (type(stats.genextreme), 1): lambda x, c: np.exp(log_ratio(x, c)) / (1 - c * x),
}
