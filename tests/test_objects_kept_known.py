"""What is known of objects stays known while their attributes get what they have."""

import dataclasses

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn


@dataclasses.dataclass
class State:
    x: float
    v: float


@dataclasses.dataclass
class Spring:
    k: float
    c: float


def pushed(s, p, dt):
    s.v += dt * (-p.k * np.sin(s.x) - p.c * s.v)
    s.x += dt * s.v


def simulated(p, s):
    out = []
    for _ in range(4):
        a = -p.k * s.x - p.c * s.v
        s.v += a * 0.1
        s.x += s.v * 0.1
        out.append(s.x)
    return sum(o * o for o in out) + s.v


def by_a_helper(p, s):
    total = 0.0
    for _ in range(4):
        pushed(s, p, 0.1)
        total += s.x * s.v
    return total


def under_another_name(p, s):
    t = s
    t.x = p.k * s.x
    s.v = t.x + p.c
    return s.x * t.v


def of_an_object_in_an_object(p, s):
    holder = Spring(p, s)
    holder.c.x = holder.k.k * s.v
    return s.x * holder.k.c


def in_a_list(p, s):
    states = [s, s]
    states[0].x += p.k
    states[1].v *= states[0].x
    return s.v * p.c


def of_one_argument(s, p):
    s.x = s.x * s.v
    s.v = s.v + s.x * p.k
    s.x += s.v
    return s.x * s.v


def half(p, s):
    if s.x > 0.0:
        s.x = p.k * s.v
    else:
        s.v = p.c * s.x
    return s.x * s.v


def given_an_array(p, s):
    s.x = np.array([p.k, p.c * s.v])
    return np.sum(s.x * s.x)


def deleted(p, s):
    s.v = s.x * p.k
    del s.x
    s.x = s.v * p.c
    return s.x * s.v


class Settled:
    def __init__(self, x):
        self.x = x
        self.y = 1.0

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2.0)


class Bounded:
    def __init__(self, x):
        self._x = x

    @property
    def x(self):
        return self._x * 3.0

    @x.setter
    def x(self, value):
        self._x = value * value


class Filter:
    def __init__(self, n):
        self.mean, self.cov = np.linspace(0.1, 0.5, n), np.eye(n) + 0.1
        self.calls, self.seen, self.last = 0, [], None

    def predict(self, f):
        self.calls += 1
        self.mean = f @ self.mean
        self.cov = f @ self.cov @ f.T

    def update(self, z):
        gain = self.cov / (1.0 + np.trace(self.cov))
        error = z - self.mean
        self.mean = self.mean + gain @ error
        self.cov = self.cov - gain @ self.cov
        self.seen.append(float(error @ error))
        return error @ error


def filtered(q, f):
    total = 0.0
    for i in range(3):
        q.predict(f)
        total += q.update(f[0] * (i + 1.0))
    return total + np.sum(q.cov) * q.calls


def set_by_itself(o, k):
    o.x = k * o.x
    o.y = o.x + k
    return o.x * o.y


def set_by_property(o, k):
    o.x = k * o.x
    return o.x * k


TABLE = [simulated, by_a_helper, under_another_name, of_an_object_in_an_object, in_a_list, half,
         given_an_array, deleted]
PLAIN = [simulated, by_a_helper, under_another_name, half]


def of(f, k, c, x, v):
    return f(Spring(k, c), State(x, v))


