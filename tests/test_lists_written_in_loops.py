"""Items of lists that are written: derivatives, and work that is a small multiple of the plain."""

import sys

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.cache import record_of
from tests import written_at_once, written_dicts, written_lists, written_numbers

FUNCTIONS = [*written_lists.FUNCTIONS, *written_numbers.FUNCTIONS, *written_dicts.FUNCTIONS,
             *written_at_once.FUNCTIONS]

POINT = ([0.3, 0.9, 0.5, 1.1, 0.7], 0.8)


def differences(f):
    c, x = POINT
    slopes = []
    for i in range(len(c)):
        ends = [f([v + h * (i == k) for k, v in enumerate(c)], x) for h in (1e-6, -1e-6)]
        slopes.append((ends[0] - ends[1]) / 2e-6)
    ends = [f(list(c), x + h) for h in (1e-6, -1e-6)]
    return slopes, (ends[0] - ends[1]) / 2e-6


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_the_derivative_is_that_of_differences(f):
    expected, slope = differences(f)
    plain, mine = list(POINT[0]), list(POINT[0])
    value, pullback = sd.vjp(f, mine, POINT[1])
    assert value == f(plain, POINT[1])
    assert mine == plain
    once = pullback(1.0)
    mine.clear()
    gradient = sd.grad(f, wrt=("c", "x"))(list(POINT[0]), POINT[1])
    for c_bar, x_bar in (once, pullback(1.0), gradient):
        assert c_bar == pytest.approx(expected, rel=1e-5, abs=1e-7)
        assert x_bar == pytest.approx(slope, rel=1e-5, abs=1e-7)
    c_bar, x_bar = pullback(-2.0)
    assert x_bar == pytest.approx(-2.0 * slope, rel=1e-5, abs=1e-7)
    assert c_bar == pytest.approx([-2.0 * g for g in expected], rel=1e-5, abs=1e-7)


def steps_of(f, *arguments):
    """How many lines and calls of Python a call takes."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += 1
        return counted

    before = sys.gettrace()
    sys.settrace(counted)
    try:
        f(*arguments)
    finally:
        sys.settrace(before)
    return count


DIRECT = [
    written_lists.table, written_lists.thomas, written_lists.sorted_by_swaps,
    written_lists.a_stack, written_lists.under_two_names, written_lists.one_of_two,
    written_lists.the_argument_itself, written_lists.while_it_shrinks, written_dicts.counted_up,
    written_dicts.counted_with_get, written_numbers.a_table_of_ints,
    written_dicts.remembered, written_dicts.a_short_queue, written_dicts.next_in_a_loop,
    written_dicts.left_and_taken_up, written_at_once.by_extend,
    written_at_once.by_adding_a_display, written_at_once.by_a_tuple,
    written_at_once.by_a_comprehension,
]


@pytest.mark.parametrize("f", DIRECT, ids=lambda f: f.__name__)
def test_numbers_that_are_written_cost_a_few_steps_each(f):
    gradient = sd.grad(f, wrt=("c", "x"))

    def work(n):
        c = np.linspace(0.2, 0.9, n).tolist()
        gradient(list(c), 0.5)
        return steps_of(f, list(c), 0.5), steps_of(gradient, list(c), 0.5)

    (plain, few), (more_plain, many) = work(14), work(42)
    assert many - few <= 45 * (more_plain - plain)


def by_a_helper(c, x):
    return sum([picked(c, i, x) for i in range(len(c))])


def picked(c, i, x):
    for _ in range(2):
        x = x * x
    return c[i] * x


def test_a_list_that_a_helper_gets_is_not_looked_through_in_each_call():
    gradient = sd.grad(by_a_helper, wrt=("c", "x"))
    c = np.linspace(0.2, 0.9, 20).tolist()
    expected = 4.0 * 0.5**3 * sum(c)
    assert gradient(c, 0.5)[1] == pytest.approx(expected)
    checks = [check for state in record_of(picked).states.values() for check, _ in state.entries]
    kept = [cell.cell_contents for check in checks for cell in check.__closure__]
    assert checks
    assert type in kept
    assert set not in kept
    # Another kind of item is noticed all the same.
    assert gradient([np.float64(c[0]), *c[1:]], 0.5)[1] == pytest.approx(expected)
    assert gradient([1, *c[1:]], 0.5)[0][0] is None
