"""Named tuples: made, read, changed and handed on as tuples whose parts are known."""

from __future__ import annotations

import copy
import dataclasses
import functools
import math
from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import slope


class State(NamedTuple):
    x: Any
    v: Any = 0.5

    def energy(self) -> Any:
        return 0.5 * self.v ** 2 + self.x

    def moved(self, dx: Any) -> State:
        return self._replace(x=self.x + dx)

    @property
    def half(self) -> Any:
        return self.x / 2

    @classmethod
    def at(cls, x: Any) -> State:
        return cls(x, 2 * x)

    def __add__(self, other: Any) -> Any:
        return State(self.x + other.x, self.v + other.v)


class Layer(NamedTuple):
    w: Any
    b: Any
    size: Any = 2


Pair = namedtuple("Pair", "a b")


class Doubling(Pair):
    """Its items are others than its fields."""

    def __getitem__(self, i: Any) -> Any:
        return 2 * tuple.__getitem__(self, i)


@dataclasses.dataclass(frozen=True)
class Point:
    x: float
    y: float = 1.0


def leapfrog(x: float) -> Any:
    s = State(x, 0.0)
    for _ in range(4):
        v = s.v - 0.1 * s.x * x
        s = State(s.x + 0.1 * v, v=v)
    return s.x * s.energy() + s.half


def step(s: State, k: float) -> State:
    for _ in range(2):
        s = State(s.x * k, s[1] + s.x)
    return s


def through_a_helper(x: float) -> Any:
    return step(step(State(x, 1.0), x), 2.0).v


def one_field_of_a_helper(x: float) -> Any:
    return step(State(x, 1.0), x).x


def taken_apart(x: float) -> Any:
    s = State(x, x * x)
    a, b = s
    return math.hypot(*s) * a * b * s[-1] * len(s)


def with_other_fields(x: float) -> Any:
    s = State(x, 2.0)
    before = s
    for _ in range(3):
        s = s._replace(v=s.v * s.x).moved(0.1)
    return s.v * before.v


def copies_of_dataclasses(x: float) -> Any:
    p = Point(x)
    for _ in range(3):
        p = dataclasses.replace(p, y=p.y * p.x)
    q = copy.deepcopy([p])
    return q[0].y * p.y


def in_lists_and_dicts(x: float) -> Any:
    hist, named = [], {}
    s = State(x, x)
    for i in range(3):
        hist.append(s)
        named[str(i)] = s
        s = State(s.x * x, s.v + 1.0)
    xs, vs = zip(*hist)
    return sum(xs) * sum(vs) + max(hist).x + sum(s.x * s.v for s in named.values())


def with_operators(x: float) -> Any:
    s = functools.reduce(lambda a, b: a + b, [State.at(x), State(1.0, x), State(x, x)])
    return s.x * s.v if s == s and isinstance(s, tuple) else 0.0


def found_on_the_way(x: float) -> Any:
    s: Any = None
    for i in range(3):
        s = State(x) if s is None else s.moved(x * i)
    return s.x * s.v if s else 0.0


def written_inside(x: float) -> Any:
    p = Layer(np.array([x, 1.0]), [x])
    p.w[0] *= x
    p.b.append(p.w[0] * 2)
    return p.w.sum() * sum(p.b)


def read_by_a_class(x: float) -> Any:
    p = Doubling(x, 3.0)
    return p[0] * p.a


def matched(x: float) -> Any:
    match State(x, 2.0):
        case State(x=a, v=b):
            return a * a * b
    return 0.0


def refused_by_python(x: float) -> Any:
    make: Any = State
    try:
        s = make(x, 1.0, 2.0)
    except TypeError:
        return x * x
    return s.x


@pytest.mark.parametrize("f", [
    leapfrog, through_a_helper, one_field_of_a_helper, taken_apart, with_other_fields,
    copies_of_dataclasses, in_lists_and_dicts, with_operators, found_on_the_way, written_inside,
    read_by_a_class, matched, refused_by_python,
], ids=lambda f: f.__name__)
def test_slopes_agree_with_differences(f: Any) -> None:
    x = 0.7
    expected = pytest.approx(slope(f, x), rel=1e-6)
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    assert pullback(1.0) == pullback(1.0) == expected
    assert sd.grad(f)(x) == expected
    assert sd.jvp(f, (x,), (1.0,))[1] == expected


