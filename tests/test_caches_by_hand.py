"""Caches that are written by hand: what an earlier call has kept has no derivative, and is refused.

Where such a cache is empty, or knows other points, the derivative is right.
"""

import functools
import json

import numpy as np
import pytest

import s2sdiff as sd

AT = np.array([1.0, 2.0])
KEPT = "an earlier call has computed .*Instead, compute it without the cache"


def cube(x):
    return np.sum(x ** 3)


class Cached:
    """Results by points, in an object."""

    def __init__(self):
        self.known, self.made = {}, 0

    def by_number(self, x):
        if (x, 1) in self.known:
            return self.known[x, 1]
        self.made += 1
        value = x ** 3
        self.known[x, 1] = value
        return value

    def by_get(self, x):
        key = ("cube", x)
        value = self.known.get(key)
        if value is None:
            value = x ** 3
            self.known[key] = value
        return value

    def by_attempt(self, x):
        try:
            return self.known[x, "cube"]
        except KeyError:
            value = x ** 3
            self.known[x, "cube"] = value
            return value

    def by_rounded_number(self, x):
        key = round(x, 8)
        if key in self.known:
            return self.known[key]
        value = x ** 3
        self.known[key] = value
        return value

    def by_text(self, x):
        key = f"{x:.9f}"
        value = self.known.get(key)
        if value is None:
            value = x ** 3
            self.known[key] = value
        return value

    def by_text_of_a_list(self, x):
        key = json.dumps((x * np.ones(2)).tolist())
        if key not in self.known:
            self.known[key] = x ** 3
        return self.known[key]

    def by_joined_texts(self, x):
        key = ",".join(f"{v:.6f}" for v in (x, 2.0 * x))
        if key not in self.known:
            self.known[key] = x ** 3
        return self.known[key]

    def by_set(self, x):
        key = frozenset([("x", x)])
        if key not in self.known:
            self.known[key] = x ** 3
        return self.known[key]

    def by_hash(self, x):
        key = hash(x)
        value = self.known.get(key)
        if value is None:
            value = x ** 3
            self.known[key] = value
        return value


class Last:
    """The last point, and what was computed there."""

    def __init__(self):
        self.x, self.value = np.zeros(2), None

    def array_equal(self, x):
        if not np.array_equal(x, self.x):
            self.x, self.value = x.copy(), np.sum(x ** 3)
        return self.value

    def any_other(self, x):
        if np.any(x != self.x):
            self.x = np.copy(x)
            self.value = np.sum(x ** 3)
        return self.value

    def all_close(self, x):
        if self.value is None or not np.allclose(x, self.x, rtol=0.0, atol=1e-12):
            self.x[:] = x
            self.value = np.sum(x ** 3)
        return self.value

    def differs(self, x):
        return self.value is None or (x != self.x).any()

    def by_helpers(self, x):
        if self.differs(x):
            self.note(x)
        return self.value

    def note(self, x):
        self.x = x.copy()
        self.value = np.sum(x ** 3)


    def near(self, x):
        if self.value is None or np.linalg.norm(x - self.x) > 1e-12:
            self.x, self.value = x.copy(), np.sum(x ** 3)
        return self.value


class Points:
    """All points, in lists that are searched."""

    def __init__(self):
        self.pairs, self.points, self.values, self.known = [], [], [], {}
        self.places, self.cubes, self.count = np.full(8, np.nan), np.zeros(8), 0

    def searched(self, x):
        for point, value in self.pairs:
            if np.allclose(point, x):
                return value
        value = np.sum(x ** 3)
        self.pairs.append((x.copy(), value))
        return value

    def by_index(self, x):
        if x in self.points:
            return self.values[self.points.index(x)]
        value = x ** 3
        self.points.append(x)
        self.values.append(value)
        return value

    def in_arrays(self, x):
        hit = np.where(self.places == x)[0]
        if len(hit):
            return self.cubes[hit[0]]
        value = x ** 3
        self.places[self.count], self.cubes[self.count] = x, value
        self.count += 1
        return value

    def by_identity(self, x):
        key = id(x)
        if key not in self.known:
            self.known[key] = np.sum(x ** 3)
        return self.known[key]


