"""Shadows of containers and objects: what is put in is taken out again, from its place."""

import collections
import functools
import types

import numpy as np
import pytest

from s2sdiff.runtime import shadow_slots
from s2sdiff.runtime.contents import items_of, parts
from s2sdiff.runtime.shadow_slots import Parts, slot, slots
from s2sdiff.runtime.whole_values import deposit, give, withdraw


class Point:
    """An object with two fields."""

    def __init__(self, x, y):
        self.x, self.y = x, y


class Slotted:
    """An object without a dict."""

    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


Pair = collections.namedtuple("Pair", "first second")


def test_numbers_and_tuples_have_no_place():
    bars = {}
    assert deposit(bars, 2.0, 3.0) == 3.0
    assert deposit(bars, (1.0, 2.0), (3.0, None)) == (3.0, None)
    assert deposit(bars, (1.0, 2.0), (None, None)) is None
    assert deposit(bars, 1.0, None) is None
    assert give(bars, 2.0, 1.0, 3.0) == 4.0
    assert bars == {}


STRUCTURES = {
    "a list": (lambda a: [1.0, a], [3.0, np.array([1.0, 2.0])]),
    "nested": (lambda a: {"w": [a, (2.0, a.sum())]}, {"w": [np.array([1.0, 2.0]), (4.0, 5.0)]}),
    "a tuple": (lambda a: (1.0, a), (3.0, np.array([1.0, 2.0]))),
    "a named tuple": (lambda a: Pair(1.0, a), (3.0, np.array([1.0, 2.0]))),
    "a deque": (lambda a: collections.deque([1.0, a]), [3.0, np.array([1.0, 2.0])]),
    "an object": (lambda a: Point(1.0, a), {"x": 3.0, "y": np.array([1.0, 2.0])}),
    "an object with slots": (lambda a: Slotted(1.0, a), {"x": 3.0, "y": np.array([1.0, 2.0])}),
    "a namespace": (lambda a: types.SimpleNamespace(x=1.0, y=a),
                    {"x": 3.0, "y": np.array([1.0, 2.0])}),
    "a cell": (lambda a: types.CellType(a), {"cell_contents": np.array([1.0, 2.0])}),
    "a partial": (lambda a: functools.partial(max, 1.0, key=a),
                  {0: 3.0, "key": np.array([1.0, 2.0])}),
}


def flat(x):
    """All numbers of a cotangent, in its order."""
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, (list, tuple)):
        return [n for item in x for n in flat(item)]
    return [] if x is None else np.ravel(x).tolist()


@pytest.mark.parametrize("name", STRUCTURES)
def test_what_is_put_into_a_structure_is_taken_out_of_it(name):
    make, g = STRUCTURES[name]
    x = make(np.array([5.0, 6.0]))
    bars = {}
    rest = deposit(bars, x, g)
    assert flat(withdraw(bars, x, rest)) == flat(g)
    assert all(not found for _, found in bars.values() if isinstance(found, dict))
    twice = give(bars, x, deposit(bars, x, g), g)
    assert flat(withdraw(bars, x, twice)) == [2.0 * n for n in flat(g)]


@pytest.mark.parametrize("name", STRUCTURES)
def test_parts_stand_for_what_was_there_before(name):
    make, g = STRUCTURES[name]
    x = make(np.array([5.0, 6.0]))
    before = parts(x)
    bars = {}
    rest = deposit(bars, before, g)
    assert flat(withdraw(bars, parts(x), rest)) == flat(g)
    if isinstance(x, list):
        x.clear()
        assert len(before.items) == 2
        rest = deposit(bars, before, g)
        assert flat(withdraw(bars, before, rest)) == flat(g)


def test_an_array_in_two_places_has_one_cotangent():
    a = np.array([5.0, 6.0])
    bars = {}
    deposit(bars, [a, a[:1]], [np.array([1.0, 2.0]), np.array([10.0])])
    np.testing.assert_array_equal(withdraw(bars, a), [11.0, 2.0])


def test_a_list_that_contains_itself_is_walked_over_once():
    x = [1.0]
    x.append(x)
    assert isinstance(parts(x), Parts)
    bars = {}
    slots(bars, x)[0] = 4.0
    assert withdraw(bars, x) == [4.0, None]


def test_a_slot_is_taken_out_once():
    x = [1.0, 2.0]
    bars = {}
    shadow_slots.add_slot(bars, x, 1, 3.0)
    shadow_slots.add_slot(bars, x, 1, 4.0)
    shadow_slots.add_slot(bars, x, 0, None)
    assert slot(bars, x, 1) == 7.0
    assert slot(bars, x, 1) is None and slot(bars, x, 0) is None
    assert slot(bars, [1.0, 2.0], 1) is None


def test_places_are_kept_alive_by_the_table():
    bars = {}
    for k in range(100):
        shadow_slots.add_slot(bars, [float(k)], 0, 1.0)
        deposit(bars, np.array([float(k)]), np.ones(1))
    assert len(bars) == 200


def test_what_is_inside_of_what():
    def captured():
        x = 2.0
        return lambda: x

    assert items_of(Slotted(1.0, 2.0)) == [("x", 1.0), ("y", 2.0)]
    assert items_of(Point(1.0, 2.0).__init__)[0][0] == "__self__"
    assert [c.cell_contents for _, c in items_of(captured())] == [2.0]
    assert items_of(types.CellType()) == []
    assert items_of(len) is None and items_of(np) is None and items_of(range(3)) is None
