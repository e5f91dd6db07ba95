"""What `scipy.stats` computes with a power that is a parameter: transforms, means, divergences.

SciPy puts in limits at single powers, as logarithms at the power zero, which are constants in it.
The slopes here are those of one formula for all powers: the transformation of Box and Cox, whose
slope in the power has no quotient of small numbers in it.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
from scipy import special, stats
from scipy.stats import _morestats, _stats_py

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_box_cox import boxcox_slope
from s2sdiff.runtime import (
    power,
    scaled,
    standins,
    standins_divergences,
    steep,
    unbroadcast,
)
from s2sdiff.runtime.markers import stop_gradient

__all__: list[str] = []


def inner(module: Any, name: str) -> Any:
    """The function of that name without what SciPy decorates it with."""
    return inspect.unwrap(getattr(module, name))


# -------------------------------------------------------------------- Yeo and Johnson's transform

yeojohnson_transform = inner(_morestats, "_yeojohnson_transform")


@derivative(of=yeojohnson_transform, wrt=("x", "lmbda"))
def yeojohnson(x, lmbda, xp=None):
    shape_l = np.shape(lmbda)

    def pullback(bar):
        log_x = np.copysign(np.log1p(np.abs(x)), x)
        slope = np.where(x >= 0, boxcox_slope(np.abs(log_x), lmbda),
                         boxcox_slope(np.abs(log_x), 2 - lmbda))
        return bar * np.exp((lmbda - 1) * log_x), unbroadcast(bar * slope, shape_l)

    return yeojohnson_transform(x, lmbda, *(() if xp is None else (xp,))), pullback


# ------------------------------------------------------------------- likelihood of Box and Cox

def likelihood_back(data: Any, lmb: Any, axis: int) -> Any:
    def pullback(bar):
        log_x = np.log(data)
        # Seen from the end where the power is largest, powers do not overflow.
        end = np.max(log_x, axis=axis, keepdims=True) if lmb > 0 else np.min(
            log_x, axis=axis, keepdims=True)
        apart = log_x - end
        y, y_slope = special.boxcox(np.exp(apart), lmb), boxcox_slope(apart, lmb)
        y = y - np.mean(y, axis=axis, keepdims=True)
        variance = np.mean(y * y, axis=axis, keepdims=True)
        weight = np.expand_dims(bar, axis)
        along = np.mean(y * y_slope, axis=axis, keepdims=True) / variance + end
        log_x_bar = weight * (lmb - 1 - y * np.exp(lmb * apart) / variance)
        return log_x_bar / data, np.sum(weight * (log_x - along))

    return pullback


if hasattr(_morestats, "_boxcox_llf"):
    boxcox_likelihood = inner(_morestats, "_boxcox_llf")

    @derivative(of=boxcox_likelihood, wrt=("data", "lmb"))
    def boxcox_llf(data, axis=0, *, lmb):
        return boxcox_likelihood(data, axis, lmb=lmb), likelihood_back(data, lmb, axis)

else:

    @derivative(of=stats.boxcox_llf, wrt=("data", "lmb"))
    def boxcox_llf_of_columns(lmb, data):
        return stats.boxcox_llf(lmb, data), likelihood_back(data, lmb, 0)


# ---------------------------------------------------------------------------------- power means

power_mean = inner(stats, "pmean")


@derivative(of=power_mean, wrt=("a", "p", "weights"))
def pmean(a, p, *, axis=0, dtype=None, weights=None):
    value = power_mean(a, p, axis=axis, dtype=dtype, weights=weights)
    shape_a = np.shape(a)
    shape_w = np.shape(1.0 if weights is None else weights)

    def pullback(bar):
        share = np.ones(shape_a) if weights is None else np.broadcast_to(weights, shape_a)
        total = np.sum(share, axis=axis, keepdims=True)
        share = share / total
        mean = np.reshape(value, np.shape(total))
        if abs(p) < 1e-3:
            # The root of so high a degree has few digits.
            top = np.max(a, axis=axis, keepdims=True)
            mean = top * special.inv_boxcox(
                np.sum(share * special.boxcox(a / top, p), axis=axis, keepdims=True), p)
        weight, ratio = np.reshape(bar, np.shape(total)), a / mean
        slope = scaled(weight * mean * share, boxcox_slope(np.log(ratio), p))
        return (scaled(weight * share, power(ratio, p - 1.0)), np.sum(slope),
                None if weights is None else unbroadcast(
                    scaled(weight * mean / total, special.boxcox(ratio, p)), shape_w))

    return value, pullback


# --------------------------------------------------------------------------- power divergences


def power_slope(observed, expected, lambda_):
    """The derivative in the power of 2 (o ((o / e)**l - 1) / l - (o - e)) / (l + 1).

    That is the same function of e, o and -1 - l, which leaves away from the pole at -1.
    """
    turned = lambda_ < -0.5
    x, y = (expected, observed) if turned else (observed, expected)
    l = -1 - lambda_ if turned else lambda_  # noqa: E741
    term = 2 * (x * special.boxcox(x / y, l) - (x - y)) / (l + 1)
    slope = (2 * steep(x, boxcox_slope(np.log(x / y), l)) - term) / (l + 1)
    return -slope if turned else slope


@derivative(of=standins_divergences.terms)
def terms(observed, expected, lambda_):
    shapes = np.shape(observed), np.shape(expected)
    value = standins_divergences.terms(observed, expected, lambda_)

    def pullback(bar):
        # SciPy's formulas differ by so many times o - e, of which the sum is zero: no slope of it.
        offset = 0.0 if lambda_ == 1 else -2.0 if lambda_ == -1 else 2 / (
            stop_gradient(lambda_) + 1)
        ratio = observed / expected
        return (unbroadcast(scaled(bar, 2 * special.boxcox(ratio, lambda_) + offset), shapes[0]),
                unbroadcast(scaled(bar, -2 * special.boxcox(ratio, lambda_ + 1) - offset),
                            shapes[1]),
                np.sum(scaled(bar, power_slope(observed, expected, lambda_))))

    return value, pullback


for _name, _standin in standins_divergences.standins().items():
    standins.EAGER[getattr(_stats_py, _name)] = _standin
