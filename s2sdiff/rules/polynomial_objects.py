"""Methods of NumPy's polynomial objects for which other functions stand."""

from __future__ import annotations

from numpy.polynomial._polybase import ABCPolyBase

from s2sdiff.runtime import standins, standins_polynomials

__all__: list[str] = []

standins.EAGER[ABCPolyBase.convert] = standins_polynomials.convert
