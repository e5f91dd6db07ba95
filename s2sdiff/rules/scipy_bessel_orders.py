"""Derivatives of Bessel functions in their order, of real orders and positive arguments.

By differentiating under the integrals of DLMF 10.9.6, 10.9.7 and 10.32.9, and the series 10.25.2.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
from scipy import special

from s2sdiff.rules.quadrature import NOTHING, by_blocks, gauss
from s2sdiff.rules.shared import effectless

__all__ = ["iv_order", "ive_order", "jv_order", "kv_order", "kve_order", "yv_order"]


def known(order, z, slope):
    """A slope where it is known: nan at negative arguments, 0 at 0 where the value stays 0."""
    slope = np.where((z == 0) & (order > 0), 0.0, slope)
    return [np.where((z < 0) | ((z == 0) & (order <= 0)), np.nan, slope)]


#: Up to here integrals over oscillations are taken.
FARTHEST = 3000.0


def within(function, reach):
    """A function of vectors of orders and arguments that is nan where these are too large."""
    def limited(v, z):
        near = np.abs(v) + np.abs(z) <= reach
        found = function(np.where(near, v, 0.5), np.where(near, z, 1.0))
        return [np.where(near, part, np.nan) for part in found]

    return limited


def told(function, reach, v, z):
    """The slopes; a warning of those that are nan, of numbers, for being too far."""
    found = by_blocks(within(function, reach), v, z)[0]
    size = np.abs(v) + np.abs(z)
    if np.any(np.isnan(found) & (size > reach) & (size < np.inf)):
        warnings.warn("the derivative of a Bessel function in its order is not known where order "
                      f"and argument exceed {reach:.0f}; it is nan. Instead, keep the order "
                      "constant with sd.stop_gradient.", RuntimeWarning, stacklevel=4)
    return found


def macdonald(order, z):
    """exp(z) times the derivative of K: over t, of sinh(v t) t exp(-z (cosh(t) - 1))."""
    # Not by the modulus, and the sign: at 0 these have slopes of 0, and this has not.
    v = np.where(order < 0, -order, order)
    # Beside its peak the integrand falls like exp(-h (cosh(s) - 1)) at least, to the left like
    # exp(-h (exp(-s) - 1 + s)).
    peak, h = np.arcsinh(v / z), np.hypot(v, z)
    c = NOTHING / h
    low = np.maximum(peak - c - np.sqrt(2 * c), 0)
    nodes, weights = gauss(64)
    width = peak + np.arccosh(1 + c) - low
    t = low + nodes * width
    mass = np.exp(v * t - 2 * z * np.square(np.sinh(t / 2))) * -np.expm1(-2 * v * t) / 2
    return np.where(order < 0, -width, width) * np.add.reduce(weights * t * mass, axis=0)


def tail(v, z):
    """The integrals of exp(-z sinh(t) - v t) and of t times that over t from 0 on."""
    m, back = np.maximum(np.abs(v), z), np.maximum(-v, 0)
    turn = np.sqrt(np.maximum(back * back - z * z, 0))
    ends = [np.cbrt(6 * NOTHING / m), np.arcsinh(2 * NOTHING / m) + 2.5,
            np.where(turn > 0, np.arccosh(1 + NOTHING / turn), np.inf)]
    beyond = np.arccosh(np.maximum(back / z, 1)) + np.minimum.reduce(ends)
    fall = np.where(z > back, np.arcsinh(NOTHING / np.maximum(z - back, 0)), np.inf)
    reach = np.where(v >= 0, np.minimum(np.arcsinh(NOTHING / z), NOTHING / (z + np.abs(v))),
                     np.minimum(beyond, fall))
    nodes, weights = gauss(96 + 2 * int(np.max(back, initial=0)))
    t = nodes * reach
    mass = weights * reach * np.exp(-z * np.sinh(t) - v * t)
    return np.add.reduce(mass, axis=0), np.add.reduce(t * mass, axis=0)


def turning(v, z, wave):
    """The integral of x wave(v x - z sin(x)) / pi over x from 0 to pi."""
    nodes, weights = gauss(48 + int(np.max(np.abs(v) + np.abs(z), initial=0)))
    x = math.pi * nodes
    return np.add.reduce(weights * x * wave(v * x - z * np.sin(x)), axis=0)


def first_kind(v, z):
    sine, cosine = np.sin(math.pi * v), np.cos(math.pi * v)
    plain, first = tail(v, z)
    slope = sine * first / math.pi - cosine * plain - turning(v, z, np.sin)
    # Where the value may be tiny beside 1: the series of DLMF 10.2.2, whose terms fall at once.
    k, log_z = np.arange(26)[:, None], np.log(z / 2)
    terms = np.exp((2 * k + v) * log_z - special.gammaln(k + 1.0) - special.gammaln(k + v + 1))
    terms = np.where(k % 2 == 0, terms, -terms) * (log_z - special.digamma(k + v + 1))
    small = np.add.reduce(terms, axis=0)
    return known(v, z, np.where((v >= 0) & (z * z <= 4 * (v + 1)), small, slope))


def second_kind(v, z):
    sine, cosine = np.sin(math.pi * v), np.cos(math.pi * v)
    plain, first = tail(v, z)
    _, rising = tail(-v, z)
    return known(v, z, sine * plain - (rising - cosine * first) / math.pi - turning(v, z, np.cos))


def modified_first(order, z):
    """exp(-z) times the derivative of I: its series around the largest of its positive terms."""
    v = np.where(order < 0, -order, order)
    centre = np.floor((np.hypot(v, z) - v) / 2)
    half = 40 + int(5 * math.sqrt(np.max(z, initial=0)))
    k = centre + np.arange(-half, half + 1)[:, None]
    log_z = np.log(z / 2)
    at = np.maximum(k, 0) + v + 1
    terms = np.exp((2 * k + v) * log_z - z - special.gammaln(k + 1) - special.gammaln(at))
    total = np.add.reduce(np.where(k < 0, 0.0, terms * (log_z - special.digamma(at))), axis=0)
    # DLMF 10.27.2 for negative orders.
    turned = 2 * np.exp(-2 * z) * (np.cos(math.pi * v) * special.kve(v, z)
                                   + np.sin(math.pi * v) * macdonald(v, z) / math.pi)
    return known(order, z, np.where(order < 0, -total - turned, total))


@effectless
def jv_order(v, z):
    return told(first_kind, FARTHEST, v, z)


@effectless
def yv_order(v, z):
    return told(second_kind, FARTHEST, v, z)


@effectless
def ive_order(v, z):
    return told(modified_first, 1e5, v, z)


@effectless
def iv_order(v, z):
    return np.exp(z) * ive_order(v, z)


@effectless
def kve_order(v, z):
    return by_blocks(lambda order, at: known(order - np.inf, at, macdonald(order, at)), v, z)[0]


@effectless
def kv_order(v, z):
    return np.where(np.isinf(z), 0.0, np.exp(-z) * kve_order(v, z))[()]
