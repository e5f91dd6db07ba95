"""Objects that have `__slots__` beside a `__dict__`, or that Python keeps in its own way."""

import threading

import pytest

from tests.slopes import check_both_modes


class Slotted:
    __slots__ = ("a",)


class Open(Slotted):
    def __init__(self, a):
        self.a = a
        self.b = a * a


class Local(threading.local):
    rate = 1.0


LOCAL = Local()


def fields_shown(x):
    held = [Open(x)]
    for one in held:
        one.a = one.a * x
    vars(held[0])["b"] = vars(held[0])["b"] * 3.0
    return held[0].a * held[0].b


def fields_shown_before(x):
    one = [Open(x)][0]
    shown = vars(one)
    one.a, one.c = one.a * x, x
    return sum(shown.values()) * one.a * shown["c"]


def fields_of_a_thread(x):
    LOCAL.rate = 3.0
    y = LOCAL.rate * x
    LOCAL.rate = 2.0
    return y * LOCAL.rate * x


@pytest.mark.parametrize("f", [fields_shown, fields_shown_before, fields_of_a_thread])
def test_attributes_in_slots_and_elsewhere_keep_their_tangents(f):
    check_both_modes(f)
