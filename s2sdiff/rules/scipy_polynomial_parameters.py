"""`scipy.special`: orthogonal polynomials in their parameters, by sums over degrees.

Of a degree that is no whole number, and of very many, by hypergeometric functions.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.rules.quadrature import by_blocks
from s2sdiff.rules.scipy_hypergeometric import DIGITS, hyp1f1_slopes, hyp2f1_slopes, known
from s2sdiff.rules.shared import effectless

__all__ = ["gegenbauer_slope", "jacobi_slopes", "laguerre_slope"]

#: Up to here sums over degrees are taken.
MOST = 10_000


def degrees(n):
    """The degrees below the largest, to sum over."""
    return range(int(np.max(np.where(np.less_equal(n, MOST), n, 0), initial=0)))


def whole(n, slope, broken):
    """A sum over degrees, which is the slope where n is a whole number; else `broken()` is."""
    known = np.equal(n, np.rint(n)) & np.less_equal(n, MOST)
    return np.where(known, slope, slope if np.all(known) else broken())[()]


def turned(n, a):
    """The logarithmic slope in `a` of binom(n + a, n), which is in front of what follows."""
    return special.digamma(np.add(n, a) + 1) - special.digamma(np.add(a, 1.0))


@effectless
def laguerre_slope(n, alpha, x):
    """In alpha (Koepf 1997, "Identities for families of orthogonal polynomials", section 2)."""
    total = 0.0 * (alpha * x)
    for k in degrees(n):
        weight = np.where(np.greater(n, k), 1 / np.maximum(np.subtract(n, k), 1), 0.0)
        total = total + weight * special.eval_genlaguerre(k, alpha, x)
    def broken():
        # DLMF 18.5.12.
        value = special.eval_genlaguerre(n, alpha, x)
        return value * turned(n, alpha) + special.binom(np.add(n, alpha), n) * hyp1f1_slopes(
            np.negative(n), np.add(alpha, 1.0), x)[1]

    return whole(n, total, broken)


@effectless
def gegenbauer_slope(n, alpha, x):
    """In alpha, by the derivative of the three-term recurrence of DLMF 18.9.1."""
    last, value = 0.0 * (alpha * x), 1.0 + 0.0 * (alpha * x)
    last_slope, slope = last, last
    found = last
    for k in range(1, 1 + len(degrees(n))):
        last, value, last_slope, slope = value, (
            2 * (k + alpha - 1) * x * value - (k + 2 * alpha - 2) * last) / k, slope, (
            2 * x * (value + (k + alpha - 1) * slope) - 2 * last
            - (k + 2 * alpha - 2) * last_slope) / k
        found = np.where(np.equal(n, k), slope, found)
    def broken():
        # DLMF 18.5.9.
        twice = 2 * np.asarray(alpha)
        value = special.eval_gegenbauer(n, alpha, x)
        _, of_b, of_c = hyp2f1_slopes(np.negative(n), n + twice, np.add(alpha, 0.5), (1 - x) / 2)
        front = special.binom(n + twice - 1, n)
        found = 2 * value * turned(n, twice - 1) + front * (2 * of_b + of_c)
        # At 0 the function vanishes, and this is the limit of 18.7.25.
        return np.where(twice == 0, np.divide(2.0, n) * special.eval_chebyt(n, x), found)

    return whole(n, found, broken)


@effectless
def jacobi_slopes(n, alpha, beta, x):
    """In alpha and beta (Froehlich 1994, "Parameter derivatives of the Jacobi polynomials")."""
    s, top = alpha + beta, special.eval_jacobi(n, alpha, beta, x)
    totals = [0.0 * top, 0.0 * top]
    for k in degrees(n):
        m = np.maximum(np.subtract(n, k), 1)
        inner = special.eval_jacobi(k, alpha, beta, x) / m * (
            1 / special.poch(s + 2, m - 1) if k == 0
            else (s + 2 * k + 1) / special.poch(s + k + 1, m))
        for i, other in enumerate((beta, alpha)):
            sign = 1 if i == 0 else np.where(m % 2 == 0, 1, -1)
            # 0 is below the sum of the parameters only where there is no such term.
            term = (top + sign * special.poch(other + k + 1, m) * inner) / np.where(
                np.greater(n, k), s + k + n + 1, 1)
            totals[i] = totals[i] + np.where(np.greater(n, k), term, 0.0)
    def broken():
        # DLMF 18.5.7.
        _, of_b, of_c = hyp2f1_slopes(np.negative(n), n + s + 1, np.add(alpha, 1.0), (1 - x) / 2)
        front = special.binom(np.add(n, alpha), n)
        return top * turned(n, alpha) + front * (of_b + of_c), front * of_b

    strange = (np.less(alpha, -1) | np.less(beta, -1) | np.less(s, -1.5)) & np.greater_equal(n, 0)
    if np.any(strange):
        # Parameters that are no classical ones may be at poles of what is above, or near.
        sums = known("eval_jacobi", by_blocks(jacobi_products, n, alpha, beta, x),
                     np.where(strange & np.equal(n, np.rint(n)), n, np.nan), alpha, beta, x)
        totals = [np.where(strange, *pair) for pair in zip(sums, totals, strict=True)]
    return (whole(n, totals[0], lambda: broken()[0]), whole(n, totals[1], lambda: broken()[1]))


def binomials(top, most):
    """binom(top, k) for k from 0 to `most`, each with its derivative in `top`."""
    found = [(np.ones_like(top), np.zeros_like(top))]
    for k in range(most):
        value, slope = found[-1]
        found.append((value * (top - k) / (k + 1), (slope * (top - k) + value) / (k + 1)))
    return found


def jacobi_products(n, alpha, beta, x):
    """In alpha and beta, by the products of DLMF 18.5.8; nan where these leave few digits."""
    found = np.full((2, *x.shape), np.nan)
    for degree in np.unique(n[(n == np.rint(n)) & (n >= 0) & (n <= MOST)]).astype(int):
        at = n == degree
        low, high = (x[at] - 1) / 2, (x[at] + 1) / 2
        ups, downs = binomials(degree + alpha[at], degree), binomials(degree + beta[at], degree)
        terms = np.array([np.array([up[0] * down[0], up[1] * down[0], up[0] * down[1]])
                          * low**k * high**(degree - k)
                          for k, (up, down) in enumerate(zip(ups[::-1], downs, strict=True))])
        value, *slopes = np.sum(terms, axis=0)
        kept = np.maximum(np.abs(value), np.max(np.abs(slopes), axis=0))
        lost = np.max(np.abs(terms), axis=(0, 1)) * np.finfo(float).eps > DIGITS * kept
        lost = lost & (degree > 20)  # of fewer terms not so much is left
        found[:, at] = np.where(lost, np.nan, slopes)
    return [*found]
