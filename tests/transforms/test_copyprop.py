"""Copies go where, and only where, both names stand for one value."""

import textwrap

from s2sdiff.backend.printer import print_function
from s2sdiff.frontend.lower import lower
from s2sdiff.grammar import check
from s2sdiff.ir import Move, replace, walk
from s2sdiff.transforms import copyprop, dce, exits, versions
from tests.transforms.programs import agrees


def swept(function):
    made = versions.number(exits.tidy(lower(function)))
    made = copyprop.run(replace(made, body=dce.run(made.body)))
    check(made, "sweep")
    return made


def text(function):
    return textwrap.dedent(print_function(swept(function)).text.partition("\n")[2]).splitlines()


def test_a_chain_of_copies_becomes_its_source():
    def f(x):
        y = x
        z = y
        return z + y

    assert text(f) == ["result_1 = x + x", "return result_1"]


def test_a_variable_that_a_loop_only_carries_along_is_no_variable_of_the_loop():
    def f(x, n):
        k = 2.0
        for _ in range(n):
            j = k
            k = j
            x = x * k
        return x * k

    moved = {t for s in walk(swept(f).body) if isinstance(s, Move) for t in s.targets}
    assert not {t for t in moved if t.startswith(("k", "j"))}


def test_two_names_swapped_in_a_loop_stay_two():
    def f(x, y, n):
        for _ in range(n):
            x, y = y, x * y
        return x - y

    agrees(f, 1.1, 0.7, 3)


def test_the_previous_value_is_not_the_present_one_after_a_break():
    def f(x):
        while True:
            previous = x
            x = x * 1.5
            if x > 3.0:
                break
        return previous * 10.0 + x

    agrees(f, 1.0)


def test_the_previous_value_through_a_chain_of_copies():
    def f(x):
        while True:
            a = x
            b = a
            x = x * x
            c = x
            if x > 10.0:
                break
        return a + b * c + x

    agrees(f, 1.5)


def test_what_a_round_computes_last_is_not_read_outside_of_the_loop_by_its_own_name():
    def f(x):
        while True:
            y = x * 2.0
            x = x * 1.5
            if x > 3.0:
                break
        return y

    agrees(f, 1.0)


def test_values_of_an_inner_loop_leave_both_loops():
    def f(x):
        while True:
            outer = x
            while True:
                inner = x
                x = x * 1.3
                if x > outer * 2.0:
                    break
            last = inner
            if x > 20.0:
                break
        return outer * inner + last * x

    agrees(f, 1.1)


def test_a_copy_of_a_loop_variable_outlives_the_round():
    def f(x, n):
        keep = 1.0
        for i in range(n):
            t = x * i
            if i == 1:
                keep = t
            x = x + t
        return keep * x

    for n in (0, 1, 2, 4):
        agrees(f, 0.8, n)


def test_fibonacci_with_a_break():
    def f(x):
        a, b = 1.0, 1.0
        while True:
            a, b = b, a + b * x
            if b > 20.0:
                break
        return a * b

    agrees(f, 1.2)


def test_a_global_is_read_where_the_program_reads_it():
    def f(x):
        before = LIMIT
        raise_limit()
        return x * before + LIMIT

    global LIMIT
    LIMIT = 1.0
    assert "before = LIMIT" in text(f)


LIMIT = 1.0


def raise_limit():
    global LIMIT
    LIMIT += 1.0


def test_what_is_computed_for_two_names_at_once_has_their_names():
    def f(x, y):
        dx, dy = x - 1.0, y * x
        return dx * dy + dx

    assert text(f)[:2] == ["dx = x - 1.0", "dy = y * x"]
    agrees(f, 1.1, 0.7)


def test_a_name_of_the_users_that_is_numbered_keeps_what_is_its():
    def f(x):
        x_1 = x * 2.0
        x = x_1
        x_1, x = x * 3.0, x_1
        return x - x_1

    agrees(f, 1.1)
