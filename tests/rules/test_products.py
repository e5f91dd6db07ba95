"""Products with lists, and of ranks that are rare."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule

RNG = np.random.default_rng(6)


def real(*shape):
    return RNG.normal(size=shape)


def test_a_matrix_by_a_stack_agrees_with_differences():
    check_rule(np.dot, real(2, 3), real(4, 3, 2))
    check_rule(np.linalg.tensordot, real(2, 3, 4), real(3, 4, 2))


def test_products_of_lists_have_the_shape_of_arrays():
    x, rows = real(2), [[1.0, 2.0], [3.0, 4.0]]
    w = np.array([1.0, 2.0])
    assert np.allclose(sd.grad(lambda x: np.tensordot(rows, x, 1) @ w)(x), np.array(rows).T @ w)
    assert np.allclose(sd.grad(lambda x: np.inner([3.0, 4.0], x))(x), [3.0, 4.0])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_cross_products_in_the_plane_are_refused():
    with pytest.raises((UnsupportedError, ValueError), match="Instead, |dimensions"):
        sd.grad(lambda x: np.cross(x, np.array([1.0, 2.0])))(real(2))
