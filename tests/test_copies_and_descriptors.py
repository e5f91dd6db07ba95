"""Copies of objects, and attributes that descriptors of users give."""

from __future__ import annotations

import copy
import dataclasses
import functools
import types

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.transforms.programs import agrees


class Box:
    """Holds a number, a list and an array."""

    def __init__(self, x):
        self.x, self.items, self.a, self.pair = x, [x], np.array([x, 2.0]), (x, 1.0)


class Own(Box):
    """Says itself how it is copied."""

    def __copy__(self):
        return Own(self.x * 2)

    def __deepcopy__(self, memo):
        return Own(self.x * 3)


class Slotted:
    """Without a dict."""

    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a, self.b = a, [a]


def copies_of_objects(x):
    b = Box(x)
    c = copy.copy(b)
    c.items.append(x * x)
    c.x = c.x * 2
    d = copy.deepcopy(b)
    d.a[0] *= x
    d.items[0] *= x
    return b.x + c.x * x + sum(b.items) * x + np.sum(d.a) * d.items[0] + b.a[0] + d.pair[0] * x


def copies_of_their_own(x):
    return copy.copy(Own(x)).x * copy.deepcopy(Own(x)).x


def shared_parts_stay_shared(x):
    inner = [x]
    outer = copy.deepcopy({"a": inner, "b": (inner, x), "c": np.array([x, x])})
    outer["a"].append(x * x)
    outer["c"][0] *= x
    inner[0] = inner[0] * 3
    return sum(outer["b"][0]) * outer["b"][1] * np.sum(outer["c"]) + inner[0]


def slots_and_namespaces(x):
    s = Slotted(x)
    t = copy.deepcopy(s)
    t.a = t.a * x
    t.b.append(s.a)
    n = copy.deepcopy(types.SimpleNamespace(s=t, x=x))
    return s.a * t.a * sum(n.s.b) * n.x + len(s.b)


class Doubling:
    """A descriptor that computes."""

    def __init__(self, name):
        self.name = name

    def __get__(self, owner, cls=None):
        return self if owner is None else owner.__dict__[self.name] * owner.k

    def __set__(self, owner, value):
        owner.__dict__[self.name] = value * value


class Lazy:
    """Keeps what it has computed in its owner."""

    def __init__(self, function):
        self.function = function

    def __get__(self, owner, cls=None):
        value = owner.__dict__[self.function.__name__] = self.function(owner)
        return value


class Positive:
    """A checked field."""

    def __set_name__(self, cls, name):
        self.name = "_" + name

    def __get__(self, owner, cls=None):
        return getattr(owner, self.name)

    def __set__(self, owner, value):
        if value < 0:
            raise ValueError(self.name)
        setattr(owner, self.name, value)


class Bound:
    """Gives methods."""

    def __init__(self, function):
        self.function = function

    def __get__(self, owner, cls=None):
        return functools.partial(self.function, owner)


class Gas:
    """With fields of all these kinds."""

    p = Doubling("p")
    v = Positive()

    def __init__(self, p, v):
        self.k, self.count = p, 0
        self.p, self.v = p, v

    @Lazy
    def work(self):
        self.count += 1
        return self.p * self.v

    @Bound
    def heated(self, t):
        self.v = self.v * t
        return self.v * t


def read_and_written(x):
    g = Gas(x, x * x)
    g.p = g.p * x
    try:
        g.v = -x
    except ValueError as error:
        g.v = g.v * len(str(error))
    g.v += x
    return g.p * g.v


def computed_once(x):
    g = Gas(x, x)
    first = g.work
    g.v = 5.0 * x
    return first * g.work * g.count


class Scaled:
    """Functions that a property and `__getattr__` give."""

    def __init__(self, x):
        self.x = x

    @property
    def times(self):
        k = self.x * self.x
        return lambda t: k * t

    def __getattr__(self, name):
        k = self.x * len(name)
        return lambda t: k * t


def functions_that_attributes_give(x):
    s = Scaled(x)
    return s.times(x) * s.power(2.0)


def method_by_a_descriptor(x):
    g = Gas(x, x)
    return g.heated(x) * g.v


@dataclasses.dataclass
class Item:
    """With a list."""

    a: float
    items: list


def replaced(x):
    d = Item(x, [x, x * x])
    r = dataclasses.replace(d, a=x * 3)
    r.items[0] = r.items[0] * 2
    named = [getattr(d, f.name) for f in dataclasses.fields(d)]
    return r.a * sum(d.items) + named[0] * getattr(d, "missing", x)


class Marked(list):
    """A list with an attribute."""


def attributes_of_a_copied_list(x):
    m = Marked([x, x * x])
    m.k = x
    d = copy.copy(m)
    m[0], m.k = 4.0, 3.0 * x
    d[1] *= x
    return d[1] * d.k * d[0] + m[1] * m.k


def copies_by_keyword(x):
    one, two = copy.deepcopy(x=[x, x * x])
    return one * two


@pytest.mark.parametrize("function", [
    attributes_of_a_copied_list, copies_by_keyword,
    copies_of_objects, copies_of_their_own, shared_parts_stay_shared, slots_and_namespaces,
    read_and_written, computed_once, method_by_a_descriptor, replaced,
    functions_that_attributes_give,
])
def test_derivatives_through_copies_and_descriptors(function):
    agrees(function, 1.3)


def test_an_object_that_is_stored_in_a_way_of_its_own_is_not_copied_deeply():
    class Stored(Box):
        def __reduce__(self):
            return Stored, (self.x * 2,)

    with pytest.raises(UnsupportedError, match="says itself how it is copied"):
        sd.grad(lambda x: copy.deepcopy([Stored(x)])[0].x)(1.3)


@pytest.mark.parametrize("derivative", [
    lambda f: sd.grad(f)(1.3), lambda f: sd.jvp(f, (1.3,), (1.0,))])
def test_a_partial_that_holds_active_values_is_not_copied_deeply(derivative):
    def f(x):
        box = types.SimpleNamespace(f=functools.partial(pow, x))
        return copy.deepcopy(box).f(2.0)

    with pytest.raises(UnsupportedError, match="a copy of a partial.*Instead, make the partial"):
        derivative(f)

    def g(x):
        box = types.SimpleNamespace(f=functools.partial(max, 1), x=x)
        return copy.deepcopy(box).x

    derivative(g)


class Indexed:
    """No container, whose methods have the names of a container's."""

    def __init__(self, x, cells):
        self.x, self.cells = x, cells

    def __setitem__(self, key, value):
        self.x = value

    def append(self, value):
        self.cells.append(value)


def test_objects_that_are_indexed_are_copied_as_others():
    def f(x):
        thing = Indexed(x, [x, 2.0])
        twin = copy.deepcopy(thing)
        twin["x"] = twin.x * x
        twin.append(twin.cells[0] * 3.0)
        thing.cells[0] = 0.5
        return twin.x * thing.x + sum(twin.cells)

    assert sd.grad(f)(0.7) == pytest.approx(3 * 0.7 ** 2 + 4.0, rel=1e-12)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(3 * 0.7 ** 2 + 4.0, rel=1e-12)
