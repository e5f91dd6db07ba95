"""Copies of lists and dicts of the user's classes, which have attributes beside their items."""

import copy

import pytest

from tests.slopes import check_both_modes
from tests.test_classes_of_containers import Vector


class Table(dict):
    @property
    def first(self):
        return self["k"]

    @first.setter
    def first(self, value):
        self["k"] = value


def attributes(made):
    made.weight = made.first * made.first
    other = copy.copy(made)
    made.weight = 1.0
    return other.weight * other.first


def setters(made):
    other = copy.copy(made)
    other.first = other.first * 3.0
    return other.first * made.first


@pytest.mark.parametrize("f", [attributes, setters])
@pytest.mark.parametrize("make", [lambda x: Table(k=x), lambda x: Vector([x])],
                         ids=["dict", "list"])
def test_copies_keep_the_tangents_of_items_and_attributes(f, make):
    check_both_modes(lambda x: f(make(x)))
