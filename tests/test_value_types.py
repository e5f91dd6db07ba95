"""A cotangent has its value's type, dtype and shape, at every boundary."""

import cmath
import math

import numpy as np
import pytest

import s2sdiff as sd

SCALARS = [
    2.5, np.float64(2.5), np.float32(2.5), np.float16(2.5),
    1.5 + 2j, np.complex64(1.5 + 2j), np.complex128(1.5 + 2j),
]


def of_type(x):
    return type(x).__name__


@pytest.mark.parametrize("x", SCALARS, ids=of_type)
@pytest.mark.parametrize("f", [lambda x: x * x, lambda x: np.sin(x) * x,
                               lambda x: x * x / (x + 1.0), lambda x: np.exp(np.asarray(x))[()]])
def test_a_scalar_gets_a_cotangent_of_its_own_type(f, x):
    value, pullback = sd.vjp(f, x)
    assert type(pullback(value)) is type(x)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("shape", [(), (3,), (1,), (0,), (2, 0), (2, 3), (1, 3)])
def test_an_array_gets_a_cotangent_of_its_own_dtype_and_shape(dtype, shape):
    x = np.ones(shape, dtype)
    value, pullback = sd.vjp(lambda x: x * x + 2.0 * x, x)
    x_bar = pullback(np.ones_like(value))
    assert isinstance(x_bar, np.ndarray)
    assert (x_bar.dtype, x_bar.shape) == (x.dtype, x.shape)
    np.testing.assert_array_equal(x_bar, np.full(shape, 4.0))


def test_a_float_in_gives_a_float_out_though_the_body_makes_numpy_numbers():
    def body(x):
        a = np.array([1.0, 2.0]) * x
        return np.sum(np.sin(a))

    found = sd.grad(body)(0.5)
    assert type(found) is float
    assert found == pytest.approx(math.cos(0.5) + 2 * math.cos(1.0))


def test_single_precision_meets_double_precision_and_each_keeps_its_own():
    x, y = np.ones(3, np.float32), np.ones(3)
    x_bar, y_bar = sd.vjp(lambda x, y: x * y, x, y)[1](np.ones(3))
    assert (x_bar.dtype, y_bar.dtype) == (np.float32, np.float64)
    x_bar, y_bar = sd.vjp(lambda x, y: x * y, x, 2.0)[1](np.ones(3, np.float32))
    assert (x_bar.dtype, type(y_bar)) == (np.float32, float)


def test_a_real_argument_of_a_complex_computation_gets_a_real_cotangent():
    value, pullback = sd.vjp(lambda x, z: x * z, 2.0, 1.0 + 3j)
    x_bar, z_bar = pullback(1.0 + 0j)
    assert (type(x_bar), type(z_bar)) == (float, complex)
    assert (x_bar, z_bar) == (1.0, 2.0)


def test_complex_gradients_follow_the_convention_of_autograd_and_jax():
    z = 1.5 - 0.5j
    # L = |z|^2: dL/dx - i dL/dy = 2 conj(z).
    assert sd.grad(lambda z: abs(z) ** 2)(z) == pytest.approx(2 * z.conjugate())
    # Holomorphic functions give their derivative.
    assert sd.vjp(lambda z: z * z * z, z)[1](1.0 + 0j) == pytest.approx(3 * z * z)
    assert sd.vjp(np.exp, z)[1](1.0 + 0j) == pytest.approx(cmath.exp(z))
    # L = Re(c z) gives c, and Im(z) gives -i.
    assert sd.grad(lambda z: np.real((2 + 3j) * z))(z) == pytest.approx(2 + 3j)
    assert sd.grad(lambda z: np.imag(z))(z) == pytest.approx(-1j)
    assert sd.grad(lambda z: z.real * z.imag)(z) == pytest.approx(z.imag - 1j * z.real)


