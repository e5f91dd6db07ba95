"""Dicts, sets, deques and lists that are filled by an iterator which reads them meanwhile."""

import heapq
import math
from collections import OrderedDict, defaultdict, deque

import pytest

import s2sdiff as sd
from tests.slopes import slope


def dict_that_its_generator_reads(x):
    d = {"a": 1.0}
    d.update((k, d["a"] + x * x) for k in "ab")
    return d["b"] * d["a"]


def dict_and_names(x):
    d = {"a": x}
    d.update(((k, d["a"] * x) for k in "ab"), c=x)
    return d["b"] * d["c"]


def dict_by_a_generator_function(x):
    d = {"a": x}

    def pairs():
        for k in "ab":
            yield k, d["a"] * x

    d.update(pairs())
    return d["b"]


def dict_by_an_operator(x):
    d = OrderedDict([("a", x)])
    d |= ((k, d["a"] * x) for k in "ab")
    d.update((k, d["b"] + x) for k in "bc")
    return d["c"]


def dict_by_map(x):
    d = {"a": x}
    d.update(map(lambda k: (k, d["a"] * x), "ab"))
    d |= zip("cd", map(math.sin, [d["b"], x]))
    return d["b"] * d["d"]


def set_that_its_generator_reads(x):
    s = {1.0}
    s.update(len(s) * x for _ in range(3))
    s.update([x * x], map(lambda k: len(s) * x * k, range(2)))
    return sum(s)


def deque_to_the_left(x):
    d = deque([x], maxlen=3)
    d.extendleft(d[0] * x for _ in range(3))
    d.extendleft(map(math.sin, [x, d[1]]))
    return d[0] * d[1] + d[2]


def list_by_an_operator(x):
    v = [x]
    v += map(lambda k: v[-1] * x + k, range(3))
    return v[-1] * v[0]


def dicts_made_of_generators(x):
    ordered = OrderedDict((k, x**k) for k in range(1, 4))
    ordered.move_to_end(1)
    default = defaultdict(float, ((k, x * v) for k, v in ordered.items()))
    default[7] += x
    return sum(i * v for i, v in enumerate(ordered.values())) * default[2] * default[7]


def smallest_and_largest(x):
    v = [x * x, 2.0 * x, x**3, 1.0]
    pairs = heapq.nsmallest(3, ((t, k) for k, t in enumerate(v)))
    return pairs[1][0] * sum(heapq.nlargest(2, v)) + len(heapq.nsmallest(-1, v))


FUNCTIONS = [dict_that_its_generator_reads, dict_and_names, dict_by_a_generator_function,
             dict_by_an_operator, dict_by_map, set_that_its_generator_reads, deque_to_the_left,
             list_by_an_operator, dicts_made_of_generators, smallest_and_largest]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_each_item_is_there_when_the_next_one_is_drawn(f):
    x = 0.7
    expected = pytest.approx((f(x), slope(f, x)), rel=1e-7)
    value, pullback = sd.vjp(f, x)
    assert (value, pullback(1.0)) == expected
    assert sd.value_and_grad(f)(x) == expected
    assert sd.jvp(f, (x,), (1.0,)) == expected


def test_what_a_slice_draws_from_an_iterator_is_refused_forwards():
    def f(x):
        v = [x, x]
        v[1:] = map(math.sin, [x, 2.0 * x])
        return v[-1] * v[1]

    assert sd.grad(f)(0.7) == pytest.approx(slope(f, 0.7))
    with pytest.raises(sd.UnsupportedError, match=r"draws from an iterator.*make a list of it"):
        sd.jvp(f, (0.7,), (1.0,))