class Scalar:
    def __init__(self):
        self.key, self.value = None, None

    def identity(self, x):
        if x is not self.key:
            self.key, self.value = x, x ** 3
        return self.value

    def close(self, x):
        if self.key is None or abs(x - self.key) > 1e-14:
            self.key, self.value = x, x ** 3
        return self.value

    def number(self, x):
        if x != self.key:
            self.key, self.value = x, x ** 3
        return self.value

    def pair(self, x, y=2.0):
        if self.key == (x, y):
            return self.value
        self.key, self.value = (x, y), x ** 3 * y / 2.0
        return self.value


def remembering():
    last, value = None, None

    def f(x):
        nonlocal last, value
        if last is None or x != last:
            last, value = x, x ** 3
        return value

    return f


#: What makes a function with an empty cache, and a point.
CACHES = {
    **{f"points {n}": (lambda n=n: getattr(Cached(), n), 2.0) for n in (
        "by_number", "by_get", "by_attempt", "by_rounded_number", "by_text", "by_hash",
        "by_text_of_a_list", "by_joined_texts", "by_set")},
    **{f"last {n}": (lambda n=n: getattr(Last(), n), AT) for n in (
        "array_equal", "any_other", "all_close", "by_helpers", "near")},
    **{f"last {n}": (lambda n=n: getattr(Scalar(), n), 2.0) for n in (
        "number", "pair", "close", "identity")},
    **{n: (lambda n=n: getattr(Points(), n), x) for n, x in (
        ("searched", AT), ("by_index", 2.0), ("by_identity", AT),
        ("in_arrays", 2.0))},
    "captured": (remembering, 2.0),
}


def one(x):
    return np.ones_like(x) if isinstance(x, np.ndarray) else 1.0


@pytest.mark.parametrize("name", CACHES)
def test_what_a_plain_call_has_kept_is_refused(name):
    make, x = CACHES[name]
    f = make()
    f(x)
    for derivative in (lambda: sd.grad(f)(x), lambda: sd.vjp(f, x),
                       lambda: sd.jvp(f, (x,), (one(x),))):
        with pytest.raises(sd.UnsupportedError, match=KEPT):
            derivative()


@pytest.mark.parametrize("name", CACHES)
def test_an_empty_cache_and_one_that_knows_other_points_have_their_derivatives(name):
    make, x = CACHES[name]
    np.testing.assert_allclose(sd.grad(make())(x), 3.0 * np.square(x), rtol=1e-12)
    _, found = sd.jvp(make(), (x,), (one(x),))
    np.testing.assert_allclose(found, np.sum(3.0 * np.square(x)), rtol=1e-12)
    f = make()
    f(x + 1.0)
    np.testing.assert_allclose(sd.grad(f)(x), 3.0 * np.square(x), rtol=1e-12)


@pytest.mark.parametrize("name", CACHES)
def test_what_a_derivative_has_kept_is_refused_too(name):
    make, x = CACHES[name]
    f = make()
    value, pullback = sd.vjp(f, x)
    np.testing.assert_allclose(pullback(1.0), 3.0 * np.square(x), rtol=1e-12)
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        sd.grad(f)(x)
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        sd.jvp(f, (x,), (one(x),))


KNOWN = {}


def from_a_global(x):
    value = KNOWN.get((x, 2))
    if value is None:
        value = x ** 3
        KNOWN[(x, 2)] = value
    return value


def test_a_global_cache_is_refused_full_and_empty():
    with pytest.raises(sd.UnsupportedError, match="global KNOWN"):
        sd.grad(from_a_global)(2.5)
    from_a_global(2.5)
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        sd.grad(from_a_global)(2.5)


PAIRS = []


def from_global_pairs(x):
    for point, value in PAIRS:
        if point == x:
            return value
    value = x ** 3
    PAIRS.append((x, value))
    return value


