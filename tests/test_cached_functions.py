"""Functions that `functools.lru_cache` keeps the results of, as Python keeps them."""

import functools
import math

import numpy as np
import pytest

import s2sdiff as sd


def slope(f, x):
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


def check(f, x=0.7):
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    for _ in range(3):
        assert pullback(1.0) == pytest.approx(slope(f, x), rel=1e-6)
    assert sd.grad(f)(x) == pytest.approx(slope(f, x), rel=1e-6)


def test_what_is_kept_does_not_change_with_what_it_was_computed_from():
    def f(x):
        scale = {"s": x}

        @functools.lru_cache
        def scaled(n):
            return scale["s"] * n

        first = scaled(2)
        scale["s"] = 5 * x
        return first * scaled(2) + scaled(3)

    check(f)


def test_the_body_runs_once_for_the_same_arguments():
    def f(x):
        log = []

        @functools.lru_cache(maxsize=None)
        def power(n):
            log.append(x * n)
            return x**n

        return power(2) + power(2) + power(3) + power(2) + sum(log)

    check(f)


def test_arguments_that_have_a_derivative_are_compared_by_value():
    def f(x):
        log = []

        @functools.cache
        def twice(y):
            log.append(y)
            return 2 * y

        return twice(x) * twice(x) + twice(2 * x) + sum(log)

    check(f)


def test_what_was_used_longest_ago_is_forgotten():
    def f(x):
        calls = [0]

        @functools.lru_cache(maxsize=2)
        def counted(k):
            calls[0] += 1
            return x * k * calls[0]

        return sum(counted(k) for k in (1, 2, 1, 3, 2, 1, 1)) * calls[0]

    check(f)


def test_recursion_with_a_cache_costs_a_call_for_each_argument():
    def f(x):
        @functools.cache
        def fibonacci(n):
            return x if n < 2 else fibonacci(n - 1) * math.cos(x) + fibonacci(n - 2) * x

        return fibonacci(60)

    check(f)


def test_an_array_that_is_kept_is_one_array():
    def f(x):
        @functools.cache
        def row(i):
            return np.zeros(2) + x * i

        row(1)[0] = 5 * x
        row(2)[1] += row(1)[0]
        return float(row(1) @ row(2))

    check(f)


def test_the_cache_is_told_of_and_cleared():
    def f(x):
        @functools.cache
        def twice(k):
            return 2 * x * k

        twice(1.0)
        total = twice(1.0) * twice.cache_info().hits
        twice.cache_clear()
        return total + twice(1.0) * twice.cache_info().misses + twice.__wrapped__(x)

    check(f)


class Scale:
    """A method that is kept, though it reads what changes."""

    def __init__(self, v):
        self.v = v

    @functools.lru_cache
    def times(self, n):
        return self.v * n


def test_a_kept_method_is_refused_where_it_would_give_what_it_gave_before():
    def stays(x):
        scale = Scale(x)
        return scale.times(2) * scale.times(2) + scale.times(3)

    def changes(x):
        scale = Scale(x)
        first = scale.times(2)
        scale.v = 3 * x
        return first * scale.times(2)

    check(stays)
    with pytest.raises(sd.UnsupportedError, match=r"times is kept .* something else.*Instead"):
        sd.grad(changes)(0.7)


LOG: list = []


@functools.lru_cache
def logged(x):
    LOG.append(1)
    return x * x


def test_a_kept_function_that_writes_is_refused_the_second_time():
    def f(x):
        return logged(x) + logged(x)

    with pytest.raises(sd.UnsupportedError, match=r"logged is kept .* writes.*Instead"):
        sd.grad(f)(0.7)


@functools.lru_cache
def chebyshev(n, x):
    return (1.0, x)[n] if n < 2 else 2 * x * chebyshev(n - 1, x) - chebyshev(n - 2, x)


def test_a_pure_function_that_is_kept_elsewhere_is_differentiated():
    check(lambda x: chebyshev(5, x) * x + chebyshev(5, x))


def test_what_cannot_be_hashed_raises_as_in_python():
    def f(x):
        try:
            return chebyshev(3, np.array([x]))[0]
        except TypeError:
            return 3 * x

    check(f)
