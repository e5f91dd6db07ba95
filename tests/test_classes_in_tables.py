"""Class statements of the many ways that write nothing but tables of classes: they are made."""

import dataclasses
import enum
from abc import ABC
from typing import NamedTuple

import pytest

import s2sdiff as sd
from tests.test_class_statements import slope

TABLE: dict = {}
ORDER: list = []


class Registered:
    """A base that keeps a table of the classes below it."""

    made = 0

    def __init_subclass__(cls, key=None, **others):
        super().__init_subclass__(**others)
        TABLE[key or cls.__name__] = cls
        ORDER.append((cls.__name__, cls))
        cls.made = 0


class Registering(type):
    def __new__(mcs, name, bases, space):
        cls = super().__new__(mcs, name, bases, space)
        ORDER.append(cls)
        TABLE.setdefault(name, cls)
        return cls


class Positive:
    """A descriptor as there are many."""

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, owner, cls=None):
        return getattr(owner, self.name)

    def __set__(self, owner, value):
        setattr(owner, self.name, value)


SCALE = 2.0


def shapes(x):
    class Square(Registered, key="square"):
        def area(self, side):
            return side * side

    class Kept(metaclass=Registering):
        factor: float = SCALE
        count = 0
        count += 1

    class Pair(NamedTuple):
        a: float

    class Unit(enum.Enum):
        METRE = 1.0

    @dataclasses.dataclass
    class Data(ABC):
        a: float
        side = Positive()

        def __post_init__(self):
            self.side = self.a * 3

        def append(self):
            return self.side

    return Square().area(x) * Pair(x).a * Data(x).append() * Unit.METRE.value * Kept.factor


def of_values(x):
    return shapes(x) * x


def with_a_list(x):
    held = [x, x]
    held[0] = shapes(held[1])
    return held[0] * held[1]


@pytest.mark.parametrize("f", [of_values, with_a_list], ids=lambda f: f.__name__)
def test_classes_that_enter_tables_are_made(f):
    value, pullback = sd.vjp(f, 0.7)
    assert value == f(0.7)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slope(f, 0.7), rel=1e-6)
    assert sd.grad(f)(0.7) == pytest.approx(slope(f, 0.7), rel=1e-6)
