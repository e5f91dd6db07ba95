"""The way back: every path, every use of a name, once."""

import math

import numpy as np
import pytest

import s2sdiff
from s2sdiff.backend.printer import print_function
from tests.transforms.programs import agrees, body, stages


def test_a_name_used_many_times_gathers_all_of_them():
    def f(x, y):
        t = x * y
        return t * t + t * x - x / t + x

    agrees(f, 1.3, 0.7)


def test_a_name_bound_again_passes_on_only_what_it_read():
    def f(x):
        x = x * x
        y = x
        x = math.sin(y)
        return x * y

    agrees(f, 0.9)


def test_a_value_overwritten_before_its_use_has_no_part():
    def f(x, y):
        z = x * y
        z = y
        return z * y

    assert agrees(f, 2.0, 3.0) == [0.0, 6.0]


def test_only_the_taken_branch_is_differentiated():
    def f(x, y):
        if x > y:
            z = x * y
        elif x < -y:
            z = 1.0 / x
        else:
            z = math.sin(y)
        return z * z

    for x in (2.0, -2.0, 0.1):
        agrees(f, x, 1.0)


def test_a_cotangent_that_is_absent_in_one_branch_and_present_in_the_other():
    def f(x, y, c):
        t = x * y
        if c:
            r = t * x
        else:
            r = y * y
        return r + y

    agrees(f, 2.0, 3.0, True)
    agrees(f, 2.0, 3.0, False)


def test_a_parallel_assignment_of_loop_variables():
    def f(x, y, n):
        for _ in range(n):
            x, y = math.sin(y), x * y
        return x + y * y

    for n in (0, 1, 3):
        agrees(f, 0.7, 1.1, n)


def test_a_variable_that_a_round_consumes_and_does_not_renew():
    def f(x, n):
        carry = x
        total = 0.0
        for _ in range(n):
            total = total + carry * carry
            carry = 1.0
        return total * x

    for n in (0, 1, 3):
        agrees(f, 1.4, n)


def test_a_result_that_is_a_parameter_itself():
    agrees(lambda x: x, 2.0)
    agrees(lambda x, y: y, 2.0, 3.0)


def test_a_tuple_result_takes_a_tuple_of_cotangents():
    def f(x, y):
        return x * y, x

    _, pullback = s2sdiff.vjp(f, 2.0, 3.0)
    assert pullback((1.0, 0.0)) == (3.0, 2.0)
    assert pullback((0.0, 1.0)) == (1.0, 0.0)
    assert pullback((2.0, 1.0)) == (7.0, 4.0)


def test_broadcasting_is_undone_by_sums():
    def f(a, b, x):
        return np.sum(a * b + x * a)

    agrees(f, np.array([[1.0], [2.0]]), np.array([1.0, 2.0, 3.0]), 0.5)


def test_a_cotangent_that_is_handed_out_is_never_written():
    def f(a):
        b = a + 0.0
        c = a + b
        return c + b

    cotangent = np.array([1.0, 2.0])
    _, pullback = s2sdiff.vjp(f, np.array([3.0, 4.0]))
    np.testing.assert_array_equal(pullback(cotangent), 3 * cotangent)
    np.testing.assert_array_equal(cotangent, [1.0, 2.0])


def test_two_arguments_that_are_one_array_get_a_gradient_each():
    def f(a, b):
        return np.sum(a * a * b)

    a = np.array([1.0, 2.0])
    _, pullback = s2sdiff.vjp(f, a, a)
    first, second = pullback(1.0)
    np.testing.assert_allclose(first, 2 * a * a)
    np.testing.assert_allclose(second, a * a)
    first += 1.0
    np.testing.assert_allclose(second, a * a)


