"""Dimensions of reshaped arrays are known where they are written, or follow from a size."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees


def column_sums(x, w):
    return np.sum(np.reshape(x, (5, -1)) * w)


def weighed_in_a_row(x, w):
    return np.sum(x.reshape(-1) * w)


def raveled(x, w):
    return np.sum(x.ravel() * w) + np.sum(np.ravel(x) ** 2 * w) + np.sum(x.flatten() * w)


def means_of_blocks(x):
    return np.sum(np.mean(np.exp(x).reshape(-1, 5, 1) ** 2, axis=1))


def spread_of_a_row(x):
    return np.var(x.reshape(5, -1) ** 2, axis=1)[0]


def doubled_length(x, w):
    y = x.reshape(-1)
    return np.sum(y[1:] * y[:-1] * w)


V, M = np.linspace(0.2, 1.3, 10), np.linspace(0.2, 1.3, 6).reshape(2, 3)


@pytest.mark.parametrize(("function", "args"), [
    (column_sums, (V, np.linspace(-1.0, 1.0, 10).reshape(5, 2))),
    (column_sums, (V, np.array([0.3, 0.7]))),
    (weighed_in_a_row, (M, np.linspace(-1.0, 1.0, 6))),
    (weighed_in_a_row, (M[:, :1], np.array([0.3, 0.7]))),
    (weighed_in_a_row, (M[:1, :1], np.array([0.3, 0.7]))),
    (weighed_in_a_row, (M, np.array([0.7]))),
    (weighed_in_a_row, (M, np.linspace(-1.0, 1.0, 12).reshape(2, 6))),
    (raveled, (M, np.linspace(-1.0, 1.0, 6))),
    (raveled, (M[:1, :1], np.array([0.3, 0.7]))),
    (raveled, (M[None, :, :1], np.array([0.3, 0.7]))),
    (raveled, (np.array(0.3), np.array([0.3, 0.7]))),
    (means_of_blocks, (V,)),
    (spread_of_a_row, (V,)),
    (doubled_length, (M, np.linspace(-1.0, 1.0, 5))),
    (doubled_length, (M[:, :1], np.array([0.3, 0.7]))),
], ids=lambda v: getattr(v, "__name__", ""))
def test_reshaped_arrays_have_the_gradient_that_differences_have(function, args):
    agrees(function, *args)


def test_one_column_that_was_spread_over_many_gets_their_sum():
    # The text is made for lengths that are not 1, and -1 stands for 1 here.
    sd.grad(column_sums)(V, np.ones((5, 2)))
    found = sd.grad(column_sums)(V[:5], np.arange(10.0).reshape(5, 2))
    np.testing.assert_array_equal(found, [1.0, 5.0, 9.0, 13.0, 17.0])


@pytest.mark.parametrize("args", [(V[:7], np.ones((5, 2))), (V[:7], np.ones((5, 1)))], ids=range(2))
def test_a_length_that_leaves_a_rest_is_still_an_error(args):
    with pytest.raises(ValueError, match="cannot reshape array of size"):
        sd.grad(column_sums)(*args)


def test_what_is_written_is_not_computed():
    text = sd.source(column_sums, mode="grad", args=(V, np.ones((5, 2))))
    assert "x_size // 5" in text and "if w.size != x_size:" in text and "(5, -1)).shape" not in text
    text = sd.source(weighed_in_a_row, mode="grad", args=(M, np.ones(6)))
    assert "unbroadcast" not in text
    assert ".shape[1]" not in sd.source(means_of_blocks, mode="grad", args=(V,))
