"""What is kept for the way back is computed once, and only where it is the same value."""

import math

import numpy as np

from tests.transforms.programs import agrees, body


def final(function, *args):
    lines = [line.strip() for line in body(function, *args, stage="final")]
    return [line for line in lines if not line.startswith("#")]


def test_a_factor_that_the_pullback_needs_is_made_once():
    def f(x, y, h):
        return math.sin(x + 0.5 * h * y) * math.cos(y + 0.5 * h * x)

    assert sum("0.5 * h" in line for line in final(f, 0.4, 0.7, 0.1)) == 1
    agrees(f, 0.4, 0.7, 0.1)


def test_a_recorded_sine_is_not_evaluated_again():
    def f(x, k, n):
        for _ in range(n):
            x = x + k * math.sin(x) * math.cos(x)
        return x

    lines = final(f, 0.7, 0.3, 4)
    assert sum("math.sin" in line for line in lines) == 1
    assert sum("math.cos" in line for line in lines) == 1
    for n in (0, 1, 4):
        agrees(f, 0.7, 0.3, n)


def test_a_loops_variable_has_another_value_inside_of_the_loop_than_after_it():
    def f(x, n):
        total = 0.0
        for i in range(n):
            y = x * i
            for _ in range(i):
                y = y + 0.1 * math.sin(y)
                total = total + y * math.exp(y)
            total = total + math.cos(y) * math.sin(y) * math.exp(y)
        return total

    for n in (0, 1, 4):
        agrees(f, 0.3, n)


def test_a_computation_of_one_branch_is_unknown_outside_of_it():
    def f(x, n):
        for i in range(n):
            if i % 2:
                x = x * math.exp(-x)
            elif x > 0.5:
                x = x + math.exp(-x) * math.exp(-x)
            x = x * math.cos(x) + math.exp(-x)
        return x

    for x in (0.2, 0.9):
        agrees(f, x, 5)


def test_what_no_round_changes_is_made_in_front_of_the_loop():
    def f(x, h, n):
        for i in range(n):
            for _ in range(i):
                x = x + h / 6.0 * math.sin(-h * x)
        return x

    lines = final(f, 0.7, 0.3, 3)
    first = next(i for i, line in enumerate(lines) if line.startswith("for"))
    assert sum("h / 6.0" in line for line in lines[:first]) == 1
    assert sum("= -h" in line for line in lines[:first]) == 1
    assert not any("h" in line for line in lines if "saved" in line and "append" in line)
    for n in (0, 1, 4):
        agrees(f, 0.7, 0.3, n)


def test_what_may_raise_or_changes_stays_in_the_loop():
    def f(x, h, n):
        for _ in range(n):
            x = x + math.sin(x) * (1.0 / h) + x * (0.5 * h)
            h = h * 0.9
        return x

    def g(x, h, n):
        for _ in range(n):
            x = x + math.sin(x) * (1.0 / h)
        return x

    for n in (0, 1, 4):
        agrees(f, 0.7, 0.3, n)
        agrees(g, 0.7, 0.3, n)
    agrees(g, 0.7, 0.0, 0)


def test_the_users_own_variables_stay_and_serve():
    def f(x, h):
        half = 0.5 * h
        again = 0.5 * h
        return x * half * again * math.sin(0.5 * h * x)

    lines = final(f, 0.7, 0.3)
    assert "half = 0.5 * h" in lines and "again = 0.5 * h" in lines
    assert sum("0.5 * h" in line for line in lines) == 2
    agrees(f, 0.7, 0.3)


def test_what_only_one_branch_keeps_is_not_kept_for_its_sake():
    def f(r, d):
        if abs(r) < d:
            loss = r * d
        else:
            loss = d * abs(r)
        return loss

    assert "test = abs(r) < d" in final(f, 2.0, 1.0)
    for r in (0.4, -1.7):
        agrees(f, r, 1.0)


def test_arrays_are_left_alone():
    def f(x):
        return np.sum(np.sin(2.0 * x) * np.cos(2.0 * x))

    assert sum("2.0 * x" in line for line in final(f, np.arange(3.0))) == 2
    agrees(f, np.array([0.3, 0.7]))
