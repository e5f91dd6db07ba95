"""Caches that compare whole records, that are lists themselves, or that are copied into a dict.

They are refused where they answer with what an earlier call has computed; what the same call has
kept has its derivative.
"""

import collections
import types
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes

KEPT = "an earlier call has computed .*Instead, compute it without the cache"


@dataclass
class Point:
    x: float
    name: str = "a"


@dataclass(slots=True)
class Slotted:
    x: float


@dataclass
class Inside:
    point: Point


class Named(NamedTuple):
    x: float
    name: str = "a"


@dataclass(eq=False)
class Compared:
    x: np.ndarray

    def __eq__(self, other):
        return np.array_equal(self.x, other.x)


RECORDS = {
    "a dataclass": Point, "slots": Slotted, "a named tuple": Named,
    "one inside another": lambda x: Inside(Point(x)), "in a tuple": lambda x: (Point(x), 1),
    "in a list": lambda x: [Point(x)], "a namespace": lambda x: types.SimpleNamespace(x=x),
    "its own __eq__": lambda x: Compared(np.array([x, 1.0])),
}


def by_records(make, equal=lambda a, b: a == b):
    keys, values = [], []

    def f(x):
        record = make(x)
        for i, key in enumerate(keys):
            if equal(key, record):
                return values[i]
        keys.append(record)
        values.append(x ** 3)
        return x ** 3

    return f


class Memo:
    def __init__(self):
        self.keys, self.values = [], []

    def kept(self, key, x):
        self.keys.append(key)
        self.values.append(x ** 3)
        return x ** 3

    def by_in(self, x):
        point = Point(x)
        if point in self.keys:
            return self.values[self.keys.index(point)]
        return self.kept(point, x)

    def by_attempt(self, x):
        point = Point(x)
        try:
            return self.values[self.keys.index(point)]
        except ValueError:
            self.keys.append(point)
            self.values.append(x ** 3)
            return x ** 3

    def by_dict(self, x):
        known = dict(zip(self.keys, self.values, strict=True))
        return known[x] if x in known else self.kept(x, x)

    def by_get(self, x):
        found = dict(zip(self.keys, self.values, strict=True)).get(x)
        return self.kept(x, x) if found is None else found

    def by_comprehension(self, x):
        known = {k: i for i, k in enumerate(self.keys)}
        return self.values[known[x]] if x in known else self.kept(x, x)

    def by_update(self, x):
        known = {}
        known.update(zip(self.keys, self.values, strict=True))
        return known[x] if x in known else self.kept(x, x)


KEYS, VALUES = [], []


def by_globals(x):
    known = dict(zip(KEYS, VALUES, strict=True))
    if x in known:
        return known[x]
    KEYS.append(x)
    VALUES.append(x ** 3)
    return x ** 3


class Solver:
    last = value = None

    def solve(self, point):
        if self.last == point:
            return self.value
        self.last, self.value = point, point.x ** 3
        return self.value


class Listed(list):
    def by_loop(self, x):
        for key, value in self:
            if key == x:
                return value
        self.append((x, x ** 3))
        return x ** 3

    def by_next(self, x):
        value = next((v for k, v in self if k == x), None)
        if value is None:
            value = x ** 3
            self.append((x, value))
        return value

    def by_last(self, x):
        if self and self[-1][0] == x:
            return self[-1][1]
        self.append((x, x ** 3))
        return x ** 3

    def by_methods(self, x):
        value = self.find(x)
        if value is None:
            value = x ** 3
            self.put(x, value)
        return value

    def find(self, x):
        for key, value in self:
            if key == x:
                return value
        return None

    def put(self, x, value):
        super().append((x, value))


class Queue(collections.deque):
    by_loop, by_last = Listed.by_loop, Listed.by_last


class Users(collections.UserList):
    by_loop, by_last = Listed.by_loop, Listed.by_last


def caches():
    made = {f"records: {name}": by_records(make) for name, make in RECORDS.items()}
    made["fields of records"] = by_records(Point, lambda a, b: a.x == b.x)
    for cls in (Memo, Listed, Queue, Users):
        made |= {f"{cls.__name__} {name}": getattr(cls(), name) for name in vars(cls)
                 if name.startswith("by_")}
    solver = Solver()
    return {**made, "globals": by_globals, "a solver": lambda x: solver.solve(Point(x))}


@pytest.mark.parametrize("name", caches())
def test_an_answer_of_an_earlier_call_is_refused(name):
    for derivative in (lambda f: sd.grad(f)(2.0), lambda f: sd.vjp(f, 2.0)[1](1.0),
                       lambda f: sd.jvp(f, (2.0,), (1.0,))[1]):
        KEYS.clear()
        VALUES.clear()
        f = caches()[name]
        try:
            assert derivative(f) == pytest.approx(12.0, rel=1e-12)
        except sd.DifferentiationError as error:
            # Of numbers as keys, or, forwards, of what `dataclass` has made.
            assert "Instead, " in str(error)
        assert f(2.0) == 8.0
        with pytest.raises(sd.DifferentiationError, match="Instead, "):
            derivative(f)


def test_the_reason_is_said():
    f = by_records(Point)
    f(2.0)
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        sd.grad(f)(2.0)


class Graph:
    def __init__(self):
        self.seen, self.total = [], 0.0

    def visit(self, point):
        if point in self.seen:
            return
        self.seen.append(point)
        self.total += point.x ** 2


class Path(list):
    def add(self, x):
        if self and self[-1] == x:
            return
        self.append(x)

    def length(self):
        return sum(abs(b - a) for a, b in zip(self, self[1:], strict=False))


def visited(x):
    graph, points = Graph(), [Point(x), Point(2.0 * x)]
    for point in (*points, points[0]):
        graph.visit(point)
    return graph.total


def walked(x):
    path = Path()
    for v in (x, x, 2.0 * x, 5.0 * x * x):
        path.add(v)
    return path.length()


def same_twice(x):
    solver = Solver()
    return solver.solve(Point(x)) * solver.solve(Point(x))


LENGTHS = Point(1.0)


def parsed(x, **options):
    if "radius" in options:
        options["radius"] = options["radius"].to(LENGTHS).x \
            if LENGTHS and isinstance(options["radius"], Point) else options["radius"]
    return x / options["radius"] if "radius" in options else x


class Sized:
    def __init__(self, x):
        self.radius = x ** 2
        self.length = parsed(x, radius=self.radius)


def by_options(x):
    return Sized(x).length + parsed(x, radius=x ** 2)


@pytest.mark.parametrize("f", [visited, walked, same_twice, by_options])
def test_what_the_same_call_has_kept_has_its_derivative(f):
    for _ in range(2):
        check_modes(f, (1.3,))
