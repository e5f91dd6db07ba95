"""`a.flat`, plain views and views by strides."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError
from tests.transforms.programs import agrees

A = np.arange(6.0).reshape(2, 3) * 0.3 - 0.5


def read_by_number(a, x):
    return a.flat[1] * a.T.flat[1] * x + np.sum(a.flat[1::2] * a.T.flat[[0, 4, 2]])


def written_by_number(a, x):
    b = a * 1.0
    b.flat[1] = x
    b.flat[[0, 4]] = b.flat[2] * x
    b.flat[3:] = b.flat[5] * 2
    b.T.flat[2] = x * x
    b.flat[::2] += x
    b.flat[2] *= b.flat[0]
    return np.sum(b * b * A)


def repeated_and_cut_off(a, x):
    b = a * 1.0
    b.flat = [x, 2.0]
    b.flat[:] = [x * x, 1.0, x]
    b.flat[1:3] = np.array([x, x * 2, 7.0])
    b.T.flat[:4] = np.array([x, 3.0])
    return np.sum(b * a)


def walked_over(a, x):
    total = 0.0
    for v in a.flat:
        total = total + v * v * x
    for i, v in enumerate(a.T.flat):
        total = total + v * i
    products = sum(u * w for u, w in zip(a.flat, a.T.flat, strict=True))
    return total + products + max(a.flat) + np.sum(a.flat)


def walked_over_and_written(a, x):
    b = np.zeros_like(a)
    for i, v in enumerate(a.flat):
        b.flat[i] = v * v * x
    for i, v in enumerate(b.flat):
        if i < 5:
            b.flat[i + 1] = b.flat[i + 1] * v
    return np.sum(b * a)


def kept_and_indexed(a, x):
    f = a.T.flat
    b = a * x
    g = b.T.flat
    g[1] += f[0] * g[2]
    g[3:] = g[1]
    total = 0.0
    for i in range(len(f)):
        total += i * f[i] * g[-1 - i]
    return total + np.sum(b * b)


def kept_and_drawn_from(a, x):
    f = a.T.flat
    first, second = next(f), next(f)
    again = f[4]  # which begins the walk anew
    return first * x + second * again + again * next(f)


def diagonal_by_a_step(a, x):
    b = np.eye(3) * a[0, 0]
    b.flat[::4] = x * x
    b.ravel()[1] = x
    return np.sum(b @ np.arange(3.0)) + a[1, 1]


def windows(a, x):
    squares = np.sum(sliding_window_view(a, (2, 2)) ** 2)
    return squares * x + np.sum(sliding_window_view(a.ravel(), 3) @ np.array([1.0, x, 2.0]))


def windows_of_what_is_written(a, x):
    b = a * x
    w = sliding_window_view(b, 2, axis=1)
    b[0] = x
    return np.sum(w * w)


def strides_by_hand(a, x):
    v = a.ravel() * x
    n = v.strides[0]
    return np.sum(as_strided(v, (4, 3), (n, n)) ** 3) + np.sum(as_strided(v, (3,), (2 * n,)))


def plain_view(a, x):
    b = a * x
    c = b.view()
    c[0] *= x
    return np.sum(b * b)


@pytest.mark.parametrize("function", [
    read_by_number, written_by_number, repeated_and_cut_off, walked_over, walked_over_and_written,
    kept_and_indexed, kept_and_drawn_from, diagonal_by_a_step, windows, windows_of_what_is_written,
    strides_by_hand, plain_view,
])
def test_derivatives_through_flat_and_views(function):
    agrees(function, A, 1.3)


def test_a_flat_that_is_handed_on_is_refused_in_both_modes():
    def second_of(f):
        return f[1]

    def f(a):
        return second_of(a.flat)

    for run in (lambda: sd.grad(f)(A), lambda: sd.jvp(f, (A,), (A,))):
        with pytest.raises(DifferentiationError, match=r"Instead, hand on a.ravel\(\)"):
            run()


@pytest.mark.parametrize("write", [
    lambda w, v: w.__setitem__(slice(None), v), lambda w, v: np.copyto(w, v),
    lambda w, v: np.add(w, v, out=w), lambda w, v: w.fill(v[0, 0]),
])
def test_windows_that_overlap_are_not_written(write):
    def f(a, v):
        b = a.ravel() * 1.0
        w = as_strided(b, (4, 3), (8, 8))
        write(w, v)
        return np.sum(b * b)

    with pytest.raises((DifferentiationError, ValueError)):
        sd.grad(f, wrt=(0, 1))(A, np.ones((4, 3)))


def test_a_view_as_other_numbers_is_refused():
    with pytest.raises(DifferentiationError, match="view of float64 numbers"):
        sd.grad(lambda a: np.sum(a.view(np.int64)) * np.sum(a))(A)


@pytest.mark.parametrize("view", [
    lambda a: a.view(np.matrix), lambda a: a.view(type=np.matrix),
    lambda a: a.view(np.float64, np.matrix), lambda a: a.view(type=np.ndarray)])
def test_a_view_as_another_class_is_refused(view):
    with pytest.raises(DifferentiationError, match="as one of another class"):
        sd.grad(lambda a: np.sum(view(a * 2.0)))(A)


@pytest.mark.parametrize("view", [
    lambda a: a.view(), lambda a: a.view(np.float32), lambda a: a.view("f4"),
    lambda a: a.view(dtype=a.dtype)])
def test_a_view_as_the_same_numbers_is_a_view(view):
    a = np.array([1.0, 2.0], np.float32)
    np.testing.assert_array_equal(sd.grad(lambda a: np.sum(view(a * 2) * a))(a), [4.0, 8.0])


def test_complex_numbers_are_seen_as_pairs_and_back():
    def parts(z):
        x = z.view(float)
        return np.sum(x**2 * np.arange(1.0, 1.0 + x.shape[-1]))

    def whole(x):
        return np.sum(np.abs(x.view(complex) * (1.0 + 2.0j)) ** 3)

    def written(x):
        y = x * 1.0
        z = y.view(complex)
        z[0] *= 2.0j
        return np.sum(y**2 * np.arange(1.0, 1.0 + y.size)) + np.sum(np.abs(z))

    x = np.array([0.3, 0.7, 1.1, 0.4])
    sd.check_grads(parts, (x[:2] + 1j * x[2:],))
    sd.check_grads(parts, ((x[:2] + 1j * x[2:]).astype(np.complex64).astype(complex)[None],))
    sd.check_grads(whole, (x,))
    sd.check_grads(written, (x,))


def test_the_elements_of_flat_are_unpacked():
    def f(a):
        p, q, *rest = (a * a).flat
        return p * q + rest[1]

    a = np.array([[0.3, 0.7], [1.1, 0.4]])
    np.testing.assert_allclose(sd.grad(f)(a), [[2 * 0.3 * 0.49, 2 * 0.7 * 0.09], [0.0, 0.8]])


class Row:
    def __init__(self, values):
        self.flat = values


@pytest.mark.parametrize("values", [np.array([0.3, 0.5, 0.7]), [0.3, 0.5, 0.7]])
def test_objects_have_an_attribute_of_that_name(values):
    def written(x, row):
        row.flat[1] = x * x
        row.flat[2] += x
        return row.flat[1] * row.flat[0] + row.flat[2] * x

    # x*x * 0.3 + (0.7 + x) * x
    for x in (0.4, -1.5):
        slope = 2 * x * 0.3 + 0.7 + 2 * x
        row = Row(values.copy())
        _, pullback = sd.vjp(written, x, row)
        assert row.flat[1] == x * x
        assert pullback(1.0)[0] == pytest.approx(slope)
        _, tangent = sd.jvp(written, (x, Row(values.copy())), (1.0, None))
        assert tangent == pytest.approx(slope)
