"""What is written into arrays of numbers: objects, sequences and texts that NumPy reads itself."""

import collections
import operator

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import right_or_refused


class Reading:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return float(self.value)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.value, dtype=float)


class Rows(collections.UserList):
    pass


class Indexed:
    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __getitem__(self, i):
        return self.values[i]


class Giving:
    __array_priority__ = 9.0

    def __init__(self, value):
        self.value = value

    def __radd__(self, other):
        return other + self.value


def elements(x):
    found = np.empty(2, object)
    found[0], found[1] = x, 3.0
    return found


def put_first(a, value):
    a[0] = value


def added(a, value):
    a[:] += value


MAKERS = [Reading, lambda x: Rows([x]), lambda x: Indexed([x]), lambda x: collections.deque([x]),
          lambda x: [Reading(x)], lambda x: elements(x)[:1], str, lambda x: [str(x)]]
WRITES = [
    put_first, added, lambda a, v: operator.setitem(a, 0, v), lambda a, v: a.fill(v),
    lambda a, v: a.put([0], v), lambda a, v: np.put(a, [0], v),
    lambda a, v: np.putmask(a, [True, False], v), lambda a, v: np.place(a, [True, False], v),
    lambda a, v: np.copyto(a, v), lambda a, v: a.__setitem__(slice(1), v),
    lambda a, v: np.add.at(a, [0], v), lambda a, v: operator.setitem(a.flat, 0, v)]


def runs(write, make):
    try:
        write(np.zeros(2), make(0.61))
    except (TypeError, ValueError):
        return False
    return True


@pytest.mark.parametrize("write, make", [
    pytest.param(w, m, id=f"{i}-{j}") for i, w in enumerate(WRITES) for j, m in enumerate(MAKERS)
    if runs(w, m)])
def test_what_an_array_asks_for_its_numbers_is_right_or_refused(write, make):
    def f(x):
        a = np.zeros(2)
        write(a, make(x * x))
        return a[0] * x

    right_or_refused(f)
    try:
        tangent = sd.jvp(f, (0.61,), (1.0,))[1]
    except sd.UnsupportedError:
        return
    assert tangent == pytest.approx(3 * 0.61 ** 2)


def test_an_object_that_makes_a_new_array_is_no_update_in_place():
    def f(x):
        a = np.ones(2) * x
        a[:] += Giving(x * x)
        return np.sum(a * a)

    right_or_refused(f)


def test_constant_objects_are_written_as_before():
    def f(x, rows):
        a = np.ones(2) * x
        a[:1] = rows
        return np.sum(a * a) * x

    for rows in (Rows([2.0]), collections.deque([2.0]), Indexed([2.0]), memoryview(np.ones(1))):
        sd.check_grads(lambda x, rows=rows: f(x, rows), (0.61,))


def test_texts_beside_arrays_that_are_no_numbers_go_where_they_went():
    def f(x):
        notes, entries = {}, [0, 1]
        put_first(notes, f"{x}")
        put_first(entries, f"{x}")
        a = np.zeros(2)
        a.fill(x)
        return a[0] * x * len(notes) * len(entries)

    sd.check_grads(f, (0.61,))


@pytest.mark.parametrize("use", [
    lambda e: operator.mul(*e), lambda e: pair(e), lambda e: e[0] * e[1]])
def test_arrays_of_objects_from_a_helper_are_right_or_refused(use):
    right_or_refused(lambda x: use(elements(x * x)))


def pair(items):
    first, second = items
    return first * first * second


@pytest.mark.parametrize("make", [lambda x: Rows([x, 3.0]), lambda x: Indexed([x, 3.0])])
def test_lists_that_draw_from_objects_are_right_or_refused(make):
    def sliced(x):
        items = [1.0, 2.0]
        items[:1] = make(x * x)
        return items[0] * items[1]

    def extended(x):
        items = [1.0]
        items.extend(make(x * x))
        return items[1] * items[2]

    for f in (sliced, extended):
        right_or_refused(f)
        try:
            assert sd.jvp(f, (0.61,), (1.0,))[1] == pytest.approx(6 * 0.61)
        except sd.UnsupportedError:
            pass
