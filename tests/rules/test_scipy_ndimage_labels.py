"""SciPy's sums, means and deviations over labelled parts against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw

ndimage = pytest.importorskip("scipy.ndimage")

X, LABELS = draw((4, 5), -1.0, 1.0, 1), np.arange(20).reshape(4, 5) * 7 % 5


@pytest.mark.parametrize("function", [
    ndimage.mean, ndimage.sum_labels, ndimage.sum, ndimage.standard_deviation])
@pytest.mark.parametrize(("labels", "index"), [
    (None, None), (LABELS, None), (LABELS, 2), (LABELS, [3, 0, 1]), (LABELS, [[2, 2], [4, 1]]),
    (LABELS[0], [1, 2]), (LABELS, 0), (LABELS, [])])
def test_sums_of_parts_agree_with_differences(function, labels, index):
    check_rule(function, X, labels, index, wrt="input")


def test_labels_that_are_nowhere_give_nothing():
    found = sd.grad(lambda x: np.sum(ndimage.sum_labels(x, LABELS, [2, 9])))(X)
    assert np.array_equal(found, (LABELS == 2).astype(float))


@pytest.mark.parametrize("function", [
    ndimage.mean, ndimage.sum_labels, ndimage.standard_deviation])
def test_an_image_that_its_labels_stretch_agrees_with_differences(function):
    check_rule(function, X[0], LABELS, [3, 0], wrt="input")


def test_deviations_of_complex_images_agree_with_differences():
    z = draw((4, 5), -1.0, 1.0, 2, complex)
    check_rule(ndimage.standard_deviation, z, wrt="input")
    check_rule(ndimage.standard_deviation, X.astype(np.longdouble), LABELS, None, wrt="input")
    check_rule(ndimage.standard_deviation, z, LABELS, 2, wrt="input")


def test_the_deviation_of_equal_values_has_no_motion():
    # The mean of these is not 0.1 but for its last digit, so that the deviation is not 0.
    x = np.full(3, 0.1)
    assert np.array_equal(sd.grad(lambda v: ndimage.standard_deviation(v))(x), np.zeros(3))
    assert sd.jvp(ndimage.standard_deviation, (x,), (np.ones(3),))[1] == 0.0
    two = np.array([0.1, 0.1, 0.2, 0.5])
    found = sd.grad(lambda v: np.sum(ndimage.standard_deviation(v, [1, 1, 2, 2], [1, 2])))(two)
    assert np.allclose(found, [0.0, 0.0, -0.5, 0.5])
    assert sd.grad(lambda v: ndimage.standard_deviation(v))(np.array(2.0)) == 0.0
