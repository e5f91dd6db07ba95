"""`list()`, `dict(zip(…))`, `list(zip(…))` and the like: displays, and tuples that are known."""

import itertools
import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

XS = [0.3, 0.7, -0.4, 1.1, 0.9]


def empty_ones(xs):
    rows, table = list(), dict()
    for i, x in enumerate(xs):
        rows.append((x, x * x))
        table[i] = x
    return sum(a * b for a, b in rows) + table[1] * table[2] + len(tuple())


def keywords(xs):
    p = dict(a=xs[0], b=xs[1])
    return p["a"] * p["b"]


def pairs(xs):
    points = list(zip(xs, xs[1:]))
    return sum(a * b for a, b in points) + points[0][1] ** 2


def polygon(xs):
    points = list(zip(xs, reversed(xs)))
    total = 0.0
    for (x0, y0), (x1, y1) in zip(points[:-1], points[1:]):
        total += x0 * y1 - x1 * y0 ** 2
    return total


def counted(xs):
    total = 0.0
    for i, x in list(enumerate(xs, 1)) if len(xs) > 99 else list(enumerate(xs)):
        total += i * x * x
    return total


def by_key(xs):
    table = dict(zip(range(len(xs)), xs))
    return sum(v * xs[k] * k for k, v in table.items())


def by_name(xs):
    p = dict(zip("abc", xs))
    return p["a"] * p["b"] + p["c"] ** 2


def from_pairs(xs):
    p = dict((k, x * x) for k, x in zip("abcde", xs))
    q = set(x for x in range(3))
    return p["a"] * p["e"] + len(q)


def combined(xs):
    total = 0.0
    for a, b in list(itertools.product(xs, xs[:2])):
        total += a * b * b
    for a, b in sorted(itertools.combinations(xs, 2)):
        total += a * b
    return total


def beside_each_other(xs):
    steps = list(itertools.pairwise(xs))
    return sum((b - a) ** 2 for a, b in itertools.pairwise(xs)) + steps[0][0] * steps[-1][1]


def some_of_them(xs):
    first = [x for x in itertools.islice(xs, 2)]
    return first[0] * first[1] + sum(x * x for x in itertools.islice(xs, 1, None, 2)) + \
        sum(x ** 3 for x in itertools.islice(xs, None)) + sum(itertools.islice(iter(xs), 1, 3))


def with_stars(xs):
    return sum(itertools.starmap(lambda a, b: a * math.sin(b), zip(xs, xs[1:])))


def averaged(xs):
    mean = 0.0
    for x in xs:
        mean = 0.9 * mean + 0.1 * x
        yield mean


def with_a_generator(xs):
    total = 0.0
    for mean, x in zip(averaged(xs), xs[1:]):
        total += mean * x
    for k, mean in zip(range(3), averaged(xs)):
        total += k * mean ** 2
    return total + sum(i * m * x for i, (x, m) in enumerate(zip(xs[:2], averaged(xs))))


def with_a_generator_and_what_ends(xs):
    rest = iter(xs)
    total = sum(m * x for m, x in zip(averaged(xs[:2]), rest))
    # The generator has ended when the other one is not asked.
    total += next(rest) ** 2
    rest = iter(xs)
    total += sum(m * x for x, m in zip(rest, averaged(xs[:2])))
    # The other one was asked once more.
    return total + 3 * next(rest) ** 2 + sum(m * ord(c) for m, c in zip(averaged(xs), "ab"))


@pytest.mark.parametrize("f", [
    with_a_generator, with_a_generator_and_what_ends, empty_ones, keywords, pairs, polygon, counted,
    by_key, by_name, from_pairs, combined, beside_each_other, some_of_them, with_stars])
def test_slopes(f):
    sd.check_grads(f, (XS,))
    given = list(XS)
    value, pullback = sd.vjp(f, given)
    assert value == pytest.approx(f(XS)) and given == XS
    np.testing.assert_allclose(pullback(1.0), pullback(1.0))


