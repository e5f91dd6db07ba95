"""Helpers are written into their caller with Python's rules for arguments, order and names."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, body, raises_alike

rate = 2.0


def square(v):
    return v * v


def difference(a, b):
    return a - 2.0 * b


def with_default(v, k=3.0):
    return v * k


def reassigning(v):
    v = v + 1.0
    v = v * v
    return v


def exchanging(v, w):
    v, w = w, v
    return v - 2.0 * w


def reading_a_global(v):
    inner = v * rate
    return inner * rate


def pair(v):
    return v + 1.0, v * 2.0


def said(tag, v):
    print(tag)
    return v


def loud(v):
    print("v is", v)
    return v * 2.0


def positive(v):
    if v < 0:
        raise ValueError("negative")
    return v


def power(v, n):
    return v if n == 0 else power(v * v, n - 1)


def of_many(*v):
    return v[0] * v[1]


def of_named(**k):
    return k["a"] * k["b"]


def of_a_list(v, kept=[2.0]):  # noqa: B006
    return v * kept[0]


def without_result(v):
    v * 2.0


def test_a_straight_helper_leaves_no_call():
    def f(x):
        return square(x) + square(x + 1.0)

    lines = body(f, 2.0, stage="inline")
    assert not any("square(" in line for line in lines)
    assert agrees(f, 2.0) == [10.0]


def test_keyword_arguments_go_to_their_parameters_and_are_evaluated_in_order():
    def f(x):
        return difference(b=said("b", x * x), a=said("a", x))

    agrees(f, 2.0)


def test_defaults_that_are_literals_are_written_in_and_others_are_kept():
    def f(x):
        return with_default(x) + with_default(x, 2.0) * of_a_list(x)

    agrees(f, 2.0)


def test_a_helper_that_binds_its_parameter_does_not_touch_the_callers():
    def f(x):
        y = reassigning(x)
        return y * x + exchanging(x, x * x)

    agrees(f, 1.5)


def test_a_helpers_global_is_not_the_callers_variable_of_that_name():
    def f(x):
        rate = 5.0
        inner = reading_a_global(x)
        return inner * rate * x

    agrees(f, 1.5)


def test_a_helpers_global_is_not_the_callers_parameter_of_that_name():
    def f(x, rate):
        return reading_a_global(x) * rate

    agrees(f, 1.5, 3.0)


def test_helpers_that_print_do_so_once_and_in_order():
    def f(x):
        return loud(x) + loud(x + 1.0)

    agrees(f, 2.0)


@pytest.mark.parametrize("helper", [of_many, difference])
def test_a_helper_of_two_arguments(helper):
    def f(x):
        return helper(x, x + 1.0)

    agrees(f, 2.0)


def test_helpers_with_dictionaries_tuples_recursion_and_no_result():
    def f(x):
        without_result(x)
        a, b = pair(x)
        return a * b + power(x, 2) + of_named(a=x, b=2.0)

    agrees(f, 1.2)


def test_a_helper_that_raises_raises_from_the_derivative_too():
    def f(x):
        return positive(x) * positive(3.0 - x)

    agrees(f, 2.0)
    assert raises_alike(f, -2.0) is ValueError
    assert raises_alike(f, 5.0) is ValueError


def test_wrong_arguments_of_a_helper_raise_pythons_error():
    def f(x):
        return square(x, x)

    assert raises_alike(f, 2.0) is TypeError


def test_a_helper_is_inlined_for_arrays_and_floats_alike():
    def f(a, x):
        return np.sum(square(a)) * square(x)

    agrees(f, np.array([1.0, 2.0]), 3.0)


def long_helper(v, k):
    a = v * k + 1.0
    b = a * a - v
    return b / (1.0 + a) + np.sin(b)


def many_ways(v, way):
    if way == 0:
        out = long_helper(v, 1.0)
    elif way == 1:
        out = long_helper(v, 2.0)
    elif way == 2:
        out = long_helper(v, 3.0)
    elif way == 3:
        out = long_helper(v, 4.0)
    elif way == 4:
        out = long_helper(v, 5.0)
    elif way == 5:
        out = long_helper(v, 6.0)
    elif way == 6:
        out = square(v)
    else:
        out = 1.0 * v
    return out * 2.0


def test_helpers_deep_in_alternatives_stay_calls_unless_they_are_small():
    text = sd.source(many_ways, "grad", wrt="v", args=(0.3, 1))
    assert text.count("np.sin") == 4 and "square" not in text
    assert "long_helper_vjp(v, 5.0)" in text and "long_helper_vjp(v, 6.0)" in text


@pytest.mark.parametrize("way", range(8))
def test_the_derivative_of_each_of_many_alternatives_is_right(way):
    slope = (many_ways(0.3 + 1e-6, way) - many_ways(0.3 - 1e-6, way)) / 2e-6
    np.testing.assert_allclose(sd.grad(many_ways)(0.3, way), slope, rtol=1e-7)
