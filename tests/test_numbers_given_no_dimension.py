"""Numbers of Python, of NumPy, and arrays of no dimension, where functions of arrays get them."""

from __future__ import annotations

import numpy as np
import pytest

import s2sdiff as sd


class Table:
    def __init__(self, made):
        self.made = made

    def __getitem__(self, key):
        return self.made[key]()


def held_by_a_lambda(x):
    g = np.reshape(x, ())
    return Table({0: lambda: np.sin(g) * 2.5})[0]


NUMBERS = [1.5, np.float64(1.5), np.array(1.5)]


@pytest.mark.parametrize("x", NUMBERS, ids=["python", "numpy", "array"])
def test_a_number_that_is_reshaped_to_no_dimension_has_a_cotangent(x):
    assert sd.vjp(held_by_a_lambda, x)[1](1.0) == pytest.approx(2.5 * np.cos(1.5))


@pytest.mark.parametrize("x", NUMBERS, ids=["python", "numpy", "array"])
def test_a_kronecker_product_of_numbers_is_differentiated_twice(x):
    _, differential = sd.linearize(np.kron, x, 2.5)
    assert differential(1.0, 0.0) == 2.5
    assert differential(0.0, 1.0) == 1.5


@pytest.mark.parametrize("x", NUMBERS, ids=["python", "numpy", "array"])
def test_a_derivative_inside_is_of_the_type_of_its_argument(x):
    def slopes(x):
        return sd.grad(lambda a, b: np.tensordot(a, b, 0), wrt=(0, 1))(x, x)

    for value in (slopes(x), sd.vjp(slopes, x)[0], sd.jvp(slopes, (x,), (x,))[0]):
        assert [*map(type, value)] == [type(x)] * 2
