"""A tangent that nested code captures lies in memory as its value does, where that is written."""

import numpy as np
import pytest

import s2sdiff as sd

ALONG = np.arange(6.0).reshape(2, 3) + 1.0
B = np.array([[-1.7, 1.1, 0.3], [0.6, 0.8, 0.9]])


def written_in_a_row(b):
    b.reshape(-1)[0] = 0.38  # a copy, where `b` does not lie row by row
    return np.sum(b * b)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("of_tangent", ["C", "F"])
def test_a_gradient_of_a_tangent_follows_the_order_of_memory(order, of_tangent):
    along = np.array(ALONG, order=of_tangent)
    kept = 2.0 * ALONG
    if order == "C":
        kept[0, 0] = 0.0
    found = sd.grad(lambda b: sd.jvp(written_in_a_row, (b,), (along,))[1])(np.array(B, order=order))
    np.testing.assert_array_equal(found, kept)
    np.testing.assert_array_equal(along, ALONG)
