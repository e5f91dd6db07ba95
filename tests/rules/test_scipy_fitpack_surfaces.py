"""FITPACK's surfaces through a grid of values against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import draw

interpolate = pytest.importorskip("scipy.interpolate")

X, Y = np.array([0.0, 0.9, 2.1, 3.0, 4.2, 5.0]), np.array([-1.0, 0.1, 0.8, 2.0, 3.1, 4.0, 5.2])
Z = draw((6, 7), -1.0, 1.0, 1)
AT, BESIDE = np.array([0.31, 2.62, 4.13]), np.array([-0.27, 1.33, 3.57])


@pytest.mark.parametrize("degrees", [(3, 3), (1, 2), (5, 1), (2, 4)])
def test_surfaces_agree_with_differences_in_values_and_coordinates(degrees):
    kx, ky = degrees

    def at_points(z, p, q):
        return interpolate.RectBivariateSpline(X, Y, z, kx=kx, ky=ky).ev(p, q)

    def on_a_grid(z, p, q):
        return interpolate.RectBivariateSpline(X, Y, z, kx=kx, ky=ky)(p, q)

    for f in (at_points, on_a_grid):
        sd.check_grads(f, (Z, AT, BESIDE), modes=("rev",))
    # Beyond the ends there is the value at the end.
    sd.check_grads(at_points, (Z, AT + 3.0, BESIDE - 2.0), modes=("rev",))


def test_a_surface_at_two_numbers_agrees_with_differences():
    def at(p, q):
        return interpolate.RectBivariateSpline(X, Y, Z)(p, q)[0, 0]

    sd.check_grads(at, (2.62, -0.27), modes=("rev",))


@pytest.mark.parametrize("grid", [True, False])
def test_partial_derivatives_of_surfaces_agree_with_differences(grid):
    def slopes(z, p, q):
        return interpolate.RectBivariateSpline(X, Y, z)(p, q, dx=1, dy=2, grid=grid)

    sd.check_grads(slopes, (Z, AT, BESIDE), modes=("rev",))


@pytest.mark.parametrize("degrees", [(3, 3), (2, 4), (1, 5)])
def test_surfaces_move_with_the_points_of_their_grid(degrees):
    def surface(x, y, z):
        return interpolate.RectBivariateSpline(x, y, z, kx=degrees[0], ky=degrees[1])(AT, BESIDE)

    sd.check_grads(surface, (X, Y, Z), modes=("rev",))


def test_a_surface_of_given_knots_agrees_with_differences():
    tx, ty, c = interpolate.RectBivariateSpline(X, Y, Z).tck

    def surface(p, q, c):
        return interpolate.bisplev(p, q, (tx, ty, c, 3, 3))

    sd.check_grads(surface, (AT, BESIDE, c), modes=("rev",))


@pytest.mark.parametrize("limits", [
    (0.3, 3.7, -0.6, 4.4), (3.7, 0.3, 4.4, -0.6), (-2.0, 3.1, 0.2, 9.0), (1.0, 1.0, 0.0, 2.0)])
@pytest.mark.parametrize("degrees", [(3, 3), (1, 2)])
def test_the_integral_of_a_surface_moves_with_its_grid_and_the_limits(limits, degrees):
    def volume(x, y, z, *limits):
        surface = interpolate.RectBivariateSpline(x, y, z, kx=degrees[0], ky=degrees[1])
        return surface.integral(*limits)

    sd.check_grads(volume, (X, Y, Z, *limits))


def test_a_surface_that_smooths_is_refused():
    with pytest.raises(UnsupportedError, match="smoothing surface.*Instead, pass s=0"):
        sd.grad(lambda z: interpolate.RectBivariateSpline(X, Y, z, s=3.0)(1.0, 1.0)[0, 0])(Z)
