"""`scipy.special`: orthogonal polynomials, in their argument (DLMF 18.9) and their parameters.

Their degree, where it is a real number, is refused.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_polynomial_parameters import (
    gegenbauer_slope,
    jacobi_slopes,
    laguerre_slope,
)
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


def below(target, n, *rest):
    """The polynomial of one degree less; below the constant 0, where SciPy may give nan."""
    lower = np.subtract(n, 1)
    return np.where(np.equal(lower, -1), 0.0, target(lower, *rest))[()]


def derived(target, n, *rest):
    """The same of a family whose polynomial of degree -1 is constant, too."""
    constant = np.equal(n, 0) | np.equal(n, -1)
    return np.where(constant, 0.0, target(np.where(constant, 1, n) - 1, *rest))[()]


def turned_back(n, middle):
    """The degree above the middle that has the same polynomial, but for its sign."""
    return np.where(np.less(n, middle), 2 * middle - n, n)[()]


def second_kind_slope(n, x):
    """Of Chebyshev's polynomial, which is odd in its degree around -1."""
    sign = np.where(np.less(n, -1), -2, 2)
    return sign * derived(special.eval_gegenbauer, turned_back(n, -1), 2.0, x)


@derivative(of=special.eval_legendre)
def eval_legendre(n, x):
    shape = np.shape(x)

    def pullback(bar):
        degree = turned_back(n, -0.5)
        slope = (degree + 1) / 2 * below(special.eval_jacobi, degree, 1.0, 1.0, x)
        return NotImplemented, unbroadcast(scaled(bar, slope), shape)

    return special.eval_legendre(n, x), pullback


@derivative(of=special.eval_sh_legendre)
def eval_sh_legendre(n, x):
    shape = np.shape(x)

    def pullback(bar):
        degree = turned_back(n, -0.5)
        slope = (degree + 1) * below(special.eval_jacobi, degree, 1.0, 1.0, 2 * x - 1)
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
        slope = second_kind_slope(n, x)
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
        slope = second_kind_slope(n, x / 2) / 2
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
        slope = 2 * second_kind_slope(n, 2 * x - 1)
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


# ---------------------------------------------------------- with parameters


@derivative(of=special.eval_genlaguerre)
def eval_genlaguerre(n, alpha, x):
    shape_alpha, shape_x = np.shape(alpha), np.shape(x)

    def pullback(bar):
        slope = -derived(special.eval_genlaguerre, n, np.add(alpha, 1.0), x)
        return (NotImplemented, unbroadcast(scaled(bar, laguerre_slope(n, alpha, x)), shape_alpha),
                unbroadcast(scaled(bar, slope), shape_x))

    return special.eval_genlaguerre(n, alpha, x), pullback


@derivative(of=special.eval_gegenbauer)
def eval_gegenbauer(n, alpha, x):
    shape_alpha, shape_x = np.shape(alpha), np.shape(x)

    def pullback(bar):
        slope = 2 * alpha * derived(special.eval_gegenbauer, n, np.add(alpha, 1.0), x)
        return (NotImplemented,
                unbroadcast(scaled(bar, gegenbauer_slope(n, alpha, x)), shape_alpha),
                unbroadcast(scaled(bar, slope), shape_x))

    return special.eval_gegenbauer(n, alpha, x), pullback


@derivative(of=special.eval_jacobi)
def eval_jacobi(n, alpha, beta, x):
    shapes = np.shape(alpha), np.shape(beta), np.shape(x)

    def pullback(bar):
        slopes = jacobi_slopes(n, alpha, beta, x)
        lower = derived(special.eval_jacobi, n, np.add(alpha, 1.0), np.add(beta, 1.0), x)
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
