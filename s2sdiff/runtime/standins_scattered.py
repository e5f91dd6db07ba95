"""SciPy's interpolation of scattered data, in the language that is differentiated (see `standins`).

Which triangle a point lies in, and which datum is nearest, is constant; the weights of a triangle's
corners are the point's barycentric coordinates, which move with it and with the corners.  SciPy's
own value is kept: what is added to it is zero and has the derivative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.markers import stop_gradient

__all__ = ["Linear", "Nearest", "corners_of", "interpolated", "nearest_to", "refuse_cubic"]


# ------------------------------------------------------------- what has no derivative of its own


def interpolated(name: str, points: Any, values: Any, xi: Any, options: dict[str, Any]) -> Any:
    """What SciPy's interpolator gives; it has no derivative."""
    from scipy import interpolate

    return getattr(interpolate, name)(points, values, **options)(*np.moveaxis(xi, -1, 0))


def corners_of(points: Any, xi: Any, rescale: bool) -> Any:
    """The corners of the triangles that points lie in, and whether they lie in one."""
    from scipy.spatial import Delaunay

    low, high = np.min(points, axis=0), np.max(points, axis=0)
    scale = np.where(high > low, high - low, 1.0) if rescale else np.ones_like(low)
    triangulation = Delaunay((points - low) / scale)
    found = triangulation.find_simplex((xi - low) / scale)
    return triangulation.simplices[found], found >= 0


def nearest_to(points: Any, xi: Any, rescale: bool, tree: Any, query: dict[str, Any]) -> Any:
    """The numbers of the nearest points, by a tree that is made and asked with these options."""
    from scipy.spatial import KDTree

    low, high = np.min(points, axis=0), np.max(points, axis=0)
    scale = np.where(high > low, high - low, 1.0) if rescale else np.ones_like(low)
    return KDTree((points - low) / scale, **(tree or {})).query((xi - low) / scale, **query)[1]


def refuse_cubic(name: str) -> None:
    raise refusal(UnsupportedError,
                  f"{name} estimates slopes until they settle, and has no derivative here",
                  "interpolate linearly, or use RBFInterpolator")


# ---------------------------------------------------------------------------------- evaluation


def coordinates(x: Any, ndim: int) -> Any:
    """Points by their last axis, of arrays for each coordinate or of one array."""
    if isinstance(x, tuple):
        return np.stack(np.broadcast_arrays(*x), axis=-1) * 1.0
    x = np.asarray(x) * 1.0
    return np.reshape(x, (-1, ndim)) if np.ndim(x) == 1 else x


def by_corners(points: Any, values: Any, xi: Any, corners: Any, inside: Any, fill: Any) -> Any:
    """The sum of the values at the corners by barycentric coordinates."""
    at = points[corners]
    last = at[:, -1]
    edges = np.swapaxes(at[:, :-1] - np.expand_dims(last, 1), 1, 2)
    first = np.linalg.solve(edges, np.expand_dims(xi - last, -1))[:, :, 0]
    weights = np.concatenate([first, 1.0 - np.sum(first, axis=1, keepdims=True)], axis=1)
    share = np.reshape(weights, np.shape(weights) + (1,) * (np.ndim(values) - 1))
    total = np.sum(share * values[corners], axis=1)
    return np.where(np.reshape(inside, (-1,) + (1,) * (np.ndim(values) - 1)), total, fill)


def linear(points: Any, values: Any, xi: Any, fill_value: Any, rescale: bool) -> Any:
    options = {"fill_value": stop_gradient(fill_value), "rescale": rescale}
    found = interpolated("LinearNDInterpolator", stop_gradient(points), stop_gradient(values),
                         stop_gradient(xi), options)
    rows = np.reshape(xi, (-1, np.shape(xi)[-1]))
    corners, inside = corners_of(stop_gradient(points), stop_gradient(rows), rescale)
    fill = 0.0 if np.isnan(fill_value) else fill_value
    same = np.reshape(by_corners(points, values, rows, corners, inside, fill), np.shape(found))
    return np.asarray(found + (same - stop_gradient(same)))


def nearest(points: Any, values: Any, xi: Any, rescale: bool, tree: Any = None,
            **query: Any) -> Any:
    if "distance_upper_bound" in query:
        raise refusal(UnsupportedError, "distance_upper_bound has no derivative here",
                      "leave it out, and use np.where of the distances")
    return np.asarray(values[nearest_to(
        stop_gradient(points), stop_gradient(xi), rescale, tree, query)])


def griddata(points: Any, values: Any, xi: Any, method: str = "linear",
             fill_value: Any = np.nan, rescale: bool = False, simplex_tolerance: Any = 1.0
             ) -> Any:
    refuse_tolerance(simplex_tolerance)
    places = coordinates(points, 1)
    values = np.asarray(values)
    if np.shape(places)[-1] == 1:
        return on_a_line(places[:, 0], values, xi, method, fill_value)
    at = coordinates(xi, np.shape(places)[-1])
    if method == "nearest":
        return nearest(places, values, at, rescale)
    if method != "linear":
        refuse_cubic("griddata with method='cubic'")
    return linear(places, values, at, fill_value, rescale)


def refuse_tolerance(simplex_tolerance: Any) -> None:
    """SciPy 1.18 may be told how far outside of a triangle a point is still in it."""
    if simplex_tolerance != 1.0:
        raise refusal(UnsupportedError, "simplex_tolerance has no derivative here",
                      "leave it out")


def on_a_line(points: Any, values: Any, xi: Any, method: str, fill_value: Any) -> Any:
    from scipy.interpolate import interp1d

    order = np.argsort(stop_gradient(points))
    at = xi[0] if isinstance(xi, tuple) else xi
    filling: Any = "extrapolate" if method == "nearest" else fill_value
    return interp1d(points[order], values[order], kind=method, axis=0, bounds_error=False,
                    fill_value=filling)(at)


def of_points(args: tuple[Any, ...], ndim: int) -> Any:
    """The points that an interpolator is called with."""
    return coordinates(args[0] if len(args) == 1 else args, ndim)


@dataclass(frozen=True, eq=False)
class Linear:
    """Stands for `LinearNDInterpolator`."""

    points: Any
    values: Any
    fill_value: Any
    rescale: bool

    def __call__(self, *args: Any, simplex_tolerance: Any = 1.0) -> Any:
        refuse_tolerance(simplex_tolerance)
        xi = of_points(args, np.shape(self.points)[-1])
        return linear(self.points, self.values, xi, self.fill_value, self.rescale)


@dataclass(frozen=True, eq=False)
class Nearest:
    """Stands for `NearestNDInterpolator`."""

    points: Any
    values: Any
    rescale: bool
    tree: Any

    def __call__(self, *args: Any, **query: Any) -> Any:
        xi = of_points(args, np.shape(self.points)[-1])
        return nearest(self.points, self.values, xi, self.rescale, self.tree, **query)


def linear_nd(points: Any, values: Any, fill_value: Any = np.nan, rescale: bool = False) -> Any:
    return Linear(coordinates(points, 1), np.asarray(values), fill_value, rescale)


def nearest_nd(x: Any, y: Any, rescale: bool = False, tree_options: Any = None) -> Any:
    return Nearest(coordinates(x, 1), np.asarray(y), rescale, tree_options)


def clough_tocher(points: Any, values: Any, *args: Any, **options: Any) -> Any:
    refuse_cubic("CloughTocher2DInterpolator")
