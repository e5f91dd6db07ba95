"""Tuples of arrays that a function makes of numbers, where cotangents are kept by place."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes

HELD = []


def broadcast(a):
    total, count = np.broadcast_arrays(np.sum(a), a[0] * a[1])
    return a, total, count


def one_dimension(a):
    pair = np.atleast_1d(a[0], a[1] * a[2])
    u, v = pair
    return a, u, v


def grid(a):
    u, v = np.meshgrid(a[0], a[1] * a[2])
    return a, u, v


def with_step(a):
    points, step = np.linspace(a[0], a[1], 4, retstep=True)
    return a, points, step


@pytest.mark.parametrize("made", [broadcast, one_dimension, grid, with_step])
def test_a_tuple_that_is_handed_back_beside_an_argument_has_all_of_its_derivatives(made):
    def f(x):
        HELD.append(x * np.array([1.0, 2.0, -0.5]))
        a, u, v = made(HELD.pop())
        return float(np.sum(np.sin(a)) + 2.0 * np.sum(np.sin(u)) + np.sum(3.0 * v * v))

    check_both_modes(f)


def test_the_mean_of_a_published_distribution_moves_with_all_of_its_weights():
    stats = pytest.importorskip("scipy.stats")
    a, w = np.array([1.5, 2.0, 4.5]), np.array([1.0, -2.0, 3.0])

    def f(a):
        return np.sum(stats.dirichlet_multinomial.mean(a, 7) * w)

    # It is 7 a / sum(a).
    expected = 7 * (w / np.sum(a) - np.sum(w * a) / np.sum(a) ** 2)
    assert sd.grad(f)(a) == pytest.approx(expected, rel=1e-12)
    assert sd.jvp(f, (a,), (w,))[1] == pytest.approx(np.sum(expected * w), rel=1e-12)
