"""Objects that lie in lists, and small classes with operators: plain text, and its numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd


class Body:
    def __init__(self, x, v=0.0):
        self.x, self.v, self.next = x, v, None

    def move(self, step):
        self.x += step * self.v

    @property
    def energy(self):
        return self.v ** 2 + self.x


@dataclass
class Spring:
    a: Body
    b: Body
    k: float

    def pull(self):
        force = self.k * (self.b.x - self.a.x)
        self.a.v += force
        self.b.v -= force


class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    def __rmul__(self, k):
        return Vector(k * self.x, k * self.y)

    def __truediv__(self, k):
        return type(self)(self.x / k, self.y / k)

    def __abs__(self):
        return math.hypot(self.x, self.y)

    @classmethod
    def polar(cls, r, angle):
        return cls(r * math.cos(angle), r * math.sin(angle))


class Dual:
    def __init__(self, v, d=0.0):
        self.v, self.d = v, d

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.v + other.v, self.d + other.d)

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.v * other.v, self.v * other.d + self.d * other.v)

    __rmul__ = __mul__


def one_body_twice(p):
    a, b = Body(p[0]), Body(p[1], 2.0)
    for body in [a, b, a]:
        body.x *= p[2]
    return a.x * b.x


def exchanged(p):
    bodies = [Body(p[0], 1.0), Body(p[1], 2.0), Body(p[2], 3.0)]
    bodies[0], bodies[2] = bodies[2], bodies[0]
    bodies[0].x *= 2.0
    first = bodies[0]
    bodies[0] = bodies[1]
    first.v += bodies[0].x
    return sum(b.x * b.v for b in bodies) + first.x * first.v


def pairs(p):
    bodies = [Body(p[0] * i, 1.0) for i in range(4)]
    for _ in range(3):
        for a in bodies:
            for b in bodies:
                if a is not b:
                    a.v += 0.1 * p[1] / ((b.x - a.x) ** 2 + 0.5) ** 1.5
        for b in bodies:
            b.move(p[2])
    return sum(b.energy for b in bodies)


def springs(p):
    bodies = [Body(p[0] * i, 0.1 * i) for i in range(4)]
    held = [Spring(a, b, p[1]) for a, b in zip(bodies, bodies[1:], strict=False)]
    for _ in range(4):
        for spring in held:
            spring.pull()
        for body in bodies:
            body.move(p[2])
    return sum(body.energy for body in bodies)


def popped(p):
    bodies = [Body(p[0], 1.0)]
    for i in range(3):
        bodies.append(Body(bodies[-1].x * p[1], p[2] * i))
    bodies.pop(0)
    bodies.insert(1, Body(p[0] ** 2, 2.0))
    last = bodies.pop()
    return sum(b.x * b.v for b in bodies) + last.x


def vectors(p):
    position, speed = Vector(p[0], 0.5), Vector.polar(p[1], p[2])
    for _ in range(5):
        force = position * (-p[2] / abs(position) ** 3)
        speed = speed + 0.1 * force
        position = position + p[1] * speed / 2.0
    return position.x * position.y


def duals(p):
    x = Dual(p[0], 1.0)
    y = x * x * p[1] + p[2]
    for _ in range(3):
        y = y * 0.5 + x * y + 2.0 * x
    return y.v + y.d


def best(p):
    bodies = [Body(p[0], 1.0), Body(p[1], 2.0), Body(p[2], 3.0)]
    found = None
    for b in bodies:
        if found is None or b.x > found.x:
            found = b
    found.x *= 3.0
    return sum(b.energy for b in bodies)


def linked(p):
    nodes = [Body(p[i], 0.5 * i) for i in range(3)]
    for a, b in zip(nodes, nodes[1:], strict=False):
        a.next = b
    total, node = 0.0, nodes[0]
    while node is not None:
        total += node.x * node.v + node.x ** 2
        node = node.next
    return total


def sorted_by_place(p):
    bodies = sorted([Body(p[0], 1.0), Body(p[1], 2.0), Body(p[2], 3.0)], key=lambda b: b.x)
    return bodies[0].x * 3 + bodies[1].x * 5 * bodies[2].v


def asked_for_truth(p):
    total = 0.0
    for body in [Body(p[0]), None, Body(p[1])]:
        if body:
            total += body.x ** 2
    return total * p[2]


def of_two_classes(p):
    return sum(s.x ** 2 for s in [Body(p[0], 1.0), Vector(p[1], p[2])])


def named_again(p):
    total = 0.0
    for x in [Body(p[0], 1.0), Body(p[1], 2.0)]:
        total += x.x * x.v
    for x in (1.0, p[2]):
        total += x ** 2
    return total


def number_lists(p):
    x, v = [], []
    for i in range(3):
        x.append(0.5 * i)
        v.append(p[0] * i)
    x[1] = p[1]
    masses = [1.0, p[2], 2.0]
    for _ in range(3):
        for i in [0, 1, 2]:
            v[i] += x[i - 1] / masses[i]
        for i in range(3):
            x[i] += 0.1 * v[i]
    return sum(x) * v[1]


def first_constant(p):
    held = []
    held.append(0.0)
    held.append(p[1])
    for i in [0, 1]:
        held[i] += p[0] * held[-1] ** 2
    return held[0] * held[1] * p[2]


def remembered(p):
    level, before, cost = 0.0, None, 0.0
    for _ in range(6):
        error = 1.0 - level
        slope = 0.0 if before is None else error - before
        before = error
        level += 0.1 * (p[0] * error + p[1] * slope)
        cost += p[2] * error * error
    return cost


PLAIN = [one_body_twice, pairs, springs, popped, vectors, duals, number_lists]
OTHERS = [exchanged, best, linked, sorted_by_place, asked_for_truth, of_two_classes, named_again,
          first_constant, remembered]


def slope(function, x, u):
    h = 1e-5
    lower, low, high, higher = (function(x + k * h * u) for k in (-2, -1, 1, 2))
    return (lower - 8 * low + 8 * high - higher) / (12 * h)


@pytest.mark.parametrize("function", [*PLAIN, *OTHERS], ids=lambda f: f.__name__)
def test_objects_have_the_derivatives_of_differences(function):
    x, u = np.array([0.7, 0.4, 1.3]), np.array([0.9, 0.3, -0.6])
    expected = slope(function, x, u)
    value, pullback = sd.vjp(function, x)
    assert value == function(x)
    assert pullback(1.0) @ u == pytest.approx(expected, rel=1e-7)
    assert pullback(1.0) @ u == pytest.approx(expected, rel=1e-7)
    value, dot = sd.jvp(function, (x,), (u,))
    assert value == function(x)
    assert dot == pytest.approx(expected, rel=1e-7)
    assert sd.grad(function)(x) @ u == pytest.approx(expected, rel=1e-7)
    assert x.tolist() == [0.7, 0.4, 1.3]
    second = slope(sd.grad(function), x, u)
    assert sd.hvp(function, (x,), (u,)) == pytest.approx(second, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("function", PLAIN, ids=lambda f: f.__name__)
def test_nothing_is_found_out_when_the_text_runs(function):
    text = sd.source(function, "grad", args=(np.array([0.7, 0.4, 1.3]),))
    assert "by_place" not in text
    assert "rt.attribute" not in text


def test_a_factor_that_is_no_number_is_multiplied_as_python_does():
    def scaled(k, x):
        found = k * Vector(x, 2.0)
        return found.x if isinstance(found, Vector) else found[0].x + found[1].x

    assert sd.grad(scaled)(3.0, 0.5) == 0.5
    assert sd.grad(scaled)(np.float64(3.0), 0.5) == 0.5
    with pytest.raises(sd.DifferentiationError):
        # An array of objects.
        sd.grad(scaled, wrt="x")(np.array([3.0, 4.0]), 0.5)


def test_a_class_method_that_is_replaced_is_found_anew():
    class Point(Vector):
        pass

    def through(r):
        return Point.polar(r, 0.0).x

    assert sd.grad(through)(2.0) == 1.0
    Point.polar = classmethod(lambda cls, r, angle: cls(r * r, angle))
    assert sd.grad(through)(2.0) == 4.0
