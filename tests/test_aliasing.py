"""One memory under several names: what is written by one is differentiated by all the others."""

import functools
import random

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees
from tests.transforms.sharing import Box


def append_to(items, value):
    for _ in range(1):
        items.append(value)


def applied(function, *args):
    return function(*args)


class Recorder:
    """An object that remembers the sum of what it was given."""

    def __init__(self, total):
        self.total = total

    def add(self, v):
        self.total = self.total + v
        return v

    @property
    def me(self):
        return self


# ------------------------------------------------------------- results that are an argument


def product_into_an_output(x):
    u = np.zeros(2)
    v = np.multiply(np.ones(2), x, out=u)
    v[0] = 5.0 * x
    return u.sum() * u[0]


def output_written_afterwards(x):
    u = np.zeros(2)
    v = np.multiply(np.ones(2), x, out=u)
    u[0] = 5.0 * x
    return v.sum() * v[0]


def output_of_a_product_of_matrices(x):
    u = np.zeros(2)
    v = np.dot(np.ones((2, 2)), x * np.ones(2), out=u)
    u[0] = 5.0 * x
    return v.sum() * v[0]


def output_of_a_scan(x):
    u = np.zeros(2)
    v = np.cumsum(x * np.ones(2), out=u)
    u[0] = 5.0 * x
    return v.sum() * v[0]


def output_by_position(x):
    u = np.zeros(2)
    v = np.sin(x * np.ones(2), u)
    u[0] = 5.0 * x
    return v.sum() * v[0]


def output_of_a_method(x):
    u = np.zeros(2)
    v = (x * np.ones(2)).cumsum(out=u)
    v[0] = 5.0 * x
    return u.sum() * v[0]


def output_of_clip(x):
    u = np.zeros(2)
    v = np.clip(x * np.ones(2), 0, 9, out=u)
    v[0] = 5.0 * x
    return u.sum() * v[0]


def output_of_a_sum(x):
    u = np.zeros(())
    v = np.sum(x * np.ones(2), out=u)
    v[...] = 5.0 * x * v
    return u * v


def output_that_is_the_operand(x):
    u = np.zeros(2)
    v = np.add(u, x, u)
    w = v
    w *= x
    return u.sum() * v[0]


# --------------------------------------------------------------------------- bound methods


def bound_append(x):
    items = []
    keep = items.append
    keep(x)
    return items[0] * 2.0


def bound_append_of_a_list(x):
    items = []
    keeping = [items.append, items.append]
    keeping[1](x)
    return items[0] * 2.0


def bound_append_in_each_round(x):
    items = []
    for v in (1.0, 2.0):
        keep = items.append
        keep(x * v)
    return items[0] * items[1]


def bound_setdefault(x):
    table = {}
    put = table.setdefault
    put("a", x)
    return table["a"] * 2.0


def bound_fill(x):
    a = np.zeros(3)
    put = a.fill
    put(x)
    return a.sum()


def bound_sum(x):
    a = np.zeros(3)
    total = a.sum
    a[1] = x
    return total() * x


def bound_append_handed_over(x):
    items = []
    applied(items.append, x)
    return items[0] * 2.0


def bound_method_of_an_object(x):
    p = Recorder(1.0)
    add = p.add
    add(x)
    return p.total * x


def bound_method_handed_over(x):
    p = Recorder(x)
    applied(p.add, 2.0 * x)
    return p.total * x


def partial_of_a_bound_method(x):
    p = Recorder(1.0)
    add = functools.partial(p.add, x)
    add()
    return p.total * x


def object_that_gives_itself(x):
    p = Recorder(1.0)
    q = p.me
    q.total = x
    return p.total * x


def array_kept_by_a_bound_method(x):
    u = np.zeros(2) * x
    items = []
    put = items.append
    put(u)
    items[0][0] = x
    return u[0] * 2.0


def field_by_the_dict_of_its_object(x):
    p = Recorder(1.0)
    vars(p)["total"] = x
    p.__dict__["total"] *= x
    return p.total * x


def bound_method_of_a_field(x):
    box = Box([1.0])
    put = box.w.append
    put(x)
    return box.w[1] * x


# ------------------------------------------------------------------- single targets of unpacking


def single_item_of_a_list_that_grew(x):
    items = []
    append_to(items, x * 2.0)
    (c,) = items
    return c * x


def single_row_that_is_written(x):
    a = np.array([[x, 1.0]])
    (r,) = a
    r[0] *= x
    return a[0, 0] * r[1]


def single_list_in_a_list(x):
    outer = [[x]]
    (inner,) = outer
    inner.append(x * x)
    return outer[0][1] * inner[0]


def single_star(x):
    items = [x]
    items.append(x * x)
    (*rest,) = items
    rest[0] = 1.0
    return items[0] * rest[1]


def single_item_in_a_loop(x):
    items = [x]
    items.append(x * x)
    total = 0.0
    for (c,) in [items[:1], items[1:]]:
        total = total + c * x
    return total


def nested_single_items(x):
    items = [x]
    items.append(2.0)
    [[c], [d]] = [items[:1], items[1:]]
    return c * d * x


# ------------------------------------------------------------------------------ random order


def shuffled_array(x):
    a = np.array([x, 2 * x, 3 * x])
    np.random.seed(1)
    np.random.shuffle(a)
    return a[0] * a[1] ** 2


def shuffled_list(x):
    a = [x, 2 * x, 3 * x]
    random.seed(1)
    random.shuffle(a)
    return a[0] * a[1] ** 2


def shuffled_by_a_generator(x):
    a = np.array([x, 2 * x, 3 * x])
    mix = np.random.default_rng(1).shuffle
    mix(a)
    return a[0] * a[1] ** 2


FUNCTIONS = [f for f in list(globals().values()) if getattr(f, "__module__", "") == __name__
             and getattr(f, "__code__", None) and f.__code__.co_varnames[:1] == ("x",)]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_what_is_written_by_one_name_is_read_by_the_others(f):
    assert agrees(f, 1.3) != [0.0]
    expected = (f(1.3 + 1e-6) - f(1.3 - 1e-6)) / 2e-6
    assert sd.grad(f)(1.3) == pytest.approx(expected, rel=1e-7)
