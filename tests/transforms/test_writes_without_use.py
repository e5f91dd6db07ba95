"""Writes of which a gradient has no use stay, for what they raise and for who else sees them.

They go where it is known that they raise nothing, and that nobody sees the array.
"""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees

X, W = np.array([0.3, -0.7, 1.1]), np.array([0.5, 1.5, -2.0, 0.25, 3.0])


def into_a_part(x, w):
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


def computed(x, w):
    y = np.zeros(len(w))
    y[1:-1] = np.sin(x)
    return np.sum(y * w)


def twice(x, w):
    y = np.zeros(len(w))
    y[:3] = x
    y[2:] = x
    return np.sum(y * w)


@pytest.mark.parametrize("f", [into_a_part, filled, shaped, computed, twice])
def test_values_that_do_not_fit_raise_in_the_gradient_too(f):
    agrees(f, X, W)
    with pytest.raises(ValueError, match="broadcast"):
        sd.grad(f)(np.ones(4), W)


@pytest.mark.parametrize("f", [into_a_part, filled, shaped])
def test_what_surely_fits_into_an_array_that_nobody_sees_is_not_written(f):
    assert "] = " not in sd.source(f, "grad", args=(X, W))
    # One number for all of the part.
    agrees(f, np.ones(1), W)
    # What comes to other numbers is written, as it may warn of them.
    assert "] = " in sd.source(f, "grad", args=(X, W.astype(np.float32)))
    assert "] = " in sd.source(f, "grad", args=(X.astype(np.float32), W))


@pytest.mark.parametrize("f", [computed, twice])
def test_what_is_computed_before_it_is_written_stays(f):
    assert "] = " in sd.source(f, "grad", args=(X, W))


def test_the_value_beside_a_gradient_has_what_was_written():
    value, found = sd.value_and_grad(into_a_part)(X, W)
    assert value == into_a_part(X, W)
    np.testing.assert_array_equal(found, W[1:-1])


def test_what_else_needs_the_array_keeps_the_write():
    both = sd.grad(into_a_part, wrt=(0, 1))(X, W)
    np.testing.assert_array_equal(both[0], W[1:-1])
    np.testing.assert_array_equal(both[1], [0.0, *X, 0.0])


def at_a_place(x, w):
    y = np.zeros(len(w))
    y[7] = 1.0
    y[1:-1] = x
    return np.sum(y * w)


def of_two_dimensions(x, w):
    y = np.ones_like(w)
    y[:, :] = 2.0
    y[2:] = x
    return np.sum(y * w)


def in_steps_of_zero(x, w):
    y = np.ones_like(w)
    y[::0] = 2.0
    y[2:] = x
    return np.sum(y * w)


def complex_number(x, w):
    y = np.ones_like(w)
    y[:] = 2j
    y[2:] = x
    return np.sum(y * w)


def a_number_too_large(x, w):
    y = np.ones_like(w)
    y[:] = 10 ** 400
    y[2:] = x
    return np.sum(y * w)


def of_two_axes_and_an_ellipsis(x, w):
    y = np.ones(w.shape)
    y[..., 2:, :] = x
    return np.sum(y * w)


@pytest.mark.parametrize("f, error", [
    (a_number_too_large, OverflowError), (of_two_axes_and_an_ellipsis, IndexError),
    (at_a_place, IndexError), (of_two_dimensions, IndexError), (in_steps_of_zero, ValueError),
    (complex_number, TypeError)])
def test_what_cannot_be_written_raises_in_the_gradient_too(f, error):
    with pytest.raises(error):
        f(X, W)
    with pytest.raises(error):
        sd.grad(f)(X, W)


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


@pytest.mark.parametrize("f", [by_a_view, in_a_list, under_another_name])
def test_what_is_written_under_one_name_is_read_under_another(f):
    agrees(f, X, W)
    np.testing.assert_allclose(sd.grad(f)(X, W), np.full(3, f(np.array([1.0, 0.0, 0.0]), W)))


def into_an_argument(x, w):
    w[1:] = 3.0
    return np.sum(x * x)


def test_what_the_caller_sees_is_written():
    w = W.copy()
    np.testing.assert_array_equal(sd.grad(into_an_argument)(X, w), 2.0 * X)
    np.testing.assert_array_equal(w, [W[0], 3.0, 3.0, 3.0, 3.0])
