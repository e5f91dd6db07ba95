"""Caches that other functions fill, and state that is none."""

import copy
import math
import types
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd

KEPT = "an earlier call has computed .*Instead, compute it without the cache"

PLACES, VALUES, COUNT = np.full(8, np.nan), np.zeros(8), [0]
KEYS, PAIRS, TABLE = [], [], {}
LAST, NAMED = types.SimpleNamespace(x=None, value=None), {"x": None, "value": None}
AT = CUBE = None


def fill(x):
    global AT, CUBE
    PLACES[COUNT[0]], VALUES[COUNT[0]] = x, x ** 3
    COUNT[0] += 1
    KEYS.append(x)
    PAIRS.append((x, x ** 3))
    TABLE[x] = x ** 3
    LAST.x, LAST.value = x, x ** 3
    NAMED["x"] = x
    NAMED["value"] = x ** 3
    AT, CUBE = x, x ** 3


def by_array(x):
    hit = np.flatnonzero(PLACES == x)
    return VALUES[hit[0]] if hit.size else x ** 3


def by_mask(x):
    known = PLACES == x
    return VALUES[known][0] if known.any() else x ** 3


def by_nearest(x):
    i = np.nanargmin(np.abs(PLACES - x))
    return VALUES[i] if PLACES[i] == x else x ** 3


def by_loop(x):
    for i in range(COUNT[0]):
        if PLACES[i] == x:
            return VALUES[i]
    return x ** 3


def by_keys(x):
    for key, value in zip(KEYS, VALUES, strict=False):
        if key == x:
            return value
    return x ** 3


def by_pairs(x):
    for key, value in PAIRS:
        if abs(key - x) < 1e-12:
            return value
    return x ** 3


def by_items(x):
    for key, value in TABLE.items():
        if math.isclose(key, x):
            return value
    return x ** 3


def by_global(x):
    return CUBE if (AT,) == (x,) else x ** 3


def by_attribute(x):
    return LAST.value if LAST.x is not None and not LAST.x - x else x ** 3


def by_name(x):
    return NAMED["value"] if NAMED["x"] == x else x ** 3


def by_argument(x):
    return found_in(x, NAMED)


def found_in(x, known):
    return known["value"] if known["x"] == x else x ** 3


def by_search(x):
    return searched(x, KEYS, VALUES)


def searched(x, keys, values):
    for key, value in zip(keys, values, strict=False):
        if key == x:
            return value
    return x ** 3


@pytest.mark.parametrize("f", [by_array, by_mask, by_nearest, by_loop, by_keys, by_pairs, by_items,
                               by_global, by_attribute, by_name, by_argument, by_search])
def test_what_another_function_has_filled_is_refused_where_it_answers(f):
    PLACES[:], COUNT[0] = np.nan, 0
    for held in (KEYS, PAIRS, TABLE):
        held.clear()
    fill(3.0)
    assert sd.grad(f)(2.0) == pytest.approx(12.0, rel=1e-12)
    assert sd.jvp(f, (2.0,), (1.0,))[1] == pytest.approx(12.0, rel=1e-12)
    fill(2.0)
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match=KEPT):
            derivative()


@dataclass
class Record:
    x: float = math.nan
    value: float = 0.0


class Recorded:
    def __init__(self):
        self.last, self.records = Record(), []

    def by_record(self, x):
        if self.last.x != x:
            self.last = Record(x, x ** 3)
        return self.last.value

    def by_records(self, x):
        if self.records and self.records[-1].x == x:
            return self.records[-1].value
        self.records.append(Record(x, x ** 3))
        return self.records[-1].value


class Late:
    def __init__(self):
        self.x, self.value = None, 0.0

    def f(self, x):
        return self.value if self.x == x else x ** 3


def note(self, x):
    self.x, self.value = x, x ** 3


def with_a_method_of_its_own():
    cls = type("Later", (Late,), {})
    made = cls()
    sd.grad(made.f)(5.0)
    cls.note = note
    return made.f, made.note


@pytest.mark.parametrize("make", [
    lambda: (Recorded().by_record,) * 2, lambda: (Recorded().by_records,) * 2,
    with_a_method_of_its_own])
