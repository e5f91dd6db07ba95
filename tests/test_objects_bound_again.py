"""Objects under names that are bound again, or that helpers are given, are variables too."""

import dataclasses

import numpy as np
import pytest

import s2sdiff as sd


@dataclasses.dataclass
class State:
    x: float
    v: float

    def moved(self, dt):
        return State(self.x + dt * self.v, self.v)


class Vec:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    def dot(self, other):
        return self.x * other.x + self.y * other.y


def pushed(s, k, dt):
    s.v -= k * s.x * dt
    s.x += s.v * dt


def stepped(s, k, dt):
    v = s.v - k * np.sin(s.x) * dt
    return State(s.x + v * dt, v)


def kept_first(x):
    total = 0.0
    for i in range(3):
        c = State(x * i + 1, x)
        if i == 0:
            first = c
        total += first.x * c.x
    return total


def kept_last(x):
    total = 0.0
    for i in range(4):
        c = State(x * i + 1, x)
        if i > 0:
            total += last.x * c.x  # noqa: F821
        last = c  # noqa: F841
    return total


def kept_in_inner_loop(x):
    total = 0.0
    for i in range(3):
        c = State(x * i + 1, x)
        for j in range(2):
            if i + j == 1:
                d = c
            if i + j > 0:
                total += d.x * c.v
    return total


def by_helper(k):
    s, total = State(1.0, 0.2), 0.0
    for _ in range(5):
        pushed(s, k, 0.1)
        total += s.x
    return total + s.v


def by_new_ones(k):
    s, total = State(1.0, 0.2), 0.0
    for _ in range(5):
        s = stepped(s, k, 0.1)
        total += s.x * s.v
    return total


def by_method(k):
    s = State(k, k * k)
    for _ in range(5):
        s = s.moved(k)
    return s.x


def orbit(k):
    r, v = Vec(k, 0.0), Vec(0.1, 1.0)
    for _ in range(5):
        a = r * (-k / r.dot(r))
        v = v + a * 0.1
        r = r + v * 0.1
    return r.dot(v)


def swapped(k):
    a, b = Vec(k, 1.0), Vec(2.0, k * k)
    for i in range(3):
        a, b = b, a
        if i == 1:
            a = a + b
    return a.dot(b) + a.x


def chosen(k):
    if k > 1.0:
        r = Vec(k, 1.0)
    else:
        r = Vec(1.0, k)
    return r.x * r.x + r.y * k


def written_under_one_name(k):
    a = State(k, 1.0)
    b = State(1.0, k)
    if k > 0.0:
        a = b
    b.x += k
    return a.x * b.x


def written_under_one_name_in_a_loop(k):
    s, other = State(k, 1.0), State(0.0, 1.0)
    for i in range(4):
        other.x += s.x * k
        if i == 1:
            other = s
    return s.x + other.x


def of_parameter(s, k):
    if k > 1.0:
        s = State(k, 2.0)
    return s.x * s.v * k


PLAIN = [by_helper, by_new_ones, by_method, orbit, swapped, chosen, kept_first]
SEEN = [kept_last, kept_in_inner_loop, written_under_one_name, written_under_one_name_in_a_loop]


@pytest.mark.parametrize("f", PLAIN + SEEN, ids=lambda f: f.__name__)
@pytest.mark.parametrize("k", [1.2, 0.7])
def test_what_objects_give_has_the_derivative_of_differences(f, k):
    slope = (f(k + 1e-6) - f(k - 1e-6)) / 2e-6
    value, gradient = sd.value_and_grad(f)(k)
    assert value == f(k)
    assert gradient == pytest.approx(slope, rel=1e-7)
    assert sd.jvp(f, (k,), (1.0,))[1] == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_nothing_of_objects_is_left_in_the_text(f):
    lines = sd.source(f, "grad", args=(1.2,)).splitlines()
    text = "\n".join([line for line in lines if line.lstrip()[:1] != "#"])
    assert "= State(" not in text
    assert "= Vec(" not in text
    assert "by_place" not in text
    assert "rt.call" not in text


@pytest.mark.parametrize("k", [1.2, 0.7])
def test_a_parameter_that_may_be_bound_anew_stays_what_it_was(k):
    def f(k):
        return of_parameter(State(3.0, k), k)

    slope = (f(k + 1e-6) - f(k - 1e-6)) / 2e-6
    assert sd.grad(f)(k) == pytest.approx(slope, rel=1e-7)
    assert sd.grad(of_parameter, wrt=1)(State(3.0, k), k) == pytest.approx(
        (of_parameter(State(3.0, k), k + 1e-6) - of_parameter(State(3.0, k), k - 1e-6)) / 2e-6)
