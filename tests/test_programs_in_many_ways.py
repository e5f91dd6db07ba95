"""Whole programs as scientists write them: with classes, tables, iterators and streams."""

import functools
import heapq
import itertools
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pytest

import s2sdiff as sd


class Biquad:
    __slots__ = ("a", "b", "z1", "z2")

    def __init__(self, b, a):
        self.b, self.a = [x / a[0] for x in b], [x / a[0] for x in a]
        self.z1 = self.z2 = 0.0

    @classmethod
    def lowpass(cls, frequency, q):
        w = 2.0 * math.pi * frequency
        alpha, c = math.sin(w) / (2.0 * q), math.cos(w)
        half = (1.0 - c) / 2.0
        return cls([half, 2.0 * half, half], [1.0 + alpha, -2.0 * c, 1.0 - alpha])

    def process(self, x):
        y = self.b[0] * x + self.z1
        self.z1 = self.b[1] * x - self.a[1] * y + self.z2
        self.z2 = self.b[2] * x - self.a[2] * y
        return y


def filtered(frequency, q):
    chain = [Biquad.lowpass(frequency, q), Biquad.lowpass(1.3 * frequency, 1.1 * q)]
    total = 0.0
    for s in (1.0, 0.5, -0.3, 0.2):
        for f in chain:
            s = f.process(s)
        total += s * s
    return total


def trace(ray, surfaces):
    (y, u), n = ray, 1.0
    for r, t, behind in surfaces:
        phi = (behind - n) / r if math.isfinite(r) else 0.0
        u = (n * u - y * phi) / behind
        y, n = y + t * u, behind
    return y


def rays(thickness, index):
    r, t, n = [0.5, math.inf, -0.8], [thickness, 0.05, 0.3], [index, 1.0, 1.6]
    heights = [trace((h, 0.0), zip(r, t, n)) for h in (0.1, 0.2)]
    return heights[0] * heights[1] + heights[1] ** 2


class Controller:
    LIMIT = 2.0

    def __init__(self, kp, ki, limits=(-2.0, 2.0)):
        self.kp, self.ki, self.limits, self.total, self.last = kp, ki, limits, 0.0, None

    def __call__(self, error, dt):
        change = 0.0 if self.last is None else (error - self.last) / dt
        self.total += error * dt
        self.last = error
        low, high = self.limits
        return max(low, min(high, self.kp * error + self.ki * self.total + 0.1 * change))


def controlled(kp, ki):
    control, x, v, cost = Controller(kp, ki), 0.0, 0.0, 0.0
    for _ in range(30):
        v += 0.05 * (control(1.0 - x, 0.05) - 0.8 * v)
        x += 0.05 * v
        cost += 0.05 * (1.0 - x) ** 2
    return cost * control.LIMIT


@dataclass(frozen=True)
class Epidemic:
    beta: float
    gamma: float = 0.1

    def __post_init__(self):
        object.__setattr__(self, "reproduction", self.beta / self.gamma)

    def step(self, y):
        infected = self.beta * y.s * y.i / sum(y)
        return People(*(a + b for a, b in zip(
            y, People(-infected, infected - self.gamma * y.i, self.gamma * y.i))))


class People(NamedTuple):
    s: float
    i: float
    r: float = 0.0


def peak(beta, start):
    model, y = Epidemic(beta), People(97.0, start)
    found = y.i
    for day in range(20):
        y = model.step(y)
        found = max(found, y.i)
        if day == 10:
            model, y = replace(model, beta=0.4 * model.beta), y._replace(r=y.r + 0.1 * y.s)
    return found + y.r * model.reproduction


def compartments(beta, gamma):
    y = {"S": 990.0, "I": 10.0, "R": 0.0}
    flows = {("S", "I"): lambda y: beta * y["S"] * y["I"] / 1000.0,
             ("I", "R"): lambda y: gamma * y["I"]}
    for _ in range(6):
        change = dict.fromkeys(y, 0.0)
        for (source, target), rate in flows.items():
            amount = rate(y)
            change[source] -= amount
            change[target] += amount
        for k in y:
            y[k] += change[k]
    return y["R"] * y["I"]


