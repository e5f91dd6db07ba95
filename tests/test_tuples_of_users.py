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


class Twice(tuple):
    def __getitem__(self, index):
        return 2.0 * super().__getitem__(index)


class Sized(tuple):
    def __new__(cls, first, second, unit="m"):
        made = super().__new__(cls, (first, second))
        made.unit = unit
        return made

    def area(self):
        return self[0] * self[1]


def classes_of(f, x, along):
    """The classes of what the operators give for a real function of a tuple, or in place of one."""
    return {
        type(sd.grad(f)(x)), type(sd.value_and_grad(f)(x)[1]), type(sd.vjp(f, x)[1](1.0)),
        type(sd.hvp(f, (x,), (along,))), type(sd.zero_tangent(x)), type(sd.move(x, along=along)),
        type(sd.jvp(lambda x: x, (x,), (along,))[1]), type(sd.linearize(lambda x: x, x)[1](along)),
        type(sd.vjp(lambda x: x, x)[1](along)), type(sd.grad(lambda d: f(d["x"]))({"x": x})["x"])}


@pytest.mark.parametrize(("x", "along"), [
    (Pair((0.7, 1.3)), Pair((1.0, 2.0))), (Sized(0.7, 1.3), Sized(1.0, 2.0)),
    (Twice((0.7, 1.3)), Twice((1.0, 2.0))), (Law(0.7, 1.3), Law(1.0, 2.0)),
    (Brackets(0.7, 1.3), Brackets(1.0, 2.0))])
def test_operators_give_tuples_of_the_values_own_class(x, along):
    assert classes_of(lambda x: x[0] * x[1] ** 2, x, along) == {type(x)}


def test_what_a_tuple_has_beside_its_items_is_none_in_tangents_and_kept_where_it_is_moved():
    gradient = sd.grad(lambda x: x.area())(Sized(2.0, 3.0, unit="mm"))
    assert (tuple(gradient), gradient.unit) == ((3.0, 2.0), None)
    moved = sd.move(Sized(2.0, 3.0, unit="mm"), along=gradient)
    assert (tuple(moved), moved.unit) == ((5.0, 5.0), "mm")
    assert vars(sd.zero_tangent(moved)) == {"unit": None}


def test_tangents_of_tuples_whose_brackets_mean_something_else_are_what_they_hold():
    for x, along in ((Twice((2.0, 3.0)), Twice((1.0, 0.0))),
                     (Brackets(2.0, 3.0), Brackets(1.0, 0.0))):
        f = lambda x: x[0] * x[1]
        assert sd.jvp(f, (x,), (along,)) == (24.0, 12.0)
        assert tuple(sd.hvp(f, (x,), (along,))) == (0.0, 4.0)
        assert tuple(sd.grad(f)(x)) == (12.0, 8.0)
        sd.check_grads(f, (x,), order=2)
    assert sd.jvp(lambda x: x.factor * x.power, (Brackets(2.0, 3.0),),
                  (Brackets(1.0, 0.0),)) == (6.0, 3.0)


def test_tuples_are_made_by_new_and_initialised_in_both_modes():
    for f in (lambda x: Area(x, x * x)[1] * Area(x, x)[0],
              lambda x: Weighed(x, x * x)[1], lambda x: Sized(x, x * x).area(),
              lambda x: Sized(x, x * x, unit="mm"), lambda x: Twice((x, x * x))[1] * x,
              lambda x: [Twice([x, 1.0]), Pair((Pair((x, 2.0)), x * x))]):
        sd.check_grads(f, (0.7,))
