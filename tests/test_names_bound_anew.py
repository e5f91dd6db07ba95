"""Global names that a call binds to what it was given, and that are read behind it."""

from __future__ import annotations

import pytest

import s2sdiff as sd

total = 1.0
STEP = 0.5
seen = 0


class Kept:
    """Its methods put a number into a global name."""

    def __init__(self, x):
        self.x = x

    def bind(self):
        global total
        total = self.x

    def update(self):
        globals().update(total=self.x)


def bind(x):
    global total
    total = x * x


def update(x):
    globals()["total"] = x * x


def read():
    return total


def by_a_method(x):
    Kept(x * x).bind()
    return total * x


def by_a_method_that_updates(x):
    Kept(x * x).update()
    return total * x


def by_a_function(x):
    bind(x)
    return total * x


def by_a_function_that_updates(x):
    update(x)
    return total * x


def by_a_nested_function(x):
    def inner():
        global total
        total = x * x

    inner()
    return total * x


def in_a_loop_that_reads_first(x):
    y = 0.0
    for _ in range(3):
        y = y + total * x
        Kept(y).bind()
    return y


def read_by_another_function(x):
    Kept(x * x).bind()
    return read() * x


BINDING = [
    by_a_method, by_a_method_that_updates, by_a_function, by_a_function_that_updates,
    by_a_nested_function, in_a_loop_that_reads_first, read_by_another_function,
]


@pytest.mark.parametrize("f", BINDING, ids=lambda f: f.__name__)
def test_what_is_read_behind_the_call_is_right_or_refused(f):
    def plain(x):
        globals().update(total=1.0)
        return f(x)

    expected = (plain(1.3 + 1e-6) - plain(1.3 - 1e-6)) / 2e-6
    globals().update(total=1.0)
    try:
        assert sd.grad(f)(1.3) == pytest.approx(expected, rel=1e-6)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)


def looked_at(x):
    global seen, total
    seen += 1
    total = None
    if not isinstance(x, float):
        raise TypeError


def test_a_call_that_counts_and_looks_is_left_as_it_is():
    def f(x):
        looked_at(x)
        looked_at(2.0 * x)
        return x * STEP * x

    globals().update(seen=0)
    assert sd.grad(f)(1.3) == pytest.approx(2 * 1.3 * STEP)
    assert seen == 2


class Counting:
    """Its method counts in a global name."""

    def __init__(self, x):
        self.x = x

    def note(self):
        globals().update(seen=3)


def test_constants_beside_a_call_that_counts():
    def f(x):
        Counting(x).note()
        return x * STEP * x + seen

    assert sd.grad(f)(1.3) == pytest.approx(2 * 1.3 * STEP)
