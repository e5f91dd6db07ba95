"""Where the parts of a joined array are written down, their cotangents are slices of its own."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees

V = np.array([0.5, -1.25, 2.0])
M = np.array([[0.5, -1.0, 2.0], [1.0, 3.0, -0.25]])


def concatenated(x, y):
    return np.sum(np.sin(np.concatenate([x, y * 2.0, x])) ** 2)


def along_the_last(x, y):
    return np.sum(np.sin(np.concatenate((x, x * y, y), axis=-1)) * 3.0)


def flattened(x, y):
    return np.sum(np.sin(np.concatenate((x, y), axis=None)))


def stacked(x, y):
    return np.sum(np.stack([x, y * x], axis=1) * np.arange(2.0)[:, None])


def stacked_first(x, y):
    return np.sum(np.stack((x, x, y)) ** 3)


def beside(x, y):
    return np.sum(np.hstack([x, y]) * np.vstack([x, y]).sum())


@pytest.mark.parametrize(
    "function", [concatenated, along_the_last, flattened, stacked, stacked_first, beside])
def test_arrays(function):
    agrees(function, M, M[::-1] * 0.5)
    if function is not stacked:
        agrees(function, V, V * 0.5)
    agrees(function, M[:, :1], M[:, 1:2])


def test_arrays_of_other_lengths():
    agrees(concatenated, V, V[:1])
    agrees(concatenated, V[:0], V)
    agrees(lambda x, y: np.sum(np.concatenate([x, y], axis=1) ** 2), M, M[:, :1])


def of_numbers(x, y):
    d = np.array([x * y, x - y, 3.0])
    return np.sum(d**3) + d[0]


def of_elements(v):
    x, y, z = v
    return np.sum(np.array([x * y, y - z, x]) ** 2) + np.sum(np.array([[x, y], [z, x]]) @ v[:2])


def of_rows(x, y):
    return np.sum(np.array([x, y, x]) ** 2)


def test_displays_as_arrays():
    agrees(of_numbers, 1.5, 0.3)
    agrees(of_numbers, np.float64(1.5), 0.3)
    agrees(of_elements, V)
    agrees(of_rows, V, V * 0.5)
    agrees(lambda x: np.sum(np.asarray((x, 2.0, x * x)) * V), 0.7)


def test_numbers_are_taken_out_all_at_once():
    def f(x: float, y: float):
        return np.sum(np.array([x * y, x - y]) ** 2)

    assert ".tolist()" in sd.source(f, wrt=(0, 1))
    assert [type(g) for g in sd.grad(f, wrt=(0, 1))(1.5, 0.5)] == [float, float]


def test_a_list_that_changes_before_it_is_joined_is_read_when_it_is():
    def f(x, y):
        parts = [x, 2.0 * x]
        held = parts
        if np.sum(y) > 100.0:
            held = [y]
        return np.sum(np.concatenate(parts) ** 2) + np.sum(np.concatenate(held))

    agrees(f, V, V)


def test_in_loops_lengths_are_recorded_not_arrays():
    def steps(u, n):
        for _ in range(n):
            u = np.concatenate((u[:1], 0.5 * (u[1:-1] + u[2:]), u[-1:]))
        return np.sum(u * u)

    agrees(steps, np.linspace(0.0, 1.0, 6) ** 2, 4)
    text = sd.source(steps)
    assert "pieces" not in text


def test_a_loop_over_another_number_of_parts():
    def f(x, n):
        return np.sum(np.stack([x] * n) * 2.0) + np.sum(np.concatenate([x] * n) ** 2)

    agrees(f, V, 3)
