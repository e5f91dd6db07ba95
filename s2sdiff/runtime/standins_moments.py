"""Moments of SciPy's distributions that hold their parameters, without what these keep of them.

The originals keep each moment in a dict of the object, by its order; a derivative computes anew.
"""

from __future__ import annotations

from typing import Any

__all__ = ["STANDINS"]


def constants(self: Any) -> Any:
    return self._preserve_type([0, 1])


def raw(self: Any, order: Any, *, methods: Any, **params: Any) -> Any:
    moment = None
    if "formula" in methods:
        moment = self._moment_raw_formula(order, **params)
    if moment is None and "transform" in methods and order > 1:
        moment = self._moment_raw_transform(order, **params)
    if moment is None and "general" in methods:
        moment = self._moment_raw_general(order, **params)
    if moment is None and "quadrature" in methods:
        moment = self._moment_from_pxf(order, center=self._zero, **params)
    if moment is None and "quadrature_icdf" in methods:
        moment = self._moment_integrate_icdf(order, center=self._zero, **params)
    return moment


def central(self: Any, order: Any, *, methods: Any, **params: Any) -> Any:
    moment = None
    if "formula" in methods:
        moment = self._moment_central_formula(order, **params)
    if moment is None and "transform" in methods:
        moment = self._moment_central_transform(order, **params)
    if moment is None and "normalize" in methods and order > 2:
        moment = self._moment_central_normalize(order, **params)
    if moment is None and "general" in methods:
        moment = self._moment_central_general(order, **params)
    if moment is None and "quadrature" in methods:
        mean = self._moment_raw_dispatch(self._one, **params, methods=self._moment_methods)
        moment = self._moment_from_pxf(order, center=mean, **params)
    if moment is None and "quadrature_icdf" in methods:
        mean = self._moment_raw_dispatch(self._one, **params, methods=self._moment_methods)
        moment = self._moment_integrate_icdf(order, center=mean, **params)
    return moment


def standardized(self: Any, order: Any, *, methods: Any, **params: Any) -> Any:
    moment = None
    if "formula" in methods:
        moment = self._moment_standardized_formula(order, **params)
    if moment is None and "normalize" in methods:
        moment = self._moment_standardized_normalize(order, False, **params)
    if moment is None and "general" in methods:
        moment = self._moment_standardized_general(order, **params)
    if moment is None and "normalize" in methods:
        moment = self._moment_standardized_normalize(order, True, **params)
    return moment


#: By the name of a method of all these distributions.
STANDINS = {"_constants": constants, "_moment_raw_dispatch": raw,
            "_moment_central_dispatch": central, "_moment_standardized_dispatch": standardized}