def test_records_and_methods_that_come_later_are_seen(make):
    f, fill = make()
    assert sd.grad(f)(3.0) == pytest.approx(27.0, rel=1e-12)
    fill(2.0)
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        sd.grad(f)(2.0)


class Velocity:
    def __init__(self):
        self.before, self.count = None, 0

    def f(self, x):
        speed = 0.0 if self.before is None else (x - self.before) / 0.1
        if speed > 100.0:
            speed = 100.0
        self.before, self.count = x, self.count + 1
        return speed * speed + x


class Stalled:
    """What is compared is kept, and nothing of it comes out."""

    def __init__(self):
        self.before, self.rounds, self.rate = math.inf, 0, 1.0

    def f(self, x):
        loss = (3.0 * x - 1.0) ** 2
        if abs(loss - self.before) < 1e-9:
            self.rounds += 1
            if self.rounds > 3:
                self.rate *= 0.5
        self.before = loss
        return self.rate * loss


class Neighbours:
    """A list of pairs is made anew where points have moved: it holds counts alone."""

    def __init__(self):
        self.at, self.pairs = None, None

    def moved(self, x):
        return self.at is None or np.max(np.abs(x - self.at)) > 0.3

    def f(self, x):
        if self.moved(x):
            self.pairs, self.at = [(0, 1)], x.copy()
        return sum((x[i] - x[j]) ** 3 for i, j in self.pairs)


class Weighted:
    """A fit is asked beside its data."""

    def __init__(self):
        self.fit(np.array([[1.2, 2.1], [0.0, 1.0]]), np.array([1.0, 2.0]))

    def fit(self, points, values):
        self.points, self.values = points, values

    def f(self, x):
        d = np.sum((self.points - x) ** 2, axis=1)
        if np.any(d < 1e-14):
            return self.values[np.argmin(d)]
        return np.sum(self.values / d) / np.sum(1.0 / d)


class Event:
    """A change that is noticed from some size on."""

    def __init__(self):
        self.before, self.level, self.seen = 0.0, 0.0, False

    def f(self, x):
        if abs(x - self.before) > 10.0:
            self.seen = True
        self.before, self.level = x, 0.5 * self.level + x
        return self.level * x


class Sums:
    """Sums by intervals grow on what lay there."""

    def __init__(self):
        self.sums = {}

    def f(self, x):
        k = int(x)
        self.sums[k] = self.sums.get(k, 0.0) + x * x
        return self.sums[k] * x


class Best:
    def __init__(self):
        self.least, self.at, self.coefficient, self.k = math.inf, None, 0.0, None

    def f(self, x):
        k = int(x)
        if k != self.k:
            self.k, self.coefficient = k, float(k) ** 2
        loss = self.coefficient * x * x
        if loss < self.least:
            self.least, self.at = loss, x
        return loss


def differences(at, x):
    """Central differences of a function of an object in the state that it has now."""
    slopes = []
    for step in np.eye(np.size(x)).reshape(-1, *np.shape(x)):
        h = 1e-6 * (step if np.ndim(x) else float(step))
        slopes.append((copy.deepcopy(at).f(x + h) - copy.deepcopy(at).f(x - h)) / 2e-6)
    return np.reshape(slopes, np.shape(x))


@pytest.mark.parametrize(("make", "x"), [
    (Velocity, 2.3), (Stalled, 2.3), (Best, 2.3), (Sums, 2.3), (Event, 2.3),
    (Neighbours, np.array([1.0, 2.0])), (Weighted, np.array([1.0, 2.0]))])
def test_state_that_answers_nothing_has_its_derivatives_twice_at_a_point(make, x):
    at = make()
    for _ in range(3):
        expected = differences(at, x)
        np.testing.assert_allclose(sd.grad(copy.deepcopy(at).f)(x), expected, rtol=1e-4, atol=1e-6)
        _, found = sd.jvp(copy.deepcopy(at).f, (x,), (np.ones_like(x) if np.ndim(x) else 1.0,))
        np.testing.assert_allclose(found, np.sum(expected), rtol=1e-4, atol=1e-6)
        at.f(x)
