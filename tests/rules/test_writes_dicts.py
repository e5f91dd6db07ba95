"""Mutators of dicts, sets, deques and objects against differences and against Python's errors."""

import operator
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.writes import check_error, check_write


def two():
    return {"a": 1.0, "b": 2.0}


def ordered():
    return OrderedDict(two())


def default():
    return defaultdict(float, two())


def updated_by_itself():
    d = two()
    return d, d


DICTS = [
    *[(f, lambda k=k: (two(), k, 5.0)) for f in (dict.__setitem__, operator.setitem)
      for k in ("a", "c", 1)],
    *[(f, lambda: (two(), "a")) for f in (dict.__delitem__, operator.delitem)],
    (operator.delitem, lambda: (ordered(), "a")), (operator.setitem, lambda: (default(), "c", 3.0)),
    (OrderedDict.__setitem__, lambda: (ordered(), "c", 3.0)),
    (dict.update, lambda: (two(), {"b": 3.0, "c": 4.0})),
    (dict.update, lambda: (two(), [("b", 3.0), ("c", 4.0), ("b", 5.0)])),
    (dict.update, lambda: (two(), (["b", 3.0], ("c", 4.0)))),
    (dict.update, lambda: (two(), [["b", 3.0], ["b", 4.0]])),
    (dict.update, lambda: ((two(), {"b": 3.0}), {"b": 4.0, "d": 5.0})),
    (dict.update, lambda: ((two(),), {"b": 4.0, "d": 5.0})), (dict.update, lambda: (two(),)),
    (dict.update, lambda: (two(), ["xy", "zw"])), (dict.update, updated_by_itself),
    (OrderedDict.update, lambda: (ordered(), {"b": 3.0, "c": 4.0})),
    (dict.update, lambda: (default(), {"b": 3.0, "c": 4.0})),
    *[(f, lambda: (two(), {"b": 3.0, "c": 4.0})) for f in (dict.__ior__, operator.ior)],
    (operator.ior, lambda: (two(), [("b", 3.0), ("c", 4.0)])),
    (operator.ior, lambda: (ordered(), {"b": 3.0})),
    (dict.setdefault, lambda: (two(), "a", 5.0)), (dict.setdefault, lambda: (two(), "c", 5.0)),
    (dict.setdefault, lambda: (two(), "c")),
    (OrderedDict.setdefault, lambda: (ordered(), "c", 5.0)),
    (dict.pop, lambda: (two(), "a")), (dict.pop, lambda: (two(), "a", 5.0)),
    (dict.pop, lambda: (two(), "c", 5.0)), (dict.pop, lambda: (two(), "c", None)),
    (OrderedDict.pop, lambda: (ordered(), "a")), (OrderedDict.pop, lambda: (ordered(), "c", 2.0)),
    (dict.popitem, lambda: (two(),)),
    (OrderedDict.popitem, lambda: ((ordered(),), {"last": False})),
    *[(OrderedDict.move_to_end, lambda k=k, t=t: (ordered(), k, t))
      for k in ("a", "b") for t in (True, False)],
    (dict.clear, lambda: (two(),)), (OrderedDict.clear, lambda: (ordered(),)),
    (dict.pop, lambda: ({"a": [1.0], "b": 2.0}, "a")),
]
SETS = [
    (set.add, lambda: ({1.0, 2.0}, 3.0)), (set.add, lambda: ({1, 2.0}, 1)),
    (set.discard, lambda: ({1, 2.0}, 1)), (set.discard, lambda: ({1, 2.0}, 9)),
    (set.remove, lambda: ({1, 2.0}, 1)), (set.pop, lambda: ({2.0},)),
    (set.clear, lambda: ({1.0, 2.0},)),
    (set.update, lambda: ({1.0, 2.0}, [3.0, 4.0], (5.0,), {6.0, 7.0}, np.array([8.0, 9.0]))),
    (set.update, lambda: ({1.0},)), (set.update, lambda: ({1, 2.0}, [1, 3.0, 1])),
    *[(f, lambda: ({1.0, 2.0}, {3.0, 4.0})) for f in (set.__ior__, operator.ior)],
    *[(f, lambda: ({1, 2.0}, {1, 4.0})) for f in (operator.iand, operator.ixor, operator.isub)],
    (set.symmetric_difference_update, lambda: ({1, 2.0}, [1, 3.0])),
    (set.difference_update, lambda: ({1, 2.0}, [1], {7})),
    (set.intersection_update, lambda: ({1, 2.0}, [1, 7])),
]


def row(*items, maxlen=None):
    return deque(items or (1.0, 2.0, 3.0), maxlen)


DEQUES = [
    *[(f, lambda m=m: (row(maxlen=m), 5.0)) for f in (deque.append, deque.appendleft)
      for m in (None, 3, 7)],
    (deque.append, lambda: (deque((), 0), 5.0)), (deque.appendleft, lambda: (deque((), 0), 5.0)),
    (deque.appendleft, lambda: (deque(), 5.0)),
    *[(f, lambda m=m, v=v: (row(maxlen=m), list(v))) for f in (
        deque.extend, deque.extendleft, deque.__iadd__, operator.iadd)
      for m in (None, 3, 4) for v in ((), (5.0, 6.0), (5.0, 6.0, 7.0, 8.0))],
    (deque.pop, lambda: (row(),)), (deque.popleft, lambda: (row(),)),
    *[(deque.rotate, lambda n=n: (row(), n)) for n in (0, 1, -1, 2, 7)],
    (deque.rotate, lambda: (row(),)), (deque.rotate, lambda: (deque(), 2)),
    (deque.reverse, lambda: (row(),)), (deque.clear, lambda: (row(),)),
    *[(deque.insert, lambda i=i: (row(), i, 5.0)) for i in (0, 1, 3, 9, -1, -9)],
    (deque.remove, lambda: (row(1, 2.0, 3.0), 1)),
    *[(f, lambda i=i: (row(), i, 5.0)) for f in (deque.__setitem__, operator.setitem)
      for i in (0, 2, -1)],
    *[(f, lambda i=i: (row(), i)) for f in (deque.__delitem__, operator.delitem)
      for i in (0, 2, -2)],
    *[(operator.imul, lambda n=n, m=m: (row(maxlen=m), n)) for n in (0, 1, 2) for m in (None, 4)],
]


