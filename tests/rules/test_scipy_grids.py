"""Interpolation on grids and by radial functions, against differences, in every argument."""

import functools
import importlib.util

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule
from tests.rules.whole import check_whole

interpolate = pytest.importorskip("scipy.interpolate")

RNG = np.random.default_rng(0)
FIRST, SECOND = np.array([0.0, 1.0, 2.5]), np.array([0.0, 0.4, 1.0, 2.0])
VALUES = RNG.normal(size=(3, 4))
AT = np.array([[0.3, 0.3], [1.7, 1.4], [2.2, 0.6]])


@pytest.mark.parametrize("method", ["linear", "nearest"])
@pytest.mark.parametrize("columns", [(), (2,)])
def test_a_grid_moves_with_its_lines_values_and_points(method, columns):
    values = RNG.normal(size=(3, 4, *columns))

    def read(a, b, v, x):
        return interpolate.RegularGridInterpolator((a, b), v, method=method)(x)

    check_whole(read, FIRST, SECOND, values, AT)
    if columns:
        return
    # Forward mode is not refused, either.
    dots = tuple(np.cos(np.arange(x.size)).reshape(x.shape) for x in (FIRST, SECOND, values, AT))
    up, down = (read(*(x + h * d for x, d in zip((FIRST, SECOND, values, AT), dots)))
                for h in (1e-6, -1e-6))
    found = sd.jvp(read, (FIRST, SECOND, values, AT), dots)[1]
    np.testing.assert_allclose(found, (up - down) / 2e-6, atol=1e-7)


WAYS = {
    "a tuple": lambda v, x: interpolate.RegularGridInterpolator(
        (FIRST, SECOND), v)((x[0, 0], x[:, 1])),
    "a list": lambda v, x: interpolate.RegularGridInterpolator(
        (FIRST, SECOND), v)([[x[0, 0], 0.3], [1.2, x[1, 1]]]),
    "one point": lambda v, x: interpolate.RegularGridInterpolator((FIRST, SECOND), v)(x[0]),
    "falling lines": lambda v, x: interpolate.RegularGridInterpolator(
        (FIRST[::-1], SECOND), v)(x),
    "filled": lambda v, x: interpolate.RegularGridInterpolator(
        (FIRST, SECOND), v, bounds_error=False, fill_value=0.0)(x + 1.0),
    "extrapolated": lambda v, x: interpolate.RegularGridInterpolator(
        (FIRST, SECOND), v, bounds_error=False, fill_value=None)(x + 1.0),
    "complex": lambda v, x: np.abs(interpolate.RegularGridInterpolator(
        (FIRST, SECOND), v * (1.0 + 2.0j))(x)) ** 2,
    "one dimension": lambda v, x: interpolate.RegularGridInterpolator(
        (SECOND,), v[0])(x[:, 1:]),
    "three dimensions": lambda v, x: interpolate.RegularGridInterpolator(
        (FIRST, SECOND, [0.0, 2.0]), np.stack([v, v * v], axis=2))(
            np.concatenate([x, x[:, :1] / 2.0], axis=1)),
    "one line": lambda v, x: interpolate.RegularGridInterpolator(
        (FIRST, [0.0]), v[:, :1], bounds_error=False, fill_value=None)(x * [1.0, 0.0]),
    "interpn": lambda v, x: interpolate.interpn((FIRST, SECOND), v, x),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_is_read_of_a_grid_moves_with_values_and_points(name):
    check_whole(WAYS[name], VALUES, AT)


@pytest.mark.parametrize("method", ["pchip", "slinear_legacy", "cubic_legacy"])
def test_splines_line_by_line(method):
    lines = np.array([0.0, 1.0, 2.5, 3.0]), np.array([0.0, 0.4, 1.0, 2.0, 3.3])

    def read(v, x):
        return interpolate.RegularGridInterpolator(lines, v, method=method)(x)

    check_whole(read, RNG.normal(size=(4, 5)), AT[:2])


CENTERS, DATA, POINTS = RNG.normal(size=(9, 2)), RNG.normal(size=9), RNG.normal(size=(4, 2))
KERNELS = ["linear", "thin_plate_spline", "cubic", "quintic", "multiquadric",
           "inverse_multiquadric", "inverse_quadratic", "gaussian"]


def by_name(test):
    """A test of radial functions; SciPy 1.15 hands the kernel's name to compiled code: refused."""
    if importlib.util.find_spec("scipy.interpolate._rbfinterp_np") is not None:
        return test

    @functools.wraps(test)
    def refused(*args, **kwargs):
        with pytest.raises(sd.DifferentiationError, match="Instead"):
            test(*args, **kwargs)

    return refused


@pytest.mark.parametrize("kernel", KERNELS)
@by_name
def test_radial_functions_move_with_centers_data_and_points(kernel):
    def read(y, d, x):
        return interpolate.RBFInterpolator(y, d, kernel=kernel, epsilon=1.3)(x)

    check_whole(read, CENTERS, DATA, POINTS)


@by_name
def test_radial_functions_move_with_smoothing_and_shape():
    def read(epsilon, smoothing, each):
        one = interpolate.RBFInterpolator(CENTERS, DATA, kernel="gaussian", epsilon=epsilon,
                                          smoothing=smoothing)
        many = interpolate.RBFInterpolator(CENTERS, np.stack([DATA, DATA**2], axis=1),
                                           smoothing=each, degree=2)
        return one(POINTS), many(POINTS)

    def turned(d):
        return np.abs(interpolate.RBFInterpolator(CENTERS, d * (1.0 + 0.3j), degree=-1)(POINTS))

    check_modes(read, (1.3, 0.2, DATA**2))
    check_whole(turned, DATA)


@pytest.mark.parametrize("kernel", KERNELS)
@by_name
def test_a_point_on_a_center_has_a_finite_slope(kernel):
    def read(x):
        return np.sum(interpolate.RBFInterpolator(CENTERS, DATA, kernel=kernel, epsilon=1.3)(x))

    slope = sd.grad(read)(CENTERS[:1].copy())
    assert np.all(np.isfinite(slope))
    if kernel not in ("linear", "thin_plate_spline"):
        check_modes(read, (CENTERS[:1].copy(),))


@by_name
def test_centers_on_a_line_leave_the_other_length_alone():
    line = np.stack([np.arange(5.0), np.full(5, 2.0)], axis=1)

    def read(y, d):
        return interpolate.RBFInterpolator(y, d, kernel="gaussian", epsilon=1.0, degree=0)(
            line[:2] + 0.3)

    check_whole(read, line.copy(), DATA[:5])


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_helpers_move_with_the_box_around_the_centers(kernel):
    # What is interpolated does not: the polynomials are the same for every box.
    helpers = pytest.importorskip("scipy.interpolate._rbfinterp_pythran")
    powers = np.array([[0, 0], [1, 0], [0, 1], [2, 1]])
    check_rule(helpers._build_system, CENTERS, DATA[:, None], DATA**2, kernel, 1.3, powers,
               wrt=(0, 1, 2, 4), single=False)
    check_rule(helpers._build_evaluation_coefficients, POINTS, CENTERS, kernel, 1.3, powers,
               np.array([0.1, -0.2]), np.array([1.1, 0.7]), wrt=(0, 1, 3, 5, 6), single=False)


def test_what_looks_for_neighbours_in_a_tree_moves_with_them():
    sd.check_grads(lambda y: interpolate.RBFInterpolator(y, DATA, neighbors=5)(POINTS), (CENTERS,))
