"""Loops over dicts and views of them read each value under its key; right by differences."""

import collections
import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check, slope


def by_items(x):
    d = {"a": x, "b": x * x}
    s = 0.0
    for k, v in d.items():
        s += v * v * len(k)
    return s


def numbered(x):
    d = {}
    for i in range(5):
        d[i] = x * i
    s = 0.0
    for k, v in d.items():
        s += k * v * v
    for v in d.values():
        s = s * 0.5 + v
    for k in d.keys():
        s += k * d[k] ** 2
    return s + sum(d.values()) * max(d.values())


def in_order(x):
    d = {i: math.cos(x * i) for i in (3, 1, 2)}
    s = x
    for k in sorted(d):
        s = s * 0.5 + k * d[k] ** 2
    return s * list(d.values())[0]


def side_by_side(x):
    d, e = {"a": x, "b": x * x}, {"u": 2.0, "v": x}
    s = 0.0
    for i, ((k, v), w) in enumerate(zip(d.items(), e.values())):
        s += i * v * w + w
    for k in d:
        s += d[k] ** 2
    return s


def of_pairs(x):
    d = {}
    for i in range(4):
        d[i] = (x * i, math.sin(x + i))
    s = 0.0
    for k, (a, b) in d.items():
        s += a * b
    return s


def written_meanwhile(x):
    d = {"a": x, "b": x * x, "c": 0.5}
    s = 0.0
    for k, v in d.items():
        d["c"] = d["c"] * v
        s += v
    return s + d["c"]


def left_early(x):
    d = {0: x, 1: x * x, 2: 5.0 * x}
    s = 0.0
    for k, v in d.items():
        if v > 1.0:
            break
        s += v * v
    else:
        s = -1.0
    return s + v


PLAIN = [by_items, numbered, in_order, side_by_side, left_early]


@pytest.mark.parametrize("f", [*PLAIN, of_pairs, written_meanwhile], ids=lambda f: f.__name__)
def test_the_gradient_is_the_slope(f):
    check(f)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(f, 0.7), rel=1e-6)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_no_call_is_looked_up_when_it_runs(f):
    text = sd.source(f, "grad", args=(0.7,))
    assert "rt.call" not in text and "_by_place" not in text


def squares(d):
    s = 0.0
    for name in d:
        s += np.sum(d[name] ** 2)
    return s + sum(d["a"] * v[0] for v in d.values() if np.ndim(v))


@pytest.mark.parametrize("d", [
    {"a": 0.5, "w": np.array([1.0, 2.0])}, {"a": 0.25, "w": np.ones(3), "v": np.zeros(2)},
], ids=["two", "three"])
def test_an_argument_s_values_have_their_shares(d):
    gradient = sd.grad(squares)(d)
    assert gradient.keys() == d.keys()
    arrays = [v for v in d.values() if np.ndim(v)]
    assert gradient["a"] == pytest.approx(2 * d["a"] + sum(v[0] for v in arrays))
    for k, v in d.items():
        if np.ndim(v):
            expected = 2 * v
            expected[0] += d["a"]
            assert gradient[k] == pytest.approx(expected)


def by_number(d):
    return sum([k * v * v for k, v in d.items()])


def test_other_keys_have_other_code():
    assert sd.grad(by_number)({1: 0.5, 3: 2.0}) == pytest.approx({1: 1.0, 3: 12.0})
    assert sd.grad(by_number)({np.int64(2): 0.5, 3: 2.0}) == pytest.approx({2: 2.0, 3: 12.0})


def grown(x):
    d = {"a": x}
    for k in d:
        d["b"] = x
    return d["a"]


def test_a_dict_that_grows_meanwhile_raises_as_in_python():
    with pytest.raises(RuntimeError, match="changed size"):
        grown(0.7)
    with pytest.raises(RuntimeError, match="changed size"):
        sd.grad(grown)(0.7)
    with pytest.raises(RuntimeError, match="changed size"):
        sd.jvp(grown, (0.7,), (1.0,))


def test_keys_that_are_floats_are_refused():
    with pytest.raises(sd.UnsupportedError, match="keys of a dict that are floats"):
        sd.grad(lambda d: sum([k * v for k, v in d.items()]))({0.5: 1.0})


