"""`f(*items, **mapping)` where cotangents are kept by place: what is in both has its own."""

import collections
import itertools
import math
import operator
import types

import numpy as np
import pytest

import s2sdiff as sd

held = operator.attrgetter("v")  # nobody knows what it does: all cotangents are kept by place


class Held:
    def __init__(self, v):
        self.v = v

    def times(self, a, b):
        return self.v * a * b


def product(a, b):
    return a * b * b


def named(a, b=1.5):
    return a * b * b


def a_list(x, y):
    return operator.neg(*[x]) * held(Held(y))


def an_array(x, y):
    z = np.array([x, y])
    return product(*z) * held(Held(y)) * product(*z[::-1])


def an_array_that_is_written(x, y):
    z = np.array([x, y])
    r = Held(x).times(*z) * held(Held(y))
    z[0] = y * x
    return r * math.hypot(*z, x, *z[:1])


def rows(x, y):
    z = np.array([[x, y], [y, x * x]])
    r = np.dot(*z) * product(*z[0]) * held(Held(y))
    z[0] = y * x
    return r * product(*z.T)[0]


def beside_itself(x, y):
    def first(a, *b):
        return a[0] * b[0] * b[1]

    z, w = np.array([x, y]), [x, y]
    return first(z, *z) * held(Held(y)) * first(w, *w, *z)


def displays(x, y):
    z = np.array([x, x * y])
    items = [*[x, y], *z]
    return math.hypot(*items) * held(Held(y)) * (*z, y)[1]


def in_a_try(x, y):
    z, total = np.array([x, y]), 0.0
    for i in range(3):
        try:
            total = total + product(*z) * held(Held(y))
            if i == 1:
                raise ValueError
            z = z * x
        except ValueError:
            total = total * product(*z[::-1])
    return total


def complex_items(x, y):
    z = np.array([x, y]) * 1j + x
    return abs(product(*z)) * held(Held(y))


def a_key_that_goes(x, y):
    d = {"a": x, "b": y}
    r = named(**d) * held(Held(y))
    d.pop("b")
    d["c"] = x
    return r * d["c"]


def a_key_that_becomes_an_array(x, y):
    d = {"k": {"b": y}}.get("k")
    r = named(x, **d) * held(Held(y))
    d["b"] = np.array([x, x])
    return r * d["b"].sum()


def a_dict_that_is_emptied(x, y):
    d, e = {"a": x}, {"b": y}
    r = named(**d, **e) * held(Held(y))
    d.update(e)
    e.clear()
    return r * named(**d)


def an_out_in_a_star(x, y):
    a, b = np.array([x, y]), np.array([y, y])
    r = a * b
    np.add(*[a, b, a])
    return (r * a).sum()


def an_out_behind_others(x, y):
    a = np.array([x, y])
    r = a * a
    np.multiply(a, r, *[a])
    return (r * a).sum()


def an_out_in_a_dict(x, y):
    a = np.array([x, y])
    r, how = a * a, {"out": a}
    np.multiply(a, r, **how)
    return (r * a).sum()


def the_out_of_a_method(x, y):
    a = np.array([x, y])
    r = a * a
    r.cumsum(*[0, None, a])
    return (r * a).sum()


def an_operator_that_writes(x, y):
    a = np.array([x, y])
    r = a * a
    operator.imul(*[a, a + y])
    operator.setitem(*[a, 1, x * y])
    return (r * a).sum()


def operators(x, y):
    t = ([x], [y, x])
    u = operator.add(*t)
    return operator.mul(*(x, y)) * u[1] * operator.getitem(*[u, 2]) * operator.getitem(u, *[0])


def attributes(x, y):
    o = Held(x)
    t = (o, "v", x * y)
    setattr(*t)
    return getattr(*[o, "v"]) * getattr(o, *["v"])


