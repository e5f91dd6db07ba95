"""Operators on numbers and arrays, while some class has one that writes."""

import functools
import operator

import numpy as np
import pytest

import s2sdiff


class Counting:
    def __init__(self, value):
        self.value = value

    def __mul__(self, other):
        self.value += 1.0
        return self.value * other


class Doubling:
    __array_ufunc__ = None

    def __rmul__(self, other):
        other *= 2.0
        return 3.0


class Keeper:
    kept = None

    @classmethod
    def lend(cls):
        return cls.kept


COUNTING = Counting(1.0)
KEEPER = Keeper()


def with_a_class_that_counts(x):
    return COUNTING * x


def reads_what_is_held(x, a):
    return 0.4 * np.mean(KEEPER.lend() * KEEPER.lend()) * x + np.sum(a * a)


def test_arrays_that_are_held_outside_may_be_multiplied():
    assert s2sdiff.grad(with_a_class_that_counts)(0.3) == 2.0
    a = np.array([[0.2, 0.7], [-1.5, -0.9]])
    Keeper.kept = a
    slope = 0.4 * (0.04 + 0.49 + 2.25 + 0.81) / 4
    assert s2sdiff.grad(reads_what_is_held, wrt=0)(0.3, a) == pytest.approx(slope)
    x_bar, a_bar = s2sdiff.grad(reads_what_is_held, wrt=(0, 1))(0.3, a)
    assert x_bar == pytest.approx(slope)
    # What is held stays as it is when the argument moves.
    np.testing.assert_allclose(a_bar, 2 * a)


def test_an_operator_that_writes_an_argument_under_another_name_is_refused():
    def writes_by_an_operator(a, b):
        return np.sum(a) * (b * Doubling())

    a = np.array([0.2, 0.7])
    assert s2sdiff.grad(writes_by_an_operator)(a, np.ones(2)).tolist() == [3.0, 3.0]
    with pytest.raises(s2sdiff.DifferentiationError, match="Instead"):
        s2sdiff.grad(writes_by_an_operator)(a, a)


class Polynomial:
    """Its product is added up in a list of its own."""

    def __init__(self, *coefficients):
        self.coefficients = list(coefficients)

    def __mul__(self, other):
        product = [0.0] * (len(self.coefficients) + len(other.coefficients) - 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                product[i + j] += a * b
        return Polynomial(*product)


def test_an_operator_may_hand_on_what_it_has_written_into_a_list_of_its_own():
    def f(x, y):
        return functools.reduce(operator.mul, [Polynomial(x, y)] * 3).coefficients[1]

    x_bar, y_bar = s2sdiff.grad(f, wrt=(0, 1))(1.3, 0.7)
    assert (x_bar, y_bar) == pytest.approx((6 * 1.3 * 0.7, 3 * 1.3 ** 2))
    value, tangent = s2sdiff.jvp(f, (1.3, 0.7), (0.3, -0.4))
    assert (value, tangent) == pytest.approx((f(1.3, 0.7), 0.3 * x_bar - 0.4 * y_bar))
