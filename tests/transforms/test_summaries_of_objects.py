"""What a call may write in objects and containers: never less than what it does."""

import numpy as np
import pytest

from tests.transforms.programs import agrees
from tests.transforms.sharing import Box, changed, covers, summary

KEPT = []


# --------------------------------------------------------------------------------- objects


def sets_a_field(box, v):
    box.w = v


def adds_to_a_field(box, v):
    box.w += v


def writes_an_array_in_a_field(box, v):
    box.w[0] = 10.0


def calls_a_method(box, v):
    box.scale(2.0)


def writes_what_a_method_gives(box, v):
    box.field()[0] = 5.0


def writes_what_a_property_gives(box, v):
    box.part[0] = 5.0


def keeps_and_writes(box, v):
    box.w = v
    box.w[0] = 3.0


def writes_by_another_name(box, v):
    other = box
    other.w = 2.0


def sets_by_name(box, v):
    setattr(box, "w", v)


def deletes_a_field(box, v):
    del box.w


def makes_its_own(box, v):
    made = Box(v)
    made.w = 1.0
    return made


def writes_through_its_own(box, v):
    made = Box(v)
    made.w[0] = 1.0


def writes_what_it_holds_in_a_list(box, v):
    holders = [box]
    for holder in holders:
        holder.w = v * 2.0


def puts_into_a_list(box, v):
    KEPT[:] = [box.w]
    KEPT[0][0] = 5.0
    KEPT.clear()


OF_OBJECTS = [sets_a_field, adds_to_a_field, writes_an_array_in_a_field, calls_a_method,
              writes_what_a_method_gives, writes_what_a_property_gives, keeps_and_writes,
              writes_by_another_name, sets_by_name, deletes_a_field, makes_its_own,
              writes_through_its_own, writes_what_it_holds_in_a_list, puts_into_a_list]


@pytest.mark.parametrize("f", OF_OBJECTS, ids=lambda f: f.__name__)
def test_what_a_call_changes_in_objects_is_among_what_it_may_write(f):
    done = changed(f, {"box": Box(np.array([1.0, 2.0, 3.0])), "v": np.array([0.5, 2.5, 1.5])})
    assert covers(summary(f), done), (summary(f), done)
    assert (done == set()) is (f is makes_its_own)


# ------------------------------------------------------------------------------ containers


def appends(items, table):
    items.append(1.0)


def sets_a_key(items, table):
    table["n"] = 2.0


def changes_an_item(items, table):
    items[0][0] = 4.0


def changes_a_value(items, table):
    for value in table.values():
        value += 1.0


def moves_an_item(items, table):
    table["moved"] = items.pop()


def changes_what_it_moved(items, table):
    table["moved"] = items[0]
    table["moved"][0] = 9.0


def sorts(items, table):
    items.sort(key=len)


def extends_itself(items, table):
    items += [1.0]


def changes_its_copy(items, table):
    mine = list(items)
    mine.append(1.0)


def changes_an_item_of_its_copy(items, table):
    mine = list(items)
    mine[0][0] = 5.0


def changes_an_item_of_a_slice(items, table):
    items[:1][0][1] = 5.0


def changes_an_item_of_a_comprehension(items, table):
    [item for item in items][0][1] = 5.0


def binds_a_method(items, table):
    put = items.append
    put(2.0)


def updates_by_another(items, table):
    table.update(w=items[0])
    items[0][0] = 0.25


OF_CONTAINERS = [appends, sets_a_key, changes_an_item, changes_a_value, moves_an_item,
                 changes_what_it_moved, sorts, extends_itself, changes_its_copy,
                 changes_an_item_of_its_copy, changes_an_item_of_a_slice,
                 changes_an_item_of_a_comprehension, binds_a_method, updates_by_another]


@pytest.mark.parametrize("f", OF_CONTAINERS, ids=lambda f: f.__name__)
def test_what_a_call_changes_in_containers_is_among_what_it_may_write(f):
    done = changed(f, {"items": [np.array([1.0, 2.0]), np.array([3.0])],
                       "table": {"w": np.array([0.5])}})
    assert covers(summary(f), done), (summary(f), done)
    assert (done == set()) is (f is changes_its_copy)


def total(x):
    """The sum of all numbers in a value."""
    if isinstance(x, (list, tuple)):
        return sum([total(item) for item in x])
    if isinstance(x, dict):
        return sum([total(item) for item in x.values()])
    return np.sum(x)


@pytest.mark.parametrize("f", OF_OBJECTS[:-1], ids=lambda f: f.__name__)
def test_what_a_callee_writes_in_objects_is_differentiated_in_its_caller(f):
    def caller(a, v):
        a, v = a * 1.0, v * 2.0
        box = Box(a)
        f(box, v)
        w = getattr(box, "w", 1.0)
        return np.sum(w * w) + np.sum(a * v * v)

    agrees(caller, np.array([1.0, 2.0, 3.0]), np.array([0.5, 2.5, 1.5]))


@pytest.mark.parametrize("f", OF_CONTAINERS, ids=lambda f: f.__name__)
def test_what_a_callee_writes_in_containers_is_differentiated_in_its_caller(f):
    def caller(a):
        first, last = a[:2] * 2.0, a[2:] * 3.0
        items, table = [first, last], {"w": a * a}
        f(items, table)
        return total(items) * total(table) + np.sum(first) * np.sum(a)

    agrees(caller, np.array([1.0, 2.0, 3.0]))
