"""Attributes that a property sets, and fields that a factory makes, of objects that become text."""

import math
from dataclasses import dataclass, field

import pytest

import s2sdiff as sd


class Bounded:
    def __init__(self, value, most):
        self._most = most
        self.value = value

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, new):
        self._value = new if new < self._most else 0.9 * self._most


def set_in_rounds(x, y):
    bounded = Bounded(x, 3.0 * y)
    for _ in range(6):
        bounded.value = bounded.value * 1.2 + y
    return bounded.value


def set_in_place(x, y):
    bounded = Bounded(x, 3.0 * y)
    for _ in range(6):
        bounded.value *= 1.2
        bounded.value += math.sin(y)
    return bounded.value


def set_in_a_list(x, y):
    both = [Bounded(x, 3.0 * y), Bounded(y, 2.0)]
    for _ in range(4):
        for bounded in both:
            bounded.value = bounded.value * 1.2 + x
    return both[0].value * both[1].value


class Counted(Bounded):
    count = 0

    @property
    def scaled(self):
        return 2.0 * self.value

    @scaled.setter
    def scaled(self, new):
        self.count += 1
        self.value = new / (1.0 + self.count)


def set_by_another(x, y):
    counted = Counted(x, 4.0 * y)
    for _ in range(3):
        counted.scaled = counted.scaled + y
    return counted.value * counted.count


@dataclass
class State:
    at: float
    speed: float = 0.0
    log: list = field(default_factory=list)
    named: dict = field(default_factory=dict)
    scale: float = field(default_factory=lambda: 0.5)


def logged(x, y):
    state = State(x)
    for k in range(4):
        state.speed -= 0.1 * y * state.at
        state.at += 0.1 * state.speed
        state.log.append(state.at)
        state.named[str(k)] = state.at * state.scale
    return sum(a * a for a in state.log) + state.named["2"]


def each_has_its_own(x, y):
    one, two = State(x), State(y, log=[y])
    one.log.append(x * y)
    two.log.append(x)
    return one.log[0] * two.log[0] + two.log[1] + len(one.log)


def given_to_a_helper(x, y):
    state = State(x, y)
    for _ in range(3):
        moved(state, 0.1)
    return sum(state.log)


def moved(state, dt):
    state.at += state.speed * dt
    state.log.append(state.at)


@dataclass
class Deeper(State):
    other: State = field(default_factory=lambda: State(0.3))


def nested(x, y):
    deeper = Deeper(x)
    deeper.other.at += y
    return deeper.at * deeper.other.at


CASES = [set_in_rounds, set_in_place, set_in_a_list, set_by_another, logged, each_has_its_own,
         given_to_a_helper, nested]


@pytest.mark.parametrize("f", CASES)
@pytest.mark.parametrize("at", [(1.3, 0.7), (0.4, 1.1)])
def test_derivatives(f, at):
    h = 1e-6
    expected = [(f(at[0] + h, at[1]) - f(at[0] - h, at[1])) / (2 * h),
                (f(at[0], at[1] + h) - f(at[0], at[1] - h)) / (2 * h)]
    assert sd.grad(f, wrt=(0, 1))(*at) == pytest.approx(expected, rel=1e-6, abs=1e-8)
    value, pullback = sd.vjp(f, *at)
    assert value == f(*at)
    for _ in range(2):
        assert pullback(1.5) == pytest.approx([1.5 * s for s in expected], rel=1e-6, abs=1e-8)
    value, tangent = sd.jvp(f, at, (0.3, -0.5))
    assert value == f(*at)
    assert tangent == pytest.approx(0.3 * expected[0] - 0.5 * expected[1], rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("f", [set_in_rounds, set_in_place, set_in_a_list, logged,
                               given_to_a_helper, nested])
def test_no_object_is_left(f):
    text = sd.source(f, wrt=(0, 1), args=(1.3, 0.7), mode="grad")
    code = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in code if "by_place" in line or "Bounded(" in line
                or "State(" in line]


def test_what_the_setter_does_later_counts():
    first = sd.grad(set_in_rounds, wrt=(0, 1))(0.4, 1.1)
    was = Bounded.value

    def halved(self, new):
        self._value = 0.5 * new

    Bounded.value = Bounded.value.setter(halved)
    try:
        h = 1e-6
        slope = (set_in_rounds(0.4 + h, 1.1) - set_in_rounds(0.4 - h, 1.1)) / (2 * h)
        found = sd.grad(set_in_rounds, wrt=(0, 1))(0.4, 1.1)
        assert found[0] == pytest.approx(slope, rel=1e-6)
        assert found != first
    finally:
        Bounded.value = was


class ReadOnly:
    def __init__(self, x):
        self.x = x

    @property
    def twice(self):
        return 2 * self.x


def sets_what_has_no_setter(x):
    made = ReadOnly(x)
    made.twice = 3.0
    return made.x


def test_what_has_no_setter_raises_what_python_raises():
    with pytest.raises(AttributeError):
        sets_what_has_no_setter(1.0)
    with pytest.raises(AttributeError):
        sd.grad(sets_what_has_no_setter)(1.0)
