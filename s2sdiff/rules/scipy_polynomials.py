"""`scipy.special`: orthogonal polynomials, in their argument (DLMF 18.9) and their parameters.

Their degree, where it is a real number, is refused.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_hypergeometric import hyp1f1_slopes, hyp2f1_slopes
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


def below(target, n, *rest):
    """The polynomial of one degree less; below the constant 0, where SciPy may give nan."""
    return np.where(np.equal(n, 0), 0.0, target(np.subtract(n, 1), *rest))[()]


def derived(target, n, *rest):
    """The same of a family whose polynomial of degree -1 is constant, too."""
    constant = np.equal(n, 0) | np.equal(n, -1)
    return np.where(constant, 0.0, target(np.where(constant, 1, n) - 1, *rest))[()]


@derivative(of=special.eval_legendre)
def eval_legendre(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = np.add(n, 1) / 2 * derived(special.eval_jacobi, n, 1.0, 1.0, x)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_legendre(n, x), pullback


@derivative(of=special.eval_sh_legendre)
def eval_sh_legendre(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = np.add(n, 1) * derived(special.eval_jacobi, n, 1.0, 1.0, 2 * x - 1)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_sh_legendre(n, x), pullback


@derivative(of=special.eval_chebyt)
def eval_chebyt(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = n * below(special.eval_chebyu, n, x)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_chebyt(n, x), pullback


@derivative(of=special.eval_chebyu)
def eval_chebyu(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = 2 * derived(special.eval_gegenbauer, n, 2.0, x)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_chebyu(n, x), pullback


@derivative(of=special.eval_chebyc)
def eval_chebyc(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = n * below(special.eval_chebys, n, x)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_chebyc(n, x), pullback


@derivative(of=special.eval_chebys)
def eval_chebys(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = derived(special.eval_gegenbauer, n, 2.0, x / 2)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_chebys(n, x), pullback


@derivative(of=special.eval_sh_chebyt)
def eval_sh_chebyt(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = 2 * n * below(special.eval_chebyu, n, 2 * x - 1)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_sh_chebyt(n, x), pullback


@derivative(of=special.eval_sh_chebyu)
def eval_sh_chebyu(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = 4 * derived(special.eval_gegenbauer, n, 2.0, 2 * x - 1)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_sh_chebyu(n, x), pullback


@derivative(of=special.eval_laguerre)
def eval_laguerre(n, x):
    shape = np.shape(x)

    def pullback(bar):
        slope = -below(special.eval_genlaguerre, n, 1.0, x)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_laguerre(n, x), pullback


@derivative(of=special.eval_hermite, wrt="x")
def eval_hermite(n, x):
    shape = np.shape(x)

    def pullback(bar):
        return unbroadcast(scaled(bar, 2 * n * below(special.eval_hermite, n, x)), shape)

    return special.eval_hermite(n, x), pullback


@derivative(of=special.eval_hermitenorm, wrt="x")
def eval_hermitenorm(n, x):
    shape = np.shape(x)

    def pullback(bar):
        return unbroadcast(scaled(bar, n * below(special.eval_hermitenorm, n, x)), shape)

    return special.eval_hermitenorm(n, x), pullback


# ---------------------------------------------------------- with parameters, by sums over degrees


def degrees(n):
    """The degrees below the largest, to sum over."""
    return range(int(np.max(n, initial=0)))


def whole(n, slope, broken):
    """A sum over degrees, which is the slope where n is a whole number; else `broken()` is."""
    known = np.equal(n, np.rint(n))
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
    for k in range(1, 1 + int(np.max(n, initial=0))):
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
        return 2 * value * turned(n, twice - 1) + front * (2 * of_b + of_c)

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

    return (whole(n, totals[0], lambda: broken()[0]), whole(n, totals[1], lambda: broken()[1]))


@derivative(of=special.eval_genlaguerre)
def eval_genlaguerre(n, alpha, x):
    shape_alpha, shape_x = np.shape(alpha), np.shape(x)

    def pullback(bar):
        slope = -below(special.eval_genlaguerre, n, np.add(alpha, 1.0), x)
        return (NotImplemented, unbroadcast(scaled(bar, laguerre_slope(n, alpha, x)), shape_alpha),
                unbroadcast(scaled(bar, slope), shape_x))

    return special.eval_genlaguerre(n, alpha, x), pullback


@derivative(of=special.eval_gegenbauer)
def eval_gegenbauer(n, alpha, x):
    shape_alpha, shape_x = np.shape(alpha), np.shape(x)

    def pullback(bar):
        slope = 2 * alpha * below(special.eval_gegenbauer, n, np.add(alpha, 1.0), x)
        return (NotImplemented,
                unbroadcast(scaled(bar, gegenbauer_slope(n, alpha, x)), shape_alpha),
                unbroadcast(scaled(bar, slope), shape_x))

    return special.eval_gegenbauer(n, alpha, x), pullback


@derivative(of=special.eval_jacobi)
def eval_jacobi(n, alpha, beta, x):
    shapes = np.shape(alpha), np.shape(beta), np.shape(x)

    def pullback(bar):
        slopes = jacobi_slopes(n, alpha, beta, x)
        lower = below(special.eval_jacobi, n, np.add(alpha, 1.0), np.add(beta, 1.0), x)
        return (NotImplemented, unbroadcast(scaled(bar, slopes[0]), shapes[0]),
                unbroadcast(scaled(bar, slopes[1]), shapes[1]),
                unbroadcast(scaled(bar, (n + alpha + beta + 1) / 2 * lower), shapes[2]))

    return special.eval_jacobi(n, alpha, beta, x), pullback


@derivative(of=special.eval_sh_jacobi)
def eval_sh_jacobi(n, p, q, x):
    shapes = np.shape(p), np.shape(q), np.shape(x)
    value = special.eval_sh_jacobi(n, p, q, x)

    def pullback(bar):
        # eval_jacobi(n, p - q, q - 1, 2 x - 1) over binom(2 n + p - 1, n).
        share = 1 / special.binom(2 * np.asarray(n) + p - 1, n)
        slopes = jacobi_slopes(n, p - q, q - 1, 2 * x - 1)
        top = special.digamma(np.add(n, p)) - special.digamma(2 * np.asarray(n) + p)
        lower = below(special.eval_jacobi, n, p - q + 1, np.add(q, 0), 2 * x - 1)
        return (NotImplemented,
                unbroadcast(scaled(bar, share * slopes[0] + value * top), shapes[0]),
                unbroadcast(scaled(bar, share * (slopes[1] - slopes[0])), shapes[1]),
                unbroadcast(scaled(bar, share * ((n + p) * lower)), shapes[2]))

    return value, pullback
