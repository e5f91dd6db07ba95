"""Entropies of SciPy's distributions that are integrals, in the language that is differentiated.

The original goes through the density, whose slope at 0 is infinite in `-p log p`, and which is 0
where it underflows.  Here the slope is that of the sum over points that count, of the log density.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.standins_integrals import checked, subintervals, summed
from s2sdiff.runtime.standins_solved import check_reads, plainly

__all__ = ["entropy"]

#: The logarithm of densities that count for nothing.
_NOTHING = -700.0


def entropy(self: Any, *args: Any) -> Any:
    low, high = self._get_support(*args)
    found, starts, ends = integral(self, low, high, args)
    if np.isnan(found[0]):
        least, most = self.ppf(np.array([1e-10, 1.0 - 1e-10]), *args)
        low, high = (least if np.isinf(low) else low), (most if np.isinf(high) else high)
        found, starts, ends = integral(self, low, high, args)
    total = -summed(self.logpdf, low, high, args, (starts, ends), {}, add=expected)
    return checked(total, found, {}) + (total - stop_gradient(total))


def integral(self: Any, low: Any, high: Any, args: tuple) -> Any:
    """SciPy's integral, and the ends of its subintervals; no derivative."""
    from scipy.special import entr

    if not is_of_library(class_of(self)._pdf):
        check_reads("entropy", self._pdf)
    with np.errstate(over="ignore"):
        return subintervals(lambda x: entr(self._pdf(x, *args)), low, high, (), {}, plainly)


def expected(log_density: Any, given: tuple, at: Any, weights: Any) -> Any:
    """The sum of a log density, by the density, over the points that count."""
    counts = counting(log_density, given, at)
    log_p = log_density(at[counts], *given)
    return np.sum(weights[counts] * np.exp(log_p) * log_p)


def counting(log_density: Any, given: tuple, at: Any) -> Any:
    """Which points do; it has no derivative."""
    with np.errstate(all="ignore"):
        return np.nonzero(log_density(at, *given) > _NOTHING)[0]
