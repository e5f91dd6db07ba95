"""`setattr` and `object.__setattr__` of objects that are lists and dicts, too."""

import pytest

import s2sdiff as sd


class Named(list):
    def __init__(self, first):
        super().__init__([first])
        setattr(self, "first", first)


class Stored(list):
    def __init__(self, first):
        super().__init__([first])
        object.__setattr__(self, "first", first)


class Doubling(dict):
    def __setattr__(self, name, value):
        super().__setattr__(name, value * 2.0)


class Filled(dict):
    def __init__(self, **fields):
        super().__init__(fields)
        for name, value in fields.items():
            setattr(self, name, value * value)


def by_setattr(x):
    return Named(x).first * Named(x * x)[0]


def by_setattr_outside(x):
    h = Named(1.0)
    setattr(h, "first", x)
    return h.first * h[0] * x


def by_object(x):
    h = Stored(x)
    object.__setattr__(h, "second", h.first * h[0])
    return h.second * h.first


def by_a_method_of_its_class(x):
    h = Doubling(b=x)
    h.a = x * x
    return h.a * h["b"]


def from_keywords(x):
    h = Filled(a=x, b=3.0 * x)
    return h.a * h.b + h["a"]


@pytest.mark.parametrize("function", [
    by_setattr, by_setattr_outside, by_object, by_a_method_of_its_class, from_keywords,
], ids=lambda f: f.__name__)
def test_attributes_of_containers_have_their_slopes(function):
    slope = (function(1.3 + 1e-6) - function(1.3 - 1e-6)) / 2e-6
    value, pullback = sd.vjp(function, 1.3)
    assert value == function(1.3)
    for _ in range(2):
        assert abs(pullback(1.0) - slope) < 1e-6
    assert abs(sd.jvp(function, (1.3,), (1.0,))[1] - slope) < 1e-6
