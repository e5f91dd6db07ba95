"""`dataclasses.replace` of arguments, and of objects that are made."""

import dataclasses
import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

import s2sdiff as sd


@dataclass(frozen=True)
class Orbit:
    a: float
    e: float
    anomaly: float = 0.5
    K: ClassVar[float] = 2.0

    def radius(self):
        return self.a * (1.0 - self.e * math.cos(self.anomaly)) * self.K


@dataclass(frozen=True)
class Epidemic:
    beta: float
    gamma: float = 0.1

    def __post_init__(self):
        object.__setattr__(self, "reproduction", self.beta / self.gamma)


@dataclass
class Layer:
    w: np.ndarray
    shift: float
    seen: list = dataclasses.field(default_factory=list)


def along(orbit):
    total = 0.0
    for k in range(4):
        now = replace(orbit, anomaly=orbit.anomaly + 0.3 * k)
        total += now.radius() * now.e
    return total


def after_another(orbit):
    first = dataclasses.replace(orbit, a=orbit.a * orbit.e)
    second = replace(first, e=first.a * first.e)
    return second.radius() * first.radius()


def locked_down(epidemic):
    weaker = replace(epidemic, beta=0.4 * epidemic.beta)
    return weaker.reproduction * epidemic.beta + weaker.gamma


def written_before(layer):
    layer.shift = layer.shift * 3.0
    other = replace(layer, w=layer.w * layer.shift)
    other.seen.append(other.shift)
    return np.sum(other.w * other.w) + layer.seen[0] * layer.shift


CASES = [(along, lambda t: Orbit(1.0 + t, 0.2 * t, t * t)),
         (after_another, lambda t: Orbit(1.0 + t, 0.2 * t, t * t)),
         (locked_down, lambda t: Epidemic(t, 0.1 + 0.2 * t)),
         (written_before, lambda t: Layer(np.array([t, 2.0 - t]), t * t))]


@pytest.mark.parametrize(("f", "made"), CASES, ids=[f.__name__ for f, _ in CASES])
def test_an_object_of_anothers_fields_has_its_derivative(f, made):
    h, t = 1e-6, 0.7
    slope = (f(made(t + h)) - f(made(t - h))) / (2 * h)
    up, down, names = made(t + h), made(t - h), [n.name for n in dataclasses.fields(made(t))]
    moved = {n: (getattr(up, n) - getattr(down, n)) / (2 * h) for n in names if n != "seen"}
    for _ in range(2):
        g = sd.grad(f)(made(t))
        assert sum(np.sum(getattr(g, n) * d) for n, d in moved.items()) == pytest.approx(slope)
    step = sd.zero_tangent(made(t))
    for n, d in moved.items():
        object.__setattr__(step, n, d)
    assert sd.jvp(f, (made(t),), (step,))[1] == pytest.approx(slope)
    bend = (sd.jvp(f, (made(t + h),), (step,))[1] - sd.jvp(f, (made(t - h),), (step,))[1]) / (2 * h)
    product = sd.hvp(f, (made(t),), (step,))
    assert sum(np.sum(getattr(product, n) * d) for n, d in moved.items()) == pytest.approx(bend)


def test_nothing_is_kept_by_place_for_it():
    for f, x in ((along, Orbit(1.0, 0.2)), (after_another, Orbit(1.0, 0.2)),
                 (locked_down, Epidemic(0.5))):
        assert "by_place" not in sd.source(f, "grad", args=(x,))


def test_a_name_that_is_bound_anew_is_not_the_argument():
    def f(x, orbit):
        if x > 1.0:
            orbit = Epidemic(x, 2.0)
            return replace(orbit, beta=orbit.beta * x).reproduction
        return replace(orbit, e=x).e * x

    for x, expected in ((1.5, 1.5), (0.5, 1.0)):
        assert sd.grad(f)(x, Orbit(1.0, 0.2)) == pytest.approx(expected)
        assert sd.jvp(f, (x, Orbit(1.0, 0.2)), (1.0, None))[1] == pytest.approx(expected)


def test_a_field_that_is_not_there_is_pythons_error():
    with pytest.raises(TypeError, match="unexpected keyword"):
        sd.grad(lambda o: replace(o, b=o.a).a)(Orbit(1.0, 0.2))