class Point:
    def __init__(self):
        self.x, self.y = 1.0, 2.0


class Slotted:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 1.0


OBJECTS = [
    *[(f, lambda n=n: (Point(), n, 5.0)) for f in (setattr, object.__setattr__)
      for n in ("x", "z")],
    *[(f, lambda: (Point(), "x")) for f in (delattr, object.__delattr__)],
]
CASES = DICTS + SETS + DEQUES + OBJECTS


@pytest.mark.parametrize("case", range(len(CASES)), ids=lambda i: f"{CASES[i][0].__name__}-{i}")
def test_what_changes_a_container_agrees_with_differences(case):
    check_write(*CASES[case])


@pytest.mark.parametrize(("target", "make"), [
    (dict.__delitem__, lambda: (two(), "c")), (dict.pop, lambda: (two(), "c")),
    (dict.popitem, lambda: ({},)), (dict.__setitem__, lambda: (two(), [], 1.0)),
    (dict.update, lambda: (two(), 1.0)), (dict.update, lambda: (two(), [1.0])),
    (dict.update, lambda: (two(), [("c", 1.0, 2.0)])), (operator.ior, lambda: (two(), 1.0)),
    (dict.setdefault, lambda: (two(), [], 1.0)), (OrderedDict.pop, lambda: (ordered(), "c")),
    (set.remove, lambda: ({1.0}, 2.0)), (set.add, lambda: ({1.0}, [])), (set.pop, lambda: (set(),)),
    (set.update, lambda: ({1.0}, 2.0)), (operator.ior, lambda: ({1.0}, [2.0])),
    (operator.isub, lambda: ({1.0}, 2.0)),
    (deque.pop, lambda: (deque(),)), (deque.popleft, lambda: (deque(),)),
    (deque.remove, lambda: (row(), 9.0)), (deque.__setitem__, lambda: (row(), 3, 1.0)),
    (deque.insert, lambda: (row(maxlen=3), 0, 1.0)), (deque.__delitem__, lambda: (row(), 5)),
    (operator.setitem, lambda: (row(), slice(0, 1), [1.0])), (deque.extend, lambda: (row(), 1.0)),
    (delattr, lambda: (Point(), "z")),
    (setattr, lambda: (1.0, "y", 1.0)),
])
def test_what_python_refuses_fails_with_its_error_and_changes_nothing(target, make):
    check_error(target, make)


def rule(target):
    return registry.find(target).function


def test_an_equal_element_that_comes_later_receives_nothing():
    _, pullback = rule(set.update)(s := {1.0}, [2.0, 1.0, 2.0])
    assert pullback(None, slots := {1.0: 5.0, 2.0: 7.0}) == (None, ([7.0, None, None],))
    assert slots == {1.0: 5.0} and s == {1.0, 2.0}
    _, pullback = rule(set.add)({2.0}, 2.0)
    assert pullback(None, {2.0: 1.0}) == (None, None)


def test_an_intersection_that_takes_the_other_sets_elements_is_refused():
    with pytest.raises(UnsupportedError, match="Instead, "):
        rule(set.intersection_update)({1.0, 2.0, 3.0}, {1})


def test_a_slot_of_a_class_with_slots_is_written():
    _, pullback = rule(setattr)(o := Slotted(), "x", 3.0)
    assert o.x == 3.0 and pullback(None, slots := {"x": 2.0}) == (None, None, 2.0) and not slots


class Guarded:
    def __init__(self):
        self.__dict__["x"] = 1.0

    def __setattr__(self, name, value):
        self.__dict__[name] = 2.0 * value

    @property
    def double(self):
        return 2.0 * self.x

    @double.setter
    def double(self, value):
        self.__dict__["x"] = value / 2.0


@dataclass
class Halved:
    x: float = 1.0

    double = Guarded.double


def test_attributes_whose_setting_runs_code_are_refused():
    for target, owner, name in ((setattr, Guarded(), "x"), (setattr, Halved(), "double"),
                                (object.__setattr__, Halved(), "double"),
                                (delattr, Halved(), "double")):
        args = (owner, name) if target is delattr else (owner, name, 3.0)
        with pytest.raises(UnsupportedError, match="Instead, "):
            rule(target)(*args)
        assert owner.x == 1.0


def test_numbers_and_tuples_are_updated_by_the_plain_operator():
    value, pullback = rule(operator.imul)(3.0, 4.0)
    assert value == 12.0 and pullback(2.0, None) == (8.0, 6.0)
    value, pullback = rule(operator.iadd)((1.0,), (2.0, 3.0))
    assert value == (1.0, 2.0, 3.0) and pullback((5.0, 6.0, 7.0), None) == ((5.0,), (6.0, 7.0))
