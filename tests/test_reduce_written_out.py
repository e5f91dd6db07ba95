"""`functools.reduce` is a loop in derivatives, into which its function is written."""

import functools
import operator
from functools import reduce

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import slope


def discounted(x, y):
    return reduce(lambda total, v: total * 0.9 + v * x, [x * i for i in range(5)], y)


def with_names_of_its_own(x, y):
    item = 2.0
    total = reduce(lambda a, b: a * item + b * x, (item * y for item in [x, y, x * y]), y)
    total += reduce(lambda a, b: a * item + b * x, [x, y, 0.3])
    return reduce(lambda t, v: t * total + v, [x, y], total)


def from_the_first(x, y):
    def joined(a, b):
        return a * x + b

    matrices = [np.array([[x, 1.0], [0.0, y]]), np.array([[y, x], [1.0, 0.3]])]
    return reduce(operator.mul, (x, y, x + y)) * functools.reduce(np.matmul, matrices).sum() + \
        reduce(joined, [x, y, 2.0])


def of_nothing(x, y):
    try:
        return reduce(lambda a, b: a * b, [x][1:])
    except TypeError as error:
        return x * y * len(str(error))


def turn_by_turn(x, y):
    seen = []

    def items():
        for _ in range(3):
            seen.append(0)
            yield x * len(seen)

    def taken(a, b):
        seen.append(0)
        return a * 0.5 + b * y

    return reduce(lambda a, b: taken(a, b) * x, items(), 0.5) * len(seen)


def with_defaults(x, y):
    return reduce(lambda a, b, c=y: a * c + b, [x, y, x], x)


@pytest.mark.parametrize("f", [discounted, with_names_of_its_own, from_the_first, of_nothing,
                               turn_by_turn, with_defaults])
def test_a_reduction_is_what_its_loop_is(f):
    x, y = 0.4, 0.7
    wanted = slope(lambda u: f(u, y), x), slope(lambda u: f(x, u), y)
    value, pullback = sd.vjp(f, x, y)
    assert value == f(x, y)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(wanted, rel=1e-6)
    assert sd.jvp(f, (x, y), (1.0, 2.0))[1] == pytest.approx(wanted[0] + 2 * wanted[1], rel=1e-6)


def test_the_function_of_a_reduction_is_written_into_the_loop():
    text = sd.source(discounted, args=(0.4, 0.7), mode="grad")
    assert "rt." not in text and "_bar * 0.9" in text
