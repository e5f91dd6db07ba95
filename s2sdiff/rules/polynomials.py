"""Polynomials by their coefficients: what NumPy's own code for them hides from its source."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime.joined import structured

__all__: list[str] = []


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
    return np.reshape(result, shape)
