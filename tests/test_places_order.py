"""When memory is read and written: nothing is moved, dropped or joined over a write."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, difference

V = np.array([0.5, -1.2, 2.0])
W = np.array([0.8, -0.9, 2.3])


def product_around_a_write(v, w):
    b = v * 1.0
    for i in range(3):
        c = w * b
        b[i] = w[i]
        w = 0.3 * c * b
    return np.sum(w * b)


def loss_is_a_product_of_what_was_written(v, w):
    b = v * 1.0
    c = w * b
    b[0] = w[0]
    return np.sum(c * b)


def outputs_twice(v, w):
    a = np.zeros(3)
    x = 1.3
    for i in range(3):
        s = a[i] * x
        np.add(a, v, out=a)
        np.add(a, v, out=a)
        x = x + s * a[i] * w[i]
    return x


def element_before_and_after(v, w):
    v = v * 1.0
    s = v[0]
    np.multiply(v, w, v)
    r = v[0]
    np.multiply(v, w, v)
    return s * r + v[0] * w[1]


def in_a_tuple_in_a_tuple(v, w):
    a = v * 1.0
    both = ((a,), w)
    u = both[0][0] @ w
    a[0] = w[1]
    return u * (both[0][0] @ v)


def two_signs(v, w):
    v = v * 1.5
    b = -(-v)
    v[0] = w[1]
    return v @ b


def conjugate_is_a_copy(v, w):
    v = v * w
    b = np.conj(v)
    b[0] = 9.0
    v[1] = w[2]
    return v @ b


CASES = [two_signs, conjugate_is_a_copy, product_around_a_write,
         loss_is_a_product_of_what_was_written, outputs_twice,
         element_before_and_after, in_a_tuple_in_a_tuple]


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_reads_stay_on_their_side_of_a_write(function):
    agrees(function, V.copy(), W.copy())


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_reads_stay_on_their_side_of_a_write_in_a_gradient_of_one_body(function):
    value, gradients = sd.value_and_grad(function, wrt=(0, 1))(V.copy(), W.copy())
    assert value == function(V.copy(), W.copy())
    for i, gradient in enumerate(gradients):
        np.testing.assert_allclose(gradient, difference(function, (V, W), i), rtol=1e-6, atol=1e-6)
        alone = sd.grad(function, wrt=i)(V.copy(), W.copy())
        np.testing.assert_allclose(alone, gradient, rtol=1e-12)


def scaled_into(a, b):
    return np.multiply(a, b, out=a)


def test_a_write_whose_result_nobody_reads_happens():
    def loss(v, w, x):
        u = np.zeros(3)
        u *= x
        v = scaled_into(w[1:], np.where(u[1:] > 0.2, v[1:], 3.0))
        v = w * 2.0
        return float(np.sum(v) + np.sum(w * w)) + x * x

    value, gradient = sd.value_and_grad(loss, wrt=2)(V.copy(), W.copy(), 1.3)
    assert value == loss(V.copy(), W.copy(), 1.3)
    assert gradient == 2.6


def nested_tuple(v, w):
    a = v * 1.0
    q = a @ w
    b = np.zeros(3)
    b[0] = q
    return ((a,), q), b


def beside_what_is_written(v, w):
    m = np.zeros(3)
    a = np.cumsum(v)
    m[2] += a[0]
    return a, a @ w, m


def grown_list(v, w):
    items = [v * 1.0]
    q = items[0] @ w
    items.append(q * v)
    return items, q


@pytest.mark.parametrize("function, seed", [
    (nested_tuple, (((np.zeros(3),), 1.0), np.zeros(3))),
    (beside_what_is_written, (np.zeros(3), 1.0, np.zeros(3))),
    (grown_list, ([np.zeros(3), np.zeros(3)], 1.0)),
])
def test_what_a_caller_does_with_arrays_in_a_result_changes_no_gradient(function, seed):
    value, pullback = sd.vjp(function, V.copy(), W.copy())
    before = pullback(seed)
    todo = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, np.ndarray):
            part[...] = 7.0
        elif isinstance(part, (tuple, list)):
            todo += part
    for a, b in zip(before, pullback(seed), strict=True):
        np.testing.assert_array_equal(a, b)


def conjugated_in_place(v):
    a = v * 1j
    a[0] = 1.3j * v[1]
    b = np.conj(a)
    b *= a
    return b.real @ V


def complex_from_a_real_part(v):
    a = v * 1j
    s = 0.0
    for i in range(3):
        a[i] *= v[i] + 1j
        s = s + a.real @ v
        a = a + np.conj(a) * 2j
    return s


@pytest.mark.parametrize("function", [conjugated_in_place, complex_from_a_real_part])
def test_the_real_part_of_a_complex_array_that_is_written_has_a_complex_cotangent(function):
    agrees(function, V.copy())


def test_an_element_of_a_list_of_which_all_is_known_beside_another_of_its_views():
    def loss(v, w):
        u = v[:]
        v = [w, u][0]
        return float(np.sum(v) + np.sum(u * 0.3))

    for i, gradient in enumerate(sd.grad(loss, wrt=(0, 1))(V.copy(), W.copy())):
        np.testing.assert_allclose(gradient, difference(loss, (V, W), i), rtol=1e-8)