@pytest.mark.parametrize(("shape_x", "shape_y"), [
    ((3,), (2, 3)), ((2, 1), (1, 3)), ((), (2, 3)), ((1,), (4,)), ((2, 3), (1, 1)), ((1, 1), ()),
    ((0,), (2, 0)), ((3, 1), (0,)),
])
def test_broadcasting_is_undone(shape_x, shape_y):
    x, y = np.full(shape_x, 2.0), np.full(shape_y, 3.0)
    value, pullback = sd.vjp(lambda x, y: x * y, x, y)
    x_bar, y_bar = pullback(np.ones(np.shape(value)))
    assert (x_bar.shape, y_bar.shape) == (shape_x, shape_y)
    n = np.size(value)
    np.testing.assert_allclose(x_bar, np.full(shape_x, 3.0 * n / max(x.size, 1)))
    np.testing.assert_allclose(y_bar, np.full(shape_y, 2.0 * n / max(y.size, 1)))


def test_a_float_against_an_array_gets_the_sum_as_a_float():
    x_bar, s_bar = sd.vjp(lambda x, s: x * s, np.arange(4.0), 2.0)[1](np.ones(4))
    assert (type(s_bar), s_bar) == (float, 6.0)
    np.testing.assert_array_equal(x_bar, np.full(4, 2.0))


VIEWS = [lambda a: a.T, lambda a: a[:, ::2], lambda a: a[::-1], lambda a: a[0],
         lambda a: np.broadcast_to(a[0], (3, 4)), np.asfortranarray]


@pytest.mark.parametrize("view", VIEWS, ids=range(len(VIEWS)))
def test_arrays_that_are_not_contiguous_are_arrays_like_any_other(view):
    a = view(np.arange(1.0, 13.0).reshape(3, 4))
    gradient = sd.grad(lambda a: np.sum(np.log(a) * a))(a)
    np.testing.assert_allclose(gradient, np.log(a) + 1.0, rtol=1e-14)


def test_a_read_only_array_may_be_differentiated():
    a = np.arange(3.0)
    a.flags.writeable = False
    np.testing.assert_array_equal(sd.grad(lambda a: np.sum(a * a))(a), [0.0, 2.0, 4.0])


def test_an_argument_that_was_not_reached_gives_zeros_of_its_kind():
    _, pullback = sd.vjp(lambda x, y: x * 2.0, np.ones(2), np.ones((2, 2), np.float32))
    x_bar, y_bar = pullback(np.ones(2))
    np.testing.assert_array_equal(x_bar, [2.0, 2.0])
    np.testing.assert_array_equal(y_bar, np.zeros((2, 2)))
    assert y_bar.dtype == np.float32


def test_lists_and_tuples_of_arrays_get_cotangents_of_their_own_structure():
    def norm(layers):
        total = 0.0
        for w, b in layers:
            total = total + np.sum(w * w) * b
        return total

    layers = [(np.ones(2), 3.0), (np.full(2, 2.0), 4.0)]
    gradient = sd.grad(norm)(layers)
    assert type(gradient) is list
    assert [type(pair) for pair in gradient] == [tuple, tuple]
    np.testing.assert_array_equal(gradient[1][0], [16.0, 16.0])
    assert gradient[0][1] == 2.0


def clenshaw(x, y, c):
    a, k = 2 * x, len(c)
    u = v = 0
    while k:
        k -= 1
        u = a * v - u + c[k]
        k -= 1
        v = a * u - v + c[k]
    return y * u + v


def test_an_integer_that_becomes_a_float_in_a_loop_starts_without_a_cotangent():
    def of_a_list(x, y):
        c = [0, x, y, x * y]
        c[0] = 3
        return clenshaw(x, y, c)

    sd.check_grads(of_a_list, (0.3, 0.2))
    x_bar, y_bar, _ = sd.vjp(clenshaw, 0.3, 0.2, [0, 0.1, 0.2, 0.3])[1](1.0)
    step = 1e-6
    for at, found in ((0, x_bar), (1, y_bar)):
        ends = [clenshaw(*(v + s * (i == at) for i, v in enumerate((0.3, 0.2))),
                         [0, 0.1, 0.2, 0.3]) for s in (step, -step)]
        assert found == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-8)