@pytest.mark.parametrize("f", TABLE, ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [0.7, -0.4])
def test_derivatives_are_those_of_differences(f, x):
    at = (1.3, 0.2, x, 0.5)
    slopes = []
    for i in range(4):
        up, down = list(at), list(at)
        up[i], down[i] = at[i] + 1e-6, at[i] - 1e-6
        slopes.append((of(f, *up) - of(f, *down)) / 2e-6)
    p, s = Spring(*at[:2]), State(*at[2:])
    g, h = sd.grad(f, wrt=(0, 1))(p, s)
    found = [0.0 if t is None else t for t in (g.k, g.c, h.x, h.v)]
    assert found == pytest.approx(slopes, rel=1e-6, abs=1e-8)
    p, s = Spring(*at[:2]), State(*at[2:])
    only = sd.grad(f)(p, s)
    assert [only.k, only.c] == pytest.approx(slopes[:2], rel=1e-6, abs=1e-8)
    value, pullback = sd.vjp(f, Spring(*at[:2]), State(*at[2:]))
    assert value == of(f, *at)
    for _ in range(2):
        g, h = pullback(1.0)
        found = [0.0 if t is None else t for t in (g.k, g.c, h.x, h.v)]
        assert found == pytest.approx(slopes, rel=1e-6, abs=1e-8)
    tangents = Spring(0.3, -0.4), State(0.5, 0.6)
    _, dot = sd.jvp(f, (Spring(*at[:2]), State(*at[2:])), tangents)
    assert dot == pytest.approx(np.dot(slopes, (0.3, -0.4, 0.5, 0.6)), rel=1e-6)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_attributes_are_read_and_written_as_they_are(f):
    text = sd.source(f, "grad", args=(Spring(1.0, 0.2), State(0.5, 0.1)))
    assert "by_place" not in text
    assert "call_kept" not in text
    assert "apart(" not in text.replace("separate(", "")


def test_the_same_object_twice_is_refused_as_it_was():
    def f(a, b):
        a.x = a.x * b.v
        return a.x * b.x

    with pytest.raises(sd.AliasingError):
        s = State(1.0, 2.0)
        sd.grad(f)(s, s)
    assert sd.grad(f)(State(1.0, 2.0), State(3.0, 4.0)) == State(12.0, 0.0)


@pytest.mark.parametrize(("f", "cls", "fields"), [(set_by_itself, Settled, ("x", "y")),
                                                  (set_by_property, Bounded, ("_x",))])
def test_classes_that_set_attributes_otherwise_do_so(f, cls, fields):
    o, k = cls(0.7), 1.3
    slope = (f(cls(0.7), k + 1e-6) - f(cls(0.7), k - 1e-6)) / 2e-6
    assert sd.grad(f, wrt=1)(o, k) == pytest.approx(slope)
    g = sd.grad(f)(cls(0.7), k)
    assert set(vars(g)) == set(fields)


def test_a_class_that_writes_its_own_attributes_is_read_by_kinds():
    f = np.array([[0.9, 0.1], [-0.2, 0.8]])
    g = sd.grad(filtered)(Filter(2), f)
    used = Filter(2)
    used.seen.append(0.5)
    assert "by_place" not in sd.source(filtered, "grad", args=(used, f))
    for name in ("mean", "cov"):
        for at in np.ndindex(getattr(g, name).shape):
            found = []
            for step in (1e-6, -1e-6):
                q = Filter(2)
                getattr(q, name)[at] += step
                found.append(filtered(q, f))
            slope = (found[0] - found[1]) / 2e-6
            assert getattr(g, name)[at] == pytest.approx(slope, rel=1e-6, abs=1e-7)
    for i in range(2):
        step = np.zeros_like(f)
        step[0, i] = 1e-6
        slope = (filtered(Filter(2), f + step) - filtered(Filter(2), f - step)) / 2e-6
        assert sd.grad(filtered, wrt=1)(Filter(2), f)[0, i] == pytest.approx(slope, rel=1e-6)


def test_a_count_or_a_list_of_floats_of_a_model_costs_nothing_by_place():
    q, f = Filter(2), np.eye(2)
    sd.grad(filtered)(q, f)
    assert q.calls == 3
    assert len(q.seen) == 3
    sd.grad(filtered)(q, f)
    assert q.calls == 6
    assert q.seen[3:] == pytest.approx([float(v) for v in q.seen[3:]])


def test_a_batch_norm_that_is_trained_is_plain_text():
    layer, x = nn.BatchNorm(3, dtype=np.float64), np.cos(np.arange(12.0)).reshape(4, 3)

    def loss(layer, x):
        return np.sum(np.sin(layer(x)) * x)

    text = sd.source(loss, "grad", args=(layer, x))
    assert "by_place" not in text
    g = sd.grad(loss, wrt=1)(layer, x)
    for at in ((0, 1), (3, 2)):
        step = np.zeros_like(x)
        step[at] = 1e-6
        slope = (loss(layer, x + step) - loss(layer, x - step)) / 2e-6
        assert g[at] == pytest.approx(slope, rel=1e-6)
