"""Splines of several variables, by which grids are smooth, against differences."""

import numpy as np
import pytest

from tests.rules.whole import check_both

interpolate = pytest.importorskip("scipy.interpolate")
linalg = pytest.importorskip("scipy.sparse.linalg")
dierckx = pytest.importorskip("scipy.interpolate._dierckx")
if not hasattr(dierckx, "evaluate_ndbspline"):
    pytest.skip("this SciPy has other helpers", allow_module_level=True)

X = np.array([0.0, 0.9, 2.1, 3.0, 4.2, 5.0, 6.3])
Y = np.array([-1.0, 0.1, 0.8, 2.0, 3.1, 4.0])
VALUES = np.sin(np.arange(42.0)).reshape(7, 6)
AT = np.array([[0.4, -0.6], [2.6, 1.1], [5.3, 3.7], [3.3, 2.4]])
#: SciPy solves by iterations, to five digits, and differences show the rest.
EXACT = {"solver_args": {"rtol": 1e-13, "atol": 1e-13}}
KNOTS = np.array([-0.5, -0.2, 0.0, 0.9, 2.2, 3.0, 3.1, 3.7])
INSIDE = np.array([[0.1, 0.6], [1.3, 1.4], [2.5, 2.1]])


@pytest.mark.parametrize("method", ["slinear", "cubic", "quintic"])
def test_a_smooth_grid_moves_with_its_points_its_values_and_the_places(method):
    def read(x, y, values, at):
        return interpolate.RegularGridInterpolator((x, y), values, method=method, **EXACT)(at)

    check_both(read, X, Y, VALUES, AT)


GRIDS = {
    "falling points": lambda v, x: interpolate.RegularGridInterpolator(
        (X[::-1], Y), v, method="cubic", **EXACT)(x),
    "extrapolated": lambda v, x: interpolate.RegularGridInterpolator(
        (X, Y), v, method="cubic", bounds_error=False, fill_value=None, **EXACT)(x - 0.7),
    "filled": lambda v, x: interpolate.RegularGridInterpolator(
        (X, Y), v, method="cubic", bounds_error=False, fill_value=2.0, **EXACT)(x - 0.7),
    "columns": lambda v, x: interpolate.RegularGridInterpolator(
        (X, Y), np.stack([v, v * v], -1), method="cubic", **EXACT)(x),
    "complex": lambda v, x: np.abs(interpolate.RegularGridInterpolator(
        (X, Y), v * (1.0 + 2.0j) + 1.0j, method="cubic", **EXACT)(x)),
    "slopes": lambda v, x: interpolate.RegularGridInterpolator(
        (X, Y), v, method="cubic", **EXACT)(x, nu=[1, 2]),
    "by one solution": lambda v, x: interpolate.RegularGridInterpolator(
        (X, Y), v, method="cubic", solver=linalg.spsolve)(x),
    "three variables": lambda v, x: interpolate.RegularGridInterpolator(
        (X, Y, X[:4]), v[:, :, None] * np.cos(np.arange(4.0)), method="cubic", **EXACT)(
            np.concatenate([x, x[:, :1] * 0.3], -1)),
    "interpn": lambda v, x: interpolate.interpn((X, Y), v, x, method="slinear"),
}


@pytest.mark.parametrize("way", GRIDS)
def test_smooth_grids_agree_with_differences(way):
    check_both(GRIDS[way], VALUES, AT)


@pytest.mark.parametrize("orders", [(0, 0), (1, 2), (3, 0)])
@pytest.mark.parametrize("extrapolate", [True, False])
def test_a_spline_of_two_variables_moves_with_all_it_reads(orders, extrapolate):
    def read(s, t, c, x):
        found = interpolate.NdBSpline((s, t), c, (3, 2), extrapolate=extrapolate)(x, nu=orders)
        return np.nan_to_num(found)

    outside = np.array([[0.1, 0.6], [1.3, 9.0]])
    for at in (INSIDE, outside, INSIDE[:0]):
        check_both(read, KNOTS, KNOTS + 0.05, np.cos(np.arange(40.0)).reshape(4, 5, 2), at)


def test_the_matrix_of_products_moves_with_its_points():
    def read(x, t):
        return interpolate.NdBSpline.design_matrix(x, (t, KNOTS), (2, 3)) @ np.cos(np.arange(20.0))

    check_both(read, INSIDE, KNOTS + 0.05)
