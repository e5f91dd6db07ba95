"""SciPy's functions that call functions, in the language that is differentiated (see `standins`).

Each calls the original for its value, and adds an expression that is zero and has the derivative:
that of the implicit function theorem for roots, that of the sum over the final subintervals for
integrals.  The function is called some more times for it, so it must not write what others see.
"""

from __future__ import annotations

import functools
import importlib
import operator
import sys
import types
from typing import Any

from s2sdiff.runtime import (
    standins_barycentric,
    standins_equations,
    standins_filters,
    standins_fits,
    standins_integrals,
    standins_isotonic,
    standins_least_splines,
    standins_minimize,
    standins_neighbours,
    standins_nested,
    standins_odeint,
    standins_programs,
    standins_roots,
    standins_scattered,
    standins_searches,
    standins_sparse,
    standins_tensor_splines,
)

__all__ = ["standin"]


def standin(function: Any) -> Any:
    """The function that stands for one of SciPy's that calls functions; or None."""
    if not isinstance(function, (types.FunctionType, type)) or not (
            function.__module__ or "").startswith("scipy."):
        return None
    for module in _BY_NAME:
        if module in sys.modules:
            found = _standins(module).get(function)
            if found is not None:
                return found
    return None


@functools.cache
def _standins(module: str) -> dict[Any, Any]:
    library = importlib.import_module(module)
    return {operator.attrgetter(name)(library): made for name, made in _BY_NAME[module].items()}


_BY_NAME: dict[str, dict[str, Any]] = {
    "scipy.optimize": {
        **standins_roots.ALL, **standins_searches.ALL,
        **{made.__name__: made for made in (
            standins_minimize.minimize, standins_minimize.minimize_scalar,
            standins_fits.least_squares, standins_fits.curve_fit, standins_fits.lsq_linear,
            standins_programs.linprog, standins_isotonic.isotonic_regression)},
    },
    "scipy.integrate": {
        "quad": standins_integrals.quad, "quad_vec": standins_integrals.quad_vec,
        **{made.__name__: made for made in (
            standins_nested.nquad, standins_nested.dblquad, standins_nested.tplquad)},
        "solve_ivp": standins_equations.solve_ivp, "odeint": standins_odeint.odeint},
    "scipy.ndimage": {
        "gaussian_gradient_magnitude": standins_filters.gaussian_gradient_magnitude,
        "generic_gradient_magnitude": standins_filters.generic_gradient_magnitude,
        "generic_laplace": standins_filters.generic_laplace},
    "scipy.interpolate": {
        "BarycentricInterpolator._evaluate": standins_barycentric.polynomial,
        "FloaterHormannInterpolator.__call__": standins_barycentric.rational,
        "griddata": standins_scattered.griddata,
        "LinearNDInterpolator": standins_scattered.linear_nd,
        "NearestNDInterpolator": standins_scattered.nearest_nd,
        "CloughTocher2DInterpolator": standins_scattered.clough_tocher,
        "_bsplines.make_lsq_spline": standins_least_splines.make_lsq_spline,
        "_ndbspline.make_ndbspl": standins_tensor_splines.make_ndbspl,
    },
    "scipy.spatial": {"KDTree": standins_neighbours.kd_tree,
                      "KDTree.query": standins_neighbours.query,
                      "cKDTree": standins_neighbours.ckd_tree,
                      "ConvexHull": standins_neighbours.convex_hull},
    "scipy.sparse.linalg": {"splu": standins_sparse.splu,
                            "factorized": standins_sparse.factorized,
                            **{name: standins_sparse.iterative(name)
                               for name in standins_sparse.ITERATIVE},
                            **{name: standins_sparse.least_squares_by(name)
                               for name in ("lsqr", "lsmr")}},
}