def test_a_global_list_of_pairs_is_right_while_empty_and_refused_then():
    assert sd.grad(from_global_pairs)(2.5) == 3.0 * 2.5 ** 2
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        sd.grad(from_global_pairs)(2.5)
    PAIRS.clear()


TABLE = {0.5: 1.0, 1.5: 2.0}
PLACES = {0.5: 0, 1.5: 1}


def test_a_table_by_numbers_is_refused_but_where_it_is_said_that_it_is_one():
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        sd.grad(lambda x: TABLE[x] * x)(0.5)
    assert sd.grad(lambda x: TABLE[sd.stop_gradient(x)] * x)(0.5) == 1.0
    # What a key leads to may be a count, which has no derivative, or be chosen by one.
    assert sd.grad(lambda x: [2.0, 3.0][PLACES[x]] * x)(1.5) == 3.0
    assert sd.grad(lambda x: {0: 2.0, 1: 4.0}[int(x)] * x)(1.5) == 4.0


class Point:
    def __init__(self, x, height):
        self.x, self.height = x, height

    def lift(self, by):
        self.height = self.height + by


def apart(a, b):
    if abs(a.height - b.height) > 1e-6 or a.height != b.height:
        raise ValueError("not on one level")
    return (a.x - b.x) ** 2


def test_attributes_of_two_objects_are_compared():
    def f(x):
        return apart(Point(x, 1.0), Point(3.0 * x, 1.0))

    assert sd.grad(f)(2.0) == 16.0
    assert sd.grad(lambda p, q: apart(p, q))(Point(1.0, 2.0), Point(4.0, 2.0)).x == -6.0


class Odd:
    """What answers to tests with words."""

    def __eq__(self, other):
        return "perhaps"

    def __ne__(self, other):
        return "perhaps not"

    __hash__ = None


class Asked:
    def __init__(self):
        self.last = Odd()

    def f(self, x):
        if (x != self.last) == "perhaps not" and (x == self.last) == "perhaps":
            self.seen = x
        return self.seen * x

    def forget(self):
        self.last = Odd()


def test_what_classes_answer_to_tests_is_theirs():
    assert sd.grad(Asked().f)(3.0) == 6.0


class Limited:
    """An attribute that no method writes is no cache: the branch is taken."""

    def __init__(self, limit):
        self.limit = limit

    def capped(self, x):
        return self.limit * x if x == self.limit else x


def test_what_no_method_writes_may_be_met():
    assert sd.grad(Limited(2.0).capped)(2.0) == 2.0


def test_a_local_table_of_what_was_computed_in_the_same_run_is_right():
    def f(x):
        known = {}
        known[x, 1] = x ** 3
        return known[x, 1] * x

    np.testing.assert_allclose(sd.grad(f)(2.0), 4.0 * 2.0 ** 3, rtol=1e-12)
    np.testing.assert_allclose(sd.jvp(f, (2.0,), (1.0,))[1], 4.0 * 2.0 ** 3, rtol=1e-12)


def test_results_that_are_kept_for_the_same_arguments_by_the_library_are_right():
    @functools.lru_cache(maxsize=None)
    def f(x):
        return x ** 3

    f(2.0)
    assert sd.grad(f)(2.0) == 12.0
    assert sd.grad(lambda x: f(x) * x)(2.0) == 32.0


class Shared:
    """What several methods use is computed once for a point, as objects for optimizers have it."""

    def __init__(self):
        self._x, self._cubes, self.count, self.known = None, None, 0, {}

    def update(self, x):
        if self._x is None or not np.array_equal(x, self._x):
            self._x, self._cubes = x.copy(), x ** 3
            self.count += 1

    def total(self, x):
        self.update(x)
        return np.sum(self._cubes)

    def largest(self, x):
        self.update(x)
        return np.max(self._cubes)

    def power(self, x, n):
        key = (x, n)
        if key not in self.known:
            self.known[key] = x ** n
        return self.known[key]


