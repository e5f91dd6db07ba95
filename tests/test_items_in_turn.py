"""`sum` and its like are done with an item before they draw the next one, which may be the same
array, or the same list, filled anew.
"""

import itertools
import math
from collections import OrderedDict

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text


def sums(x, a):
    b = np.zeros(3)
    for v in (x, x * x):
        b += a * v
        yield b


def points(x, a):
    b = np.zeros(())
    for v in (x, x * x):
        b[...] = b + v * a[0]
        yield b


def lists(x, a):
    b = [0.0]
    for v in (x, x * x):
        b[0] = b[0] + v
        yield b


def pairs(x, a):
    b = [0, 0.0]
    for k in range(2):
        b[0], b[1] = k, x * (k + 1)
        yield b


def argument(x, a):
    for _ in range(3):
        a[0] = a[0] * x
        yield a


def written_after(x, a):
    yield a * x
    yield a
    a[0] = a[0] * x
    yield a * 0.0


class Buffer:
    def __init__(self, x, a):
        self.x, self.a, self.b = x, a, np.zeros(3)

    def put(self, v):
        self.b += v * self.a
        return self.b

    def __iter__(self):
        for v in (self.x, self.x * self.x):
            yield self.put(v)


class Steps:
    def __init__(self, x, a):
        self.x, self.a, self.b, self.n = x, a, np.zeros(3), 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration
        self.b += self.a * self.x ** self.n
        return self.b


def total(items):
    return sum(items)


ENDS = {
    "a generator": "sum(sums(x, a)).sum()", "a name": "sum(it).sum()",
    "an expression": "sum(v for v in sums(x, a)).sum()",
    "an expression over a name": "sum(v for v in it).sum()",
    "a slice": "sum(v for v in itertools.islice(sums(x, a), 2)).sum()",
    "a chain": "sum(itertools.chain(sums(x, a), [a * x])).sum()",
    "sums so far": "sum(itertools.accumulate(sums(x, a))).sum()",
    "a filter": "sum(filter(lambda v: v[0] < 9.0, sums(x, a))).sum()",
    "a helper": "total(sums(x, a)).sum()", "a start": "sum(sums(x, a), a * x).sum()",
    "a product": "math.prod(sums(x, a)).sum()", "lists": "sum(lists(x, a), [])[0]",
    "math.fsum": "math.fsum(points(x, a))",
    "np.fromiter": "np.fromiter(points(x, a), float)[0]",
    "counted": "np.fromiter(points(x, a), float, 2).sum()",
    "floats": "sum(map(float, points(x, a)))",
    "a dict": "dict(pairs(x, a))[0] * x", "a dict of a name": "dict(kept)[0] * x",
    "in order": "OrderedDict(pairs(x, a))[0] * x", "an argument": "sum(argument(x, a)).sum()",
    "written after": "sum(written_after(x, a)).sum()",
    "a method": "sum(o.put(v) for v in (x, x * x)).sum()",
    "a mapped method": "sum(map(o.put, [x, x * x])).sum()",
    "a branch": "sum(o.put(v) if v > 0 else v for v in (x, x * x)).sum()",
    "a tuple's item": "sum((o.put(v), 1.0)[0] for v in (x, x * x)).sum()",
    "a named item": "sum((w := o.put(v)) for v in (x, x * x)).sum()",
    "an object": "sum(o).sum()", "an iterator": "sum(Steps(x, a)).sum()",
    "np.add": "sum(map(lambda v: np.add(o.b, v, out=o.b), [a, a * x])).sum()",
    "kept in a list": "sum([*sums(x, a)]).sum()", "the largest": "max(it, key=np.sum).sum()",
}


@pytest.mark.parametrize("name", ENDS)
def test_each_item_counts_as_it_is_when_it_is_drawn(name):
    text = f"""def f(x, a):
    it, kept, o = sums(x, a), pairs(x, a), Buffer(x, a)
    return {ENDS[name]}
"""
    f = run_text(text, f"<in turn: {name}>", {**globals(), "math": math, "itertools": itertools,
                                              "OrderedDict": OrderedDict, "np": np})["f"]
    x, a = 0.7, np.array([0.4, 1.3, 0.9])

    def slope(of_x, of_a):
        return (f(x + 1e-6 * of_x, a + 1e-6 * of_a) - f(x - 1e-6 * of_x, a - 1e-6 * of_a)) / 2e-6

    way = np.array([0.3, -0.8, 0.5])
    value, pullback = sd.vjp(f, x, a.copy())
    assert value == pytest.approx(f(x, a.copy()))
    for _ in range(2):
        x_bar, a_bar = pullback(1.0)
        assert x_bar == pytest.approx(slope(1.0, np.zeros(3)), rel=1e-6, abs=1e-8)
        assert way @ a_bar == pytest.approx(slope(0.0, way), rel=1e-6, abs=1e-8)
    value, dot = sd.jvp(f, (x, a.copy()), (0.6, way))
    assert value == pytest.approx(f(x, a.copy()))
    assert dot == pytest.approx(slope(0.6, way), rel=1e-6, abs=1e-8)


def test_numbers_and_what_nobody_writes_are_not_copied():
    def squares(x: float):
        return sum(np.float64(v) for v in (x, x * x))

    def rows(m: np.ndarray):
        return np.sum(sum(r for r in m))

    assert "as_now" not in sd.source(squares) and "as_now" not in sd.source(rows)
    np.testing.assert_allclose(sd.grad(rows)(np.ones((3, 2))), np.ones((3, 2)))
