"""SciPy's interpolation of images against finite differences, in every order and mode."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw

ndimage = pytest.importorskip("scipy.ndimage")

IMAGE = draw((5, 6), 0.2, 1.0, 1)
POINTS = np.array([[0.3, 1.6, 2.2, 3.9, 0.1, 3.6, -0.7, 4.4], [4.7, 0.2, 1.3, 2.45, 0.6, 3.2, 2.3,
                                                              5.6]])
MODES = pytest.mark.parametrize("mode", [
    "reflect", "mirror", "nearest", "wrap", "constant", "grid-constant", "grid-wrap",
    "grid-mirror"])
ORDERS = pytest.mark.parametrize("order", [0, 1, 2, 3, 4, 5])


@MODES
@ORDERS
@pytest.mark.parametrize("prefilter", [True, False])
def test_values_between_elements_agree_with_differences(order, mode, prefilter):
    options = {"order": order, "mode": mode, "cval": 0.7, "prefilter": prefilter}
    check_rule(ndimage.map_coordinates, IMAGE, POINTS, wrt=("input", "coordinates"),
               kwargs=options, exact=False, single=False)
    check_rule(ndimage.map_coordinates, IMAGE[0] + 1j * IMAGE[1], POINTS[1:],
               wrt="input", kwargs={**options, "cval": 0.0}, exact=False)


@MODES
@ORDERS
def test_shifted_images_agree_with_differences(order, mode):
    options = {"order": order, "mode": mode}
    for shift in (0.3, (-1.2, 2.4), (0, 7.3)):
        check_rule(ndimage.shift, IMAGE, shift, wrt="input", kwargs=options, exact=False)
    check_rule(ndimage.shift, IMAGE, 0.3, wrt="input", exact=False,
               kwargs={**options, "prefilter": False})


@MODES
@ORDERS
@pytest.mark.filterwarnings("ignore:It is recommended to use mode")
def test_zoomed_images_agree_with_differences(order, mode):
    for zoom in (1.7, (0.5, 2.0), 1.0):
        for grid_mode in (False, True):
            check_rule(ndimage.zoom, IMAGE, zoom, wrt="input", exact=False, kwargs={
                "order": order, "mode": mode, "grid_mode": grid_mode})


@pytest.mark.parametrize("mode", ["reflect", "mirror", "grid-wrap"])
@pytest.mark.parametrize("order", [2, 3, 4, 5])
def test_coefficients_agree_with_differences(order, mode):
    for shape in ((7,), (2, 6), (1, 4), (30, 2)):
        x = draw(shape, -1.0, 1.0, 1)
        check_rule(ndimage.spline_filter, x, order, wrt="input", kwargs={"mode": mode}, exact=False)
        check_rule(ndimage.spline_filter1d, x, order, 0, wrt="input", kwargs={"mode": mode},
                   exact=False)


def test_a_linear_image_has_the_slope_of_its_coordinates():
    x = np.add.outer(2.0 * np.arange(8.0), 3.0 * np.arange(9.0))
    found = sd.grad(lambda c: np.sum(ndimage.map_coordinates(x, c, order=1)))(POINTS[:, :6])
    assert np.allclose(found, np.array([[2.0], [3.0]]) * np.ones(6))


@MODES
def test_an_axis_of_one_element_agrees_with_differences(mode):
    at = np.array([[0.1, 0.3, -0.2], [1.3, 2.4, 3.1]])
    for order in (1, 3):
        check_rule(ndimage.map_coordinates, IMAGE[:1], at, wrt=("input", "coordinates"),
                   kwargs={"order": order, "mode": mode}, exact=False, single=False)


MATRIX = np.array([[0.913, 0.217], [-0.289, 1.134]])


@MODES
@ORDERS
def test_what_moves_an_image_agrees_with_differences(order, mode):
    options = {"order": order, "mode": mode, "cval": 0.7}
    for offset in (0.3137, (0.3137, -0.4371)):
        check_rule(ndimage.shift, IMAGE, offset, wrt=("input", "shift", "cval"), kwargs=options,
                   exact=False, single=False)
        for matrix in (MATRIX, np.array([0.8113, 1.1213])):
            check_rule(ndimage.affine_transform, IMAGE, matrix, offset, kwargs=options,
                       wrt=("input", "matrix", "offset", "cval"), exact=False, single=False)
    check_rule(ndimage.map_coordinates, IMAGE, POINTS, kwargs=options, exact=False, single=False)
    check_rule(ndimage.zoom, IMAGE, 1.7, kwargs=options, wrt=("input", "cval"), exact=False,
               single=False)


@MODES
@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("reshape", [True, False])
def test_rotated_images_agree_with_differences(order, mode, reshape):
    options = {"order": order, "mode": mode, "reshape": reshape, "cval": 0.4}
    check_rule(ndimage.rotate, IMAGE, 23.0, kwargs=options, wrt=("input", "angle", "cval"),
               exact=False, single=False)
    stack = draw((2, 4, 5), -1.0, 1.0, 5)
    for axes in ((1, 0), (0, 2), (-1, 1)):
        check_rule(ndimage.rotate, stack, -37.0, axes, kwargs=options,
                   wrt=("input", "angle", "cval"), exact=False, single=False)


def test_a_matrix_that_holds_the_offset_agrees_with_differences():
    whole = np.concatenate([MATRIX, [[0.3], [0.7]]], axis=1)
    check_rule(ndimage.affine_transform, IMAGE, whole, wrt=("input", "matrix"), exact=False,
               single=False)
    check_rule(ndimage.affine_transform, IMAGE, np.concatenate([whole, [[0.0, 0.0, 1.0]]]),
               wrt="input", kwargs={"output_shape": (3, 4)}, exact=False)
    check_rule(ndimage.affine_transform, IMAGE + 1j * IMAGE[::-1], MATRIX, 0.3137, exact=False,
               wrt=("input", "matrix", "offset", "cval"), kwargs={"cval": 0.3 + 0.2j}, single=False)
    found = sd.grad(lambda x: np.sum(ndimage.rotate(x, 10.0)))(IMAGE.astype(np.float32))
    assert found.dtype == np.float32


def test_a_linear_image_moves_against_its_shift():
    x = np.add.outer(2.0 * np.arange(8.0), 3.0 * np.arange(9.0))
    found = sd.grad(lambda s: ndimage.shift(x, s, order=1)[4, 4])(np.array([0.25, 0.5]))
    assert np.allclose(found, [-2.0, -3.0])


def test_planes_turned_without_a_filter_before_agree_with_differences_forwards():
    stack = draw((3, 4, 5), -1.0, 1.0, 5)

    def planes(x, angle):
        return ndimage.rotate(x, angle, (0, 2), order=3, mode="nearest", prefilter=False)

    sd.check_grads(planes, (stack, 23.0))
    sd.check_grads(planes, (stack + 1j * stack[::-1], 23.0))