def test_what_the_same_run_has_kept_has_its_derivative():
    shared = Shared()

    def both(x):
        return shared.total(x) * shared.largest(x)

    x = np.array([1.0, 2.0])
    expected = 3.0 * x ** 2 * 8.0 + 9.0 * np.array([0.0, 12.0])
    np.testing.assert_allclose(sd.grad(both)(x), expected, rtol=1e-12)
    assert shared.count == 1
    with pytest.raises(sd.UnsupportedError, match=KEPT):
        sd.grad(both)(x)
    for made in (Shared(), Shared()):
        shared = made
        value, pullback = sd.vjp(both, x)
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-12)
        shared = Shared()
        np.testing.assert_allclose(sd.jvp(both, (x,), (x,))[1], expected @ x, rtol=1e-12)


def test_a_cache_that_is_read_again_in_the_same_run_is_right():
    for slope in (lambda f: sd.grad(f)(2.0), lambda f: sd.vjp(f, 2.0)[1](1.0),
                  lambda f: sd.jvp(f, (2.0,), (1.0,))[1]):
        shared = Shared()
        np.testing.assert_allclose(
            slope(lambda x, s=shared: s.power(x, 3) * s.power(x, 3)), 6.0 * 2.0 ** 5, rtol=1e-12)
        with pytest.raises(sd.UnsupportedError, match=KEPT):
            slope(lambda x, s=shared: s.power(x, 3))


class Held:
    """A sampled signal: what is held belongs to the run."""

    def __init__(self):
        self.held = 0.0

    def step(self, u):
        if abs(u - self.held) > 0.1:
            self.held = u
        return self.held


def test_a_signal_that_is_held_over_equal_samples_has_its_derivative():
    def f(u):
        held, total = Held(), 0.0
        for _ in range(3):
            total = total + held.step(u) ** 2
        return total

    assert sd.grad(f)(2.0) == 12.0
    kept = Held()
    assert sd.grad(lambda u: kept.step(u) + kept.step(u) * u)(2.0) == 5.0


class Warm:
    """A root by Newton's steps, from where the last one ended."""

    def __init__(self):
        self.z, self.rounds = 1.0, 0

    def tested_before(self, p):
        z = self.z
        while abs(z * z - p) > 1e-12:
            z = 0.5 * (z + p / z)
        self.z = z
        return z

    def tested_first(self, p):
        z = self.z
        for _ in range(50):
            if abs(z * z - p) <= 1e-12:
                break
            z = 0.5 * (z + p / z)
        self.z = z
        return z

    def tested_behind(self, p):
        z = self.z
        while True:
            step = 0.5 * (z - p / z)
            z = z - step
            if abs(step) < 1e-12:
                break
        self.z = z
        return z


class WarmArray:
    def __init__(self):
        self.z = np.array([1.0, 1.0])

    def of_a_copy(self, p):
        z = self.z.copy()
        while np.max(np.abs(z * z - p)) > 1e-12:
            z = 0.5 * (z + p / z)
        self.z = z
        return np.sum(z)

    def itself(self, p):
        z = self.z
        for _ in range(60):
            if np.linalg.norm(z * z - p) < 1e-12:
                break
            z = 0.5 * (z + p / z)
        self.z = z
        return np.sum(z)

    def in_place(self, p):
        z = self.z.copy()
        while True:
            step = 0.5 * (z - p / z)
            z -= step
            if np.max(np.abs(step)) < 1e-12:
                break
        self.z = z
        return np.sum(z)


@pytest.mark.parametrize("name", ["of_a_copy", "itself"])
def test_a_search_of_arrays_that_begins_at_its_end_is_refused(name):
    f, p = getattr(WarmArray(), name), np.array([4.0, 9.0])
    np.testing.assert_allclose(sd.grad(f)(p), [0.25, 1.0 / 6.0], rtol=1e-9)
    for derivative in (lambda: sd.grad(f)(p), lambda: sd.jvp(f, (p,), (p,))):
        with pytest.raises(sd.UnsupportedError, match="without a step.*Instead, test behind"):
            derivative()


