"""Classes and slices that are made where a derivative is taken: constants, or refused."""

import dataclasses
import typing
from collections import namedtuple

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.9, 0.7, 1.3])
MAKERS = [type, slice, namedtuple]


def weight(values):
    values[0] = 2.0 * values[0]


def by_namedtuple(x):
    State = namedtuple("State", "q v", defaults=[2.0])
    s = State(x[0], x[1])
    for _ in range(3):
        s = s._replace(q=s.q + 0.1 * s.v, v=s.v - x[2] * np.sin(s.q))
    return s.q * s.v + State(x[0]).v * s[0]


def by_class_of_types(x):
    Pair = typing.NamedTuple("Pair", [("a", float), ("b", float)])
    pairs = [Pair(v, v * v) for v in x]
    a, b = pairs[1]
    return sum(p.a * p.b for p in pairs) * a + b


def by_subclass(x):
    class Product(namedtuple("Product", "a b")):
        def value(self):
            return self.a * self.b

    return Product(x[0], x[1]).value() * x[2]


def by_dataclass(x):
    @dataclasses.dataclass
    class Body:
        mass: float
        weight: list = dataclasses.field(default_factory=list)

    bodies = [Body(v) for v in x]
    for body in bodies:
        body.weight.append(body.mass**2)
    return bodies[0].weight[0] * bodies[1].weight[0] + bodies[2].mass


@pytest.mark.parametrize("f", [by_namedtuple, by_class_of_types, by_subclass, by_dataclass])
def test_a_class_that_is_made_inside_holds_what_varies(f):
    steps = 1e-6 * np.eye(3)
    expected = np.array([(f(X + h) - f(X - h)) / 2e-6 for h in steps])
    value, pullback = sd.vjp(f, X)
    assert value == f(X)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-7)
    np.testing.assert_allclose(sd.jvp(f, (X,), (X,))[1], expected @ X, rtol=1e-7)


def made_unseen(x):
    made = MAKERS[0]("Made", (), {"v": x[0]})
    return made.v * x[1]


def cut_unseen(x):
    made = MAKERS[1](x[0], 1)
    return made.start * x[1]


def named_unseen(x):
    made = MAKERS[2]("Made", "a", defaults=[x[0]])
    return made().a * x[1]


def named(x):
    made = namedtuple("Made", "a", defaults=[x[0]])
    return made().a * x[1]


@pytest.mark.parametrize("f", [made_unseen, cut_unseen, named_unseen, named])
def test_what_would_keep_an_active_value_in_a_class_or_slice_is_refused(f):
    for derivative in (lambda: sd.grad(f)(X), lambda: sd.jvp(f, (X,), (X,))):
        with pytest.raises(sd.UnsupportedError, match="of an active value has no derivative"):
            derivative()


class Configured:
    factor = 1.0

    def __init_subclass__(cls, factor=1.0):
        cls.factor = factor

    def __class_getitem__(cls, factor):
        return type("Made", (cls,), {"factor": factor})

    def scaled(self, x):
        return x * self.factor


class Configuring(type):
    def __new__(cls, name, bases, body, factor=1.0):
        return super().__new__(cls, name, bases, body)

    def __init__(cls, name, bases, body, factor=1.0):
        super().__init__(name, bases, body)
        cls.factor = factor


def by_a_keyword(x):
    class Own(Configured, factor=x[0]):
        pass

    return Own().scaled(x[0])


def by_a_keyword_of_a_metaclass(x):
    class Own(metaclass=Configuring, factor=x[0]):
        pass

    return Own.factor * x[0]


def by_an_index(x):
    return Configured[x[0]]().scaled(x[0])


@pytest.mark.parametrize("f", [by_a_keyword, by_a_keyword_of_a_metaclass, by_an_index])
@pytest.mark.parametrize("way", [sd.vjp, lambda f, x: sd.jvp(f, (x,), (x,))])
def test_nothing_active_is_handed_to_what_makes_a_class(f, way):
    with pytest.raises(sd.UnsupportedError, match="handed to what makes a class. Instead, "):
        way(f, X)


def test_a_class_may_be_made_with_constants():
    def f(x):
        class Own(Configured, factor=3.0):
            pass

        return Own().scaled(x)

    assert sd.grad(f)(2.0) == 3.0
