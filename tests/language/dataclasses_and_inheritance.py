"""Dataclasses, and classes that inherit."""

import abc
import dataclasses
import enum
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from tests.language.table import supported


@dataclass
class Spring:
    """Stiffness and damping, with a name."""

    k: float
    c: float = 0.1
    name: str = "spring"

    def force(self, x, v=0.0):
        return -self.k * x - self.c * v


@dataclass(frozen=True)
class Point:
    """A point that cannot be changed."""

    x: float
    y: float
    axes: ClassVar[int] = 2

    def moved(self, dx):
        return dataclasses.replace(self, x=self.x + dx)

    @property
    def norm(self):
        return np.hypot(self.x, self.y)


@dataclass
class Run:
    """A record with lists of its own, and a computed field."""

    step: float
    states: list = field(default_factory=list)
    weights: np.ndarray = field(default_factory=lambda: np.array([1.0, 2.0]))
    half: float = field(init=False)

    def __post_init__(self):
        self.half = 0.5 * self.step


@dataclass(slots=True)
class State:
    """Position and velocity, in slots."""

    q: float
    v: float


class Normal(NamedTuple):
    """Mean and width, with methods."""

    mean: float
    width: float = 1.0

    def log_density(self, x):
        z = (x - self.mean) / self.width
        return -0.5 * z * z - np.log(self.width)


class Shape(abc.ABC):
    """What has an area."""

    scale = 1.0

    def __init__(self, size):
        self.size = size

    @abc.abstractmethod
    def area(self):
        """The area."""

    def price(self, rate):
        return self.scale * rate * self.area()


class Square(Shape):
    """A square, by its side."""

    def area(self):
        return self.size**2


class Disc(Shape):
    """A disc, by its radius."""

    scale = 1.5

    def area(self):
        return np.pi * self.size**2


class Ring(Disc):
    """A disc with a hole."""

    def __init__(self, size, hole):
        super().__init__(size)
        self.hole = hole

    def area(self):
        return super().area() - np.pi * self.hole**2


class Loud:
    """A mixin that keeps count."""

    calls = 0

    def price(self, rate):
        self.calls += 1
        return super().price(rate) * (1.0 + self.calls)


class LoudSquare(Loud, Square):
    """Two bases."""


class Unit(enum.Enum):
    """Units of length."""

    METRE = 1.0
    FOOT = 0.3048


@supported("dataclass", lambda: (Spring(1.3), 0.7))
def dataclass_as_an_argument(s, x):
    return s.force(x, 2.0) * s.k


@supported("dataclass", lambda: (1.3, 0.7))
def dataclass_is_constructed(k, x):
    s = Spring(k, c=x * k)
    t = Spring(name="other", k=s.c)
    return s.force(x) * t.force(2.0, x)


@supported("dataclass", lambda: (Spring(1.3), 0.7))
def dataclass_is_changed(s, x):
    s.k += x
    s.c *= s.k
    return s.force(x, 1.0)


@supported("frozen dataclass and `replace`", lambda: (Point(1.3, 0.7), 0.4))
def replaced_fields(p, dx):
    q = dataclasses.replace(p, y=p.x * dx).moved(dx * dx)
    return q.norm * p.norm + q.x * p.axes


@supported("default factories and `__post_init__`", lambda: (1.3, 3))
def record_of_a_run(x, n):
    run = Run(x)
    other = Run(0.5)
    for k in range(n):
        run.states.append(x * k + run.half)
    run.weights *= x
    return sum(run.states) * np.sum(run.weights) + len(other.states) + other.weights[1] * x


@supported("dataclass with slots", lambda: (State(1.3, 0.7), 3))
def oscillator(s, n):
    for _ in range(n):
        s.v -= 0.1 * s.q
        s.q += 0.1 * s.v
    return s.q * s.v


@supported("dataclass with slots", lambda: (1.3, 0.7))
def new_state_in_each_step(q, v):
    s = State(q, v)
    for _ in range(3):
        s = State(s.q + 0.1 * s.v, s.v - 0.1 * np.sin(s.q))
    return s.q**2 + s.v**2


@supported("tools of dataclasses", lambda: (Point(1.3, 0.7),))
def fields_by_asdict(p):
    d = dataclasses.asdict(p)
    names = [f.name for f in dataclasses.fields(p)]
    a, b = dataclasses.astuple(p)
    return d["x"] * getattr(p, names[1]) + a * b**2


@supported("`typing.NamedTuple`", lambda: (Normal(1.3, 0.7), 0.4))
def density(n, x):
    wide = n._replace(width=2.0 * n.width)
    return n.log_density(x) + wide.log_density(x * n.mean)


@supported("subclasses, dispatched at run time", lambda: ([1.3, 0.7, 2.0],))
def prices_of_shapes(sizes):
    shapes = [Square(sizes[0]), Disc(sizes[1]), Ring(sizes[2], sizes[1] * 0.5)]
    return sum(s.price(2.0) for s in shapes)


@supported("subclasses, dispatched at run time", lambda: ([Disc(1.3), Ring(2.0, 0.7)], 0.4))
def shapes_as_arguments(shapes, rate):
    total = 0.0
    for shape in shapes:
        total = total + shape.price(rate) * shape.size
        if isinstance(shape, Ring):
            shape.hole *= 0.5
    return total


@supported("`super()`", lambda: (1.3, 0.7))
def constructor_of_the_base(x, y):
    r = Ring(x, y * 0.5)
    r.size = r.size * y + x
    return r.area() * r.scale


@supported("`super()`", lambda: (1.3, 0.7))
def mixin_before_the_base(x, y):
    s = LoudSquare(x)
    return s.price(y) + 2.0 * s.price(1.0) + s.calls + Loud.calls


@supported("class attribute of a subclass", lambda: (1.3,))
def constants_of_classes(x):
    return Disc.scale * x + Square(x).scale * x**2 + type(Ring(x, 0.1)).scale


@supported("class made by another's method", lambda: (1.3, 0.7))
def alternative_constructor(x, y):
    class Vector:
        def __init__(self, *parts):
            self.parts = parts

        @classmethod
        def polar(cls, r, angle):
            return cls(r * np.cos(angle), r * np.sin(angle))

    class Scaled(Vector):
        def __init__(self, *parts):
            super().__init__(*[2.0 * p for p in parts])

    a, b = Scaled.polar(x, y).parts
    return a * b


@supported("enum", lambda: (1.3, Unit.FOOT))
def unit_conversion(x, unit):
    if unit is Unit.METRE:
        return x
    return x * unit.value + Unit["METRE"].value * x**2


@supported("objects of several classes in one list", lambda: (1.3, 0.7))
def accounts_of_two_kinds(x, y):
    class Account:
        def __init__(self, balance):
            self.balance = balance

        def accrue(self, rate):
            self.balance *= 1.0 + rate

    class Savings(Account):
        def __init__(self, balance, bonus):
            super().__init__(balance)
            self.bonus = bonus

        def accrue(self, rate):
            super().accrue(rate + self.bonus)

    accounts = [Account(x), Savings(y, 0.1 * x), Account(x * y)]
    for _ in range(3):
        for account in accounts:
            account.accrue(0.2 * y)
    return sum(account.balance for account in accounts)
