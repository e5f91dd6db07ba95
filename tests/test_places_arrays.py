"""Memory of arrays that is reached in ways that are easily overlooked."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees

V = np.array([0.5, -1.2, 2.0])
M = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 1.5], [0.7, 0.2, -0.4]])
KEPT = np.zeros(3)


def diagonal_by_einsum(m, v):
    m = m * 1.0
    d = np.einsum("ii->i", m)
    d[...] = v * v
    return np.sum(m * m * M)


def transpose_by_einsum(m, v):
    m = m * 1.0
    np.einsum("ij->ji", m)[0] = v * v
    return np.sum(m * m * M)


def no_difference(m, v):
    m = m * 1.0
    np.diff(m, 0)[0] = v * v
    return np.sum(m * m * M)


def put(x, kept=KEPT):
    kept[0] = x
    return kept


def default_is_returned(m, v):
    first = put(v[0] * v[1])
    put(v[1] * m[0, 0])
    return np.sum(first * M)


def by_names(**given):
    given["a"][0] = given["b"][1] ** 2
    return given["a"]


def keywords_are_written_and_returned(m, v):
    v = v * 1.0
    row = by_names(a=v, b=m[0])
    row[1] = m[0, 0] * row[0]
    return np.sum(v * M)


def target_of_a_loop_in_an_array(m, v):
    m, v = m * 1.0, v * 1.0
    for i, v[1] in enumerate(m[2]):
        m[0, i] *= v[1]
    return np.sum(m * M) + np.sum(v * v)


def indices_that_are_truths(m, v):
    m = m * 1.0
    m[0, True] *= v
    m[True, 1] += v[0]
    return np.sum(m * m * M)


@pytest.mark.parametrize("function", [
    diagonal_by_einsum, transpose_by_einsum, no_difference, default_is_returned,
    keywords_are_written_and_returned, target_of_a_loop_in_an_array, indices_that_are_truths,
], ids=lambda f: f.__name__)
def test_other_ways_to_the_same_memory_are_seen(function):
    agrees(function, M.copy(), V.copy())


def loss_in_an_array(x, v):
    total = np.zeros(())
    for e in v:
        total += e * x
        total[...] = total * e
    return total


def loss_of_another_rank(x, v):
    total = np.zeros(())
    total += v[0] * x
    return total if x > 0 else x


@pytest.mark.parametrize("function", [loss_in_an_array, loss_of_another_rank])
def test_a_loss_that_is_an_array_of_one_number_may_be_written(function):
    x, h = 1.3, 1e-6
    x_bar, v_bar = sd.grad(function, wrt=(0, 1))(x, V.copy())
    assert x_bar == pytest.approx(
        float(function(x + h, V) - function(x - h, V)) / (2 * h), rel=1e-7)
    for i in range(3):
        step = h * np.eye(3)[i]
        slope = float(function(x, V + step) - function(x, V - step)) / (2 * h)
        assert v_bar[i] == pytest.approx(slope, rel=1e-7, abs=1e-8)


def raised(a, b, c):
    y = a
    if c > 0:
        y = b
    y = y * 1.0 if c > 0.5 else y
    y += 0.5
    return y


@pytest.mark.parametrize("x", [0.7, 0.3, -0.2])
def test_an_array_on_one_path_and_one_without_dimensions_on_another(x):
    def total(v, o):
        q = raised(v * v, o.copy(), x)
        return np.sum(q * v + q)

    agrees(total, V.copy(), np.array(0.7))
