"""Polynomials by their coefficients: what NumPy's own code for them hides from its source."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import of_arrays, shaped, unsupported
from s2sdiff.runtime import scaled, unbroadcast
from s2sdiff.runtime.joined import structured

__all__: list[str] = []


@derivative(of=np.polyval)
@of_arrays
def polyval(p, x):
    shape_p, shape_x = np.shape(p), np.shape(x)
    if np.ndim(p) == 1:
        def pullback(z_bar):
            slopes = p[:-1] * np.arange(len(p) - 1, 0, -1)
            p_bar = coefficients_back(z_bar, x, len(p))
            return p_bar, unbroadcast(z_bar * np.polyval(slopes, x), shape_x)

        return np.polyval(p, x), pullback
    else:
        def pullback_of_rows(z_bar):
            powers = np.arange(len(p) - 1, -1, -1)
            p_bar = np.stack([unbroadcast(z_bar * x ** k, shape_p[1:]) for k in powers])
            slopes = np.stack([p[i] * k for i, k in enumerate(powers[:-1])] or [0.0 * p[0]])
            return p_bar, unbroadcast(z_bar * np.polyval(slopes, x), shape_x)

        return np.polyval(p, x), pullback_of_rows


@shaped
def coefficients_back(z_bar: Any, x: Any, n: int) -> Any:
    """The cotangent of a polynomial's `n` coefficients for that of its values."""
    return np.ravel(z_bar) @ np.vander(np.ravel(x), n)


@derivative(of=np.polymul)
def polymul(a1, a2):
    if isinstance(a1, np.poly1d) or isinstance(a2, np.poly1d):
        raise unsupported("np.polymul of an np.poly1d has no derivative here",
                          "give it the coefficients")
    left, right = leading(a1), leading(a2)

    def pullback(z_bar):
        return (structured(factor_back(z_bar, right, len(left), np.shape(a1)), a1),
                structured(factor_back(z_bar, left, len(right), np.shape(a2)), a2))

    return np.polymul(a1, a2), pullback


def leading(coefficients: Any) -> Any:
    """The coefficients from the first that is not 0, as NumPy drops the others; never none."""
    c = np.trim_zeros(np.atleast_1d(coefficients), "f")
    return c if len(c) else np.zeros(1, c.dtype)


def factor_back(z_bar: Any, other: Any, count: int, shape: tuple[int, ...]) -> Any:
    """The cotangent of one factor's coefficients; those that were dropped receive nothing."""
    kept = np.correlate(z_bar, np.conj(other), "valid")
    result = np.zeros(max(int(np.prod(shape)), count), kept.dtype)
    result[len(result) - count:] = kept
    # NumPy takes no coefficients for a 0.
    return np.reshape(result[:np.prod(shape, dtype=int)], shape)


@derivative(of=np.roots, wrt="p")
def roots(p):
    """The roots by their coefficients, also those that are 0, which NumPy's own code only counts.

    Of `p(r) = 0` it follows that `p'(r) dr = -sum(r**(n - i) dp[i])`.
    """
    r = np.roots(p)
    size, n, dtype = int(np.size(p)), len(r), getattr(p, "dtype", None)

    def pullback(r_bar):
        if not n:
            return structured(np.zeros(size, r.dtype), p)
        c = np.asarray(p)[size - 1 - n:]  # NumPy drops the zeros in front
        powers = np.expand_dims(r, 1) ** np.arange(n, -1, -1)
        # What only rounding keeps from being twofold has a slope as large as that.
        with np.errstate(all="ignore"):
            shares = scaled(r_bar, -1.0 / (powers[:, 1:] @ (c[:-1] * np.arange(n, 0, -1))))
        c_bar = shares @ powers
        c_bar = c_bar if np.iscomplexobj(c) else np.real(c_bar)
        p_bar = np.concatenate([np.zeros(size - 1 - n, c_bar.dtype), c_bar])
        return structured(p_bar if dtype is None else p_bar.astype(dtype), p)

    return r, pullback


@derivative(of=np.vander, wrt="x")
def vander(x, N=None, increasing=False):
    z = np.vander(x, N, increasing)
    n = z.shape[1]

    def pullback(z_bar):
        rising = z_bar if increasing else z_bar[:, ::-1]
        slopes = np.vander(x, max(n - 1, 0), True) * np.arange(1, max(n, 1))
        return structured(np.sum(rising[:, 1:] * slopes, axis=1), x)

    return z, pullback
