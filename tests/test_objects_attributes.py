"""What objects do when they are made, and when their attributes are read."""

import collections
import copy
import dataclasses
import inspect
import typing

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


class Square:
    def __init__(self, side):
        self.side = side

    @property
    def area(self):
        return self.side * self.side


class Doubled(Square):
    @property
    def area(self):
        return super().area * 2


class Pair(typing.NamedTuple):
    p: float
    q: float

    def product(self):
        return self.p * self.q


class Squares(Pair):
    def __new__(cls, p):
        return super().__new__(cls, p * p, 3.0 * p)


@dataclasses.dataclass
class Squaring:
    a: float

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * value)


@dataclasses.dataclass(frozen=True)
class Frozen:
    a: float
    twice: float = dataclasses.field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "twice", 2 * self.a)


class Log(list):
    def append(self, value):
        super().append(2 * value)


class Table(dict):
    def __missing__(self, key):
        self[key] = made = self["x"] * 2
        return made


def property_of_a_base(x):
    square = Doubled(x)
    square.side = square.side * x
    return square.area


def bound_method_of_a_named_tuple(x):
    product = Pair(x, x * x).product
    return product()


def bound_methods_of_named_tuples_in_a_list(x):
    methods = []
    methods.append(Pair(x, x).product)
    methods.append(Pair(x, 2.0).product)
    return methods[0]() * methods[1]()


def setattr_of_a_dataclass(x):
    made = Squaring(x)
    first = made.a
    made.a = x
    return made.a * first


def fields_of_a_frozen_dataclass(x):
    return Frozen(x).twice * Frozen(x).a


def method_of_a_builtin_that_a_class_replaces(x):
    log = Log()
    log.append(x)
    keep = log.append
    keep(x * x)
    return log[0] * log[1]


def key_that_a_dict_makes(x):
    table = Table()
    table["x"] = x * x
    return table["y"] * table["y"]


def attributes_as_a_dict(x):
    made = Square(x)
    made.__dict__["side"] = x * x
    return made.side


def default_that_captures(x):
    table = collections.defaultdict(lambda: x)
    table["a"] += x * x
    return table["a"] * table["b"]


def default_that_is_read_only(x):
    table = collections.defaultdict(lambda: x * x)
    return table["a"]


def named_tuple_made_in_its_own_way(x):
    made = Squares(x)
    return made.p * made.q


PROGRAMS = [
    property_of_a_base, bound_method_of_a_named_tuple, bound_methods_of_named_tuples_in_a_list,
    setattr_of_a_dataclass, fields_of_a_frozen_dataclass,
    method_of_a_builtin_that_a_class_replaces, key_that_a_dict_makes, default_that_captures,
    default_that_is_read_only, attributes_as_a_dict, named_tuple_made_in_its_own_way,
]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_derivatives_of_objects_are_those_of_differences(f):
    value, pullback = sd.vjp(f, 1.3)
    assert value == f(1.3)
    assert pullback(1.0) == pytest.approx(slope(f, 1.3), rel=1e-6)
    assert sd.grad(f)(1.3) == pytest.approx(slope(f, 1.3), rel=1e-6)


def keys_in_a_loop(x):
    total = 0.0
    for key in {(x, 1): 2.0}:
        total += key[0]
    return total


def key_that_is_taken_out(x):
    key, value = {(x, 1): 2.0}.popitem()
    return key[0] * value


@pytest.mark.parametrize("f", [keys_in_a_loop, key_that_is_taken_out], ids=lambda f: f.__name__)
def test_what_has_no_place_for_a_cotangent_is_refused(f):
    with pytest.raises(sd.UnsupportedError, match=r"Instead, "):
        sd.grad(f)(1.3)


class Slotted:
    __slots__ = ("items", "w")

    def __init__(self, w):
        self.w, self.items = w, [w]


class Open:
    def __init__(self, w):
        self.w, self.items = w, [w]


@pytest.mark.parametrize("cls", [Slotted, Open])
def test_a_copy_of_an_object_has_attributes_of_its_own(cls):
    def f(x, n):
        made = copy.copy(n)
        made.w *= x
        made.items[0] *= 2
        return made.w * n.w * n.items[0]

    x_bar, n_bar = sd.vjp(f, 1.3, cls(0.5))[1](1.0)
    assert x_bar == pytest.approx(0.5 * 0.5 * 2 * 0.5)
    assert n_bar.w == pytest.approx(2 * 0.5 * 1.3 * 2 * 0.5)
    assert n_bar.items == pytest.approx([2 * 0.5 * 0.5 * 1.3])


def test_an_attribute_that_is_looked_up_statically_is_that_of_the_object():
    class Holder:
        factor = 2.0

        def __init__(self, x):
            self.x, self.v = x, np.array([x, 1.0])

    def f(x, y):
        holder = Holder(x)
        holder.x = x * y
        static = inspect.getattr_static
        total = static(holder, "x") * static(holder, "factor") + static(holder, "none", y) ** 2
        static(holder, "v")[1] = x * x
        if static(np.ones(2) * x, "__foreign__", None) is None:
            total = total * holder.v[1]
        return total + np.sum(static(holder, "v"))

    check_modes(f, (1.3, 0.7))


def test_a_descriptor_that_does_not_fit_raises_as_the_plain_call_does():
    def order(value):
        return type.__dict__["__mro__"].__get__(value)

    def f(x, of):
        v = np.array([x, x])
        v[0] = x * x
        return np.sum(v) * len(order(v if of is None else of))

    assert sd.grad(f)(1.5, float) == pytest.approx((2 * 1.5 + 1) * 2)
    with pytest.raises(TypeError, match="descriptor"):
        sd.grad(f)(1.5, None)


class Slotted:
    __slots__ = ("f",)

    def __init__(self, f):
        self.f = f


def called_out_of_slots(x):
    held = [Slotted(np.sin), Slotted(lambda v: v * v)]
    held.append(Slotted(np.cos))
    total = 0.0
    for one in held:
        total = total + one.f(x)
    return total


def class_out_of_a_member(x):
    row = [x]
    row[0] = row[0] * 2.0
    return np.dtype(float).type(row[0]) * row[0]


@pytest.mark.parametrize("f", [called_out_of_slots, class_out_of_a_member])
def test_what_a_slot_holds_is_called_without_its_owner(f):
    slope = (f(0.3 + 1e-6) - f(0.3 - 1e-6)) / 2e-6
    assert sd.grad(f)(0.3) == pytest.approx(slope, rel=1e-7)


class Labelled(tuple):
    def scaled(self):
        return self.scale * sum(self)


def test_a_tuple_of_a_users_class_has_fields_beside_its_items():
    def times(held):
        return held.scaled() * held.scale

    def f(x):
        held = Labelled((1, 2))
        held.scale = x
        others = [held]
        others[0].scale *= 2
        return times(held) + others[0].scaled()

    # 3 s * s + 3 s with s = 2 x.
    assert sd.grad(f)(0.7) == pytest.approx(24 * 0.7 + 6)
