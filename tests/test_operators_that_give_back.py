"""Operators of classes that give back an operand, or a part of it, which is written then."""

import operator

import numpy as np
import pytest

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