def test_a_search_of_arrays_in_place_is_right_at_its_end():
    f, p = WarmArray().in_place, np.array([4.0, 9.0])
    for _ in range(2):
        np.testing.assert_allclose(sd.grad(f)(p), [0.25, 1.0 / 6.0], rtol=1e-9)


@pytest.mark.parametrize("name", ["tested_before", "tested_first"])
def test_a_search_that_begins_at_its_end_is_refused(name):
    f = getattr(Warm(), name)
    np.testing.assert_allclose(sd.grad(f)(4.0), 0.25, rtol=1e-9)
    for derivative in (lambda: sd.grad(f)(4.0), lambda: sd.jvp(f, (4.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="without a step.*Instead, test behind"):
            derivative()
    np.testing.assert_allclose(sd.grad(f)(9.0), 1.0 / 6.0, rtol=1e-9)


def test_a_search_may_begin_where_the_same_run_has_ended():
    f = Warm().tested_before
    np.testing.assert_allclose(sd.grad(lambda p: f(p) * f(p))(4.0), 1.0, rtol=1e-9)
    f = Warm().tested_before
    np.testing.assert_allclose(sd.jvp(lambda p: f(p) * f(p), (4.0,), (1.0,))[1], 1.0, rtol=1e-9)


def test_a_search_that_tests_behind_its_step_is_right_where_it_begins_at_its_end():
    f = Warm().tested_behind
    for _ in range(2):
        np.testing.assert_allclose(sd.grad(f)(4.0), 0.25, rtol=1e-9)
        np.testing.assert_allclose(sd.jvp(f, (4.0,), (1.0,))[1], 0.25, rtol=1e-9)


class Grid:
    def __init__(self):
        self.last, self.values = None, np.zeros(3)

    def filled(self, x, mask, at):
        if self.last is None or x != self.last:
            self.last = x
        found = self.found()
        found[mask] = x
        found[at, ...] = x * x
        found[at:at + 1] = x * x
        found[(slice(at, at + 1),)] = x * x
        return np.sum(found)

    def found(self):
        return self.values


def test_arrays_are_written_by_masks_and_slices_beside_a_cache():
    f = Grid().filled
    assert sd.grad(f)(3.0, np.array([True, False, True]), 1) == 8.0


def test_a_run_is_one_also_where_a_parameter_has_the_name_of_the_helpers():
    shared = Shared()

    def f(rt):
        return shared.power(rt, 3) * shared.power(rt, 3)

    np.testing.assert_allclose(sd.grad(f)(2.0), 6.0 * 2.0 ** 5, rtol=1e-12)


def probed(x):
    return x * 1.0


PROBES = []


@sd.derivative(of=probed)
def probed_vjp(x):
    found = [probe() for probe in PROBES]
    return x * 1.0, lambda bar: bar + 0.0 * len(found)


@pytest.mark.parametrize("inner", [
    lambda f, c: sd.grad(f)(c), lambda f, c: sd.vjp(f, c)[1](1.0),
    lambda f, c: sd.jvp(f, (c,), (1.0,))[1],
], ids=["grad", "vjp", "jvp"])
@pytest.mark.parametrize("outer", [
    lambda f: sd.grad(f)(3.0), lambda f: sd.vjp(f, 3.0), lambda f: sd.jvp(f, (3.0,), (1.0,)),
], ids=["in grad", "in vjp", "in jvp"])
def test_an_operator_that_runs_within_a_run_is_a_run_of_its_own(inner, outer):
    cache, found = Shared(), []

    def probe():
        return found.append(inner(lambda x: cache.power(x, 3), 2.0))

    PROBES[:] = [probe, probe]
    try:
        with pytest.raises(sd.UnsupportedError, match=KEPT):
            outer(lambda y: probed(y) * y)
    finally:
        PROBES.clear()
    assert found == [12.0]
