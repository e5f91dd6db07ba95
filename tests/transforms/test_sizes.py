"""Sizes are asked of what is there anyway, and an error that was one stays one."""

import numpy as np
import pytest

import s2sdiff
from s2sdiff.backend.printer import print_function
from tests.transforms.programs import agrees, stages


def grad(function, *args):
    return print_function(stages(function, *args, mode="grad")["final"]).text


def test_a_square_is_not_computed_for_its_size():
    def f(x, y):
        error = np.tanh(x) - 0.5
        return np.mean(error ** 2)

    x = np.array([0.3, -0.7, 1.1])
    assert "error.size" in grad(f, x, 2.0)
    agrees(f, x, 2.0)
    agrees(f, np.ones((2, 1)), 2.0)


def test_an_operand_that_is_broadcast_does_not_say_the_size():
    def f(x, row):
        return np.mean(np.exp(x * row))

    agrees(f, np.array([[0.3], [0.7]]), np.array([[1.0, 2.0, 3.0]]))
    agrees(f, np.array([[0.3, 0.7]]), np.array([[1.0, 2.0]]))
    agrees(f, np.array([0.3, 0.7]), np.array([[1.0, 2.0], [0.1, 0.2]]))


@pytest.mark.parametrize("total", [np.sum, np.mean])
def test_shapes_that_do_not_fit_are_still_an_error(total):
    def f(x, y):
        return total(x + y)

    with pytest.raises(ValueError, match="broadcast"):
        s2sdiff.grad(f)(np.ones(3), np.ones(4))


def test_a_shape_that_is_made_up_is_asked_for_where_numbers_differ():
    def f(x, w):
        return np.sum(np.reshape(x, (5, -1)) * w)

    x, w = np.arange(10.0), np.arange(10.0).reshape(5, 2)
    assert "if w.size != x_size:" in s2sdiff.source(f, mode="grad", args=(x, w))
    agrees(f, x, w)
    # One column, that is spread over those of the weights.
    agrees(f, x[:5], w)
    agrees(f, x, w[:, :1])
    with pytest.raises(ValueError, match="broadcast"):
        s2sdiff.grad(f)(x, np.ones((5, 3)))
