"""SciPy's sums and means over labelled parts against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw

ndimage = pytest.importorskip("scipy.ndimage")

X, LABELS = draw((4, 5), -1.0, 1.0, 1), np.arange(20).reshape(4, 5) * 7 % 5


@pytest.mark.parametrize("function", [ndimage.mean, ndimage.sum_labels, ndimage.sum])
@pytest.mark.parametrize(("labels", "index"), [
    (None, None), (LABELS, None), (LABELS, 2), (LABELS, [3, 0, 1]), (LABELS, [[2, 2], [4, 1]]),
    (LABELS[0], [1, 2]), (LABELS, 0)])
def test_sums_of_parts_agree_with_differences(function, labels, index):
    check_rule(function, X, labels, index, wrt="input")


def test_labels_that_are_nowhere_give_nothing():
    found = sd.grad(lambda x: np.sum(ndimage.sum_labels(x, LABELS, [2, 9])))(X)
    assert np.array_equal(found, (LABELS == 2).astype(float))
