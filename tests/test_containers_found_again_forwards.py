"""A container without any number in it, which a call gives back: what is put in has a tangent."""

import operator

import pytest

import s2sdiff as sd


def in_a_list(x):
    held = [0]
    found = operator.itemgetter(0)([held])
    found[0] = x
    return held[0] * x


def that_is_empty(x):
    held = []
    found = operator.itemgetter("k")({"k": (held,)})[0]
    found.append(x)
    found.append(x * x)
    return held[0] * held[1]


def beside_itself(x):
    held = [None]
    found = operator.itemgetter(0, 0)([held])[1]
    found[0] = x
    return held[0] * x


def in_order(x):
    held = [0]
    found = sorted([held, [5]], key=lambda v: v[0])[0]
    found[0] = x
    return held[0] * x


def by_its_method(x):
    held = [0]
    operator.attrgetter("__setitem__")(held)(0, x)
    return held[0] * x


@pytest.mark.parametrize("f", [by_its_method, in_a_list, that_is_empty, beside_itself, in_order])
def test_what_is_put_into_a_container_that_a_call_gave_back_has_a_tangent(f):
    sd.check_grads(f, (1.3,))
