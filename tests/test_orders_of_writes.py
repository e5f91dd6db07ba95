"""Second derivatives of what NumPy writes into arrays, and of the parts of complex ones."""

from collections import deque
from typing import Any

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.3, 0.4, -0.5])
SOME = np.array([True, False, True, True, False])


def on_a_diagonal(x):
    y = np.ones((3, 3))
    np.fill_diagonal(y, x * x)
    return np.sum(y ** 3)


def put(x):
    y = np.ones(5)
    np.put(y, [0, 2, 4], x * x)
    y.put([0], x[1] ** 2)
    return np.sum(y ** 3)


def masked(x):
    y = np.ones(5)
    np.putmask(y, SOME, x * x)
    np.place(y, ~SOME, x)
    np.put_along_axis(y, np.array([1, 3]), x[:2] ** 2, 0)
    return np.sum(y ** 3)


def into_a_number(x):
    y = np.array(2.0)
    np.put(y, [0], x[0] * x[1])
    z = np.array(3.0)
    np.place(z, np.array(True), x[2] ** 2)
    return y ** 2 * z


def real_and_imaginary(x):
    z: Any = np.zeros(3, complex)
    z.real = x * x
    z.imag[:] = x
    return np.sum(np.abs(z) ** 4)


def added_to_parts(x):
    z: Any = np.zeros(3, complex)
    z.real[1:] += x[1:] ** 2
    z.imag = x
    part = z.imag
    part *= x
    return np.sum(np.real(z ** 3))


def closed(f, step=1e-3):
    """The Hessian by differences of the function itself, of fourth order."""
    weights = {-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}
    units = step * np.eye(3)
    return np.array([[sum(p * q * f(X + i * a + j * b) for i, p in weights.items()
                          for j, q in weights.items()) for b in units] for a in units]) / step ** 2


def into_a_tuple_of_one(x):
    y = np.zeros(3)
    np.sin(x, out=(y,))
    return np.sum(y**2) * x[0]


def sorted_in_place(x):
    y = np.concatenate([x**3, x[:1]])
    y.sort()
    z = np.outer(x, x)
    z[::-1].sort(axis=0)
    z.partition(1, axis=1)
    return np.sum(y**2 * np.arange(4.0)) * np.sum(z**2 * np.arange(3.0))


def of_a_queue(x):
    queue = deque(x, maxlen=3)
    queue.rotate(1)
    queue.append(queue.pop() * queue[0])
    return np.sum(np.array(queue) ** 3)


def by_an_iterator(x):
    total = 0.0
    for v in np.nditer(x):
        total = total + v * v
    return np.sum(total * x)


@pytest.mark.parametrize("function", [
    of_a_queue, by_an_iterator, sorted_in_place, into_a_tuple_of_one, on_a_diagonal, put, masked,
    into_a_number, real_and_imaginary, added_to_parts],
    ids=lambda f: f.__name__)
def test_hessians_agree_with_differences(function):
    expected = closed(function)
    for found in (sd.hessian(function)(X), sd.jacrev(sd.grad(function))(X),
                  [sd.grad(lambda x, d=d: sd.jvp(function, (x,), (d,))[1])(X) for d in np.eye(3)]):
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-7)
