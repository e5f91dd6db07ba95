"""Generators that are handed to others, whose variables have the same names."""

import itertools
import math

import pytest

import s2sdiff as sd


def slope(f, x):
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


def check(f, x=0.3):
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    assert pullback(1.0) == pytest.approx(slope(f, x), rel=1e-6)


def test_a_nested_generator_in_islice_keeps_what_it_captures():
    def f(x):
        def fibonacci():
            a, b = x, 1.0
            while True:
                yield a
                a, b = b, a + b * x

        return sum(itertools.islice(fibonacci(), 6))

    check(f)


def test_a_generator_expression_in_islice_keeps_what_it_captures():
    check(lambda x: sum(itertools.islice((x * i for i in range(5)), 3)))


def test_the_variables_of_map_and_filter_are_not_those_of_what_they_draw_from():
    def f(x, xs=2.0, function=3.0):
        mapped = map(math.sin, (x * i + xs for i in range(3)))
        kept = filter(lambda y: y > 0.1, (x * function * v for v in mapped))
        return sum(kept) * x

    check(f)


def doubled(x):
    for item in x:
        y = item * 2
        yield y


def test_a_loop_over_a_generator_of_a_generator_reads_its_own_variables():
    def f(x):
        y, item = x * x, 3 * x
        total = 0.0
        for v in doubled(doubled(y * k + item for k in range(3))):
            total += v * y + item
        return total

    check(f)
