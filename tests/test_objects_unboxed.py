"""Objects that nobody else sees are variables of the generated code; all others stay objects."""

import dataclasses
import inspect
import types

import numpy as np
import pytest

import s2sdiff as sd


class Spring:
    gravity = 9.81

    def __init__(self, k, x=1.0):
        self.k = k
        self.reset(x)

    def reset(self, x):
        self.x, self.v = x, 0.0
        self.steps = 0

    def force(self):
        return -self.k * self.x

    @property
    def energy(self):
        return 0.5 * self.k * self.x**2 + 0.5 * self.v**2

    @staticmethod
    def damped(v, c):
        return v * (1.0 - c)

    def step(self, dt):
        self.v += dt * self.force()
        self.v = self.damped(self.v, 0.1)
        self.x += dt * self.v
        self.steps += 1
        return self

    def __add__(self, other):
        return Spring(self.k + other.k, self.x)

    def __call__(self, n):
        for _ in range(n):
            if self.x < 0.0:
                break
            self.step(0.1)
        return self.x


class Stiff(Spring):
    def __init__(self, k, factor):
        super().__init__(k * factor)
        self.factor = factor

    def force(self):
        return super().force() * self.factor


@dataclasses.dataclass
class Pair:
    a: float
    b: float = 2.0

    def product(self):
        return self.a * self.b


class Tripled(Pair):
    def __init__(self, a):
        super().__init__(a, 3.0 * a)


def stepped(k, n):
    s = Spring(k)
    for _ in range(n):
        s.step(0.1)
    return s.energy


def called(k, n):
    s = Spring(k, 0.5)
    return s(n) * s.v


def inherited(k, n):
    s = Stiff(k, 1.5)
    for _ in range(n):
        s.step(0.05)
    return s.energy * s.factor


def made_anew_in_each_round(k, n):
    total = 0.0
    for i in range(n):
        s = Spring(k * i)
        s.step(0.2)
        total += s.x * s.v
    return total


def added(k, n):
    both = Spring(k) + Spring(2.0)
    return both.k * both.x * n


def of_a_dataclass(k, n):
    p = Pair(k)
    p.b *= k
    return p.product() * n


def of_a_class_under_a_dataclass(k, n):
    return Tripled(k).product() * n


def of_a_namespace(k, n):
    state = types.SimpleNamespace(x=k, v=1.0)
    for _ in range(n):
        state.v = state.v - 0.1 * state.x * k
        state.x = state.x + 0.1 * state.v
    return state.x * state.v


def branches(k, n):
    s = Spring(k)
    if n > 2:
        s.reset(k * 2.0)
    else:
        s.x = k * k
    return s.energy


ALONE = [stepped, called, inherited, made_anew_in_each_round, added, of_a_dataclass,
         of_a_class_under_a_dataclass, of_a_namespace, branches]


def returned(k, n):
    return Spring(k).step(0.1).x * n


def kept_in_a_list(k, n):
    springs = [Spring(k), Spring(2.0 * k)]
    for s in springs:
        s.step(0.1)
    return springs[0].x * springs[1].x


def one_of_two(k, n):
    s = Spring(k)
    t = Spring(k * k)
    if n > 2:
        s = t
    s.step(0.3)
    return s.x * t.x


def handed_to_a_function(k, n):
    s = Spring(k)
    moved(s)
    return s.x


def moved(s):
    s.x = s.x * s.k


def captured(k, n):
    s = Spring(k)

    def push(by):
        s.v += by * k

    for _ in range(n):
        push(0.2)
    return s.v


def in_a_try(k, n):
    try:
        s = Spring(k)
        s.step(0.1)
    except ValueError:
        return k
    return s.x


def with_a_field_of_its_own(k, n):
    s = Spring(k)
    s.force = lambda: -k * k
    s.step(0.1)
    return s.x


def a_field_that_is_read_before_it_is_there(k, n):
    s = Spring(k)
    if n > 100:
        s.late = k
    try:
        return s.late
    except AttributeError:
        return s.x * k


def a_constant_of_the_class(k, n):
    s = Spring(k)
    return s.gravity * s.k


def an_object_in_an_object(k, n):
    s = Spring(k)
    s.other = Spring(k * k)
    s.other.step(0.1)
    return s.other.x * s.k


SEEN = [returned, kept_in_a_list, one_of_two, handed_to_a_function, captured, in_a_try,
        with_a_field_of_its_own, a_field_that_is_read_before_it_is_there, a_constant_of_the_class,
        an_object_in_an_object]


@pytest.mark.parametrize("f", [*ALONE, *SEEN], ids=lambda f: f.__name__)
@pytest.mark.parametrize("n", [0, 1, 4])
def test_the_derivative_is_that_of_the_plain_function(f, n):
    slope = (f(0.7 + 1e-6, n) - f(0.7 - 1e-6, n)) / 2e-6
    assert sd.grad(f)(0.7, n) == pytest.approx(slope, rel=1e-7, abs=1e-8)
    value, pullback = sd.vjp(f, 0.7, n)
    assert value == f(0.7, n)
    for seed in (1.0, 2.0):
        assert pullback(seed)[0] == pytest.approx(seed * slope, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("f", ALONE, ids=lambda f: f.__name__)
def test_no_object_is_made_where_nobody_sees_it(f):
    lines = sd.source(f, args=(0.7, 3), mode="grad").splitlines()
    text = "\n".join(line for line in lines if line.strip()[:1] != "#")
    for name in ("by_place", "Spring(", "Pair(", "Tripled(", "SimpleNamespace("):
        assert name not in text, text


def test_another_method_is_seen_in_the_next_call(monkeypatch):
    assert sd.grad(stepped)(0.7, 1) != 0.0
    monkeypatch.setattr(Spring, "energy", property(lambda self: 3.0 * self.k))
    assert sd.grad(stepped)(0.7, 1) == pytest.approx(3.0)


def test_another_class_under_the_name_is_seen_in_the_next_call(monkeypatch):
    class Rigid(Spring):
        def step(self, dt):
            self.x = self.k**3

    monkeypatch.setitem(stepped.__globals__, "Spring", Rigid)
    slope = (stepped(0.7 + 1e-6, 2) - stepped(0.7 - 1e-6, 2)) / 2e-6
    assert sd.grad(stepped)(0.7, 2) == pytest.approx(slope, rel=1e-7)


def test_arrays_in_attributes_are_written_as_they_are():
    class Field:
        def __init__(self, u):
            self.u = u.copy()

        def diffuse(self, k):
            self.u[1:-1] += k * (self.u[2:] - 2.0 * self.u[1:-1] + self.u[:-2])

    def heated(u, k):
        f = Field(u)
        for _ in range(3):
            f.diffuse(k)
        return np.sum(f.u**2)

    u, step = np.array([0.1, 0.9, 0.4, -0.3, 0.2]), 1e-6
    slope = (heated(u, 0.1 + step) - heated(u, 0.1 - step)) / (2 * step)
    assert sd.grad(heated, wrt=1)(u, 0.1) == pytest.approx(slope, rel=1e-7)


def test_what_a_method_cannot_be_given_is_pythons_own_error():
    def wrong(k):
        return Spring(k).step(k, k, k)

    with pytest.raises(TypeError, match="step"):
        sd.grad(wrong)(0.7)
    assert inspect.signature(Spring.step).parameters
