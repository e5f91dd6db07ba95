"""Slopes of log densities of `scipy.stats` in standard form: a distribution is a function here.

Given points inside of the support and the shape parameters, it returns the derivatives of the
logarithm of the density, by the point and by each of the shapes.  Distributions that are neither
here nor in `scipy_stats_limits` are differentiated through SciPy's own `_logpdf` or `_pdf`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import special, stats
from scipy.special import digamma

from s2sdiff.rules.scipy_special import mills
from s2sdiff.rules.scipy_stats_flows import log_mass
from s2sdiff.rules.scipy_stats_slopes import (
    cauchy_by_point,
    chi2_by_df,
    chi2_by_point,
    gamma_by_a,
    gamma_by_point,
    invgamma_by_a,
    invgamma_by_point,
    logarithm,
    logistic_by_point,
    student_by_df,
    student_by_point,
)
from s2sdiff.rules.scipy_stats_slopes_more import (
    beta_by_point,
    beta_by_shape,
    logarithm_of_rest,
    lognorm_by_point,
    lognorm_by_s,
    weibull_by_c,
    weibull_by_point,
)
from s2sdiff.runtime import divide

__all__ = ["SLOPES"]


def _norm(x):
    return (-x,)


def _t(x, df):
    return student_by_point(x, df), student_by_df(x, df)


def _gamma(x, a):
    return gamma_by_point(x, a), gamma_by_a(x, a)


def _beta(x, a, b):
    return (beta_by_point(x, a, b), beta_by_shape(logarithm(x), a, b),
            beta_by_shape(logarithm_of_rest(x), b, a))


def _expon(x):
    return (np.full(np.shape(x), -1.0),)


def _uniform(x):
    return (np.zeros(np.shape(x)),)


def _lognorm(x, s):
    return lognorm_by_point(x, s), lognorm_by_s(x, s)


def _laplace(x):
    return (-np.sign(x),)


def _cauchy(x):
    return (cauchy_by_point(x),)


def _logistic(x):
    return (logistic_by_point(x),)


def _chi2(x, df):
    return chi2_by_point(x, df), chi2_by_df(x, df)


def _invgamma(x, a):
    return invgamma_by_point(x, a), invgamma_by_a(x, a)


def _weibull_min(x, c):
    return weibull_by_point(x, c), weibull_by_c(x, c)


def _pareto(x, b):
    return -(b + 1) / x, 1 / b - np.log(x)


def _gumbel_r(x):
    return (np.expm1(-x),)


def _gumbel_l(x):
    return (-np.expm1(x),)


def _truncnorm(x, a, b):
    mass = log_mass(a, b) + math.log(2 * math.pi) / 2
    return -x, np.exp(-a * a / 2 - mass), -np.exp(-b * b / 2 - mass)


def _skewnorm(x, a):
    ratio = mills(a * x)
    return a * ratio - x, x * ratio


def _f(x, dfn, dfd):
    total = dfd + dfn * x
    both, log_total = digamma((dfn + dfd) / 2), np.log(total)
    share = (dfn + dfd) / total
    n_slope = np.log(dfn) + 1 + np.log(x) - log_total - x * share - digamma(dfn / 2) + both
    d_slope = np.log(dfd) + 1 - log_total - share - digamma(dfd / 2) + both
    return divide(dfn / 2 - 1, x) - dfn * share / 2, n_slope / 2, d_slope / 2


def _rayleigh(x):
    return (1 / x - x,)


def _maxwell(x):
    return (2 / x - x,)


def _triang(x, c):
    low, high = x < c, x > c
    return (np.where(low, divide(1.0, x), np.where(high, divide(-1.0, 1 - x), 0.0)),
            np.where(low, divide(-1.0, c), np.where(high, divide(1.0, 1 - c), 0.0)))


def _vonmises(x, kappa):
    # The derivative of log I0 is I1 / I0 (DLMF 10.29.3).
    ratio = special.i1e(kappa) / special.i0e(kappa)
    return -kappa * np.sin(x), np.cos(x) - ratio


#: By class, so that a distribution derived from one of these is another one.
SLOPES: dict[type, Callable[..., tuple]] = {
    type(stats.norm): _norm, type(stats.halfnorm): _norm, type(stats.truncnorm): _truncnorm,
    type(stats.skewnorm): _skewnorm, type(stats.lognorm): _lognorm, type(stats.t): _t,
    type(stats.cauchy): _cauchy, type(stats.halfcauchy): _cauchy,
    type(stats.gamma): _gamma, type(stats.chi2): _chi2, type(stats.invgamma): _invgamma,
    type(stats.beta): _beta, type(stats.f): _f, type(stats.expon): _expon,
    type(stats.uniform): _uniform, type(stats.laplace): _laplace,
    type(stats.logistic): _logistic, type(stats.halflogistic): _logistic,
    type(stats.weibull_min): _weibull_min, type(stats.pareto): _pareto,
    type(stats.gumbel_r): _gumbel_r, type(stats.gumbel_l): _gumbel_l,
    type(stats.rayleigh): _rayleigh, type(stats.maxwell): _maxwell,
    type(stats.triang): _triang, type(stats.vonmises): _vonmises,
}
