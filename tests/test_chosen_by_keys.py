"""`sorted`, `min` and `max` by a key: a loop asks for keys, and what is chosen is a place."""

import math
import operator

import pytest

import s2sdiff as sd
from tests.slopes import check


class Point:
    def __init__(self, a, b):
        self.a, self.b = a, b


def points(x):
    return [Point(math.sin(x * i), x * i) for i in range(6)]


def of_objects(x):
    ps = [Point(math.sin(x * i), x * i) for i in range(6)]
    low, high = min(ps, key=lambda p: p.a), max(ps, key=lambda p: p.a)
    high.b = high.b * x
    return sum([i * p.b * p.a for i, p in enumerate(sorted(ps, key=lambda p: p.a))]) + low.b


def of_tuples(x):
    ps = [(math.sin(x * i), x * i) for i in range(6)]
    low = min(ps, key=operator.itemgetter(0))
    falling = sorted(ps, key=lambda p: p[0] * x, reverse=True)
    return low[1] + sum([i * p[1] for i, p in enumerate(falling)])


def by_attribute(x):
    ps = [Point(math.sin(x * i), x * i) for i in range(6)]
    return sum([i * p.b for i, p in enumerate(sorted(ps, key=operator.attrgetter("a")))])


def by_the_library(x):
    v = [x, -2.0 * x, 0.3]
    return max(v, key=abs) * min(v, key=math.cos) + max(x, -x * x, key=abs)


def by_what_a_dict_has(x):
    d = {c: math.sin(x * i) for i, c in enumerate("abcde")}
    best, worst = max(d, key=d.get), min(d, key=lambda k: d[k])
    return d[best] * 2.0 + d[worst] * x


def of_items(x):
    d = {c: math.sin(x * i) for i, c in enumerate("abcde")}
    k, v = max(d.items(), key=lambda kv: kv[1])
    ranked = sorted(d.items(), key=lambda kv: -kv[1])
    return v * v + sum([i * v for i, (_, v) in enumerate(ranked)])


def drawn_one_by_one(x):
    made = 0.0

    def squares():
        nonlocal made
        for i in range(4):
            made = made + x * i
            yield made * made

    return max(squares(), key=lambda v: -v * made) + made


def keys_that_count(x):
    seen = []

    def key(v):
        seen.append(v * 2.0)
        return -v

    return min([x, x * x, 0.1], key=key) + sum(seen)


PLAIN = [of_objects, of_tuples, by_attribute, by_the_library, by_what_a_dict_has, of_items]


@pytest.mark.parametrize("f", [*PLAIN, drawn_one_by_one, keys_that_count],
                         ids=lambda f: f.__name__)
def test_what_a_key_chooses_has_its_own_slope(f):
    check(f)
    value, tangent = sd.jvp(f, (0.7,), (1.0,))
    assert value == f(0.7)
    assert tangent == pytest.approx(sd.grad(f)(0.7), rel=1e-9)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_no_call_is_looked_up_when_it_runs(f):
    text = sd.source(f, "grad", args=(0.7,))
    assert "rt.call" not in text and "_by_place" not in text


def of_nothing(x):
    try:
        return min([v for v in (x, x * x) if v > 5.0], key=lambda v: v)
    except ValueError:
        return x * 3.0


def test_of_nothing_python_raises_what_it_raises():
    check(of_nothing)
    with pytest.raises(ValueError, match="empty"):
        sd.grad(lambda x: max([v for v in [x] if v > 5.0], key=lambda v: v * x))(0.7)


def best(x, key=None):
    ordered = [x, x * x, -x]
    ordered.sort(key=key)
    return max([x, x * x, -x], key=key) * 2.0 + sorted([x, x * x, -x], key=key)[0] + ordered[1] * x


@pytest.mark.parametrize("key", [None, lambda v: -v, abs])
def test_a_key_that_is_an_argument_may_be_none(key):
    check(lambda x: best(x, key))
    check(lambda x: best(x + 0.5, key=key))


def of_another_max(x):
    def max(items, key):
        return key(items[0]) * 3.0

    return max([x, 2.0 * x], key=lambda v: v * v)


def test_another_meaning_of_the_name_is_that_one():
    check(of_another_max)
