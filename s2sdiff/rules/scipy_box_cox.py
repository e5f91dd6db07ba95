"""`scipy.special`: the transforms of Box and Cox, and their inverses, with slopes at their ends."""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_powers import exprel_curvature, exprel_slope
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import divide, power, scaled, steep, unbroadcast

__all__ = ["boxcox_slope", "quotient_slope"]


def boxcox_slope(log_x, lmbda):
    """The derivative of expm1(l u) / l in l, which is u**2 times a slope of `exprel`."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        slope = log_x * log_x * exprel_slope(lmbda * log_x)
        # At x = 0 the value is -1 / l.
        return np.where(np.isinf(log_x) & (log_x < 0) & (lmbda > 0),
                        1 / np.square(lmbda), slope)[()]


@derivative(of=boxcox_slope)
def boxcox_curvature(log_x, lmbda):
    shape_x, shape_l = np.shape(log_x), np.shape(lmbda)

    def pullback(bar):
        t = lmbda * log_x
        by_l = np.where(np.isneginf(log_x) & np.greater(lmbda, 0), divide(-2.0, lmbda**3),
                        log_x**3 * exprel_curvature(t))
        return (unbroadcast(steep(bar, log_x * np.exp(t)), shape_x),
                unbroadcast(steep(bar, by_l), shape_l))

    return boxcox_slope(log_x, lmbda), pullback


@derivative(of=special.boxcox)
def boxcox(x, lmbda):
    shape_x, shape_l = np.shape(x), np.shape(lmbda)

    def pullback(z_bar):
        return (unbroadcast(scaled(z_bar, power(x, lmbda - 1.0)), shape_x),
                unbroadcast(scaled(z_bar, boxcox_slope(np.log(1.0 * x), lmbda)), shape_l))

    return special.boxcox(x, lmbda), pullback


@derivative(of=special.boxcox1p)
def boxcox1p(x, lmbda):
    shape_x, shape_l = np.shape(x), np.shape(lmbda)

    def pullback(z_bar):
        log_x = special.log1p(x)
        # An exponential of infinity does not tell how the power bends there.
        end = np.equal(x, -1)
        slope = np.where(end, power(1.0 + x, lmbda - 1.0),
                         np.exp((lmbda - 1.0) * np.where(end, 0.0, log_x)))[()]
        return (unbroadcast(scaled(z_bar, slope), shape_x),
                unbroadcast(scaled(z_bar, boxcox_slope(log_x, lmbda)), shape_l))

    return special.boxcox1p(x, lmbda), pullback


def quotient_slope(w):
    """The derivative of log|1 + w| / w, where w is small by its power series.

    It is the sum of k / (k + 1) (-w)**k / w over k = 1, 2, ...
    """
    near = np.abs(w) < 0.1
    small, large = np.where(near, w, 0.0), np.where(near, 1.0, w)
    series = np.polyval([(-1) ** k * k / (k + 1) for k in range(18, 0, -1)], small)
    direct = (large / (1 + large) - np.log(np.abs(1 + large))) / (large * large)
    return np.where(near, series, direct)[()]


@effectless
def root_slope(y, lmbda):
    """The derivative of log1p(l y) / l in l."""
    return np.square(y) * quotient_slope(np.multiply(lmbda, y))


def back_slope(x, y, lmbda):
    """The derivative of x = (1 + l y)**(1/l) in l, also where that is 0."""
    end = np.equal(np.multiply(lmbda, y), -1)
    edge = np.divide(y, np.where(end, lmbda, 1.0)) * np.power(x, 1.0 - lmbda)
    return np.where(end, edge, x * root_slope(y, lmbda))[()]


def inverse_slope(x, y, lmbda):
    """The derivative of x = (1 + l y)**(1/l) in y."""
    return x ** (1.0 - lmbda)


@derivative(of=inverse_slope)
def inverse_slope_along(x, y, lmbda):
    # By way of x, which moves with both, it would be 0 times infinity where x is 0.
    slope, shape_y, shape_l = inverse_slope(x, y, lmbda), np.shape(y), np.shape(lmbda)

    def pullback(bar):
        with np.errstate(all="ignore"):
            again, left = np.power(x, 1.0 - 2.0 * lmbda), 1.0 - lmbda
            inside = np.not_equal(np.multiply(lmbda, y), -1)
            turn = np.where(inside, slope * root_slope(np.where(inside, y, 0.0), lmbda),
                            again * divide(y, lmbda))
            by_l = scaled(left, turn) - scaled(slope, np.log(x))
        return (None, unbroadcast(steep(bar, scaled(left, again)), shape_y),
                unbroadcast(steep(bar, by_l), shape_l))

    return slope, pullback


@derivative(of=special.inv_boxcox)
def inv_boxcox(y, lmbda):
    shape_y, shape_l = np.shape(y), np.shape(lmbda)
    x = special.inv_boxcox(y, lmbda)

    def pullback(x_bar):
        return (unbroadcast(scaled(x_bar, inverse_slope(x, y, lmbda)), shape_y),
                unbroadcast(scaled(x_bar, back_slope(x, y, lmbda)), shape_l))

    return x, pullback


@derivative(of=special.inv_boxcox1p)
def inv_boxcox1p(y, lmbda):
    shape_y, shape_l = np.shape(y), np.shape(lmbda)
    x = special.inv_boxcox1p(y, lmbda)

    def pullback(x_bar):
        return (unbroadcast(scaled(x_bar, inverse_slope(1 + x, y, lmbda)), shape_y),
                unbroadcast(scaled(x_bar, back_slope(1 + x, y, lmbda)), shape_l))

    return x, pullback
