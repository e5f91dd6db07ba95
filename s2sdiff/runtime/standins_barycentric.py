"""SciPy's barycentric interpolators, in the language that is differentiated (see `standins`).

At a node the formula is 0/0, and SciPy puts the node's value there: right, but a constant.  Here
it is the formula with (x - x_k) multiplied into both sums, which has the same value, and every
derivative of the interpolant: y_k + (x - x_k) S / (w_k + (x - x_k) T), with S the sum of
w_j (y_j - y_k) / (x - x_j) over the other nodes, and T that of w_j / (x - x_j).  Berrut and
Trefethen, Barycentric Lagrange Interpolation, SIAM Review 46 (2004), sections 4 and 9.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["polynomial", "rational"]


def at_nodes(x: Any, which: Any, nodes: Any, values: Any, weights: Any) -> Any:
    """The interpolant at points of which each is a node.

    >>> at_nodes(np.array([1.0]), np.array([1]), np.arange(2.0), np.array([[3.0], [5.0]]),
    ...          np.array([-1.0, 1.0]))
    array([[5.]])
    """
    own = np.arange(len(nodes)) == which[:, np.newaxis]
    shares = np.where(own, 0.0, weights) / np.where(own, 1.0, x[:, np.newaxis] - nodes)
    total = np.sum(shares, axis=1)[:, np.newaxis]
    beside = (x - nodes[which])[:, np.newaxis]
    change = np.dot(shares, values) - total * values[which]
    return values[which] + beside * change / (weights[which][:, np.newaxis] + beside * total)


def polynomial(self: Any, x: Any) -> Any:
    """`BarycentricInterpolator._evaluate`"""
    if x.size == 0:
        return np.zeros((0, self.r), dtype=self.dtype)
    apart = x[..., np.newaxis] - self.xi
    met = apart == 0
    shares = self.wi / np.where(met, 1, apart)
    with np.errstate(divide="ignore"):
        found = np.dot(shares, self.yi) / np.sum(shares, axis=-1)[..., np.newaxis]
    at = np.nonzero(met)
    if len(at[0]) > 0:
        found[at[:-1]] = at_nodes(x[at[:-1]], at[-1], self.xi, self.yi, self.wi)
    return found


def rational(self: Any, z: Any) -> Any:
    """`__call__` of `FloaterHormannInterpolator` and `AAA`."""
    z = np.asarray(z)
    x = np.ravel(z)
    values = self._support_values.reshape((self._support_values.shape[0], -1))
    weights = self.weights[..., np.newaxis]
    apart = x[:, np.newaxis] - self._support_points
    met = apart == 0
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = 1 / np.where(met, 1, apart)
        found = shares @ (weights * values) / (shares @ weights)
    far = np.isinf(x)
    if np.any(far):
        found[far] = np.sum(weights * values) / np.sum(weights)
    at = np.nonzero(met)
    if len(at[0]) > 0:
        found[at[0]] = at_nodes(x[at[0]], at[1], self._support_points, values, self.weights)
    shaped = np.reshape(found, z.shape + self._shape)
    # In SciPy 1.15 the first axis is the only one.
    axis = getattr(self, "_axis", 0)
    return np.moveaxis(shaped, 0, axis) if z.ndim > 0 else shaped
