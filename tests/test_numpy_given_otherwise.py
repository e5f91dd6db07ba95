"""Functions of NumPy that get their arguments by name, as lists, or as numbers of Python."""

from __future__ import annotations

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([1.3, 2.1, 0.7])


def copied_by_name(x):
    y = x * 1.0
    np.copyto(src=x * x, dst=y, where=x > 1.0)
    return y * x


def put_by_name(x):
    y = x * 1.0
    y.put(indices=[0, 4], values=[x[1], x[2] * 2.0], mode="wrap")
    return y * x


def sorted_list(x):
    return np.sort([x[0] * 2.0, x[1], x[2]])


@pytest.mark.parametrize("f", [copied_by_name, put_by_name, sorted_list])
def test_it_is_as_with_arrays_by_position(f):
    sd.check_grads(f, (X,))


@pytest.mark.parametrize("function", [np.maximum, np.fmin, lambda a, b: np.clip(a, b, 9.0)],
                         ids=["maximum", "fmin", "clip"])
def test_complex_numbers_of_python_are_in_the_order_of_numpy(function):
    for a, b in ((1.5 + 2j, 0.5j), (0.5 + 2j, 1.0), (0.5, 1j)):
        expected = (function(a + 1e-6, b) - function(a, b)) / 1e-6
        value, pullback = sd.vjp(lambda a, b: function(a, b) * 1j, a, b)
        assert value == function(a, b) * 1j
        assert pullback(-1j)[0] == pytest.approx(expected, abs=1e-6)
        tangent = sd.jvp(lambda a, b: function(a, b), (a, b), (1.0 + 0 * a, 0 * b))[1]
        assert tangent == pytest.approx(expected, abs=1e-6)


def test_a_transform_along_no_axes_gives_its_argument():
    def program(x, axes=()):
        y = x + 0j
        z = np.fft.fftn(y, axes=())
        z *= 2.0
        w = np.fft.ifft2(y, None, axes)
        y *= 3.0
        return (z * y * w).real

    np.testing.assert_array_equal(sd.vjp(program, X)[0], program(X))
    sd.check_grads(program, (X,))


def test_differentials_of_functions_of_lists_take_lists():
    value, differential = sd.linearize(lambda x: np.mean(np.abs(x)), [1, -2.0, 3.0])
    assert value == 2.0
    assert differential([None, 3.0, 6.0]) == pytest.approx(1.0)
    assert sd.linearize(np.ravel, [1.0, 2.0])[1]([3.0, 4.0]).tolist() == [3.0, 4.0]
