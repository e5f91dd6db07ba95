"""Writes of which a gradient has no use go, where what they raise is raised all the same."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees

X, W = np.array([0.3, -0.7, 1.1]), np.array([0.5, 1.5, -2.0, 0.25, 3.0])


def grad(function, *args):
    return sd.source(function, mode="grad", args=args)


def framed(x, w):
    y = np.zeros(len(w))
    y[1:-1] = x
    return np.sum(y * w)


def filled(x, w):
    y = np.ones_like(w)
    y[:] = 2.0
    y[2:] = x
    return np.sum(y * w)


def shaped(x, w):
    y = np.empty(w.shape)
    y[...] = 0.0
    y[:3] = x
    return np.dot(y, w)


@pytest.mark.parametrize("f", [framed, filled, shaped])
def test_a_part_of_a_linear_loss_is_not_written(f):
    assert "] = " not in grad(f, X, W)
    agrees(f, X, W)
    with pytest.raises(ValueError, match="broadcast"):
        sd.grad(f)(np.ones(4), W)
    # One number for all of the part.
    agrees(f, np.ones(1), W)


def squared(x, w):
    y = np.zeros(len(w))
    y[1:-1] = x
    return np.sum(y * y * w)


def otherwise_shaped(x, w):
    y = np.zeros(5)
    y[1:-1] = x
    return np.sum(y * w)


def computed(x, w):
    y = np.zeros(len(w))
    y[1:-1] = np.sin(x)
    return np.sum(y * w)


def twice(x, w):
    y = np.zeros(len(w))
    y[:3] = x
    y[2:] = x
    return np.sum(y * w)


def one_place(x, w):
    y = np.zeros(len(w))
    y[7] = 1.0
    y[1:-1] = x
    return np.sum(y * w)


@pytest.mark.parametrize("f", [squared, otherwise_shaped, computed, twice])
def test_what_may_raise_unseen_is_written(f):
    assert "] = " in grad(f, X, W)
    agrees(f, X, W)
    with pytest.raises(ValueError, match="broadcast"):
        sd.grad(f)(np.ones(4), W)
    with pytest.raises(IndexError):
        sd.grad(one_place)(X, W)


def test_the_value_beside_a_gradient_has_what_was_written():
    value, found = sd.value_and_grad(framed)(X, W)
    assert value == framed(X, W)
    np.testing.assert_array_equal(found, W[1:-1])


def test_what_else_needs_the_array_keeps_the_write():
    np.testing.assert_array_equal(sd.grad(framed, wrt="w")(X, W), [0.0, *X, 0.0])
    both = sd.grad(framed, wrt=(0, 1))(X, W)
    np.testing.assert_array_equal(both[0], W[1:-1])
    np.testing.assert_array_equal(both[1], [0.0, *X, 0.0])


def by_a_view(x, w):
    y = np.zeros(len(w))
    part = y[1:]
    part[:] = 3.0
    return np.sum(x) * np.sum(w * y)


def in_a_list(x, w):
    y = np.zeros(len(w))
    rows = [y]
    y[:] = 3.0
    return np.sum(x) * np.sum(w * rows[0])


def under_another_name(x, w):
    y = z = np.zeros(len(w))
    if x[0] > 0.0:
        z = np.ones(len(w))
    z[:] = 2.0
    return np.sum(x) * np.sum(w * y)


def into_an_argument(x, w):
    w[1:] = 3.0
    return np.sum(x * x)


@pytest.mark.parametrize("f", [by_a_view, in_a_list, under_another_name])
def test_what_is_written_under_one_name_is_read_under_another(f):
    agrees(f, X, W)
    np.testing.assert_allclose(sd.grad(f)(X, W), np.full(3, f(np.array([1.0, 0.0, 0.0]), W)))


def test_what_the_caller_sees_is_written():
    w = W.copy()
    np.testing.assert_array_equal(sd.grad(into_an_argument)(X, w), 2.0 * X)
    np.testing.assert_array_equal(w, [W[0], 3.0, 3.0, 3.0, 3.0])