def shortest(a, b):
    graph = {"a": {"b": a, "c": 4.0}, "b": {"c": b, "d": 5.0}, "c": {"d": 1.5}, "d": {}}
    distance, heap, seen = defaultdict(lambda: math.inf, a=0.0), [(0.0, "a")], set()
    while heap:
        d, u = heapq.heappop(heap)
        if u in seen:
            continue
        seen.add(u)
        for v, w in graph[u].items():
            if (other := d + w * w) < distance[v]:
                distance[v] = other
                heapq.heappush(heap, (other, v))
    return distance["d"] * len(seen)


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x=0.0, y=0.0):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __iter__(self):
        return iter((self.x, self.y))


@dataclass
class Body:
    m: float
    r: Vector
    v: Vector = field(default_factory=Vector)


def bodies(m, shift):
    found = [Body(m, Vector(0.0, shift)), Body(0.5, Vector(1.0, 0.2)), Body(0.2, Vector(0.0, 1.5))]
    for _ in range(2):
        pushed = [Vector() for _ in found]
        for (i, a), (j, b) in itertools.combinations(enumerate(found), 2):
            d = b.r - a.r
            k = 1.0 / (math.hypot(*d) ** 3 + 0.1)
            pushed[i], pushed[j] = pushed[i] + d * (b.m * k), pushed[j] - d * (a.m * k)
        for body, a in zip(found, pushed):
            body.v = body.v + 0.1 * a
            body.r = body.r + 0.1 * body.v
    return sum(0.5 * b.m * sum(c * c for c in b.v) for b in found) + sum(found[0].r)


class Quantity:
    def __init__(self, value, unit):
        self.value, self.unit = value, Counter(unit)

    def __mul__(self, other):
        unit = Counter(self.unit)
        unit.update(other.unit)
        return Quantity(self.value * other.value, unit)

    def __add__(self, other):
        assert +self.unit == +other.unit
        return Quantity(self.value + other.value, self.unit)


def quantities(m, h):
    metres, seconds = Quantity(m, {"m": 1}), Quantity(h, {"s": 1})
    return (metres * seconds + seconds * metres).value * m


def grouped(a, b):
    rows = [("u", a), ("v", b), ("u", a * b)]
    totals = defaultdict(float)
    for k, v in rows:
        totals[k] += v * v
    moving = itertools.accumulate(totals.values(), lambda s, v: 0.5 * s + v)
    keyed = dict(zip(totals.keys(), moving))
    return functools.reduce(lambda s, kv: s * kv[1] + len(kv[0]), keyed.items(), 1.0)


PROGRAMS = [(filtered, (0.1, 0.7)), (rays, (0.1, 1.5)), (controlled, (1.5, 0.4)),
            (peak, (0.5, 3.0)), (compartments, (0.4, 0.1)), (shortest, (1.0, 1.2)),
            (bodies, (1.0, 0.1)), (quantities, (70.0, 1.8)), (grouped, (0.7, 1.2))]


@pytest.mark.parametrize(("program", "at"), PROGRAMS, ids=[p.__name__ for p, _ in PROGRAMS])
def test_a_program_has_its_derivative_in_both_modes(program, at):
    expected = []
    for i in range(len(at)):
        h = 1e-6 * max(1.0, abs(at[i]))
        up, down = [tuple(v + s * h * (k == i) for k, v in enumerate(at)) for s in (1, -1)]
        expected.append((program(*up) - program(*down)) / (2 * h))
    value, pullback = sd.vjp(program, *at)
    assert value == program(*at)
    for found in (sd.grad(program, wrt=(0, 1))(*at), pullback(1.0), pullback(1.0)):
        assert found == pytest.approx(expected, rel=2e-6, abs=1e-8)
    value, dot = sd.jvp(program, at, (0.3, -0.7))
    assert value == program(*at)
    assert dot == pytest.approx(0.3 * expected[0] - 0.7 * expected[1], rel=2e-6, abs=1e-8)
