"""Caches by hand whose points are objects, dicts and tuples: refused at a point that they know.

At another point they compute anew, and are right; or they are refused, where they are written in
sight.
"""

import dataclasses
import functools
import itertools
import math
import re
import types
import typing

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

KEPT = "an earlier call has computed .*Instead, compute it without the cache"


class Plain:
    def __init__(self, v):
        self.v = v


class Moving(Plain):
    def move(self, by):
        self.v += by

    def __eq__(self, other):
        return self.v == other.v


@functools.total_ordering
class Ordered:
    __slots__ = ("v",)

    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        return self.v < other.v

    def __eq__(self, other):
        return self.v == other.v

    def __hash__(self):
        return hash(self.v)


@dataclasses.dataclass(frozen=True, order=True)
class Frozen:
    v: float


class Pair(typing.NamedTuple):
    v: float


class Nested:
    def __init__(self, v):
        self.inner, self.weight = Frozen(v), 1.0

    @property
    def v(self):
        return self.inner.v

    def __eq__(self, other):
        return self.inner == other.inner and self.weight == other.weight


def same(a, b):
    return a == b


#: How a point is made of x, and x read of it.
POINTS = {
    "an object": ("Plain(x)", ".v"), "one that moves": ("Moving(x)", ".v"),
    "one in order": ("Ordered(x)", ".v"), "a frozen one": ("Frozen(x)", ".v"),
    "a named tuple": ("Pair(x)", ".v"), "one inside of another": ("Nested(x)", ".v"),
    "a namespace": ("types.SimpleNamespace(v=x)", ".v"), "a dict": ("{'v': x}", "['v']"),
    "a dict in a dict": ("{'p': {'v': x}, 'n': 2}", "['p']['v']"),
    "a dict of arrays": ("{'a': np.array([x, 1.0])}", "['a'][0]"),
    "a tuple in a tuple": ("((x,), 2)", "[0][0]"), "no dimension": ("np.array(x)", "[()]"),
}
#: What tells that a point (p) is the one that is kept (k); v and w are the numbers in them.
TESTS = {
    "equal": "k == p", "unequal": "not k != p", "in order": "not (k < p or p < k)",
    "its number": "w == v", "nearly": "abs(w - v) < 1e-12", "close": "math.isclose(w, v)",
    "no difference": "(w > v) - (w < v) == 0", "membership": "p in [k]",
    "a helper": "same(w, v)", "what it holds": "k.__dict__ == p.__dict__",
    "as text": "repr(w) == repr(v)",
}
FORMS = {
    "an object": """
class Last:
    def __init__(self):
        self.k, self.value = None, 0.0
last = Last()
def f(x):
    p = {made}
    if last.k is None or not ({told:last.k}):
        last.k, last.value = p, p{part} ** 3
    return last.value
""",
    "a method": """
class Last:
    def __init__(self):
        self.k, self.value = None, 0.0
    def ask(self, p):
        if self.k is None or not ({told:self.k}):
            self.k, self.value = p, p{part} ** 3
        return self.value
last = Last()
def f(x):
    return last.ask({made})
""",
    "asked and noted": """
class Last:
    def __init__(self):
        self.k, self.value = None, 0.0
    def knows(self, p):
        return self.k is not None and ({told:self.k})
    def note(self, p):
        self.k, self.value = p, p{part} ** 3
last = Last()
def f(x):
    p = {made}
    if not last.knows(p):
        last.note(p)
    return last.value
""",
    "an argument": """
class Last:
    def __init__(self):
        self.k, self.value = None, 0.0
def ask(last, p):
    if last.k is None or not ({told:last.k}):
        last.k, last.value = p, p{part} ** 3
    return last.value
last = Last()
def f(x):
    return ask(last, {made})
""",
    "a function": """
def ask(p):
    if ask.k is None or not ({told:ask.k}):
        ask.k, ask.value = p, p{part} ** 3
    return ask.value
ask.k = None
def f(x):
    return ask({made})
""",
    "global names": """
K, VALUE = None, 0.0
def f(x):
    global K, VALUE
    p = {made}
    if K is None or not ({told:K}):
        K, VALUE = p, p{part} ** 3
    return VALUE
""",
    "a list": """
KNOWN = []
def f(x):
    p = {made}
    for k, value in KNOWN:
        if {told:k}:
            return value
    value = p{part} ** 3
    KNOWN.append((p, value))
    return value
""",
    "a closure": """
def make():
    kept, value = None, 0.0
    def ask(p):
        nonlocal kept, value
        if kept is None or not ({told:kept}):
            kept, value = p, p{part} ** 3
        return value
    return ask
ask = make()
def f(x):
    return ask({made})
""",
}


class _Told(str):
    """The test, with the name of what is kept as a format."""

    def __format__(self, kept):
        test, part = self.split("|")
        names = {"k": kept, "w": kept + part, "v": "p" + part}
        return "".join(names.get(w, w) for w in _words(test))


def _words(text):
    return ["".join(g) for _, g in itertools.groupby(text, lambda c: c.isalnum() or c == "_")]


