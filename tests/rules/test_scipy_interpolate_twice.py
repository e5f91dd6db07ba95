"""Second derivatives of what runs with tangents: interpolators, `np.r_`; in four ways."""

import numpy as np
import pytest
import scipy.interpolate

from tests.rules.second import WAYS, second_derivatives

X = np.array([0.7, 1.3, 0.45])
GRID = np.linspace(0.0, 2.1, 6)


def on_a_grid(x):
    values = np.sin(np.add.outer(GRID[:4] * x[0], GRID[:4] ** 2 * x[1]))
    return scipy.interpolate.RegularGridInterpolator((GRID[:4], GRID[:4]), values)(
        np.array([[0.3, 0.6], [0.9, 0.5]]) * x[2])


def on_a_grid_that_moves(x):
    grid = (GRID[:4] * x[0], GRID[:3] * x[1])
    values = np.sin(np.add.outer(grid[0] ** 2, grid[1]))
    return scipy.interpolate.RegularGridInterpolator(grid, values)(np.array([[0.3, 0.6]]) * x[2])


def on_a_grid_of_one(x):
    return scipy.interpolate.interpn((GRID,), np.sin(GRID * x[0]) * x[2], np.array([0.3 * x[1]]))


def of_kind(kind):
    def interpolated(x):
        curve = scipy.interpolate.interp1d(GRID, np.sin(GRID * x[0]) * x[1], kind=kind)
        return curve(np.array([0.3, 0.7, 1.1]) * x[2])

    return interpolated


def at_knots_that_move(x):
    at = GRID * x[0]
    return scipy.interpolate.make_interp_spline(at, np.sin(at) * x[1])(np.array([0.3]) * x[2])


def radial(x):
    values = np.sin(GRID * x[0]) * x[1]
    return scipy.interpolate.RBFInterpolator(GRID[:, None], values)(x[:, None] + 0.1)


def of_numbers_beside_arrays(x):
    return np.r_[x, x[0] ** 2, 0.5]


CASES = {
    "numbers beside arrays": of_numbers_beside_arrays,
    "on a grid": on_a_grid, "on a grid that moves": on_a_grid_that_moves,
    "on a grid of one dimension": on_a_grid_of_one, "slinear": of_kind("slinear"),
    "quadratic": of_kind("quadratic"), "cubic": of_kind("cubic"),
    "at knots that move": at_knots_that_move, "radial": radial,
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_interpolated_has_second_derivatives_in_all_ways(name):
    value = CASES[name](X)
    bar = np.sin(1.0 + np.arange(value.size)).reshape(value.shape)
    assert second_derivatives(CASES[name], (X,), {}, 0, bar) == dict.fromkeys(WAYS, "")