def loss(p: Layer, x: Any) -> Any:
    return np.sum((x @ p.w + p.b) ** 2)


def stacked(layers: list[Layer], x: Any) -> Any:
    for w, b, _ in layers:
        x = x @ w + b
    return np.sum(x)


def test_arguments_are_named_tuples() -> None:
    """Of |xW + b|^2 it is 2 x'(xW + b) for W; the gradient is one of the class."""
    rng = np.random.default_rng(0)
    p, x = Layer(rng.normal(size=(2, 2)), rng.normal(size=2)), rng.normal(size=(3, 2))
    made = sd.grad(loss)(p, x)
    assert type(made) is Layer and made.size is None
    np.testing.assert_allclose(made.w, 2 * x.T @ (x @ p.w + p.b))
    np.testing.assert_allclose(made.b, 2 * (x @ p.w + p.b).sum(axis=0))
    _, dot = sd.jvp(lambda p: p._replace(b=p.b * 2), (p,), (Layer(p.w, p.b, None),))
    assert type(dot) is Layer and dot.size is None
    np.testing.assert_allclose(dot.b, 2 * p.b)
    both = sd.grad(stacked)([p, p._replace(w=p.w.copy(), b=p.b.copy())], x)
    np.testing.assert_allclose(both[1].b, [3.0, 3.0])


def test_the_text_reads_as_for_a_tuple() -> None:
    text = sd.source(leapfrog, "grad", args=(0.7,))
    assert "State_" not in text and "rt." not in text
    p = Layer(np.ones((2, 2)), np.ones(2))
    assert "by_place" not in sd.source(loss, "grad", args=(p, np.ones((3, 2))))


HIGH = np.array([[1.2, -0.4, 0.3], [0.5, 2.0, -0.7], [0.1, 0.6, -1.1]])


def of_factors(a: Any) -> Any:
    w, v = np.linalg.eigh(a + a.T)
    return np.sum((v * np.sin(w)) @ v.T * HIGH)


def pulled_inside(a: Any) -> Any:
    _, pullback = sd.vjp(of_factors, a)
    return pullback(1.0)


def test_arrays_in_a_named_result_have_what_closures_read_of_them() -> None:
    """The Hessian is symmetric: its product with a direction is what the pullback gives."""
    h, along = 1e-6, HIGH.T.copy()
    slope = sd.grad(of_factors)
    expected = (slope(HIGH + h * along) - slope(HIGH - h * along)) / (2 * h)
    np.testing.assert_allclose(sd.vjp(pulled_inside, HIGH)[1](along), expected, rtol=1e-4)


def named_where_it_runs(x):
    from tests.test_named_tuples import Listed, Spot

    listed = Listed(b=[0.5, x], a=0.2 * x)
    one = Spot(v=x, x=listed.a)
    total = x
    for _ in range(2):
        first, _ = one
        if one > (0.4, 0.1):
            total += 0.1 * one.x * x
        one = one + (first, total)
    return one.x * listed.a * total


Listed = namedtuple("Listed", "a b")


class Spot(NamedTuple):
    x: Any
    v: Any

    def __add__(self, other: Any) -> Any:
        return Spot(self.x + other[0], self.v + other[1])


@pytest.mark.parametrize("derivative", [
    lambda f: lambda x: sd.jvp(lambda y: sd.jvp(f, (y,), (1.0,))[1], (x,), (1.0,))[1],
    lambda f: lambda x: sd.jvp(sd.grad(f), (x,), (1.0,))[1],
    lambda f: sd.grad(lambda y: sd.jvp(f, (y,), (1.0,))[1]), lambda f: sd.grad(sd.grad(f))])
def test_a_class_that_the_run_tells_is_differentiated_twice_or_refused(derivative):
    x, h = 0.3, 1e-4
    f = named_where_it_runs
    try:
        found = derivative(f)(x)
    except sd.InternalError:
        raise
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        assert found == pytest.approx((f(x + h) - 2 * f(x) + f(x - h)) / h ** 2, rel=1e-5)
