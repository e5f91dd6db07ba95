"""`np.r_[...]` and `np.c_[...]`, whatever is joined: against central differences of the sums."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes

A = np.array([0.3, 0.7, 1.2])
B = np.array([1.0, -0.4, 0.6])
M = np.arange(6.0).reshape(2, 3) / 5

JOINED = {
    "numbers and vectors": lambda x: np.r_[x[0], 2.0, x[1] ** 2, x, 1, True],
    "slices": lambda x: np.r_[0:4, x, 1.5],
    "a text": lambda x: np.r_["0,2", x, x * x],
    "one": lambda x: np.r_[x],
    "a list": lambda x: np.r_[[x[0], x[1]], x],
    "matrices": lambda x: np.r_[np.outer(x, x), M],
    "a star": lambda x: np.r_[tuple(x * i for i in range(3))],
    "none of them": lambda x: np.r_[x[:0], x, np.zeros(0)],
    "columns": lambda x: np.c_[x, x * x, np.ones(3)],
    "one column": lambda x: np.c_[x],
    "columns of matrices": lambda x: np.c_[np.outer(x, x), x],
    "columns of two": lambda x: np.c_[M, x[:2]],
}


@pytest.mark.parametrize("name", JOINED)
def test_what_brackets_join(name):
    def f(x):
        y = JOINED[name](x)
        return np.sum(np.sin(y) * np.arange(1.0, 1 + y.size).reshape(y.shape))

    check_both_modes(lambda t: f(A + t * B))


def test_what_brackets_join_of_single_precision_stays_single():
    y, pullback = sd.vjp(lambda x: np.r_[x, x[:1]], A.astype(np.float32))
    assert y.dtype == np.float32
    x_bar = pullback(np.ones(4, np.float32))
    assert x_bar.dtype == np.float32
    assert x_bar.tolist() == [2.0, 1.0, 1.0]


def test_a_loop_that_joins_vectors_is_no_loop_over_places():
    """Nothing about places is kept: what is joined is new."""
    def turned(u, n):
        for _ in range(n):
            u = np.r_[u[-1], 0.9 * u[1:-1], u[0]]
        return np.sum(u**2)

    assert "by_place" not in sd.source(turned)
    assert "by_place" not in sd.source(turned, args=(A, 3))
    check_both_modes(lambda t: turned(A + t * B, 3))
