"""`scipy.special`: hypergeometric functions, in argument (DLMF 13.3, 15.5, 16.3) and parameters.

The derivatives in the parameters have no closed form.  They are power series, of those of the
equivalent arguments (Kummer's, Pfaff's) whose terms cancel least; nan where these converge badly,
of which the user is warned.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.quadrature import by_blocks
from s2sdiff.rules.scipy_bessel_orders import jv_order
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


def series(upper, lower, z, most):
    """The sum of (a)_n ... / (b)_n ... z**n / n!, and its derivatives in all parameters."""
    term, total = np.ones_like(z), np.ones_like(z)
    slopes = [np.zeros_like(z) for _ in (*upper, *lower)]
    sums = [np.zeros_like(z) for _ in slopes]
    for n in range(most):
        up = np.prod([a + n for a in upper], axis=0)
        down = np.prod([b + n for b in lower], axis=0) * (n + 1)
        # A factor of zero in front ends the series; its slope does not.
        for i in range(len(slopes)):
            others = np.prod([a + n for j, a in enumerate(upper) if j != i], axis=0)
            extra = term * others if i < len(upper) else -term * up / (lower[i - len(upper)] + n)
            slopes[i] = (slopes[i] * up + extra) * z / down
            sums[i] = sums[i] + slopes[i]
        term = term * up * z / down
        total = total + term
        rest = [np.abs(term) <= 1e-17 * np.abs(total)]
        rest += [np.abs(d) <= 1e-17 * np.abs(s) for d, s in zip(slopes, sums, strict=True)]
        if n > 8 and all(np.all(r) for r in rest):
            break
    return total, sums


def gauss_sums(a, b, c, z):
    """In a, b and c; by DLMF 15.8.1 where z / (z - 1) is nearer to 0."""
    turned = z / (z - 1)
    pfaff = np.abs(turned) < np.abs(z)
    w = np.where(pfaff, turned, z)
    near = np.abs(w) <= 0.99
    value, (of_a, of_b, of_c) = series(
        (a, np.where(pfaff, c - b, b)), (c,), np.where(near, w, 0.0), 5000)
    log = np.where(pfaff, np.log(1 - z), 0.0)
    scale = np.where(near, np.exp(-a * log), np.nan)
    found = [scale * (of_a - log * value), scale * np.where(pfaff, -of_b, of_b),
             scale * (of_c + np.where(pfaff, of_b, 0.0))]
    end = (z == 1) & (np.real(c - a - b) > 0)
    return [np.where(end, s, f) for s, f in zip(sums_at_one(a, b, c), found, strict=True)] \
        if end.any() else found


def sums_at_one(a, b, c):
    """By Gauss's value there (DLMF 15.4.20)."""
    rest, value = special.digamma(c - a - b), special.hyp2f1(a, b, c, 1.0)
    low_a, low_b = special.digamma(c - a), special.digamma(c - b)
    return [value * (low_a - rest), value * (low_b - rest),
            value * (special.digamma(c) + rest - low_a - low_b)]


def kummer_sums(a, b, z):
    """In a and b; by DLMF 13.2.39 to the left."""
    left = np.real(z) < 0
    near = np.abs(z) <= 700
    _, (of_a, of_b) = series(
        (np.where(left, b - a, a),), (b,), np.where(near, np.where(left, -z, z), 0.0), 5000)
    scale = np.where(near, np.exp(np.where(left, z, 0.0)), np.nan)
    return [scale * np.where(left, -of_a, of_a), scale * (of_b + np.where(left, of_a, 0.0))]


def limit_sums(v, z):
    """In v; by Bessel functions (DLMF 10.16.9) far to the left, where the series cancels."""
    far = np.real(z) < -50
    _, (of_v,) = series((), (v,), np.where(far, 0.0, z), 5000)
    if not far.any():
        return [of_v]
    if np.iscomplexobj(z):
        return [np.where(far, np.nan, of_v)]
    x = 2 * np.sqrt(np.where(far, -z, 1.0))
    front = special.gamma(v) * (x / 2) ** (1 - v)
    bessel = special.jv(v - 1, x) * (special.digamma(v) - np.log(x / 2)) + jv_order(v - 1, x)
    return [np.where(far, front * bessel, of_v)]


def known(name, slopes, *args):
    """The slopes; a warning of those that are nan of numbers."""
    if np.any(np.isnan(slopes) & np.isfinite(sum(args))):
        warnings.warn(f"{name}: no derivative in the parameters is known here, where the series "
                      f"converges badly; it is nan. Instead, keep them constant with "
                      f"sd.stop_gradient, or move the argument.", RuntimeWarning, stacklevel=4)
    return tuple(slopes)


@effectless
def hyp2f1_slopes(a, b, c, z):
    return known("hyp2f1", by_blocks(gauss_sums, a, b, c, z), a, b, c, z)


@effectless
def hyp1f1_slopes(a, b, x):
    return known("hyp1f1", by_blocks(kummer_sums, a, b, x), a, b, x)


@effectless
def hyp0f1_slope(v, z):
    return known("hyp0f1", by_blocks(limit_sums, v, z), v, z)[0]


@derivative(of=special.hyp2f1)
def hyp2f1(a, b, c, z):
    shapes = np.shape(a), np.shape(b), np.shape(c), np.shape(z)

    def pullback(bar):
        slopes = hyp2f1_slopes(a, b, c, z)
        above = special.hyp2f1(np.add(a, 1.0), np.add(b, 1.0), np.add(c, 1.0), z)
        slope = np.divide(a * b, c) * above
        return (unbroadcast(scaled(bar, slopes[0]), shapes[0]),
                unbroadcast(scaled(bar, slopes[1]), shapes[1]),
                unbroadcast(scaled(bar, slopes[2]), shapes[2]),
                unbroadcast(scaled(bar, slope), shapes[3]))

    return special.hyp2f1(a, b, c, z), pullback


@derivative(of=special.hyp1f1)
def hyp1f1(a, b, x):
    shapes = np.shape(a), np.shape(b), np.shape(x)

    def pullback(bar):
        slopes = hyp1f1_slopes(a, b, x)
        slope = np.divide(a, b) * special.hyp1f1(np.add(a, 1.0), np.add(b, 1.0), x)
        return (unbroadcast(scaled(bar, slopes[0]), shapes[0]),
                unbroadcast(scaled(bar, slopes[1]), shapes[1]),
                unbroadcast(scaled(bar, slope), shapes[2]))

    return special.hyp1f1(a, b, x), pullback


@derivative(of=special.hyp0f1)
def hyp0f1(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)

    def pullback(bar):
        slope = special.hyp0f1(np.add(v, 1.0), z) / v
        return (unbroadcast(scaled(bar, hyp0f1_slope(v, z)), shape_v),
                unbroadcast(scaled(bar, slope), shape_z))

    return special.hyp0f1(v, z), pullback


@derivative(of=special.hyperu)
def hyperu(a, b, x):
    shape = np.shape(x)

    def pullback(bar):
        # DLMF 13.3.22.
        slope = -a * special.hyperu(np.add(a, 1.0), np.add(b, 1.0), x)
        return NotImplemented, NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.hyperu(a, b, x), pullback
