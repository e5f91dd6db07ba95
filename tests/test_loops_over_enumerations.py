"""Loops over the members of an enumeration, which a name from outside means."""

import enum

import pytest

from tests.slopes import check_both_modes


class Weight(enum.Enum):
    LIGHT = 1.5
    HEAVY = 2.5


class Holder:
    def __init__(self):
        self.v = 1.0


class Scheme(enum.Enum):
    EULER = Holder()
    HEUN = Holder()

    def __call__(self, x):
        return x * self.value.v


PAIR = (Holder(), Holder())


def values(x):
    total = 0.0
    for w in Weight:
        total += x * x * w.value
    return total


def called(x):
    for i, s in enumerate(Scheme):
        x = s(x) * x + i
    return x


def written(x):
    Scheme.EULER.value.v = x
    PAIR[0].v = x * x
    total = 0.0
    for s in Scheme:
        total += s(x)
    for p in PAIR:
        total += p.v * x
    return total


def by_name(x):
    return {s.name: s(x) * x for s in Scheme}["HEUN"] + sum(w.value * x for w in Weight)


@pytest.mark.parametrize("f", (values, called, written, by_name))
def test_a_loop_over_an_enumeration_has_its_derivative_in_both_modes(f):
    check_both_modes(f)
