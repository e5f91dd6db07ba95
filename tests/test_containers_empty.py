"""Containers of nothing, or of whole numbers, which have active numbers in them later."""

import pytest

import s2sdiff as sd


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


def put(pair, x):
    pair[0].append(x)
    return pair


def empty_containers_in_a_tuple(x):
    pair = ([], {})
    pair[0].append(x * x)
    pair[1]["a"] = pair[0][0] * x
    return pair[1]["a"]


def whole_numbers_in_a_tuple(x):
    pair = ([0, 0], 1)
    pair[0][0] = x
    pair[0][1] = pair[0][0] * x
    return pair[0][1] * pair[1]


def nothing_in_a_list(x):
    pair = (None, [None])
    pair[1][0] = x
    return pair[1][0] * x


def one_empty_list_twice(x):
    items = []
    pair = (items, items)
    pair[0].append(x)
    _, other = pair
    return other[0] * x


def empty_list_for_a_helper(x):
    return put(([], 1), x)[0][0] * x


PROGRAMS = [empty_containers_in_a_tuple, whole_numbers_in_a_tuple, nothing_in_a_list,
            one_empty_list_twice, empty_list_for_a_helper]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_is_put_in_later_has_a_derivative(f):
    assert sd.vjp(f, 1.3)[1](1.0) == pytest.approx(slope(f, 1.3), rel=1e-6)
    assert sd.grad(f)(1.3) == pytest.approx(slope(f, 1.3), rel=1e-6)


def test_an_argument_of_whole_numbers_may_be_written():
    def f(x, numbers):
        numbers[0] = x
        numbers[1] = numbers[0] * x
        return numbers[1] * numbers[0]

    assert sd.grad(f)(1.3, [0, 0]) == pytest.approx(3 * 1.3**2)
