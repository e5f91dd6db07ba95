"""Users' classes of lists, dicts, sets and named tuples, and dataclasses with properties."""

import collections
import math
from dataclasses import dataclass

import pytest

import s2sdiff as sd
from tests.slopes import check

# --------------------------------------------------------------- lists, dicts and sets


class Scaled(list):
    def __init__(self, *items, scale=1.0):
        super().__init__(*items)
        self.scale = scale

    def push(self, value):
        self.append(value * self.scale)
        self.scale *= 2


class Vector(list):
    def __add__(self, other):
        return Vector([a + b for a, b in zip(self, other)])

    def __rmul__(self, factor):
        return Vector([factor * v for v in self])

    @property
    def first(self):
        return self[0]

    @first.setter
    def first(self, value):
        self[0] = value


class Record(dict):
    def __getattr__(self, name):
        return self[name]

    def __setattr__(self, name, value):
        self[name] = value


class Tree(dict):
    def __init__(self, v, **parts):
        super().__init__(**parts)
        self.v = v


class Bag(set):
    def __init__(self, items, weight):
        super().__init__(items)
        self.weight = weight


def test_a_list_with_fields_is_made_and_changed():
    def f(x):
        items = Scaled([x], scale=x)
        items.push(x)
        items.push(1.0)
        part = items[:]
        return sum(items) * items.scale + len(part) * part[0]

    check(f)


def test_a_list_with_operators_is_a_vector():
    def f(x):
        v = Vector([x, 1.0]) + 2.0 * Vector([x * x, x])
        v.first = v.first * x
        v[1] += v.first
        w = Vector(v)
        w.first = 1.0
        v.extend(w)
        return math.hypot(*v) * w[1]

    check(f)


def test_a_dict_with_its_items_as_attributes_is_made_in_each_way():
    def f(x):
        one = Record(a=x, b=2.0)
        one.c = one.a * x
        one["d"] = one.c
        one.update(a=x**3)
        two = Record(one)
        two.a = 1.0
        three = Record([("q", x)], r=x)
        return sum(one.values()) * sum(two.values()) + one.a * one.d + three.q * three.r

    check(f)


def test_a_tree_of_dicts_with_fields_is_walked_over():
    def f(x):
        tree = Tree(x, left=Tree(x * x), right=Tree(2.0))
        tree["left"]["depth"] = tree.v
        return sum(t.v * (i + 1) for i, t in enumerate(tree.values())) * tree["left"]["depth"]

    check(f)


def test_a_set_with_a_field_is_made():
    def f(x):
        bag = Bag([x, 2.0], x)
        bag.add(x * x)
        return sum(bag) * bag.weight

    check(f)


# ---------------------------------------------------------------------- named tuples


class Pair(collections.namedtuple("Pair", "a b")):
    __slots__ = ()

    def __new__(cls, a, b=2.0):
        return super().__new__(cls, a * 2, b)

    @property
    def product(self):
        return self.a * self.b

    def __add__(self, other):
        return Pair(self.a + other.a, self.b + other.b)


def test_what_a_named_tuple_does_to_its_fields_when_it_is_made_is_followed():
    def f(x):
        pair = Pair(x) + Pair(x * x, x)
        a, b = pair
        return pair.product * a + b + pair._replace(b=x).product + Pair._make([x, x]).product

    check(f)


def test_a_cotangent_is_made_without_that():
    pair = Pair(0.7, 0.3)
    # a b, where a is 1.4.
    gradient = sd.grad(lambda p: p.a * p.b)(pair)
    assert type(gradient) is Pair
    assert tuple(gradient) == pytest.approx((0.3, 1.4))
    value, pullback = sd.vjp(lambda x: Pair(x, x * x), 0.7)
    assert tuple(value) == pytest.approx((1.4, 0.49))
    assert pullback(value._make((1.0, 10.0))) == pytest.approx(2.0 + 10 * 1.4)


# ---------------------------------------------------------------------- dataclasses


@dataclass
class Doubled:
    size: float
    weight: float = 2.0

    @property
    def size(self):  # noqa: F811 (a dataclass with a property for a field)
        return self._size * 3

    @size.setter
    def size(self, value):
        self._size = value * 2


class Twice:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, owner, cls=None):
        if owner is None:
            raise AttributeError(self.name)
        return getattr(owner, self.name)

    def __set__(self, owner, value):
        setattr(owner, self.name, 2 * value)


@dataclass
class Described:
    size: float = Twice()


def test_a_field_that_is_a_property_is_set_by_it():
    check(lambda x: Doubled(x, x).size * Doubled(x).weight * x)


def test_a_field_that_is_a_descriptor_is_set_by_it():
    check(lambda x: Described(x).size * x)


# ---------------------------------------------------------------------- ordered dicts


class Latest(collections.OrderedDict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        self.move_to_end(key)


@pytest.mark.parametrize("cls", [collections.OrderedDict, Latest])
def test_values_and_items_come_in_the_order_of_an_ordered_dict(cls):
    def f(x):
        table = cls()
        table["a"] = x
        table["b"] = x * x
        table["a"] = 3 * x
        table.move_to_end("a")
        first, (key, last) = list(table.values())[0], list(table.items())[-1]
        return first * (2 * last if key == "a" else last) + first

    check(f)


# ---------------------------------------------------------------- attributes at the edge


def weighted(track):
    return track[0] * track.scale


@pytest.mark.parametrize("derivative", [
    sd.grad(weighted), lambda t: sd.vjp(weighted, t)[1](1.0),
    lambda t: sd.jvp(weighted, (t,), (Scaled([1.0], scale=1.0),))])
def test_attributes_of_a_list_that_is_an_argument_are_refused(derivative):
    with pytest.raises(sd.UnsupportedError, match=r"attributes(?s:.*)Instead, "):
        derivative(Scaled([2.0], scale=3.0))


def test_a_list_with_attributes_moves_by_its_items():
    assert sd.jvp(weighted, (Scaled([2.0], scale=3.0),), ([1.0],)) == (6.0, 3.0)
    moved = sd.move(Scaled([2.0], scale=3.0), along=[1.0])
    assert (moved, moved.scale) == ([3.0], 3.0)
    assert sd.grad(sd.checkpoint(lambda x, t: x * t.scale))(2.0, Scaled(scale=3.0)) == 3.0
