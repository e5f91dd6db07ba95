"""Classes of users below tuple: cotangents of tuples lie nowhere, and travel with them."""

from math import log
from typing import NamedTuple

import pytest

import s2sdiff as sd
from tests.slopes import check


class Law(NamedTuple):
    factor: float
    power: float

    def __call__(self, t):
        return self.factor * t ** self.power

    def slope(self, t):
        return self.power * self.factor * t

    @property
    def size(self):
        return self.factor * self.power

    def __float__(self):
        return self.factor * self.power


class Pair(tuple):
    def __call__(self, t):
        return self[0] * t + self[1] ** 2


def called(function, t):
    return function(t)


class Brackets(Law):
    def __getitem__(self, index):
        return 2.0 * super().__getitem__(index)


def test_a_field_is_read_beside_brackets_that_mean_something_else():
    check(lambda x: Brackets(x, x * x).factor * Brackets(x, x * x)[1] + x)
    sd.check_grads(lambda x, y: Brackets(x, y).factor * Brackets(x, y).power, (0.7, 1.3))


def test_methods_of_a_tuple_are_values_that_hold_it():
    def drawn(x):
        item, law = (x, x * x).__getitem__, Law(x, x * x).__getitem__
        return sum(map(item, [0, 1, 1])) * law(1)

    check(drawn)
    sd.check_grads(lambda x: Law(x, x * x).__getitem__(1) * x, (0.7,))


def test_a_tuple_that_is_called_is_the_owner_of_its_method():
    for call in (lambda x, y: Law(x, y).__call__(1.7), lambda x, y: Law(x, y)(y),
                 lambda x, y: called(Law(x, y), x) * x, lambda x, y: next(map(Law(x, y), [y])),
                 lambda x, y: Pair((x, y))(x) * Pair((y, x))(1.7)):
        sd.check_grads(call, (0.7, 1.3))
    law, gradient = Law(0.7, 1.3), sd.grad(lambda law, y: law(y) * law(1.7))(Law(0.7, 1.3), 1.1)
    assert gradient == pytest.approx((2 * 0.7 * 1.87 ** 1.3, 0.7 ** 2 * 1.87 ** 1.3 * log(1.87)))
    assert sd.jvp(lambda law: law(1.1), (law,), ((1.0, 0.0),))[1] == pytest.approx(1.1 ** 1.3)


def test_a_tuple_that_only_the_run_calls_is_refused():
    def f(x, y):
        return sum([f(1.7) for f in {"law": Law(x, y), "one": abs}.values()])

    with pytest.raises(sd.UnsupportedError, match=r"Law is called.*Instead, name the method"):
        sd.grad(f)(0.7, 1.3)
    with pytest.raises(sd.UnsupportedError, match=r"Law is called.*Instead, name the method"):
        sd.jvp(f, (0.7, 1.3), (1.0, 0.0))


class Steep(Law):
    def value(self, t):
        parent = super()
        return parent.__call__(t) + self.factor * sum([parent.slope(k * t) for k in (1, 2)])

    def slope(self, t):
        return super().slope(t) * super(Steep, self).__getitem__(1)

    @property
    def size(self):
        method = super().slope
        return super().size * method(2.0)


def test_super_of_a_tuple_hands_on_what_its_methods_give():
    for f in (lambda x: Steep(x, x * x).value(1.7), lambda x: Steep(x, x * x).slope(x),
              lambda x: Steep(x, x * x).size):
        check(f)
        sd.check_grads(f, (0.7,))


class Area(tuple):
    def __new__(cls, x, y):
        return super().__new__(cls, (x, y * x))

    def __add__(self, other):
        return Area(self[0] + other[0], self[1])


class Weighed(Area):
    def __init__(self, x, y):
        self.weight = self[1] * y


def test_a_tuple_that_is_made_by_new_has_the_cotangents_of_its_items():
    check(lambda x: Area(x, x * x)[1] * Area(x, x)[0])
    check(lambda x: (Area(x, x) + Area(x * x, x))[1])
    check(lambda x: Weighed(x, x * x).weight * Weighed(x, x)[1])


class Walked(Law):
    def __iter__(self):
        return iter((2.0 * self.factor, self.power))


def test_a_tuple_that_is_walked_over_in_its_own_way_is_followed_or_refused():
    def product(first, second):
        return first * second

    for f in (lambda x: product(*Walked(x, x * x)),
              lambda x: sum([v * v for v in Walked(x, x * x)]),
              lambda x: sum([a * b for a, b in zip(Walked(x, x * x), [2.0, 3.0])])):
        assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx((f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6)
        with pytest.raises(sd.UnsupportedError, match="a tuple that says itself what walking"):
            sd.grad(f)(0.7)


def test_a_number_is_made_of_a_tuple_by_the_method_of_its_class():
    check(lambda x: float(Law(x, x * x)) * x)
    with pytest.raises(sd.UnsupportedError, match="make a float of it first"):
        sd.grad(lambda x: complex(Law(x, x * x)).real)(0.7)
