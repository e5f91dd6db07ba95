"""Builtins on numbers, lists and arrays against finite differences."""

import operator

import numpy as np
import pytest

from s2sdiff import registry
from tests.rules.checker import check_rule, check_unary

CASES = [
    (abs, (-1.5,)), (abs, (1.5 - 2j,)), (operator.abs, (np.array([-1.5, 2.0]),)),
    (pow, (1.3, 2.5)), (pow, (1.3, 2)), (divmod, (7.3, 2.0)), (divmod, (-7.3, 2.0)),
    (divmod, (np.array([7.3, -7.3]), 2.0)), (float, (1.5,)), (float, (np.float64(1.5),)),
    (float, (np.array(1.5),)), (complex, (1.5, 2.0)), (complex, (1.5,)), (complex, (1 + 2j,)),
    (complex, (1 + 2j, 3 - 1j)), (complex, (np.array(1.5), 2.0)),
]


@pytest.mark.parametrize(("target", "args"), CASES)
def test_a_builtin_of_numbers_agrees_with_differences(target, args):
    check_rule(target, *args, wrt=tuple(range(len(args))))


def test_abs_agrees_with_differences_for_all_layouts():
    check_unary(abs, 0.3, 2.0, kinds=(float, complex))


SUMS = [
    ([1.0, 2.0, 3.0],), ((1.0, 2.0),), ([],), ([1.0, 2.0], 5.0), (np.array([1.0, 2.0]),),
    (np.ones((2, 3)),), (np.ones((2, 3)), 1.5), ([1.0, np.ones(2), np.ones((3, 1))],),
    ([1.0, np.ones(2)], np.ones((2, 1))), (np.ones((2, 1)), np.ones(3)), ([1, 2.0],),
    ([[1.0], [2.0, 3.0]], [4.0]), (((1.0,), (2.0,)), ()), ([1 + 2j, 3.0],),
]


@pytest.mark.parametrize("args", SUMS)
def test_sum_agrees_with_differences(args):
    check_rule(sum, *args)


EXTREMES = [
    (1.0, 2.0), (2.0, 1.0, 3.0), ([1.0, 5.0, 2.0],), ((1.0, -5.0),), (np.array([1.0, 5.0, 2.0]),),
    (1, 2.5), (np.float64(2.0), 1.0),
]


@pytest.mark.parametrize("target", [max, min])
@pytest.mark.parametrize("args", EXTREMES)
def test_max_and_min_agree_with_differences(target, args):
    check_rule(target, *args)


@pytest.mark.parametrize("target", [max, min])
def test_max_and_min_with_a_key_agree_with_differences(target):
    check_rule(target, [1.0, -5.0, 2.0], kwargs={"key": abs}, wrt=0)
    check_rule(target, -1.0, 0.5, kwargs={"key": lambda x: x * x}, wrt=(0, 1))


@pytest.mark.parametrize("target", [max, min])
def test_the_first_of_equals_is_chosen_as_python_does(target):
    items = [np.float64(1.0), np.float64(1.0)]
    value, pullback = registry.find(target).function(items)
    assert value is target(items) is items[0]
    assert pullback(1.0) == (([1.0, None],), None)
    assert registry.find(target).function(*items)[1](1.0) == ((1.0, None), None)


@pytest.mark.parametrize("target", [max, min])
def test_the_key_is_called_once_for_each_item_in_order(target):
    seen = []
    registry.find(target).function([3.0, 1.0, 2.0], key=lambda x: seen.append(x) or x)
    assert seen == [3.0, 1.0, 2.0]


def test_extremes_of_no_items_and_of_iterators_are_those_of_python():
    value, pullback = registry.find(max).function([], default=4.0)
    assert value == 4.0 and pullback(2.0) == ((None,), 2.0)
    with pytest.raises(ValueError, match="empty|argument"):
        registry.find(max).function([])
    assert registry.find(min).function(iter([3, 1]))[0] == 1
    assert registry.find(max).function({"a": 1, "b": 2})[0] == "b"


def test_pow_with_a_modulus_is_a_matter_of_integers():
    value, pullback = registry.find(pow).function(3, 4, 5)
    assert value == 1 and pullback(None) == (None, None)


@pytest.mark.parametrize("target", [int, bool, len, range, isinstance, type, id, str, round, any])
def test_tests_and_conversions_to_other_types_have_no_derivative(target):
    assert registry.find(target).constant