@pytest.mark.parametrize("f", [with_a_generator, keywords, pairs, polygon, by_key, combined,
                               beside_each_other, some_of_them, with_stars])
def test_nothing_is_looked_for_when_it_runs(f):
    text = sd.source(f, "grad", args=(XS,))
    assert "by_place" not in text and "call_kept" not in text


def short(xs):
    return dict(zip("ab", xs)), list(zip(xs, "ab")), list(enumerate(xs)), list(zip(xs)), list(xs)


def test_what_is_short_or_empty():
    for xs in ([], [2.0]):
        assert sd.vjp(short, xs)[0] == short(xs)


def test_an_islice_that_cannot_be():
    def behind(xs, k):
        return sum(x * x for x in itertools.islice(xs, k))

    def stepped(xs, k):
        return sum(x * x for x in itertools.islice(xs, 1, 3, k))

    for f in (behind, stepped):
        with pytest.raises(ValueError):
            f(XS, -1)
        with pytest.raises(ValueError):
            sd.grad(f)(XS, -1)


def noted(xs, seen):
    for x in xs:
        seen.append(1)
        yield x * x


def test_a_generator_is_asked_as_often_as_python_asks():
    def first(xs, seen):
        return sum(a * b for a, b in zip(noted(xs, seen), xs[:2]))

    def second(xs, seen):
        return sum(a * b for a, b in zip(xs[:2], noted(xs, seen)))

    def second_of_none(xs, seen):
        return xs[0] + sum(a * b for a, b in zip([], noted(xs, seen)))

    for f in (first, second, second_of_none):
        plain, seen = [], []
        f(XS, plain)
        sd.grad(f)(XS, seen)
        assert seen == plain


SHADOWED = """
import itertools

def f(xs):
    made = list(x for x in xs)
    return made[0] ** 2

def g(xs):
    made = list(zip(xs, xs))
    return made[0][0] ** 2

def h(xs):
    made = dict(zip("ab", xs))
    return made["a"] ** 2

def k(xs):
    made = [y for y in itertools.starmap(lambda a, b: a * b, zip(xs, xs))]
    return made[0]

def m(xs):
    a, b = list(map(abs, xs))
    return a * a

def n(xs):
    made = dict(a=xs[0])
    return made["a"] ** 2
"""


@pytest.mark.parametrize("name, anew, value", [
    ("f", "list", lambda xs: [3 * x for x in xs]),
    ("g", "list", lambda xs: [(3 * x,) for x, _ in xs]),
    ("g", "zip", lambda *xs: [(3 * x,) for x in xs[0]]),
    ("h", "dict", lambda xs: {"a": 3 * xs_of(xs)}),
    ("h", "zip", lambda *xs: [("a", 3 * x) for x in xs[1]][:1]),
    ("k", "zip", lambda *xs: [(3 * x, 3 * x) for x in xs[0]]),
    ("m", "list", lambda xs: [3 * x for x in xs]), ("n", "dict", lambda a: {"a": 3 * a})])
def test_names_that_are_bound_anew(name, anew, value):
    file = f"<bound anew {name} {anew}>"
    scope = {}
    run_text(SHADOWED, file, scope)
    f = scope[name]
    assert sd.grad(f)([1.0, 2.0]) == [2.0, 0.0]
    scope[anew] = value
    assert f([1.0, 2.0]) == 9.0
    assert sd.grad(f)([1.0, 2.0]) == [18.0, 0.0]


def xs_of(pairs):
    return [x for _, x in pairs][0]


class Handed:
    """A callable that nobody may compare, or hash."""

    __hash__ = None

    def __call__(self, x):
        return x

    def __eq__(self, other):
        raise AssertionError("compared")


handed = Handed()


def called(xs):
    item_0, item_1 = handed(xs[:2])
    first, second = list(handed(xs[:2]))
    pairs = list(zip([item_0, item_1], handed(xs)))
    return first * second * sum(a * b for a, b in pairs) + list(handed(xs))[2]


def test_callees_are_not_compared():
    sd.check_grads(called, (XS,))