def test_short_circuits_and_conditional_expressions():
    def f(x, y):
        z = (x > 1.0 and x * y) or y * y
        return (z if x < 3.0 else x) * z

    for x in (0.5, 2.0, 4.0):
        agrees(f, x, 1.5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gradient_has_the_dtype_of_its_argument(dtype):
    gradient = s2sdiff.grad(lambda a: np.sum(np.sin(a) * 2.0))(np.ones(3, dtype))
    assert gradient.dtype == dtype


def test_a_number_that_every_round_hands_on_is_not_carried_through_the_loop():
    def f(x, n):
        total, last = 0.0, x
        for i in range(n):
            total = total + math.exp(-x * i)
            last = total * last
        return total + last

    def g(x, n):
        total = 0.0
        for i in range(n):
            total = total + math.exp(-x * i)
        return total

    lines = body(g, 0.7, 3, stage="final")
    assert not any("total_bar" in line.partition(" = ")[0] for line in lines if " = " in line)
    for n in (0, 1, 4):
        agrees(f, 0.7, n)
        agrees(g, 0.7, n)


def test_what_is_handed_on_until_a_break_and_dropped_there():
    def f(x, n):
        total = 0.0
        for i in range(n):
            if x * i > 2.0:
                total = x
                break
            total = total + x * i
        return total * x

    for n in (0, 2, 6):
        agrees(f, 0.9, n)


def test_a_cotangent_is_masked_in_a_loop_only_if_some_round_masks_it():
    def f(a):
        x = a
        for _ in range(5):
            x = x - (x * x - a) / (2.0 * x)
        return x

    def g(a):
        x = a
        for i in range(4):
            x = x / a if i % 2 else np.where(a > 1.0, x, 0.0) / a
        return float(x)

    lines = stages(f, 2.0, mode="grad")["final"]
    assert "rt.scaled" not in print_function(lines).text
    agrees(f, 2.0)
    agrees(g, 2.0)


def test_an_array_that_shrinks_in_each_round_is_not_taken_for_a_broadcast_one():
    def f(u, k, n):
        for _ in range(n):
            u = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        return np.sum(u * u)

    def g(u, n):
        v = 2.0 * u
        for _ in range(n):
            u, v = u[1:] * v[:-1], v[1:] + u[:1]
        return np.sum(u * v)

    u = np.array([0.3, 1.2, -0.7, 0.4, 0.9, -1.1, 0.2, 0.5, 1.3])
    assert "rt.unbroadcast" not in print_function(stages(f, u, 0.2, 3)["final"]).text
    for n in (0, 1, 3):
        agrees(f, u, 0.2, n)
        agrees(g, u, n)


@pytest.mark.parametrize("f", [
    lambda a, b: b - (a + b), lambda a, b: a - math.sin(b - a + a),
    lambda a, b: a - (b - (a + b)) * b, lambda a, b: (a - b) - (a - b) * a,
])
def test_a_negative_share_that_two_variables_get_is_made_for_both(f):
    agrees(f, 0.3, 0.7)
    both = s2sdiff.grad(f, wrt=(0, 1))(0.3, 0.7)
    np.testing.assert_allclose(both, s2sdiff.vjp(f, 0.3, 0.7)[1](1.0), atol=1e-12)
    agrees(lambda a, b: np.sum(b * b) + np.sum(b - (a + b)), np.ones(2), np.array([1.0, 3.0]))
    agrees(lambda a, b: b[0] - (a[1] + b[0]) * a[0] - a[1], np.ones(2), np.array([1.0, 3.0]))


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_loops_carry_back_what_their_rounds_change_and_nothing_else(turns):
    def some(x, w):
        total = kept = x * w
        for k in range(turns):
            if k > 1:
                kept = kept * x
            total = total + w * x
        return total * kept

    def untouched(x, w):
        total, first = x, x * w
        for _ in range(turns):
            total = total * w
            if total > 1e9:
                first = first + total
        return total + first

    def swapped(x, w):
        a, b, c = x, w, x * w
        for _ in range(turns):
            a, b, c = b, a * w, c
        return a + 2.0 * b + 3.0 * c

    def inner(x, w):
        total = x
        for k in range(turns):
            part = w
            for _ in range(k):
                part = part * x
            total = total + part * w
        return total

    for f in (some, untouched, swapped, inner):
        agrees(f, 1.3, 0.7)
