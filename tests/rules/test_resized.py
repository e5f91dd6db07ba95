"""`y.resize(shape)` in place: another array where nobody else has it, a refusal elsewhere."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError

V = np.arange(1.0, 7.0)


def more(x):
    y = x.copy()
    y.resize((2, 4), refcheck=False)
    return np.sum(y * y) * y[0, 1]


def fewer(x):
    y = x * 2.0
    y.resize(3)
    y *= x[:3]
    return np.sum(y * y)


def in_a_branch(x):
    y = x * 2.0
    if x[0] > 0:
        y.resize(3)
        y[1] = 7.0 * x[0]
    return np.sum(y * y)


def twice_between_writes(x):
    y = np.sin(x)
    y[1] *= x[2]
    y.resize((2, 2))
    y[1, 1] = x[0]
    y.resize(5)
    return np.sum(y * y)


def in_memory_order(x):
    y = np.array(x.reshape(2, 3), order="F")
    y.resize(3, 4)
    return np.sum(y * y * np.arange(12).reshape(3, 4))


def of_a_constant(x):
    weights = np.ones(1)
    weights.resize(6)
    return np.sum((x * weights) ** 2)


RIGHT = [more, fewer, in_a_branch, twice_between_writes, in_memory_order, of_a_constant]


@pytest.mark.parametrize("f", RIGHT, ids=lambda f: f.__name__)
def test_an_array_that_nobody_else_has_is_resized(f):
    before = V.copy()
    assert sd.value_and_grad(f)(V)[0] == f(V)
    sd.check_grads(f, (V,), order=2)
    np.testing.assert_array_equal(V, before)


def test_one_number_that_is_spread_over_what_was_resized_gets_their_sum():
    np.testing.assert_allclose(sd.grad(of_a_constant)(np.array([3.0])), [6.0])


def viewed(x):
    y = x * 2.0
    part = y[1:]
    y.resize(3, refcheck=False)
    return np.sum(y) + part.size


def contained(x):
    y = x * 2.0
    held = [y]
    y.resize(3, refcheck=False)
    return np.sum(held[0])


def named_twice(x):
    y = x * 2.0
    z = y
    y.resize(3, refcheck=False)
    return np.sum(z)


def given(x):
    x.resize((2, 3))
    return np.sum(x * x)


def in_a_loop(x):
    for _ in range(2):
        x = x * 2.0
        x.resize(3)
    return np.sum(x)


@pytest.mark.parametrize("f", [viewed, contained, named_twice, given, in_a_loop],
                         ids=lambda f: f.__name__)
def test_an_array_that_others_may_have_is_refused(f):
    for derivative in (lambda: sd.grad(f)(V), lambda: sd.jvp(f, (V,), (V,))):
        with pytest.raises(UnsupportedError, match=r"resize changes the shape .* Instead, make"):
            derivative()


def test_what_resize_raises_is_raised():
    def of_no_shape(x):
        y = x * 2.0
        y.resize((-1, 2))
        return np.sum(y)

    for run in (of_no_shape, sd.grad(of_no_shape), lambda x: sd.jvp(of_no_shape, (x,), (x,))):
        with pytest.raises(ValueError, match="negative dimensions"):
            run(V)


@pytest.mark.parametrize("shape", [(2, 2), (3,), (0,), (4, 3), ()])
@pytest.mark.parametrize("x", [
    V, np.array(V.reshape(2, 3), order="F"), V + 1j * V[::-1], V[:0], V.astype(np.float32),
    np.array(2.0)], ids=["line", "Fortran", "complex", "empty", "float32", "point"])
def test_entries_keep_their_order_in_memory(x, shape):
    def resized(x):
        y = x.copy("K")
        y.resize(shape)
        return y

    value, pullback = sd.vjp(resized, x)
    expected = resized(x)
    np.testing.assert_array_equal(value, expected)
    assert value.dtype == x.dtype and value.flags.f_contiguous == expected.flags.f_contiguous
    weights = np.arange(2.0, 2.0 + value.size).reshape(shape).astype(x.dtype)
    x_bar = pullback(weights)
    np.testing.assert_array_equal(x_bar, pullback(weights))
    assert x_bar.dtype == x.dtype and x_bar.shape == x.shape
    for i in np.ndindex(x.shape):
        unit = np.zeros_like(x)
        unit[i] = 1
        tangent = sd.jvp(resized, (x,), (unit,))[1]
        np.testing.assert_array_equal(tangent, resized(unit))
        assert x_bar[i] == np.sum(weights * resized(unit))


def test_objects_with_a_method_of_that_name_are_called():
    class Window:
        def resize(self, size):
            self.size = size

    def f(x):
        window = Window()
        window.resize(x * 2.0)
        return window.size * x

    assert sd.grad(f)(3.0) == 12.0 and sd.jvp(f, (3.0,), (1.0,))[1] == 12.0
