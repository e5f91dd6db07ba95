"""A nested function sees one value of each variable, or it is refused before it runs."""

import pytest

import s2sdiff
from s2sdiff.errors import UnsupportedError
from tests.transforms.programs import agrees, refused

TOTAL = 1.0


def late_value(x):
    s = 1.0
    f = lambda: s  # noqa: E731
    s = 2.0
    return x * f()


def late_value_in_one_branch(x):
    s = 1.0
    f = lambda: s  # noqa: E731
    if x > 1.0:
        s = 2.0
    return x * f()


def late_loop_variable(x):
    made = []
    for i in range(3):
        made.append(lambda: i)  # noqa: B023
    return x * made[0]()


def late_generator(x):
    n = 2
    g = (i * n for i in range(3))
    n = 10
    return x * sum(g)


def late_function(x):
    def f():
        return g()

    def g():
        return 3.0

    return x * f()


def rebinding(x):
    k = 1.0
    j = k

    def step():
        nonlocal k
        k = k + 1.0

    step()
    step()
    return k * x + j


def writes_a_global(x):
    global TOTAL
    TOTAL = TOTAL + 1.0
    return x * TOTAL


@pytest.mark.parametrize(
    "function",
    [
        late_value,
        late_value_in_one_branch,
        late_loop_variable,
        late_generator,
        late_function,
        rebinding,
        writes_a_global,
    ],
)
def test_a_variable_with_several_values_for_a_closure_is_refused(function):
    assert "Instead" in refused(function, 2.0)


def test_what_is_refused_is_refused_only_where_it_is_reached():
    def f(x, c):
        s = 1.0
        if c:
            g = lambda: s  # noqa: E731
            s = 3.0
            x = x * g()
        return x * s

    agrees(f, 2.0, False)
    with pytest.raises(UnsupportedError, match="later values of s"):
        s2sdiff.vjp(f, 2.0, True)


def test_a_generator_that_is_used_up_at_once_may_see_a_loop_variable():
    def f(x):
        n = 0
        for i in range(3):
            n = n + sum(i * j for j in range(4)) + max([1, 2], key=lambda v: v * i)  # noqa: B023
        return n * x

    agrees(f, 2.0)


def test_a_closure_that_sees_one_value_runs():
    def f(x):
        scale = 2.0

        def inner(v, w=3):
            return v * scale + w

        return x * inner(2.0)

    agrees(f, 2.0)


def test_a_recursive_nested_function_runs():
    def f(x):
        def factorial(k):
            return 1.0 if k < 2 else k * factorial(k - 1)

        return x * factorial(4)

    agrees(f, 2.0)
