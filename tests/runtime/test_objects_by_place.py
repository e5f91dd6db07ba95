"""Objects by place: methods, attributes, constructors."""

import collections
import dataclasses
import functools
import types

import numpy as np
import pytest

from s2sdiff import errors
from s2sdiff.runtime import fields
from s2sdiff.runtime.by_place import attribute_by_place, call_by_place, called, method_by_place
from s2sdiff.runtime.shadow_slots import add_slot, of_fields, slot
from s2sdiff.runtime.whole_values import deposit, withdraw

A = np.array([1.0, 2.0, 3.0])


def scaled(v, w):
    return v * w


class Point:
    def __init__(self, x, y=2.0):
        self.x = x
        self.y = y * x

    def __call__(self, v):
        return self.x * v

    def moved(self, by):
        self.x = self.x + by
        return self

    @property
    def double(self):
        return self.x * 2.0

    @double.setter
    def double(self, v):
        self.x = v * 0.5

    @functools.cached_property
    def square(self):
        return self.x * self.x

    @staticmethod
    def twice(v):
        return v * 2.0

    @classmethod
    def at(cls, v):
        return cls(v * 4.0)


# ---------------------------------------------------------------------------------- methods


def test_methods_of_all_kinds():
    p = Point(3.0)
    bars = {}
    value, pullback = method_by_place((0, 1), "__call__", p, 4.0)
    assert value == 12.0 and pullback(1.0, bars) == (None, 3.0)
    assert slot(bars, of_fields(p), "x") == 4.0
    value, pullback = method_by_place((0, 1), "twice", p, 4.0)
    assert value == 8.0 and pullback(1.0, bars) == (None, 2.0)
    made, pullback = method_by_place((0, 1), "at", p, 4.0)
    assert made.x == 16.0
    add_slot(bars, of_fields(made), "x", 1.0)
    assert pullback(None, bars) == (None, 4.0)
    value, pullback = method_by_place((0,), "sum", A)
    assert pullback(2.0, bars) is None
    np.testing.assert_array_equal(withdraw(bars, A), 2.0 * np.ones(3))


def test_a_function_in_a_field_is_called_without_its_owner():
    holder = types.SimpleNamespace(f=scaled)
    value, pullback = method_by_place((0, 1, 2), "f", holder, 3.0, 4.0)
    assert value == 12.0 and pullback(1.0, {}) == (None, 4.0, 3.0)


# -------------------------------------------------------------------------------- attributes


def test_a_field_is_a_slot_of_its_object():
    p = Point(3.0)
    value, pullback = attribute_by_place((0,), "x", p)
    bars = {}
    assert value == 3.0 and pullback(2.0, bars) is None
    assert pullback(5.0, bars) is None
    assert slot(bars, of_fields(p), "x") == 7.0


def test_a_property_runs_its_getter_and_its_setter():
    p = Point(3.0)
    bars = {}
    value, pullback = attribute_by_place((0,), "double", p)
    assert value == 6.0
    pullback(5.0, bars)
    assert slot(bars, of_fields(p), "x") == 10.0
    _, pullback = fields.write(p, "double", 8.0, called)
    assert p.x == 4.0
    add_slot(bars, of_fields(p), "x", 3.0)
    assert pullback(None, bars) == (1.5,)
    assert slot(bars, of_fields(p), "x") is None


def test_a_cached_property_is_computed_once_and_read_often():
    p = Point(3.0)
    first, compute = fields.read(p, "square", called)
    again, read = fields.read(p, "square", called)
    assert first == again == 9.0
    bars = {}
    read(2.0, bars)
    compute(1.0, bars)
    assert slot(bars, of_fields(p), "x") == 3.0 * 6.0


