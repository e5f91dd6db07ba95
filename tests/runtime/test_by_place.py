"""Calls by place: what has no place travels, all else is found in the table afterwards."""

import functools
import operator
import struct

import numpy as np
import pytest

from s2sdiff import errors
from s2sdiff.runtime import by_place
from s2sdiff.runtime.by_place import apply_by_place, call_by_place, called, method_by_place
from s2sdiff.runtime.shadow_slots import add_slot, of_fields, slot
from s2sdiff.runtime.whole_values import deposit, withdraw

A = np.array([1.0, 2.0, 3.0])


def scaled(v, w):
    return v * w


def written(a, v):
    a[0] = v * v


class Point:
    def __init__(self, x):
        self.x = x

    def moved(self, by):
        self.x = self.x + by
        return self


# ------------------------------------------------------------------------------- the protocol


def test_cotangents_of_numbers_travel():
    value, pullback = call_by_place((0, 1), operator.mul, 3.0, 4.0)
    bars = {}
    assert value == 12.0
    assert pullback(2.0, bars) == (8.0, 6.0)
    assert pullback(None, bars) == (0.0, 0.0)
    assert bars == {}


def test_cotangents_of_arrays_are_in_the_table():
    a, b = A.copy(), A + 1.0
    value, pullback = call_by_place((0, 1), operator.mul, a, b)
    bars = {}
    assert deposit(bars, value, np.ones(3)) is None
    assert pullback(None, bars) == (None, None)
    np.testing.assert_array_equal(withdraw(bars, a), b)
    np.testing.assert_array_equal(withdraw(bars, b), a)
    assert withdraw(bars, value) is None


def test_a_pullback_may_run_any_number_of_times():
    a = A.copy()
    value, pullback = call_by_place((0, 1), operator.mul, a, 2.0)
    for factor in (1.0, 1.0, 3.0):
        bars = {}
        deposit(bars, value, factor * np.ones(3))
        _, share = pullback(None, bars)
        assert share == factor * 6.0
        np.testing.assert_array_equal(withdraw(bars, a), factor * 2.0 * np.ones(3))


def test_an_argument_that_is_written_after_the_call_was_read_before():
    a = A.copy()
    value, pullback = call_by_place((0,), np.square, a)
    a[:] = 100.0
    bars = {}
    deposit(bars, value, np.ones(3))
    pullback(None, bars)
    np.testing.assert_array_equal(withdraw(bars, a), 2 * A)


def test_a_result_that_is_a_view_has_no_way_back_of_its_own():
    a = np.arange(6.0)
    value, pullback = call_by_place((0,), np.reshape, a, (2, 3))
    bars = {}
    deposit(bars, value[1], np.array([1.0, 2.0, 3.0]))
    assert pullback(None, bars) is None
    np.testing.assert_array_equal(withdraw(bars, a), [0.0, 0.0, 0.0, 1.0, 2.0, 3.0])


def test_a_python_function_is_called_by_the_same_protocol():
    a = A.copy()
    value, pullback = call_by_place((0, 1), scaled, a, 5.0)
    bars = {}
    deposit(bars, value, np.ones(3))
    assert pullback(None, bars)[1] == 6.0
    np.testing.assert_array_equal(withdraw(bars, a), 5.0 * np.ones(3))


def test_a_python_function_that_writes_changes_the_shadow_back():
    a = A.copy()
    value, pullback = call_by_place((0, 1), written, a, 3.0)
    assert value is None and a[0] == 9.0
    bars = {}
    deposit(bars, a, np.array([10.0, 20.0, 30.0]))
    assert pullback(None, bars)[1] == 60.0
    np.testing.assert_array_equal(withdraw(bars, a), [0.0, 20.0, 30.0])


def test_slots_may_be_keywords():
    value, pullback = call_by_place((0, "w"), scaled, 2.0, w=5.0)
    assert value == 10.0 and pullback(1.0, {}) == (5.0, 2.0)


def test_stars_give_cotangents_of_all_arguments():
    value, pullback = apply_by_place(scaled, (2.0,), {"w": 5.0})
    assert value == 10.0
    assert pullback(1.0, {}) == ((5.0,), {"w": 2.0})


def test_nothing_active_means_a_plain_call():
    value, pullback = call_by_place((), max, 2, 3)
    assert value == 3 and pullback(None, {}) == ()


def test_what_nobody_knows_is_refused():
    unknown = struct.unpack
    with pytest.raises(errors.MissingDerivativeError, match="Instead"):
        call_by_place((0,), unknown, 2.0)
    with pytest.raises(errors.UnsupportedError, match="Instead"):
        call_by_place((0,), memoryview, A)


# ------------------------------------------------------------------------ what holds arguments


def test_a_partial_keeps_the_cotangents_of_what_it_holds():
    held = functools.partial(scaled, 3.0)
    value, pullback = call_by_place((0,), held, 4.0)
    bars = {}
    assert value == 12.0 and pullback(1.0, bars) == 3.0
    assert slot(bars, held, 0) == 4.0
    held = functools.partial(scaled, w=3.0)
    assert call_by_place((0,), held, 4.0)[1](1.0, bars) == 3.0
    assert slot(bars, held.keywords, "w") == 4.0


def test_making_a_partial_hands_its_slots_on():
    made, pullback = called(functools.partial, (1, "w"), (scaled, 3.0), {"w": 4.0})
    bars = {}
    value, inner = call_by_place((), made)
    assert value == 12.0
    inner(1.0, bars)
    assert pullback(None, bars) == (4.0, 3.0)


def test_a_bound_method_writes_its_owner():
    p = Point(3.0)
    move = p.moved
    value, pullback = call_by_place((0,), move, 4.0)
    assert value is p and p.x == 7.0
    bars = {}
    add_slot(bars, of_fields(p), "x", 5.0)
    assert pullback(None, bars) == 5.0
    assert slot(bars, of_fields(p), "x") == 5.0


@pytest.mark.parametrize(("fn", "args", "after", "cotangents", "before"), [
    ("append", (9.0,), [1.0, 2.0, 9.0], {0: 3.0, 2: 5.0}, ({0: 3.0}, 5.0)),
    ("insert", (0, 9.0), [9.0, 1.0, 2.0], {0: 5.0, 1: 3.0}, ({0: 3.0}, 5.0)),
    ("extend", ([9.0],), [1.0, 2.0, 9.0], {1: 3.0, 2: 5.0}, ({1: 3.0}, None)),
])
def test_a_builtin_method_in_a_variable_changes_its_owners_shadow(fn, args, after, cotangents,
                                                                  before):
    items = [1.0, 2.0]
    method = getattr(items, fn)
    value, pullback = call_by_place((len(args) - 1,), method, *args)
    assert value is None and items == after
    bars = {}
    for key, g in cotangents.items():
        add_slot(bars, items, key, g)
    assert pullback(None, bars) == before[1]
    assert {k: slot(bars, items, k) for k in before[0]} == before[0]


def test_a_popped_number_goes_back_to_its_place():
    items = [1.0, 2.0, 3.0]
    value, pullback = method_by_place((0,), "pop", items, 1)
    assert value == 2.0 and items == [1.0, 3.0]
    bars = {}
    add_slot(bars, items, 1, 7.0)
    assert pullback(5.0, bars) is None
    assert {k: slot(bars, items, k) for k in range(3)} == {0: None, 1: 5.0, 2: 7.0}


def test_every_builtin_that_looks_at_types_is_known_here():
    assert {getattr, setattr, delattr, operator.getitem, operator.setitem} <= set(by_place.SPECIAL)
