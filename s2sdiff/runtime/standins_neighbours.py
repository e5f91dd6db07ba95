"""SciPy's trees of points and convex hulls, in the language that is differentiated.

Which points are near, and which span the hull, is constant: numbers of points are SciPy's own.  Its
distances, volume and area are kept, too; what is added to them is zero and has the derivative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.markers import stop_gradient

__all__ = ["Hull", "Tree", "ckd_tree", "convex_hull", "kd_tree"]


# ------------------------------------------------------------- what has no derivative of its own


def tree_of(name: str, points: Any, args: tuple, options: dict[str, Any]) -> Any:
    from scipy import spatial

    return getattr(spatial, name)(points, *args, **options)


def asked_of(tree: Any, name: str, args: tuple, options: dict[str, Any]) -> Any:
    """What a method of SciPy's tree gives."""
    return getattr(tree, name)(*args, **options)


def hull_of(points: Any, incremental: bool, options: Any) -> tuple:
    """The measures of SciPy's hull, and numbers: of points, of faces, and how many there are."""
    from scipy.spatial import ConvexHull

    hull = ConvexHull(points, incremental, options)
    return hull.volume, hull.area, (
        hull.vertices, hull.simplices, hull.neighbors, hull.coplanar, hull.ndim, hull.nsimplex,
        hull.npoints)


def refuse_equations() -> None:
    raise refusal(UnsupportedError, "the equations of a hull's faces have no derivative here",
                  "make them of hull.points[hull.simplices]")


# ---------------------------------------------------------------------------------------- trees


def distances(points: Any, x: Any, found: Any, places: Any, p: float) -> Any:
    """The distances that were found, moving with points and places asked for."""
    there = places < len(points)
    near = points[np.where(there, places, 0)]
    ways = near - (np.expand_dims(x, -2) if np.ndim(near) > np.ndim(x) else x)
    same = np.where(there, np.linalg.norm(ways, ord=p, axis=-1), 0.0)
    change = same - stop_gradient(same)
    return found + (float(change) if type(found) is float else change)


def query(self: Any, x: Any, k: Any = 1, eps: float = 0, p: float = 2,
          distance_upper_bound: float = np.inf, workers: int = 1) -> Any:
    """`KDTree.query`, of fixed points."""
    x = np.asarray(x)
    found, places = asked_of(self, "query", (
        stop_gradient(x), k, eps, p, distance_upper_bound, workers), {})
    return distances(self.data, x, found, places, p), places


@dataclass(frozen=True, eq=False)
class Tree:
    """Stands for `KDTree` and `cKDTree`, of points that move."""

    data: Any
    tree: Any

    def query(self, x: Any, k: Any = 1, eps: float = 0, p: float = 2,
              distance_upper_bound: float = np.inf, workers: int = 1) -> Any:
        x = np.asarray(x)
        found, places = asked_of(self.tree, "query", (
            stop_gradient(x), k, eps, p, distance_upper_bound, workers), {})
        return distances(self.data, x, found, places, p), places

    def query_ball_point(self, x: Any, r: Any, *args: Any, **options: Any) -> Any:
        return asked_of(self.tree, "query_ball_point",
                        (stop_gradient(x), stop_gradient(r), *args), options)

    def query_pairs(self, r: Any, *args: Any, **options: Any) -> Any:
        return asked_of(self.tree, "query_pairs", (stop_gradient(r), *args), options)

    @property
    def n(self) -> int:
        return self.tree.n

    @property
    def m(self) -> int:
        return self.tree.m


def kd_tree(data: Any, *args: Any, **options: Any) -> Any:
    points = np.asarray(data)
    return Tree(points, tree_of("KDTree", stop_gradient(points), args, options))


def ckd_tree(data: Any, *args: Any, **options: Any) -> Any:
    points = np.asarray(data)
    return Tree(points, tree_of("cKDTree", stop_gradient(points), args, options))


# ---------------------------------------------------------------------------------------- hulls


@dataclass(frozen=True, eq=False)
class Hull:
    """Stands for `ConvexHull`, of points that move."""

    points: Any
    volume: Any
    area: Any
    vertices: Any
    simplices: Any
    neighbors: Any
    coplanar: Any
    ndim: int
    nsimplex: int
    npoints: int

    @property
    def equations(self) -> Any:
        refuse_equations()


def convex_hull(points: Any, incremental: bool = False, qhull_options: Any = None) -> Any:
    points = np.asarray(points)
    found_volume, found_area, rest = hull_of(stop_gradient(points), incremental, qhull_options)
    faces, ndim = points[rest[1]], np.shape(points)[1]
    # Each face and a point inside make a simplex; it does not matter to the sum where that is.
    inside = np.mean(stop_gradient(faces), axis=(0, 1))
    volume = np.sum(np.abs(np.linalg.det(faces - inside))) / math.factorial(ndim)
    edges = faces[:, 1:] - faces[:, :1]
    gram = np.linalg.det(edges @ np.swapaxes(edges, 1, 2))
    area = np.sum(np.sqrt(gram)) / math.factorial(ndim - 1)
    return Hull(points, found_volume + float(volume - stop_gradient(volume)),
                found_area + float(area - stop_gradient(area)), *rest)