def test_a_write_takes_what_was_there_out():
    p = Point(3.0)
    _, pullback = fields.write(p, "x", 8.0, called)
    bars = {}
    add_slot(bars, of_fields(p), "x", 3.0)
    add_slot(bars, of_fields(p), "y", 4.0)
    assert pullback(None, bars) == (3.0,)
    assert slot(bars, of_fields(p), "x") is None and slot(bars, of_fields(p), "y") == 4.0


def test_a_deleted_field_has_no_cotangent_before():
    p = Point(3.0)
    _, pullback = fields.delete(p, "x", called)
    assert not hasattr(p, "x")
    bars = {}
    pullback(None, bars)
    assert slot(bars, of_fields(p), "x") is None


def test_parts_of_complex_numbers_are_attributes():
    value, pullback = attribute_by_place((0,), "imag", 2.0 + 3.0j)
    assert value == 3.0 and pullback(1.0, {}) == -1.0j
    a = np.array([1.0 + 2.0j])
    value, _ = attribute_by_place((0,), "imag", a)
    bars = {}
    deposit(bars, value, np.array([5.0]))
    np.testing.assert_array_equal(withdraw(bars, a), [-5.0j])


@pytest.mark.parametrize("owner", [Point, types, scaled], ids=["class", "module", "function"])
def test_what_the_whole_program_shares_is_not_written(owner):
    with pytest.raises(errors.UnsupportedError, match="Instead"):
        fields.write(owner, "last", 2.0, called)
    assert not hasattr(owner, "last")


# ------------------------------------------------------------------------------ constructors


@dataclasses.dataclass
class Body:
    mass: float
    speed: float = 2.0
    tags: list = dataclasses.field(default_factory=list)
    energy: float = dataclasses.field(init=False)
    scale: dataclasses.InitVar[float] = 1.0

    def __post_init__(self, scale):
        self.energy = self.mass * scale


class Made:
    def __new__(cls, v):
        made = object.__new__(cls)
        made.v = v * 2.0
        return made

    def __init__(self, v):
        self.w = self.v * v


Pair = collections.namedtuple("Pair", "first second")


def test_a_constructor_sets_fields_that_have_slots():
    p, pullback = call_by_place((0, 1), Point, 3.0, 5.0)
    assert (p.x, p.y) == (3.0, 15.0)
    bars = {}
    add_slot(bars, of_fields(p), "x", 1.0)
    add_slot(bars, of_fields(p), "y", 2.0)
    assert pullback(None, bars) == (11.0, 6.0)


def test_a_dataclass_is_filled_and_then_runs_its_own_code():
    body, pullback = call_by_place((0, 1, "scale"), Body, 3.0, 4.0, scale=5.0)
    assert (body.mass, body.speed, body.tags, body.energy) == (3.0, 4.0, [], 15.0)
    bars = {}
    add_slot(bars, of_fields(body), "mass", 1.0)
    add_slot(bars, of_fields(body), "speed", 10.0)
    add_slot(bars, of_fields(body), "energy", 100.0)
    assert pullback(None, bars) == (501.0, 10.0, 300.0)
    other, _ = call_by_place((0,), Body, 3.0)
    assert other.speed == 2.0 and other.tags is not body.tags


def test_new_runs_before_init():
    made, pullback = call_by_place((0,), Made, 3.0)
    assert (made.v, made.w) == (6.0, 18.0)
    bars = {}
    add_slot(bars, of_fields(made), "w", 1.0)
    assert pullback(None, bars) == 6.0 + 3.0 * 2.0


def test_a_named_tuple_travels():
    pair, pullback = call_by_place((0, "second"), Pair, 3.0, second=4.0)
    assert pair == Pair(3.0, 4.0)
    assert pullback((1.0, 2.0), {}) == (1.0, 2.0)
    assert pullback(None, {}) == (0.0, 0.0)


def test_a_namespace_has_slots():
    made, pullback = call_by_place(("x",), types.SimpleNamespace, x=3.0)
    bars = {}
    add_slot(bars, of_fields(made), "x", 4.0)
    assert pullback(None, bars) == 4.0
