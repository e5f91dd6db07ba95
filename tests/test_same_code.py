"""Functions with one code that call different ones, and names that mean another thing later."""

import functools

import numpy as np
import pytest

import s2sdiff as sd

A = np.array([1.5, 2.0, 3.0])


def slopes(f, a, h=1e-6):
    steps = h * np.eye(a.size)
    return [(f(a + s) - f(a - s)) / (2 * h) for s in steps]


def assert_right(f):
    want = slopes(lambda a: f(a.copy()), A)
    np.testing.assert_allclose(sd.grad(f)(A.copy()), want, rtol=1e-6, atol=1e-6)
    _, pullback = sd.vjp(f, A.copy())
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), want, rtol=1e-6, atol=1e-6)


def reads(a):
    return float(a[0])


def writes(a):
    a[0] = a[0] * a[1]
    return a[0]


def same(a):
    return a


def another(a):
    return a * 1.0


def logged(function):
    @functools.wraps(function)
    def wrapper(*args):
        result = None
        for _ in range(2):
            result = function(*args)
        return result

    return wrapper


reads_logged, writes_logged = logged(reads), logged(writes)
same_logged, another_logged = logged(same), logged(another)


def test_a_decorated_function_writes_although_another_with_the_same_wrapper_only_reads():
    def reading(a):
        squares = np.sum(a * a)
        reads_logged(a)
        return squares * a[0]

    def writing(a):
        squares = np.sum(a * a)
        writes_logged(a)
        return squares * a[0]

    assert_right(reading)
    assert_right(writing)


def test_a_decorated_function_gives_its_argument_although_another_gives_a_copy():
    def f(a):
        copied = another_logged(a)
        copied[0] = 2.0
        kept = same_logged(a)
        squares = np.sum(a * a)
        kept[0] = squares
        return np.sum(a * copied) + squares

    assert_right(f)


def calls_the_writer(a):
    return writes_logged(a)


calls_logged = logged(calls_the_writer)


def test_a_decorated_function_that_calls_another_with_the_same_wrapper_writes_what_that_writes():
    def f(a):
        squares = np.sum(a * a)
        calls_logged(a)
        return squares * a[0]

    assert_right(f)


HOOK = reads


def hooked(a):
    for _ in range(2):
        HOOK(a)


def test_a_global_function_that_is_replaced_by_one_that_writes(monkeypatch):
    def f(a):
        squares = np.sum(a * a)
        hooked(a)
        return squares * a[0]

    assert_right(f)
    monkeypatch.setitem(globals(), "HOOK", writes)
    assert_right(f)
    monkeypatch.setitem(globals(), "HOOK", reads)
    assert_right(f)


def test_a_captured_function_is_known_by_what_it_captures_itself():
    def f(a):
        total = 0.0
        for callback in (reads, writes):
            def inner(b, callback=callback):
                for _ in range(2):
                    callback(b)

            def outer(b, inner=inner):
                squares = np.sum(b * b)
                inner(b)
                return squares * b[0]

            total = total + outer(a)
        return total

    assert_right(f)


def down(a, n):
    up(a, n - 1)
    a[0] = a[0] * a[1]


def up(a, n):
    if n > 0:
        down(a, n - 1)


@pytest.mark.parametrize("first", [down, up], ids=lambda f: f.__name__)
def test_functions_that_call_each_other_write_what_either_writes(first):
    def f(a):
        squares = np.sum(a * a)
        first(a, 4)
        return squares * a[0]

    assert_right(f)


def by_sum(a):
    both = [a] + []
    for _ in range(1):
        both[0][0] = 5.0 * a[1]


def by_product(a):
    both = [a] * 2
    for _ in range(1):
        both[1][0] = 5.0 * a[1]


def by_union(a):
    both = {"a": a} | {}
    for _ in range(1):
        both["a"][0] = 5.0 * a[1]


def joined(one, other):
    for _ in range(1):
        one = one + other
    return one


def by_helper(a):
    both = joined([], [a])
    for _ in range(1):
        both[0][0] = 5.0 * a[1]


@pytest.mark.parametrize("write", [by_sum, by_product, by_union, by_helper],
                         ids=lambda f: f.__name__)
def test_a_container_made_by_an_operator_holds_the_very_items_of_others(write):
    def f(a):
        squares = np.sum(a * a)
        write(a)
        return squares * a[0]

    assert_right(f)


def test_lists_that_a_helper_joins_are_written_through_in_the_caller():
    def f(a):
        squares = np.sum(a * a)
        for b in joined([a], [a * 1.0]):
            b[0] = 5.0 * b[1]
        return squares * a[0]

    assert_right(f)
