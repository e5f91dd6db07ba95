"""Copies of lists and dicts of the user's classes, which have attributes beside their items."""

import copy

import pytest

import s2sdiff as sd


class Table(dict):
    @property
    def first(self):
        return self["k"]

    @first.setter
    def first(self, value):
        self["k"] = value


class Row(list):
    @property
    def first(self):
        return self[0]

    @first.setter
    def first(self, value):
        self[0] = value


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
@pytest.mark.parametrize("make", [lambda x: Table(k=x), lambda x: Row([x])], ids=["dict", "list"])
def test_copies_keep_the_tangents_of_items_and_attributes(f, make):
    def g(x):
        return f(make(x))

    x, h = 0.7, 1e-6
    slope = (g(x + h) - g(x - h)) / (2 * h)
    value, pullback = sd.vjp(g, x)
    assert value == g(x)
    assert pullback(1.0) == pytest.approx(slope, rel=1e-6)
    assert pullback(1.0) == pytest.approx(slope, rel=1e-6)
    assert sd.jvp(g, (x,), (1.0,)) == (value, pytest.approx(slope, rel=1e-6))
