"""`scipy.interpolate.RegularGridInterpolator`: its compiled helpers."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import compiled
from s2sdiff.runtime import standins, standins_interpolation

__all__: list[str] = []


def find_indices(grid, xi):
    """In which cells points lie, and how far along in each dimension."""
    result = _helpers.find_indices(grid, xi)

    def pullback(result_bar):
        if result_bar[1] is None:
            return (None,) * len(grid), None
        grid_bar, xi_bar = tuple(np.zeros(len(g)) for g in grid), np.zeros_like(xi)
        for m, (g, cell, way) in enumerate(zip(grid, *result, strict=True)):
            if len(g) > 1:
                moved = result_bar[1][m] / (g[cell + 1] - g[cell])
                xi_bar[m] = moved
                np.add.at(grid_bar[m], cell, moved * (way - 1.0))
                np.add.at(grid_bar[m], cell + 1, -moved * way)
        return grid_bar, xi_bar

    return result, pullback


def indices_forward(grid, xi):
    """The same; `pullback` loops over the grid, which cannot be turned round."""
    cells, ways = _helpers.find_indices(grid, xi)

    def differential(grid_dot, xi_dot):
        ways_dot = np.zeros_like(ways)
        for m, (g, cell, way) in enumerate(zip(grid, cells, ways, strict=True)):
            if len(g) > 1:
                moved = 0.0 if xi_dot is None else xi_dot[m]
                g_dot = None if grid_dot is None else grid_dot[m]
                if g_dot is not None:
                    moved = moved - (1.0 - way) * g_dot[cell] - way * g_dot[cell + 1]
                ways_dot[m] = moved / (g[cell + 1] - g[cell])
        return None, ways_dot

    return (cells, ways), differential


def evaluate_linear_2d(values, indices, norm_distances, grid, out):
    _helpers.evaluate_linear_2d(values, indices, norm_distances, grid, out)
    values, (i, j), (s, t) = values.copy(), indices.copy(), norm_distances.copy()

    def pullback(_, out_bar):
        g = out_bar.copy()
        out_bar[...] = 0.0
        values_bar = np.zeros_like(values, dtype=g.dtype)
        np.add.at(values_bar, (i, j), g * (1.0 - s) * (1.0 - t))
        np.add.at(values_bar, (i, j + 1), g * (1.0 - s) * t)
        np.add.at(values_bar, (i + 1, j), g * s * (1.0 - t))
        np.add.at(values_bar, (i + 1, j + 1), g * s * t)
        low = values[i + 1, j] - values[i, j], values[i, j + 1] - values[i, j]
        high = values[i + 1, j + 1] - values[i, j + 1], values[i + 1, j + 1] - values[i + 1, j]
        ways = np.stack([g * ((1.0 - t) * low[0] + t * high[0]),
                         g * ((1.0 - s) * low[1] + s * high[1])])
        return values_bar, None, ways, None, None

    return out, pullback


_helpers: Any = compiled("scipy.interpolate._rgi_cython")

# These helpers are SciPy's own matter, and not all of its versions have them under these names.
if hasattr(_helpers, "find_indices"):
    derivative(of=_helpers.find_indices, wrt=("grid", "xi"))(find_indices)
    derivative(of=_helpers.find_indices, wrt=("grid", "xi"), mode="jvp")(indices_forward)
if hasattr(_helpers, "evaluate_linear_2d"):
    derivative(of=_helpers.evaluate_linear_2d, writes="out")(evaluate_linear_2d)
_points: Any = compiled("scipy.interpolate._interpnd")
if hasattr(_points, "_ndim_coords_from_arrays"):
    standins.EAGER[_points._ndim_coords_from_arrays] = standins_interpolation.coordinates
