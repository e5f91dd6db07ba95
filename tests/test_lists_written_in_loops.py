"""Items of lists that are written: derivatives, and work that is a small multiple of the plain."""

import sys

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.cache import record_of
from tests import walked_lists, written_at_once, written_dicts, written_lists, written_numbers

FUNCTIONS = [*written_lists.FUNCTIONS, *written_numbers.FUNCTIONS, *written_dicts.FUNCTIONS,
             *written_at_once.FUNCTIONS, *walked_lists.FUNCTIONS]

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
    written_at_once.by_a_comprehension, walked_lists.forces, walked_lists.chain,
    walked_lists.written_meanwhile, walked_lists.given_and_walked_over,
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


@pytest.mark.parametrize("f", [
    walked_lists.forces, walked_lists.chain, walked_lists.given_and_walked_over,
    walked_lists.copied_and_written, walked_lists.one_number_repeated,
    walked_lists.backwards_by_a_slice, walked_lists.beside_its_next,
    walked_lists.parts_that_overlap, walked_lists.smoothed], ids=lambda f: f.__name__)
def test_what_is_walked_over_has_a_list_beside_it(f):
    text = sd.source(f, mode="grad", args=POINT)
    for word in ("bars", "indices", "pullback", "copy("):
        assert word not in text.replace("c.copy()", "")


def test_a_list_that_is_given_written_and_walked_over_has_the_gradient_of_what_it_was():
    def shifted(c, x):
        for i, v in enumerate(c):
            c[i - 1] = v * x
        return sum(c)

    # c[4] is set to c[0] * x first, and is read last.
    assert sd.grad(shifted)([0.3, 0.9, 0.5, 1.1, 0.7], 0.8) == pytest.approx(
        [0.8 + 0.8**2, 0.8, 0.8, 0.8, 0.0])


@pytest.mark.parametrize("kind", [float, np.float64, np.float32])
def test_gradients_of_what_is_walked_over_have_the_types_of_its_items(kind):
    c = [kind(v) for v in POINT[0]]
    gradient = sd.grad(walked_lists.given_and_walked_over)(c, 0.8)
    assert {type(g) for g in gradient} == {kind}
    expected, _ = differences(walked_lists.given_and_walked_over)
    assert gradient == pytest.approx(expected, rel=1e-5)
