"""NumPy's polynomial objects, where their own code hides them in arrays (see `standins`)."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["convert", "divided"]


def convert(self: Any, domain: Any = None, kind: Any = None, window: Any = None) -> Any:
    """The same polynomial in another basis: its value at the identity of that basis."""
    kind = self.__class__ if kind is None else kind
    domain = kind.domain if domain is None else domain
    window = kind.window if window is None else window
    from numpy.polynomial import polyutils

    x = kind.identity(domain, window=window, symbol=self.symbol)
    shift, scale = polyutils.mapparms(self.domain, self.window)
    return self._val(shift + scale * x, self.coef)


def divided(self: Any, other: Any) -> Any:
    """A polynomial by a number, or quotient and remainder of two."""
    if np.isscalar(other):
        return np.poly1d(self.coeffs / other)
    quotient, rest = np.polydiv(self.coeffs, np.poly1d(other).coeffs)
    return np.poly1d(quotient), np.poly1d(rest)
