"""What the way back reads is what the way forward had, round by round."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, body


def test_each_round_gives_back_its_own_values():
    def f(x, k, n):
        for _ in range(n):
            x = x + k * math.sin(x)
        return x

    for n in (0, 1, 4):
        agrees(f, 0.7, 0.3, n)


def test_an_inner_loops_result_is_recorded_after_the_inner_loop():
    def f(x, n):
        total = 0.0
        for i in range(n):
            inner = x
            for _ in range(i):
                inner = inner * x + 0.1
            total = total + inner * inner * x
        return total * total

    for n in (0, 1, 2, 4):
        agrees(f, 0.8, n)


def test_a_round_that_breaks_is_recorded_or_not_by_where_it_breaks():
    def f(a):
        x = a
        while True:
            step = (x * x - a) / (2.0 * x)
            if abs(step) < 1e-12:
                break
            x = x - step
        return x * a

    agrees(f, 3.0)


def test_breaks_before_in_the_middle_and_at_the_end_of_a_round():
    def f(x, n, where):
        for i in range(n):
            if where == 0 and i == 2:
                break
            y = x * x
            if where == 1 and i == 2:
                x = x + y
                break
            x = y * 0.7 + x
            if where == 2 and i == 2:
                break
        return x * x

    for where in (0, 1, 2, 3):
        for n in (0, 2, 5):
            agrees(f, 0.8, n, where)


def test_a_name_of_one_branch_in_a_loop():
    def f(x, n):
        total = 1.0
        for i in range(n):
            if i % 2:
                y = x * i
                total = total * y
            else:
                total = total + x
        return total

    for n in (0, 1, 4):
        agrees(f, 1.3, n)


def test_a_loop_with_nothing_to_record_still_counts_its_rounds():
    def f(x, n):
        for _ in range(n):
            x = 2.0 * x
        return x

    for n in (0, 3):
        agrees(f, 1.5, n)


def test_a_while_loop_with_nothing_to_record_ends():
    def f(x):
        n = 0
        while n < 3:
            x = 2.0 * x
            n += 1
        return x

    agrees(f, 1.5)


def test_a_variable_of_the_loop_and_its_last_value_are_told_apart():
    def f(x, n):
        y = x
        for _ in range(n):
            y = y * math.sin(y)
        return y * math.cos(y)

    agrees(f, 1.2, 3)


def test_tests_inside_loops_are_remembered_by_round():
    def f(x, n):
        for i in range(n):
            if x > 1.0:
                x = x * 0.5
            elif i == 1:
                x = x * x + 1.0
            else:
                x = x + 0.4
        return x

    for n in range(6):
        agrees(f, 0.83, n)


def test_straight_code_records_nothing():
    def f(x):
        y = math.sin(x)
        return y * y

    assert not any("saved" in line for line in body(f, 1.0, stage="final"))


def test_three_nested_loops_and_a_return_through_them():
    def f(x, n, limit):
        for i in range(n):
            for j in range(i):
                for k in range(j + 1):
                    x = x * 1.1 + 0.01 * k
                    if x > limit:
                        return x * x
            x = x + 0.1
        return x

    for limit in (0.9, 1.5, 2.0, 100.0):
        agrees(f, 0.8, 4, limit)


def test_only_rounds_that_count_leave_a_record_however_many_tests_say_so():
    def f(m, e):
        u, count = m, 0
        while count < 20:
            count += 1
            error = u - e * math.sin(u) - m
            if abs(error) < 1e-12:
                break
            u = u - error / (1.0 - e * math.cos(u))
        return u

    lines = body(f, 0.8, 0.3, stage="final")
    assert sum("saved.append" in line for line in lines) == 1
    assert not any("None" in line for line in lines)
    agrees(f, 0.8, 0.3)

    def g(x, n):
        for i in range(n):
            if i % 2:
                y = x * x
                if y < 1.0:
                    x = x + y * 0.3
        return x

    for x in (0.4, 1.7):
        agrees(g, x, 5)


def test_what_only_the_record_reads_is_written_into_it():
    def f(u, n):
        for i in range(n):
            u = u[1:] * u[:-1] / (i + 1.0)
        return np.sum(u)

    lines = body(f, np.arange(1.0, 6.0), 3, stage="final")
    assert any("saved.append" in line and "u.shape" in line for line in lines)
    assert not any(line.strip().startswith("u_shape = ") for line in lines)
    agrees(f, np.arange(1.0, 6.0), 3)


def test_a_gradient_next_to_its_value_leaves_the_value_that_the_loop_carried():
    def steps(x, n):
        for _ in range(n):
            x = x + 0.1 * x * x * x
        return x

    def halved(x):
        while x > 1.0:
            x = x * x / 3.0
        return x

    for f, args in ((steps, (1.3, 3)), (halved, (2.5,))):
        value, slope = sd.value_and_grad(f)(*args)
        assert value == f(*args)
        h = 1e-6
        x, *rest = args
        assert abs(slope - (f(x + h, *rest) - f(x - h, *rest)) / (2 * h)) < 1e-7


def test_a_gradient_that_is_what_the_loop_carried_is_what_it_carried_last():
    def steps(x, scale, n):
        for _ in range(n):
            x = x + 0.1 * x * x
        return x * scale

    agrees(steps, 1.3, 0.7, 3)
    last = steps(1.3, 1.0, 3)
    assert sd.grad(steps, wrt="scale")(1.3, 0.7, 3) == last
    assert sd.grad(steps, wrt=("x", "scale"))(1.3, 0.7, 3)[1] == last


def test_an_inner_loops_result_outlives_the_way_back_through_the_inner_loop():
    def sums(x, a, b, n):
        total = 0.0
        for i in range(n):
            weight = a * b * i
            inner = x
            for _ in range(i + 1):
                inner = inner + 0.1 * inner * inner
            total = total + inner * weight
        return total

    _, pullback = sd.vjp(sums, 0.3, 0.4, 0.5, 3)
    agrees(sums, 0.3, 0.4, 0.5, 3)
    np.testing.assert_allclose(sd.grad(sums, wrt=(0, 1, 2))(0.3, 0.4, 0.5, 3), pullback(1.0)[:3])


def once_more(x, n):
    total = 0.0
    for _ in range(n):
        total = total + math.sin(x) * x
        x = x + 0.1 * x * x
    return total * x


def over_entries(v, k):
    total = last = 0.0
    for x in v:
        total = total + x * last * k
        last = last + x * k
    return total * last


def left_by_break(x, n):
    total, i = 0.0, 0
    while True:
        total = total + x * x
        x = x + 0.1 * x * x
        i += 1
        if i >= n:
            break
    return total * x


@pytest.mark.parametrize(("f", "x", "n"), [
    (once_more, 0.3, 3), (over_entries, np.array([0.3, 0.5, 0.2]), 2.0), (left_by_break, 0.3, 3)])
def test_a_cotangent_that_the_loop_carried_is_none_of_its_rounds(f, x, n):
    (expected, *_) = agrees(f, x, n)
    np.testing.assert_allclose(sd.grad(f)(x, n), expected, rtol=1e-12)
