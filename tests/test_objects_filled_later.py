"""Objects that get attributes behind their constructors: as variables, or as objects."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, raises_alike


class Bag:
    pass


class Line:
    def __init__(self, k):
        self.k = k

    def fit(self, values):
        self.slope = sum(values) * self.k
        self.offset = self.slope * 0.1
        return self

    def at(self, v):
        return self.slope * v + self.offset


def in_a_loop(x):
    bag = Bag()
    bag.values, bag.v = [], x
    for _ in range(5):
        bag.v = bag.v * 0.9 + 0.1
        bag.values.append(bag.v)
    return sum(bag.values)


def by_a_method(x):
    line = Line(x)
    line.fit([x, 1.0])
    return line.at(x) + Line(2.0).fit([x * x]).at(x)


def made_in_each_round(x):
    total = 0.0
    for i in range(4):
        bag = Bag()
        bag.v = x * i
        total += bag.v
        bag.total = total
        total += bag.total * 0.1
    return total


def by_another_name(x):
    bag = Bag()
    other = bag
    bag.v = x
    other.v += 1.0
    other.u = x * bag.v
    return bag.v * bag.u


def of_a_namespace(x):
    bag = SimpleNamespace()
    bag.v = x
    for _ in range(3):
        bag.v = bag.v * x
    return bag.v


def on_one_way_only(x):
    bag, total = Bag(), 0.0
    for i in range(4):
        if hasattr(bag, "v"):
            total += bag.v
        if i > 1:
            bag.v = x * i
    return total + getattr(bag, "w", x)


def in_an_attempt(x):
    bag = Bag()
    try:
        bag.v = x
        bag.w = math.sqrt(-1.0 - x * x)
        bag.u = 3.0
    except ValueError:
        bag.w = x * 2
    return bag.v * bag.w + hasattr(bag, "u")


def left_and_made_again(x):
    total = 0.0
    for i in range(5):
        bag = Bag()
        if i == 1:
            continue
        bag.v = x * i
        total += bag.v
    return total * bag.v


VARIABLES = [in_a_loop, by_a_method, made_in_each_round, by_another_name, of_a_namespace]
OBJECTS = [on_one_way_only, in_an_attempt, left_and_made_again]


@pytest.mark.parametrize("f", [*VARIABLES, *OBJECTS], ids=lambda f: f.__name__)
def test_attributes_that_come_later(f):
    agrees(f, 0.7)


@pytest.mark.parametrize("f", VARIABLES, ids=lambda f: f.__name__)
def test_they_are_variables_where_all_reads_come_behind(f):
    assert "rt.call" not in sd.source(f, args=(0.7,), mode="grad")


def left_before(x):
    for i in range(5):
        bag = Bag()
        if i == 3:
            break
        bag.v = x * i
    return bag.v


def read_before(x):
    bag = Bag()
    y = bag.v
    bag.v = x
    return y


@pytest.mark.parametrize("f", [left_before, read_before], ids=lambda f: f.__name__)
def test_what_is_not_there_is_not_read(f):
    raises_alike(f, 0.7)
