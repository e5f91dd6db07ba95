"""`scipy.interpolate.RegularGridInterpolator`: its compiled helpers."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import compiled
from s2sdiff.runtime import place, standins, standins_interpolation
from s2sdiff.runtime.carried import run_of
from s2sdiff.runtime.carried_calls import lifted

__all__: list[str] = []


def find_indices(grid, xi):
    """In which cells points lie, and how far along in each dimension."""
    cells, ways = _helpers.find_indices(grid, xi)

    def pullback(result_bar):
        ways_bar = result_bar[1]
        if ways_bar is None:
            return (None,) * len(grid), None
        grid_bar, xi_bar = [], []
        for m in range(len(grid)):
            g, cell, way = grid[m], cells[m], ways[m]
            if len(g) > 1:
                moved = ways_bar[m] / (g[cell + 1] - g[cell])
                grid_bar.append(place(moved * (way - 1.0), g.shape, cell)
                                - place(moved * way, g.shape, cell + 1))
            else:
                moved = 0.0 * ways_bar[m]
                grid_bar.append(0.0 * g)
            xi_bar.append(moved)
        return tuple(grid_bar), np.stack(xi_bar)

    return (cells, ways), pullback


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
    out[...] = between_four(values, indices, norm_distances, grid, out.shape)
    values, cells, ways = values.copy(), indices.copy(), norm_distances.copy()

    def pullback(_, out_bar):
        g = out_bar.copy()
        out_bar[...] = 0.0
        values_bar, ways_bar = shares(values, cells, ways, g)
        return values_bar, None, ways_bar, None, None

    return out, pullback


def between_four(values: Any, cells: Any, ways: Any, grid: Any, shape: Any) -> Any:
    """What `evaluate_linear_2d` writes, as an array of its own."""
    if run_of((values, ways)) is not None:
        return lifted(between_four, (values, cells, ways, grid, shape), {})
    out = np.empty(shape, values.dtype)
    _helpers.evaluate_linear_2d(values, cells, ways, grid, out)
    return out


@derivative(of=between_four)
def between_four_(values, cells, ways, grid, shape):
    made = between_four(values, cells, ways, grid, shape)

    def pullback(made_bar):
        values_bar, ways_bar = shares(values, cells, ways, made_bar)
        return values_bar, None, ways_bar, None, None

    return made, pullback


def shares(values: Any, cells: Any, ways: Any, g: Any) -> tuple[Any, Any]:
    """The cotangents of values at the grid's points, and of how far along others lie."""
    (i, j), (s, t) = cells, ways
    shape = values.shape
    values_bar = place(g * (1.0 - s) * (1.0 - t), shape, (i, j)) \
        + place(g * (1.0 - s) * t, shape, (i, j + 1)) \
        + place(g * s * (1.0 - t), shape, (i + 1, j)) + place(g * s * t, shape, (i + 1, j + 1))
    low = values[i + 1, j] - values[i, j], values[i, j + 1] - values[i, j]
    high = values[i + 1, j + 1] - values[i, j + 1], values[i + 1, j + 1] - values[i + 1, j]
    return values_bar, np.stack([g * ((1.0 - t) * low[0] + t * high[0]),
                                 g * ((1.0 - s) * low[1] + s * high[1])])


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
