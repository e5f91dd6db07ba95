"""Discrete distributions of `scipy.stats`: derivatives in their parameters.

As for continuous ones, a distribution is a function in each of two tables.  A parameter's entry in
`FLOWS` is the derivative of the distribution function over the mass at the same point.  The points,
and the location, are integers and have no derivatives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats
from scipy.stats import rv_discrete

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.pointwise import by_slopes
from s2sdiff.rules.scipy_incomplete_beta import beta_ratios
from s2sdiff.rules.scipy_stats_counts import nbinom_by_n, odds_slope, poisson_slope
from s2sdiff.rules.scipy_stats_parameters import entries, parameters
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import call, divide, scaled, unbroadcast

__all__: list[str] = []


def _poisson(k, mu):
    return (poisson_slope(k, mu),)


def _binom(k, n, p):
    return None, odds_slope(k, n - k, p)


def _bernoulli(k, p):
    return (odds_slope(k, 1 - k, p),)


def _geom(k, p):
    return (odds_slope(1.0, k - 1, p),)


def _nbinom(k, n, p):
    return nbinom_by_n(k, n, p), odds_slope(n, k, p)


#: Derivatives of the logarithm of the mass with respect to each parameter; None is not known.
SLOPES: dict[type, Callable[..., tuple]] = {
    type(stats.poisson): _poisson, type(stats.binom): _binom, type(stats.bernoulli): _bernoulli,
    type(stats.geom): _geom, type(stats.nbinom): _nbinom,
}


def _poisson_flow(k, mu):
    return (np.full(np.shape(k), -1.0),)  # DLMF 8.8.14 with a = k + 1


def _binom_flow(k, n, p):
    return None, -divide(n - k, 1 - p)  # DLMF 8.17.1, as for the other two


def _bernoulli_flow(k, p):
    return (-divide(1 - k, 1 - p),)


def _geom_flow(k, p):
    return (divide(k, p),)


def _nbinom_flow(k, n, p):
    # The density of the beta distribution at p is (n + k) / p times the mass at k.
    ratio, _ = beta_ratios(n, k + 1, p)
    return ratio * (n + k) / p, divide(n + k, p)


FLOWS: dict[type, Callable[..., tuple]] = {
    type(stats.poisson): _poisson_flow, type(stats.binom): _binom_flow,
    type(stats.bernoulli): _bernoulli_flow, type(stats.geom): _geom_flow,
    type(stats.nbinom): _nbinom_flow,
}


def in_parameters(self: Any, k: Any, args: tuple, kwds: dict[str, Any], table: Any, share: Any,
                  otherwise: Any) -> Any:
    """The entries of a function with slopes from a table, times `share`; or from SciPy's source.

    `otherwise` is a method in standard form and the cotangent of its value.
    """
    p = parameters(self, args, kwds)
    with np.errstate(all="ignore"):
        points = np.floor(np.asarray(k, float) - p.loc)

    def entry(i: int) -> Any:
        known = table.get(type(self))
        with np.errstate(all="ignore"):
            if known is None:
                return unbroadcast(_by_source(p, points, i, *otherwise()), np.shape(p.shapes[i]))
            slope = known(points, *map(np.asarray, p.shapes))[i]
            if slope is None:
                return NotImplemented
            # Where nothing counts, nor does what the table says of points outside of the support.
            return unbroadcast(np.where(share == 0, 0.0, share * slope), np.shape(p.shapes[i]))

    made = {name: lambda i=i: entry(i) for i, name in enumerate(p.names)}
    return None, None, *entries(p, {**made, "loc": lambda: None})


def _by_source(p: Any, points: Any, i: int, method: Any, g: Any) -> Any:
    shape = np.broadcast_shapes(np.shape(points), *map(np.shape, p.shapes))
    points, *shapes = [np.broadcast_to(v, shape) for v in (points, *p.shapes)]
    valid = np.broadcast_to(
        p.dist._argcheck(*shapes) & p.dist._support_mask(points, *shapes), shape)
    good = [v[valid] for v in (points, *shapes)]
    _, back = call((i + 1,), method, *good)
    full = np.zeros(shape)
    bar = back(np.broadcast_to(g, shape)[valid])
    full[valid] = 0.0 if bar is None else bar
    return full


@derivative(of=rv_discrete.pmf)
@shaped
def pmf(self, k, *args, **kwds):
    value = self.pmf(k, *args, **kwds)
    return value, lambda bar: in_parameters(
        self, k, args, kwds, SLOPES, bar * value, lambda: (self._pmf, bar))


@derivative(of=rv_discrete.logpmf)
@shaped
def logpmf(self, k, *args, **kwds):
    value = self.logpmf(k, *args, **kwds)
    return value, lambda bar: in_parameters(
        self, k, args, kwds, SLOPES, np.where(value == -np.inf, 0.0, bar),
        lambda: (self._logpmf, bar))


def mass_below(self: Any, k: Any, args: tuple, kwds: dict[str, Any]) -> Any:
    """The logarithm of the mass at the greatest integer that is not above k."""
    # Without the location, which may round the integer away when it is added and taken off again.
    shapes, loc, _ = self._parse_args(*args, **kwds)
    with np.errstate(invalid="ignore"):
        return self.logpmf(np.floor(np.asarray(k, float) - loc), *shapes)


def of_probability(name: str, sign: float, logarithm: bool) -> Any:
    """The rule of a distribution function, its complement, or one of their logarithms."""

    def rule(self, x, *args, **kwds):
        value = getattr(self, name)(x, *args, **kwds)

        def pullback(bar):
            log_mass = mass_below(self, x, args, kwds)
            with np.errstate(all="ignore"):
                weight = log_mass - value if logarithm else log_mass
                # No mass is greater than F, which SciPy may let underflow.
                weight = np.exp(np.minimum(weight, 0.0) if sign > 0 else weight)
            weight = np.where(log_mass == -np.inf, 0.0, weight)
            g = sign * bar
            return in_parameters(
                self, x, args, kwds, FLOWS, scaled(g, weight),
                lambda: (self._cdf, scaled(g, np.exp(-value)) if logarithm else g))

        return value, pullback

    rule.__name__ = name
    return rule


for _name, _sign, _logarithm in (("cdf", 1.0, False), ("sf", -1.0, False), ("logcdf", 1.0, True),
                                 ("logsf", -1.0, True)):
    _rule = shaped(of_probability(_name, _sign, _logarithm))
    _rule.__s2sdiff_any__ = True
    derivative(of=getattr(rv_discrete, _name))(_rule)
    by_slopes(getattr(rv_discrete, _name), _rule)

for _rule in (pmf, logpmf):
    _rule.__s2sdiff_any__ = True  # type: ignore[attr-defined]
    by_slopes(getattr(rv_discrete, _rule.__name__), _rule)

# Their results are integers.
constant(rv_discrete.ppf, rv_discrete.isf)
