"""The noncentral distributions of chi square, F and t, in all their parameters.

The first two are mixtures of central ones, weighted as Poisson's distribution has it; the last is
an integral over the scale of its denominator (N. Johnson, S. Kotz, N. Balakrishnan, Continuous
Univariate Distributions 2, chapters 29 to 31).  Derivatives in the degrees of freedom are taken
under the sum and under the integral.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_incomplete import gamma_slope
from s2sdiff.rules.scipy_incomplete_beta import beta_density, beta_ratios
from s2sdiff.rules.shared import compiled, effectless
from s2sdiff.runtime import scaled, unbroadcast

__all__ = ["chi_square_slope"]

_ufuncs: Any = compiled("scipy.special._ufuncs")


# ------------------------------------------------------------------------------------- mixtures


def terms(nc: Any) -> tuple[Any, Any]:
    """Numbers of terms and their weights, along a last axis: all that are not negligible."""
    half = np.expand_dims(np.asarray(nc, float) / 2, -1)
    some = half[half < 1e7]  # of more, and of nan, nothing is known
    reach = 12 * np.sqrt(np.max(some, initial=0.0)) + 40
    j = np.arange(max(0.0, np.floor(np.min(some, initial=np.inf) - reach))
                  if some.size else 0.0, np.ceil(np.max(some, initial=0.0) + reach))
    half = np.where(half < 1e7, half, np.nan)
    return j, np.exp(special.xlogy(j, half) - half - special.gammaln(j + 1))


def mixed(weights: Any, values: Any) -> Any:
    return np.sum(np.where(weights == 0, 0.0, weights * values), axis=-1)


@effectless
def chi_square_slope(x, df, nc):
    """The derivative of `chndtr` in the degrees of freedom."""
    x, df, nc = np.broadcast_arrays(x, df, nc)
    j, weights = terms(nc)
    a, half = df[..., None] / 2 + j, np.broadcast_to(x[..., None] / 2, (*x.shape, j.size))
    slopes = np.where(half == 0, 0.0, gamma_slope(a, half))
    return mixed(weights, slopes)[()] / 2


@effectless
def chi_square_slopes(x, df, nc):
    """The derivatives of the density in x, df and nc."""
    x, df, nc = np.broadcast_arrays(x, df, nc)
    j, weights = terms(nc)
    a, half = df[..., None] / 2 + j, x[..., None] / 2
    one, fewer, more = (np.exp(special.xlogy(b - 1, half) - half - special.gammaln(b)) / 2
                        for b in (a, a - 1, a + 1))
    fewer = np.where(a > 1, fewer, one * (a - 1) / half)
    return (mixed(weights, fewer - one)[()] / 2,
            mixed(weights, one * (np.log(half) - special.digamma(a)))[()] / 2,
            mixed(weights, more - one)[()] / 2)


@effectless
def ratio_slopes(dfn, dfd, nc, f):
    """The derivatives of `ncfdtr` in its four arguments."""
    dfn, dfd, nc, f = np.broadcast_arrays(dfn, dfd, nc, f)
    j, weights = terms(nc)
    a = dfn[..., None] / 2 + j
    ratio = dfn * f
    y = ratio / (ratio + dfd)
    b, at = (np.broadcast_to(v[..., None], a.shape) for v in (dfd / 2, y))
    density = beta_density(a, b, at)
    in_a, in_b = beta_ratios(a, b, at)
    edge = f == 0  # where the function is 0, whatever the others are
    along = mixed(weights, density)
    rise = y * (1 - y) * along
    # d I(a + 1) - d I(a) is -x**a (1-x)**b / (a beta(a, b)) (DLMF 8.17.20).
    step = mixed(weights, -density * at * (1 - at) / a)
    return (np.where(edge, 0.0, mixed(weights, density * in_a) / 2 + rise / dfn)[()],
            np.where(edge, 0.0, mixed(weights, density * in_b) / 2 - rise / dfd)[()],
            np.where(edge, 0.0, step / 2)[()],
            np.where(edge, along * dfn / dfd, rise / np.where(edge, 1.0, f))[()])


@effectless
def ratio_density_slopes(f, dfn, dfd, nc):
    """The derivatives of the density of the ratio in f, dfn, dfd and nc."""
    f, dfn, dfd, nc = np.broadcast_arrays(f, dfn, dfd, nc)
    j, weights = terms(nc)
    a, b, r = dfn[..., None] / 2 + j, dfd[..., None] / 2, (dfn / dfd)[..., None]
    at = f[..., None]
    log_sum = np.log1p(r * at)

    def density(a: Any) -> Any:
        return np.exp(special.xlogy(a - 1, r * at) + np.log(r) - (a + b) * log_sum
                      - special.betaln(a, b))

    one, both = density(a), special.digamma(a + b)
    in_a = one * (np.log(r * at) - log_sum - special.digamma(a) + both)
    in_b = one * (both - special.digamma(b) - log_sum)
    in_r = one * (a / r - (a + b) * at / (1 + r * at))
    in_f = one * ((a - 1) / at - (a + b) * r / (1 + r * at))
    turn = mixed(weights, in_r)
    return (mixed(weights, in_f)[()], mixed(weights, in_a)[()] / 2 + turn[()] / dfd,
            mixed(weights, in_b)[()] / 2 - turn[()] * dfn / np.square(dfd),
            mixed(weights, density(a + 1) - one)[()] / 2)


# ------------------------------------------------------------------------------------ integrals

@functools.cache
def nodes_and_weights() -> tuple[Any, Any, Any]:
    """Gauss and Legendre's for three parts of an interval, and the parts' numbers."""
    rules = [np.polynomial.legendre.leggauss(count) for count in (200, 400, 200)]
    nodes, weights = np.concatenate(rules, axis=1)
    return nodes, weights, np.repeat(np.arange(3), (200, 400, 200))


def scales(df: Any, nc: Any, t: Any) -> tuple[Any, Any, Any]:
    """Scales of the denominator along a last axis, their weights, and slopes of those in df.

    The part in the middle is where `t s - nc` is near 0, which may be narrow.
    """
    endless = np.isinf(df)[..., None]
    df, nc, t = (np.asarray(v, float)[..., None] for v in (df, nc, t))
    df = np.where(endless, 1.0, df)
    low, high = -45 / df - 1.5 * np.sqrt(45 / df), np.log1p(np.sqrt(90 / df) + 1 / df)
    with np.errstate(all="ignore"):
        one, other = np.exp(low), np.exp(high)
        ends = np.sort(np.clip(np.nan_to_num([(nc - 9) / t, (nc + 9) / t]), one, other), axis=0)
    ends = np.concatenate([low, *np.log(ends), high], axis=-1)
    nodes, weights, part = nodes_and_weights()
    half = np.diff(ends, axis=-1)[..., part] / 2
    logarithm = np.where(endless, 0.0, ends[..., part] + half * (1 + nodes))
    # By what log(s) - s**2 / 2 falls below its largest value, with all digits.
    fall = logarithm - np.expm1(2 * logarithm) / 2
    mass = np.exp(df * fall) * weights * np.where(endless, 1.0, half)
    mass = mass / np.sum(mass, axis=-1, keepdims=True)
    return np.exp(logarithm), mass, mass * (fall - np.sum(mass * fall, axis=-1, keepdims=True))


def bell(x: Any) -> Any:
    return np.exp(-x * x / 2) / np.sqrt(2 * np.pi)


@effectless
def student_slopes(df, nc, t):
    """The derivatives of `nctdtr` in its three arguments."""
    df, nc, t = np.broadcast_arrays(df, nc, t)
    s, weights, moved = scales(df, nc, t)
    z = t[..., None] * s - nc[..., None]
    # Of what is 1 nearly everywhere no digit would be left: `moved` has the sum 0.
    mass = np.where(t[..., None] > nc[..., None], -special.ndtr(-z), special.ndtr(z))
    return (np.sum(mass * moved, axis=-1)[()],
            -np.sum(bell(z) * weights, axis=-1)[()],
            np.sum(s * bell(z) * weights, axis=-1)[()])


@effectless
def student_density_slopes(t, df, nc):
    """The derivatives of the density in t, df and nc."""
    t, df, nc = np.broadcast_arrays(t, df, nc)
    s, weights, moved = scales(df, nc, t)
    z = t[..., None] * s - nc[..., None]
    return (-np.sum(s * s * z * bell(z) * weights, axis=-1)[()],
            np.sum(s * bell(z) * moved, axis=-1)[()],
            np.sum(s * z * bell(z) * weights, axis=-1)[()])


# ---------------------------------------------------------------------------------------- rules


def of_slopes(target: Any, slopes: Any, sign: float = 1.0) -> None:
    """Register a function by what gives its derivatives in all arguments."""
    def rule(*args):
        def pullback(bar):
            return tuple(unbroadcast(scaled(sign * bar, slope), np.shape(x))
                         for slope, x in zip(slopes(*args), args, strict=True))

        return target(*args), pullback

    derivative(of=target)(rule)


def of_inverse(target: Any, at: int, forward: Any) -> None:
    """Register the inverse of a distribution in its argument number `at`."""
    def rule(*args):
        found = target(*args)

        def pullback(bar):
            given = (*args[:at], found, *args[at + 1:])
            slopes = forward(*given)
            share = scaled(bar, 1 / slopes[at])
            return tuple(unbroadcast(share if i == at else scaled(-share, slope), np.shape(x))
                         for i, (slope, x) in enumerate(zip(slopes, args, strict=True)))

        return found, pullback

    derivative(of=target)(rule)


def turned(slopes: Any, order: tuple[int, ...]) -> Any:
    """The same derivatives for arguments in another order."""
    def given(*args: Any) -> tuple:
        back = [args[order.index(i)] for i in range(len(order))]
        found = slopes(*back)
        return tuple(found[i] for i in order)

    return given


of_slopes(special.ncfdtr, ratio_slopes)
of_inverse(special.ncfdtri, 3, ratio_slopes)
of_slopes(special.nctdtr, student_slopes)
of_inverse(special.nctdtrit, 2, student_slopes)
for _name, _slopes in (("_ncx2_pdf", chi_square_slopes), ("_ncf_pdf", ratio_density_slopes),
                       ("_nct_pdf", student_density_slopes)):
    if hasattr(_ufuncs, _name):
        of_slopes(getattr(_ufuncs, _name), _slopes)
if hasattr(_ufuncs, "_ncf_sf"):
    of_slopes(_ufuncs._ncf_sf, turned(ratio_slopes, (3, 0, 1, 2)), -1.0)
if hasattr(_ufuncs, "_nct_sf"):
    of_slopes(_ufuncs._nct_sf, turned(student_slopes, (2, 0, 1)), -1.0)