class Node:
    def __init__(self, a):
        self.a = a


def by_object(x):
    a, b = Node(x), Node(x * x)
    d = {}
    d[a] = 2.0
    d[b] = x
    for k in d:
        k.a = k.a * 2.0
    s = 0.0
    for k, v in d.items():
        d[k] = v * k.a
        s += d[k]
    for v in d.values():
        s += v
    return s + a.a


def by_a_tuple_with_an_object(x):
    d = {(Node(x), 1): x, (Node(2 * x), 2): 1.0}
    s = 0.0
    for (k, i), v in d.items():
        s += k.a * v * i
    return s


def objects_in_lists(x):
    d = {Node(x): x, Node(2 * x): 1.0}
    s = list(d)[0].a * min(d, key=lambda k: k.a).a
    return s + sum([k.a for k in list(d)]) + sum([k.a for k in set(d)]) + max(d, key=d.get).a


def of_objects(d):
    s = 0.0
    for k, v in d.items():
        s += k.a * v
    return s


def handed_on(x):
    return of_objects({Node(x): x, Node(2 * x): 1.0})


def by_pairs(x):
    d = {}
    for i in range(3):
        for j in range(i):
            d[i, j] = x * i + j
    s = 0.0
    for (i, j), v in d.items():
        s += i * v * v - j
    for key in sorted(d):
        s = s * 0.5 + d[key]
    return s


@pytest.mark.parametrize("f", [by_object, by_a_tuple_with_an_object, objects_in_lists, handed_on,
                               by_pairs], ids=lambda f: f.__name__)
def test_keys_that_are_objects_have_what_they_hold(f):
    check(f)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(f, 0.7), rel=1e-6)


def test_keys_that_are_pairs_of_numbers_have_no_derivative():
    text = sd.source(by_pairs, "grad", args=(0.7,))
    assert "rt.call" not in text and "_by_place" not in text


class Held:
    def __init__(self, **parameters):
        self.parameters = {k: v for k, v in sorted(parameters.items()) if v is not None}


def by_unknown_keys(x):
    return Held(b=x, a=2.0, c=None).parameters["b"] * x


def written_meanwhile(x):
    d = {Held(v=x): 2.0 * x, Held(v=x * x): 3.0}
    s = 0.0
    for k, v in d.items():
        s = s + k.parameters["v"] * v
        d[k] = v + 1.0
    return s


@pytest.mark.parametrize("f", [by_unknown_keys, written_meanwhile], ids=lambda f: f.__name__)
def test_keys_of_which_nothing_is_known_forwards(f):
    check(f)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(f, 0.7), rel=1e-6)


def test_a_tuple_with_another_field_has_a_tangent():
    """`_replace` goes over the names that it is given."""
    pair = collections.namedtuple("pair", "x y")

    def f(a):
        t = pair(a, 1.0)._replace(x=a * a)
        return t.x * t.y

    assert sd.jvp(f, (3.0,), (1.0,)) == (9.0, 6.0)


def kinetics(x):
    y = {"A": 1.0, "B": x}
    for _ in range(3):
        change = {s: 0.0 for s in y}
        for source, target in (("A", "B"), ("B", "A")):
            rate = x * y[source]
            change[source] -= rate
            change[target] += rate
        y = {s: y[s] + 0.1 * change[s] for s in y}
    return y["A"] - y["B"]


def keys_of_two_kinds(x):
    y = {"a": 1.0, 1: x}
    for _ in range(3):
        z = {}
        for s in y:
            z[s] = y[s] * x
        y = z
    return y["a"] + y[1]


@pytest.mark.parametrize("f", [kinetics, keys_of_two_kinds], ids=lambda f: f.__name__)
def test_keys_that_a_loop_hands_on_to_itself(f):
    check(f)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(f, 0.7), rel=1e-6)


def test_keys_that_are_guessed_to_be_texts_have_no_derivative():
    text = sd.source(kinetics, "grad", args=(0.7,))
    assert "rt.call" not in text and "_by_place" not in text
