"""Iterators that a helper gives back, which its caller draws from: by `list`, `tuple` or a loop."""

import itertools

import pytest

from tests.slopes_of_lists import check_list


def cut(xs):
    return [xs[:2], xs[2:4], xs[4:]]


def in_columns(xs, later=True):
    return map(list, zip(*cut(xs))) if later else cut(xs)


def totals(xs, later=True):
    return map(sum, cut(xs)) if later else [0.0]


def largest(xs, later=True):
    return map(max, cut(xs)) if later else [0.0]


def sorted_parts(xs, later=True):
    return map(sorted, cut(xs)) if later else cut(xs)


def as_floats(xs, later=True):
    return map(float, xs) if later else [0.0]


def begun(xs, later=True):
    return iter(xs) if later else [0.0]


def sums(xs, later=True):
    return itertools.accumulate(xs) if later else [0.0]


def true_ones(xs, later=True):
    return filter(None, xs) if later else [0.0]


def rows(xs, later=True):
    return zip(*cut(xs)) if later else [0.0]


def in_a_tuple(xs, later=True):
    return (map(sum, cut(xs)), 2.0) if later else ([0.0], 1.0)


def value_of(items):
    s = 1.0
    for k, x in enumerate(items):
        s = s * (k + x) + x if isinstance(x, float) else s * x[0] + (k + 1) * x[1] ** 2
    return s


HELPERS = [in_columns, totals, largest, sorted_parts, as_floats, begun, sums, true_ones, rows]
LOOPED = [in_columns, totals, largest, sorted_parts, as_floats, begun, rows]


@pytest.mark.parametrize("helper", HELPERS)
@pytest.mark.parametrize("draw", [list, tuple])
def test_a_container_is_made_of_it(helper, draw):
    check_list(lambda xs: value_of(draw(helper(xs))))


@pytest.mark.parametrize("helper", LOOPED)
def test_a_loop_draws_from_it(helper):
    def f(xs):
        s = 1.0
        for x in helper(xs):
            s = s * x + x if isinstance(x, float) else s * x[0] + x[1] ** 2
        return s

    check_list(f)


def test_it_is_sorted():
    check_list(lambda xs: value_of(sorted(totals(xs))))


def test_it_lies_in_a_tuple():
    def f(xs):
        items, factor = in_a_tuple(xs)
        return factor * value_of(list(items))

    check_list(f)


def columns(rows):
    return map(list, zip(*rows))


def test_a_loop_over_one_that_is_written_in():
    def f(xs):
        s = 0.0
        for a, b, c in columns(cut(xs)):
            s = s + a ** 2 * b * c
        return s

    check_list(f)