PROGRAMS = [a_list, an_array, an_array_that_is_written, rows, beside_itself, displays, in_a_try,
            complex_items, a_key_that_goes, a_key_that_becomes_an_array, a_dict_that_is_emptied,
            an_out_in_a_star, an_out_behind_others, an_out_in_a_dict, the_out_of_a_method,
            an_operator_that_writes, operators, attributes]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_stars_spread_has_its_cotangent(f):
    x, y, h = 1.3, 1.7, 1e-6
    slopes = ((f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h))
    value, pullback = sd.vjp(f, x, y)
    assert value == pytest.approx(f(x, y))
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slopes, rtol=1e-6)
    if f is the_out_of_a_method:  # forward mode asks for the result of scans instead
        with pytest.raises(sd.UnsupportedError, match="Instead, assign the result"):
            sd.jvp(f, (x, y), (1.0, -2.0))
        return
    assert sd.jvp(f, (x, y), (1.0, -2.0))[1] == pytest.approx(slopes[0] - 2 * slopes[1])


@pytest.mark.parametrize("starred", [lambda z: math.hypot(*z), lambda z: max(*z) + z[0] ** 2])
def test_an_array_that_is_given_and_spread_has_its_gradient(starred):
    def f(z, y):
        return starred(z) * held(Held(y))

    z = np.array([1.3, 1.7])
    slope = [(f(z + 1e-6 * e, 2.0) - f(z - 1e-6 * e, 2.0)) / 2e-6 for e in np.eye(2)]
    np.testing.assert_allclose(sd.grad(f)(z, 2.0), slope, rtol=1e-6)


class Named:
    """A mapping that is no dict, and has no `__iter__`."""

    def __init__(self, a, b):
        self.a, self.b = a, b

    def keys(self):
        return ["a", "b"]

    def __getitem__(self, key):
        return self.a if key == "a" else self.b


@pytest.mark.parametrize("mapping", [
    Named, lambda a, b: collections.UserDict(a=a, b=b),
    lambda a, b: collections.ChainMap({"a": a}, {"b": b}),
    lambda a, b: types.MappingProxyType({"a": a, "b": b})])
def test_mappings_that_are_no_dicts_are_refused_with_two_stars(mapping):
    def f(x, y):
        return named(**mapping(x, y)) * y

    with pytest.raises(sd.UnsupportedError, match=r"\*\*\w+ with active .*Instead, make a dict"):
        sd.grad(f)(1.3, 1.7)
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.jvp(f, (1.3, 1.7), (1.0, 0.0))


def test_a_star_of_an_iterator_of_constants_is_none_of_the_others_business():
    def called(function, *args):
        return function(*args)

    def f(x, y):
        d = called(collections.defaultdict, *iter([float]))
        d["x"] = x
        return d["x"] * y

    sd.check_grads(f, (1.3, 0.7))


def accumulated(a, x):
    *_, last = itertools.accumulate(*(np.zeros(4), lambda s, _: 0.9 * s + x * a))
    return np.sum(last)


def accumulated_by_name(a, x):
    args = [range(3), lambda s, _: 0.9 * s + x * a]
    *_, last = itertools.accumulate(*args, initial=a)
    return np.sum(last)


@pytest.mark.parametrize("f", [accumulated, accumulated_by_name])
def test_functions_that_are_given_by_a_star_have_what_they_capture(f):
    a = np.array([1.3, 0.5])
    slope = (f(a, 0.7 + 1e-6) - f(a, 0.7 - 1e-6)) / 2e-6
    assert sd.grad(f, "x")(a, 0.7) == pytest.approx(slope, rel=1e-6)
    assert sd.grad(f, (0, 1))(a, 0.7)[1] == pytest.approx(slope, rel=1e-6)
    assert sd.jvp(f, (a, 0.7), (0 * a, 1.0))[1] == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("f", [
    lambda x, y: type(*["Made", (), {"v": x * y}]).v * x,
    lambda x, y: slice(*[x * y, 2]).start * x,
], ids=["type", "slice"])
def test_what_keeps_its_arguments_is_refused_with_a_star_too(f):
    with pytest.raises(sd.UnsupportedError, match="has no derivative.*Instead, keep"):
        sd.grad(f)(1.3, 0.7)
    with pytest.raises(sd.UnsupportedError, match="has no derivative.*Instead, keep"):
        sd.jvp(f, (1.3, 0.7), (1.0, 0.0))
