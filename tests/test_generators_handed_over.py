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


def moved(x):
    for i in range(len(x)):
        y = list(x)
        y[i] = y[i] * 2.0
        yield y


def by_workers(workers, function, x):
    values = workers(function, moved(x))
    return [v - x[0] for v in values]


def mapped(function, items):
    return map(function, items)


def test_what_an_unknown_call_is_given_a_generator_for_is_drawn_from_item_by_item():
    for workers in (map, mapped, lambda f, it: [f(v) for v in it], lambda f, it: (f([*it][0]),)):
        def f(x, workers=workers):
            return sum(by_workers(workers, lambda v: v[0] * v[1] ** 2, [x, x * x])) * x

        check(f)
        sd.check_grads(f, (0.3,))


def taken(workers, function, items):
    return [v - 1.0 for v in workers(function, items)]


def test_a_loop_over_what_calls_a_function_that_writes_nothing_draws_all_at_once():
    def f(x):
        return sum(taken(map, lambda y: y ** 3, iter([x, 2.0 * x])))

    check(f)
    sd.check_grads(f, (0.3,))


def test_a_loop_beside_a_function_that_writes_what_it_reads_is_refused():
    def scaled(workers, function, items, state):
        return [v * state[0] for v in workers(function, items)]

    def f(x):
        state = [1.0]

        def counted(y):
            state[0] = state[0] * 2.0 * x
            return y

        return sum(scaled(map, counted, iter([x, 2.0 * x]), state))

    with pytest.raises(sd.UnsupportedError, match=r"a loop over a Mapped.*Instead, loop"):
        sd.grad(f)(0.3)
