"""How long arrays are that are made by NumPy's ints, and by parts of others: gradients say it."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees


def steps_of_a_tree(u):
    total = 0.0
    for i in np.arange(3, -1, -1):
        total += (2.0 ** np.arange(i, -1, -1) * u ** np.arange(0, i + 1)).sum()
    return total


def american_put(u):
    n = 8
    factor = np.exp(0.1 * u)
    value = np.maximum(1.0 - 0.9 * factor ** np.arange(-n, n + 1, 2), 0)
    for i in np.arange(n - 1, -1, -1):
        price = 0.9 * factor ** np.arange(-i, i + 1, 2) * (1 / factor) ** np.arange(0, i + 1)
        value[: i + 1] = 0.98 * (u * value[1 : i + 2] + (1 - u) * value[0 : i + 1])
        value = np.maximum(value[:-1], 1.0 - price)
    return value[0]


def by_argmax(u):
    n = np.argmax(np.array([0.0, 1.0, 5.0, 2.0])) + np.int64(1)
    return (np.array([1.0, 2.0, 3.0]) * u ** np.arange(n)).sum()


def repeated(u):
    n = np.int64(3)
    return (np.tile(np.array([1.0, u]), n) * np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]) * u).sum()


def counted_by_an_array(u):
    n = np.array(3)
    return (np.array([1.0, 2.0, 3.0]) * u ** np.arange(n)).sum()


def off_the_diagonal(u):
    matrix = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]) * u
    return (np.diag(matrix, 2) * np.array([u, 2.0, 3.0]) + matrix[0]).sum()


def differences(u):
    n = np.int64(2)
    return (np.diff(np.array([u, u * u, 1.0]), n) * np.array([u, 2.0, 3.0])).sum()


def chosen(u):
    kept = np.compress(np.array([False, True, False]), np.array([1.0, u, 3.0]))
    return (kept * np.array([u, 2.0, 3.0])).sum()


PROGRAMS = [steps_of_a_tree, american_put, by_argmax, repeated, counted_by_an_array,
            off_the_diagonal, differences, chosen]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_lengths(f):
    agrees(f, 0.7)
    agrees(lambda x: f(x[0]), np.array([0.7]))
    sd.check_grads(f, (0.7,))
