"""Operators of classes that give back an operand, or a part of it, which is written then."""

import operator

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import picked, right_or_refused


class Giving:
    """Its operators give the array that it holds."""

    def __init__(self, a):
        self.a = a

    def __neg__(self):
        return self

    def __eq__(self, other):
        return self.a

    __hash__ = None

    def __abs__(self):
        return self.a

    def __matmul__(self, other):
        return other.a

    def __round__(self, digits=0):
        return self.a

    def __invert__(self):
        return self.a[1:]


OPERATORS = [lambda o: (-o).a, lambda o: o == 1, abs, lambda o: o @ o, round, operator.invert]


@pytest.mark.parametrize("apply", OPERATORS)
@pytest.mark.parametrize("get", [lambda o: o, lambda o: [o, o][1], picked])
def test_what_an_operator_gives_back_is_the_array_that_is_written(apply, get):
    def written(o, x):
        w = apply(o)
        w[0] = w[0] * 3 + x

    def f(x):
        o = get(Giving(x * np.ones(3)))
        written(o, x)
        w = apply(o)
        o.a[1] = x * 5
        return np.sum(w * w) * x + np.sum(o.a * 1.7)

    right_or_refused(f)


def negated(o, x):
    w = (-o).a
    w[0] = w[0] * 3 + x
    return w


def compared(o, x):
    w = o == 1
    w[0] = w[0] * 3 + x
    return w


def multiplied(o, x):
    w = o @ o
    w *= x
    return w


@pytest.mark.parametrize("helper", [negated, compared, multiplied])
def test_a_helper_that_writes_what_an_operator_gave(helper):
    def f(x):
        o = [Giving(x * np.ones(3))][0]
        w = helper(o, x)
        return np.sum(w * w) * x + np.sum(o.a * 1.7)

    right_or_refused(f)


class Leaving:
    """It has an answer for its own kind alone."""

    def __init__(self, level):
        self.level = level

    def __eq__(self, other):
        return self.level == other.level if type(other) is Leaving else NotImplemented

    def __lt__(self, other):
        return self.level < other.level if type(other) is Leaving else NotImplemented


class Greater:
    def __gt__(self, other):
        return True


def compared(x, y, other):
    left = Leaving(x)
    total = x * y if left == other else x * x
    return total + (y if left != other else y * y)


def ordered(x, y, other):
    try:
        return x * y if Leaving(x) < other else x * x
    except TypeError as error:
        return 3.0 * y + len(str(error))


@pytest.mark.parametrize("f", [compared, ordered])
@pytest.mark.parametrize("other", [3, None, Greater(), Leaving(9.0)])
def test_who_leaves_a_comparison_to_the_other_has_not_answered(f, other):
    x, y, h = 1.5, 0.7, 1e-6
    wanted = ((f(x + h, y, other) - f(x - h, y, other)) / (2 * h),
              (f(x, y + h, other) - f(x, y - h, other)) / (2 * h))
    value, gradient = sd.value_and_grad(f, (0, 1))(x, y, other)
    assert value == f(x, y, other)
    assert gradient == pytest.approx(wanted, abs=1e-8)
    value, tangent = sd.jvp(lambda x, y: f(x, y, other), (x, y), (1.0, 2.0))
    assert value == f(x, y, other)
    assert tangent == pytest.approx(wanted[0] + 2 * wanted[1], abs=1e-8)