def made(form, point, test):
    text, part = POINTS[point]
    source = FORMS[form].format(made=text, part=part, told=_Told(f"{TESTS[test]}|{part}"))
    return run_text(source, f"<a cache of points: {form}, {point}, {test}>", {
        **globals(), "math": math, "types": types, "np": np})["f"]


def answers(f):
    """Whether the plain function is such a cache; not each test can be asked of each point."""
    try:
        return [f(x) for x in (1.3, 1.3, 1.5)] == [x * x * x for x in (1.3, 1.3, 1.5)] or \
            np.allclose([f(x) for x in (1.3, 1.3, 1.5)], [1.3 ** 3, 1.3 ** 3, 1.5 ** 3])
    except (TypeError, AttributeError, ValueError):
        return False


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("form", FORMS)
def test_point_that_is_known_is_refused_and_others_are_not_wrong(form, point):
    asked = [test for test in TESTS if answers(made(form, point, test))]
    refused = 0
    ways = [*itertools.product(asked, (2.0,), (False,)), *itertools.product(
        asked[::4], (2.0,), (True,)), *itertools.product(asked[1::4], (1.7,), (False, True))]
    for test, at, forwards in ways:
        f = made(form, point, test)
        f(2.0)
        try:
            slope = sd.jvp(f, (at,), (1.0,))[1] if forwards else sd.grad(f)(at)
            assert slope == pytest.approx(3 * at ** 2), (test, at)
        except sd.UnsupportedError as error:
            assert "Instead, " in str(error)
            refused += bool(re.search("(?s)" + KEPT, str(error)))
    # Objects that are equal to nobody else answer where their numbers are asked for.
    assert refused >= (3 if form == "a closure" else 6)


def test_order_of_lengths_that_an_object_keeps():
    """An order that a class of its own tells is not asked a second time, and is looked at."""
    asked = []

    class Length:
        def __init__(self, metres):
            self.metres = metres

        def __lt__(self, other):
            asked.append(other)
            return bool(self.metres < other.metres)

    class Last:
        def __init__(self):
            self.x, self.value = Length(0.0), 0.0

        def ask(self, p):
            if self.x < p or p < self.x:
                self.x, self.value = p, p.metres ** 3
            return self.value

    last = Last()
    last.ask(Length(2.0))
    with pytest.raises(sd.UnsupportedError, match="(?s)" + KEPT):
        sd.grad(lambda x: last.ask(Length(x)))(2.0)
    del asked[:]
    assert sd.grad(lambda x: last.ask(Length(x)))(1.7) == pytest.approx(3 * 1.7 ** 2)
    assert len(asked) == 1 or len(asked) == 2


class Particle:
    def __init__(self, x, v):
        self.x, self.v = x, v

    def move(self, dt):
        self.x = self.x + self.v * dt

    def force(self, other):
        return 0.0 if self.x == other.x else 0.1 / (self.x - other.x)

    def energy(self, others):
        return sum(1.0 / abs(o.x - self.x) for o in others if o.x != self.x)


def test_objects_that_are_compared_with_each_other_are_no_caches():
    particles = [Particle(0.1, 1.0), Particle(0.7, 0.0), Particle(1.9, -1.0)]
    for p in particles:
        p.move(0.1)

    def f(first, rest):
        every = [first, *rest]
        return sum(p.energy(every) + p.force(q) for p in every for q in every)

    def at(x):
        return f(Particle(x, 1.0), particles[1:])

    def along(x):
        first = Particle(x, 1.0)
        first.move(0.0)
        return f(first, particles[1:])

    slope = (at(0.2 + 1e-6) - at(0.2 - 1e-6)) / 2e-6
    first = Particle(0.1, 1.0)
    first.move(0.1)
    _, pullback = sd.vjp(f, first, particles[1:])
    assert pullback(1.0)[0].x == pytest.approx(slope, rel=1e-6)
    assert sd.grad(along)(0.2) == pytest.approx(slope, rel=1e-6)
    assert sd.jvp(along, (0.2,), (1.0,))[1] == pytest.approx(slope, rel=1e-6)


class Buffer:
    """It makes memory where the shape is another one, and is given the same point again."""

    def __init__(self):
        self.kept = None

    def of_shape(self, x):
        if self.kept is None or self.kept.shape != x.shape:
            self.kept = np.empty_like(x)
        self.kept[:] = x
        return np.sum(self.kept ** 3)

    def of_length(self, x):
        if self.kept is None or len(self.kept) != len(x):
            self.kept = np.empty_like(x)
        np.copyto(self.kept, x)
        return np.sum(self.kept ** 3)

    def of_kind(self, x):
        if self.kept is None or np.shape(self.kept) != np.shape(x) or self.kept.dtype != x.dtype:
            self.kept = np.empty_like(x)
        self.kept[:] = x
        return np.sum(self.kept ** 3)


@pytest.mark.parametrize("name", ["of_shape", "of_length", "of_kind"])
def test_memory_that_is_kept_by_shape_is_no_cache(name):
    f = getattr(Buffer(), name)
    x = np.array([1.0, 2.0])
    for _ in range(2):
        f(x)
        np.testing.assert_allclose(sd.grad(f)(x), 3 * x ** 2)
        assert sd.jvp(f, (x,), (x,))[1] == pytest.approx(np.sum(3 * x ** 3))
