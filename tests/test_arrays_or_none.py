"""Variables that are None until they are arrays, as an optimizer's momentum is."""

import inspect

import numpy as np
import pytest

import s2sdiff as sd


def momentum(p, rate):
    v = None
    for _ in range(4):
        if v is None:
            v = np.zeros_like(p)
        v = 0.9 * v + 2.0 * p + np.cos(p)
        p = p - rate * v
    return np.sum(p * p)


def momentum_in_one_line(p, rate):
    v = None
    for _ in range(4):
        g = 2.0 * p + np.cos(p)
        v = g if v is None else 0.9 * v + g
        p = p - rate * v
    return np.sum(p * p)


def momentum_in_place(p, rate):
    v = None
    for _ in range(4):
        if v is None:
            v = np.zeros(len(p))
        v *= 0.9
        v += 2.0 * p + np.cos(p)
        p = p - rate * v
    return np.sum(p * p)


def written_under_the_first_name(p, rate):
    a, b = p * rate, None
    for k in range(3):
        if b is None:
            b = a
        else:
            b *= 0.5 + k
            b += p
    return np.sum(a * a)


def written_in_what_was_kept(p, rate):
    kept, total = None, 0.0
    for k in range(4):
        now = p * k + rate
        if kept is not None:
            now[1] += kept[0]
            kept[0] = rate * k
            total = total + np.sum(kept * now)
        kept = now
    return total + np.sum(kept)


def best_by_norm(p, rate):
    best = None
    for k in range(4):
        candidate = np.sin(p + k * rate)
        if best is None or np.sum(candidate ** 2) > np.sum(best ** 2):
            best = candidate
    return np.sum(best * p)


def mean_of_those_met(p, rate):
    total, count = None, 0
    for k in range(5):
        if k % 2:
            continue
        total = p ** 2 * k if total is None else total + rate * p
        count += 1
    return np.sum(total) / count


def none_at_the_end(p, rate):
    v = None
    for k in range(3):
        v = p * rate if v is None else None
        if v is not None and k == 2:
            return np.sum(v * p)
    return np.sum(p)


def without_asking(p, rate):
    before, total = None, 0.0
    for k in range(3):
        now = np.sin(p * (k + rate))
        if k:
            total = total + np.sum((now - before) ** 2)
        before = now
    return total


class Adam:
    def __init__(self, rate):
        self.rate, self.m, self.v, self.t = rate, None, None, 0

    def step(self, p, g):
        if self.m is None:
            self.m = np.zeros_like(p)
            self.v = np.zeros_like(p)
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * g
        self.v = 0.99 * self.v + 0.01 * g * g
        m, v = self.m / (1 - 0.9 ** self.t), self.v / (1 - 0.99 ** self.t)
        return p - self.rate * m / (np.sqrt(v) + 1e-8)


def adam(p, rate):
    optimizer = Adam(rate)
    for _ in range(5):
        p = optimizer.step(p, 2.0 * p + np.cos(p))
    return np.sum(p * p)


CASES = [f for f in list(vars().values()) if inspect.isfunction(f) and list(
    inspect.signature(f).parameters) == ["p", "rate"]]
P, RATE = np.array([0.3, -0.7, 1.2]), 0.2


@pytest.mark.parametrize("f", CASES)
def test_derivatives(f):
    h = 1e-6
    along = np.array([(f(P + s, RATE) - f(P - s, RATE)) / (2 * h) for s in h * np.eye(3)])
    rate = (f(P, RATE + h) - f(P, RATE - h)) / (2 * h)
    p = P.copy()
    value, pullback = sd.vjp(f, p, RATE)
    assert value == pytest.approx(f(P, RATE), rel=1e-12)
    for found in (sd.grad(f, wrt=(0, 1))(p, RATE), pullback(1.0), pullback(1.0)):
        np.testing.assert_allclose(found[0], along, rtol=1e-6, atol=1e-8)
        assert found[1] == pytest.approx(rate, rel=1e-6, abs=1e-8)
    value, tangent = sd.jvp(f, (p, RATE), (np.array([0.3, 0.1, -0.2]), 0.5))
    assert tangent == pytest.approx(along @ [0.3, 0.1, -0.2] + 0.5 * rate, rel=1e-6, abs=1e-8)
    np.testing.assert_array_equal(p, P)


@pytest.mark.parametrize("f", CASES)
def test_single_precision_stays_so(f):
    p = P.astype(np.float32)
    found = sd.grad(f)(p, np.float32(RATE))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, sd.grad(f)(P, RATE), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("f", [momentum, momentum_in_one_line, best_by_norm, adam])
@pytest.mark.parametrize("mode", ["grad", "jvp"])
def test_nothing_is_called_by_place(f, mode):
    text = sd.source(f, wrt=(0, 1), mode=mode, args=(P, RATE))
    assert "by_place" not in text and "rt.call" not in text
