"""Distributions of which one tail is the exponential of minus something simple, H.

The logarithm of the other tail is log(1 - exp(-H)), whose slopes are those of log H times
H / (exp(H) - 1), which is smooth: beside an end, where H is tiny, second derivatives in points and
shapes are small differences of terms that are huge, unless log H is differentiated as what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special, stats

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_special import mills
from s2sdiff.rules.scipy_stats_flows import HAZARDS
from s2sdiff.rules.scipy_stats_limits import bend, log_ratio
from s2sdiff.rules.scipy_stats_parameters import Parameters, as_array, entries, parameters
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import scaled, unbroadcast

__all__ = ["EXPONENTS", "hazard", "logarithm_of_rest"]


def _expon(y):
    return y, 1 / y


def _pareto(y, b):
    log = np.log(y)
    return b * log, 1 / (y * log), 1 / b


def _lomax(y, c):
    log = np.log1p(y)
    return c * log, 1 / ((1 + y) * log), 1 / c


def _powerlaw(y, a):
    log = np.log(y)
    return -a * log, 1 / (y * log), 1 / a


def _genpareto(y, c):
    h = -log_ratio(y, -c)
    return h, 1 / ((1 + c * y) * h), y * y * bend(-c * y) / h


def _weibull_min(y, c):
    return np.power(y, c), c / y, np.log(y)


def _weibull_max(y, c):
    return np.power(-y, c), c / y, np.log(-y)


def _invweibull(y, c):
    return np.power(y, -c), -c / y, -np.log(y)


def _rayleigh(y):
    return y * y / 2, 2 / y


def _gompertz(y, c):
    return c * np.expm1(y), 1 / -np.expm1(-y), 1 / c


def _gumbel_l(y):
    return np.exp(y), np.ones_like(y)


def _gumbel_r(y):
    return np.exp(-y), -np.ones_like(y)


def _genextreme(y, c):
    return np.exp(log_ratio(y, c)), -1 / (1 - c * y), y * y * bend(c * y)


def _one(*shapes):
    return 1.0


def _zero(*shapes):
    return 0.0


#: By class: the tail that is 1 - exp(-H), that below (1) or beyond (-1); H, with the slopes of its
#: logarithm by the point and each shape; and a point that surely lies inside.
EXPONENTS: dict[type, tuple[int, Callable, Callable]] = {
    type(stats.expon): (1, _expon, _one),
    type(stats.pareto): (1, _pareto, lambda b: 2.0),
    type(stats.lomax): (1, _lomax, _one),
    type(stats.genpareto): (1, _genpareto, lambda c: 0.5 / (1 + np.abs(c))),
    type(stats.weibull_min): (1, _weibull_min, _one),
    type(stats.rayleigh): (1, _rayleigh, _one),
    type(stats.gompertz): (1, _gompertz, _one),
    type(stats.gumbel_l): (1, _gumbel_l, _zero),
    type(stats.gumbel_r): (-1, _gumbel_r, _zero),
    type(stats.weibull_max): (-1, _weibull_max, lambda c: -1.0),
    type(stats.invweibull): (-1, _invweibull, _one),
    type(stats.genextreme): (-1, _genextreme, _zero),
    type(stats.powerlaw): (-1, _powerlaw, lambda a: 0.5),
}


def logarithm_of_rest(p: Parameters, x: Any, bar: Any) -> Any:
    """The entries of the logarithm of that tail."""
    _, known, inner = EXPONENTS[type(p.dist)]
    shapes = [np.asarray(v, float) for v in p.shapes]
    scale = np.asarray(p.scale)
    y = np.asarray((as_array(x) - p.loc) / scale, float)
    allowed = p.dist._argcheck(*shapes)
    inside = allowed & p.dist._support_mask(y, *shapes) & (scale > 0) & np.isfinite(y)
    shapes = [np.where(allowed, v, 1.0) for v in shapes]
    h, y_slope, *slopes = known(np.where(inside, y, inner(*shapes)), *shapes)
    share = scaled(np.where(inside, bar, 0.0), np.exp(-h) / special.exprel(-h))
    y_bar = scaled(share, y_slope) / np.where(scale > 0, scale, 1.0)
    made: dict[str, Callable[[], Any]] = {
        "loc": lambda: unbroadcast(-y_bar, np.shape(p.loc)),
        "scale": lambda: unbroadcast(-scaled(y_bar, y), np.shape(p.scale)),
    }
    for name, slope, shape in zip(p.names, slopes, shapes, strict=True):
        made[name] = lambda slope=slope, shape=shape: unbroadcast(
            scaled(share, slope), shape.shape)
    return (None, unbroadcast(y_bar, np.shape(x)), *entries(p, made))


def hazard(dist: Any, x: Any, args: tuple, kwds: dict[str, Any], log_p: Any, sign: int) -> Any:
    """The density over the probability of what lies on one side, whose logarithm is `log_p`."""
    p, known = parameters(dist, args, kwds), HAZARDS.get((type(dist), sign))
    y = (as_array(x) - p.loc) / np.asarray(p.scale)
    if type(dist) is type(stats.norm):
        return mills(sign * y) / p.scale
    if known is not None:
        shapes = [np.asarray(v) for v in p.shapes]
        inside = dist._support_mask(y, *shapes)
        y = np.where(inside, y, EXPONENTS[type(dist)][2](*shapes))
        return np.where(inside, known(y, *shapes) / p.scale, 0.0)
    return rise(dist.logpdf(x, *args, **kwds), log_p)


def rise(log_density: Any, log_p: Any) -> Any:
    """exp(log_density - log_p); of logarithms that are huge their difference has no digits."""
    lost = np.where(np.isfinite(log_p) & (np.abs(log_p) > 1e11), np.nan, 1.0)
    return np.where(log_density == -np.inf, 0.0, np.exp(scaled(log_density - log_p, lost)))[()]


@derivative(of=rise)
@shaped
def rise_(log_density, log_p):
    value = rise(log_density, log_p)

    def pullback(bar):
        # Their slopes differ by less still: of 16 digits they lose twice as many.
        lost = np.where(np.isfinite(log_p) & (np.abs(log_p) > 1e5), np.nan, 1.0)
        share = scaled(bar, scaled(value, lost))
        return share, -share

    return value, pullback
