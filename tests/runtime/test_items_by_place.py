"""Items and operators by place, users' classes' among them."""

import collections
import operator

import numpy as np
import pytest

from s2sdiff import errors
from s2sdiff.runtime.by_place import call_by_place
from s2sdiff.runtime.shadow_slots import add_slot, of_fields, slot
from s2sdiff.runtime.whole_values import deposit, withdraw

A = np.array([1.0, 2.0, 3.0])


class Point:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        return Point(self.x + other.x)

    def __radd__(self, number):
        return self.x * number

    def __getitem__(self, i):
        return self.x * (i + 2.0)

    def __setitem__(self, i, v):
        self.x = v * 3.0


def test_items_of_containers_are_slots():
    for container, key in [([1.0, 2.0, 3.0], -1), (collections.deque([1.0, 2.0, 3.0]), 2),
                           ({"a": 3.0}, "a")]:
        value, pullback = call_by_place((0,), operator.getitem, container, key)
        bars = {}
        assert value == 3.0 and pullback(4.0, bars) is None
        assert slot(bars, container, "a" if key == "a" else 2) == 4.0


def test_an_item_of_a_tuple_travels():
    value, pullback = call_by_place((0,), operator.getitem, (1.0, 2.0), -1)
    assert value == 2.0 and pullback(3.0, {}) == (None, 3.0)


def test_elements_of_an_array_go_into_its_shadow():
    a = np.arange(6.0)
    index = np.array([1, 1, 4])
    value, pullback = call_by_place((0,), operator.getitem, a, index)
    index[:] = 0
    bars = {}
    deposit(bars, value, np.array([1.0, 2.0, 3.0]))
    pullback(None, bars)
    np.testing.assert_array_equal(withdraw(bars, a), [0.0, 3.0, 0.0, 0.0, 3.0, 0.0])
    value, pullback = call_by_place((0,), operator.getitem, a, 2)
    assert pullback(7.0, bars) is None
    np.testing.assert_array_equal(withdraw(bars, a), [0.0, 0.0, 7.0, 0.0, 0.0, 0.0])


def test_a_written_element_takes_its_cotangent_with_it():
    a = A.copy()
    _, pullback = call_by_place((0, 2), operator.setitem, a, 1, 9.0)
    assert a[1] == 9.0
    bars = {}
    deposit(bars, a, np.array([1.0, 2.0, 3.0]))
    assert pullback(None, bars) == (None, 2.0)
    np.testing.assert_array_equal(withdraw(bars, a), [1.0, 0.0, 3.0])


def test_users_classes_say_what_operators_and_items_mean():
    p, q = Point(3.0), Point(4.0)
    bars = {}
    made, pullback = call_by_place((0, 1), operator.add, p, q)
    assert made.x == 7.0
    add_slot(bars, of_fields(made), "x", 2.0)
    pullback(None, bars)
    assert slot(bars, of_fields(p), "x") == slot(bars, of_fields(q), "x") == 2.0
    value, pullback = call_by_place((0, 1), operator.add, 5.0, p)
    assert value == 15.0 and pullback(1.0, bars)[0] == 3.0
    assert slot(bars, of_fields(p), "x") == 5.0
    value, pullback = call_by_place((0,), operator.getitem, p, 1)
    assert value == 9.0
    pullback(1.0, bars)
    assert slot(bars, of_fields(p), "x") == 3.0
    _, pullback = call_by_place((0, 2), operator.setitem, p, 1, 6.0)
    assert p.x == 18.0
    add_slot(bars, of_fields(p), "x", 1.0)
    assert pullback(None, bars)[1] == 3.0


def test_an_in_place_operator_gives_what_python_gives():
    a, items = A.copy(), [1.0]
    value, pullback = call_by_place((0, 1), operator.iadd, a, 5.0)
    assert value is a
    bars = {}
    deposit(bars, a, np.array([1.0, 2.0, 3.0]))
    assert pullback(None, bars)[1] == 6.0
    np.testing.assert_array_equal(withdraw(bars, a), [1.0, 2.0, 3.0])
    value, _ = call_by_place((0, 1), operator.iadd, items, [2.0])
    assert value is items and items == [1.0, 2.0]
    value, pullback = call_by_place((0, 1), operator.imul, 3.0, 4.0)
    assert value == 12.0 and pullback(1.0, {}) == (4.0, 3.0)


def test_an_active_number_is_no_key():
    with pytest.raises(errors.UnsupportedError, match="key"):
        call_by_place((1,), operator.setitem, {}, 2.0, 1.0)
