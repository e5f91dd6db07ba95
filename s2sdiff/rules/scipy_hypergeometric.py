"""`scipy.special`: hypergeometric functions, in argument (DLMF 13.3, 15.5, 16.3) and parameters.

The derivatives in the parameters have no closed form.  They are power series, of those of the
equivalent arguments (Kummer's, Pfaff's, Euler's) whose terms cancel least; nan where these converge
badly or leave few digits, of which the user is warned.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.quadrature import by_blocks
from s2sdiff.rules.scipy_bessel_orders import jv_order
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import scaled, steep, unbroadcast

__all__ = ["DIGITS", "hyp1f1_slopes", "hyp2f1_slopes", "known"]


#: What cancellation may leave of a sum's digits, beside the value of the function.
DIGITS = 1e-8


def series(upper, lower, z, most):
    """The sum of (a)_n ... / (b)_n ... z**n / n!, and its derivatives in all parameters.

    Also where these and the sum have digits left.
    """
    term, total = np.ones_like(z), np.ones_like(z)
    slopes = [np.zeros_like(z) for _ in (*upper, *lower)]
    sums = [np.zeros_like(z) for _ in slopes]
    largest = [np.abs(term), *map(np.abs, slopes)]
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
        largest = [np.maximum(m, np.abs(d)) for m, d in zip(largest, [term, *slopes], strict=True)]
        if n > 8 and not any(np.any(np.abs(d) > 1e-17 * np.abs(s)) for d, s in zip(
                [term, *slopes], [total, *sums], strict=True)):
            break
    right = [m * np.finfo(float).eps <= DIGITS * np.maximum(np.abs(s), np.abs(total))
             for m, s in zip(largest, [total, *sums], strict=True)]
    return total, sums, [right[0] & r for r in right[1:]]


def gauss_sums(a, b, c, z):
    """In a, b and c, by those of the equivalent series (DLMF 15.8.1) that keep digits."""
    found = [np.full_like(z, np.nan) for _ in range(3)]
    with_pfaff = np.abs(z / (z - 1)) < np.abs(z)
    for nearer in (True, False):
        for turn_a, turn_b in ((0, 1), (1, 0), (0, 0), (1, 1)):
            pfaff = turn_a != turn_b
            w = z / (z - 1) if pfaff else z
            at = np.isnan(sum(found)) & (np.abs(w) <= 0.99) & ((with_pfaff == pfaff) == nearer)
            if at.any():
                for known, part in zip(found, equivalent_sums(
                        a[at], b[at], c[at], z[at], w[at], turn_a, turn_b), strict=True):
                    known[at] = np.where(np.isnan(known[at]), part, known[at])
    end = (z == 1) & (np.real(c - a - b) > 0)
    return [np.where(end, s, f) for s, f in zip(sums_at_one(a, b, c), found, strict=True)] \
        if end.any() else found


def equivalent_sums(a, b, c, z, w, turn_a, turn_b):
    """By (1-z)**-p F(a or c - a, b or c - b; c; w); nan where digits cancel."""
    value, (of_a, of_b, of_c), right = series(
        (c - a if turn_a else a, c - b if turn_b else b), (c,), w, 5000)
    power = a * turn_b + b * turn_a - c * (turn_a and turn_b)
    log = np.log(1 - z) if turn_a or turn_b else np.zeros_like(z)
    scale = np.exp(-power * log)
    of_c = of_c + turn_a * of_a + turn_b * of_b + turn_a * turn_b * log * value
    known_c = right[2] & (right[0] | (turn_a == 0)) & (right[1] | (turn_b == 0))
    return (np.where(right[0], scale * ((1 - 2 * turn_a) * of_a - turn_b * log * value), np.nan),
            np.where(right[1], scale * ((1 - 2 * turn_b) * of_b - turn_a * log * value), np.nan),
            np.where(known_c, scale * of_c, np.nan))


def sums_at_one(a, b, c):
    """By Gauss's value there (DLMF 15.4.20)."""
    rest, value = special.digamma(c - a - b), special.hyp2f1(a, b, c, 1.0)
    low_a, low_b = special.digamma(c - a), special.digamma(c - b)
    return [value * (low_a - rest), value * (low_b - rest),
            value * (special.digamma(c) + rest - low_a - low_b)]


def kummer_sums(a, b, z):
    """In a and b; by DLMF 13.2.39 to the left, or where that keeps more digits."""
    found = [np.full_like(z, np.nan) for _ in range(2)]
    for nearer in (True, False):
        for left in (False, True):
            at = np.isnan(sum(found)) & (np.abs(z) <= 700) & (((np.real(z) < 0) == left) == nearer)
            if not at.any():
                continue
            first, low, w = a[at], b[at], z[at]
            _, (of_a, of_b), right = series(
                (low - first if left else first,), (low,), -w if left else w, 5000)
            scale = np.exp(w) if left else 1.0
            parts = (np.where(right[0], scale * (-of_a if left else of_a), np.nan),
                     np.where(right[1] & (right[0] | (not left)),
                              scale * (of_b + of_a if left else of_b), np.nan))
            for known, part in zip(found, parts, strict=True):
                known[at] = np.where(np.isnan(known[at]), part, known[at])
    return found


def limit_sums(v, z):
    """In v; by Bessel functions (DLMF 10.16.9) far to the left, where the series cancels."""
    far = np.real(z) < -50
    _, (of_v,), right = series((), (v,), np.where(far, 0.0, z), 5000)
    of_v = np.where(right[0], of_v, np.nan)
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
                      f"converges badly or cancels; it is nan. Instead, keep them constant with "
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
        slope = steep(np.divide(a * b, c), above)
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
        slope = steep(np.divide(a, b), special.hyp1f1(np.add(a, 1.0), np.add(b, 1.0), x))
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
        slope = steep(np.negative(a), special.hyperu(np.add(a, 1.0), np.add(b, 1.0), x))
        return NotImplemented, NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.hyperu(a, b, x), pullback
