"""Constant arrays that a function keeps outside, and that are written there with what varies."""

import functools

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import right_or_refused

ROWS: list = []
TABLE: dict = {}


def keep(v):
    ROWS.append(v)


def keep_by_another(v):
    keep(v)


def keep_under_a_name(v, name="last"):
    TABLE[name] = v


def cells():
    rows, last = [], None

    def put(v):
        nonlocal last
        last = v
        rows.append(v)

    def get():
        return last

    return put, get, rows


put, get, KEPT = cells()


class Store:
    rows: list = []

    def __init__(self):
        self.own = []

    def add(self, v):
        self.own.append(v)

    @classmethod
    def add_to_all(cls, v):
        cls.rows.append(v)


class Registered:
    def __init__(self, v):
        ROWS.append(v)


STORE = Store()
kept_by_a_partial = functools.partial(keep_under_a_name, name="partial")


def by_a_function(x):
    m = np.array([0.5, 0.2, 0.3])
    keep(m)
    part = ROWS[-1][1:]
    part -= x
    return np.sum(m)


def by_another(x):
    m = np.array([0.5, 0.2, 0.3])
    keep_by_another(m)
    ROWS[-1][0] = x * x
    return np.sum(m * m)


def in_a_dict(x):
    m = np.zeros(3)
    keep_under_a_name(m)
    TABLE["last"] += x
    return np.sum(np.sin(m))


def by_a_partial(x):
    m = np.zeros(3)
    kept_by_a_partial(m)
    TABLE["partial"][:2] += x
    return np.sum(np.sin(m))


def in_a_closure(x):
    m = np.array([0.5, 0.2, 0.3])
    put(m)
    KEPT[-1][1:] *= x
    return np.sum(m)


def in_a_cell(x):
    m = np.array([0.5, 0.2, 0.3])
    put(m)
    part = get()
    part[0] = x
    return np.sum(m) * x


def by_a_method(x):
    m = np.array([0.5, 0.2, 0.3])
    STORE.add(m)
    STORE.own[-1][2] = x * 3.0
    return np.sum(m)


def by_a_class_method(x):
    m = np.array([0.5, 0.2, 0.3])
    Store.add_to_all(m)
    Store.rows[-1][2] = x * 3.0
    return np.sum(m)


def by_a_constructor(x):
    m = np.array([0.5, 0.2, 0.3])
    Registered(m)
    ROWS[-1][0] -= x
    return np.sum(m)


def a_list_of_them(x):
    m = np.array([0.5, 0.2, 0.3])
    keep([m, m * 2.0])
    ROWS[-1][0][1] = x
    return np.sum(m)


def as_a_key(x):
    m = np.array([0.5, 0.2, 0.3])
    sorted([m], key=kept_and_told)
    ROWS[-1][0] = x
    return np.sum(m)


def along_an_axis(x):
    m = np.array([0.5, 0.2, 0.3])
    np.apply_along_axis(kept_and_told, 0, m)
    ROWS[-1][0] = x
    return np.sum(m)


def the_largest(x):
    m = np.array([0.5, 0.2, 0.3])
    max([m, m], key=kept_and_told)
    ROWS[-1][0] = x
    return np.sum(m)


def sorted_in_place(x):
    m = np.array([0.5, 0.2, 0.3])
    items = [m]
    items.sort(key=kept_and_told)
    ROWS[-1][0] = x
    return np.sum(m)


def sorted_by_a_lambda(x):
    m = np.array([0.5, 0.2, 0.3])
    items = [m, m]
    items.sort(key=lambda v: kept_and_told(v))
    ROWS[-2][0] = x
    return np.sum(m)


def sorted_by_a_bound_method(x):
    m = np.array([0.5, 0.2, 0.3])
    items = [m, m]
    sort = items.sort
    sort(key=kept_and_told)
    ROWS[-1][0] = x
    return np.sum(m)


def sorted_by_the_method_of_lists(x):
    m = np.array([0.5, 0.2, 0.3])
    items = [m, m]
    list.sort(items, key=kept_and_told)
    ROWS[-1][0] = x
    return np.sum(m)


def kept_and_told(v):
    ROWS.append(v)
    return 0.0


class Keeper:
    def add(self, v):
        ROWS.append(v)

    def index(self, v):
        ROWS.append(v)
        return 0


def to_what_is_given(x, keeper):
    m = np.array([0.5, 0.2, 0.3])
    keeper.add(m)
    ROWS[-1][0] = x
    return np.sum(m)


def to_one_in_a_list(x, keepers):
    m = np.array([0.5, 0.2, 0.3])
    keepers[0].add(m)
    ROWS[-1][0] = x
    return np.sum(m)


def under_the_name_of_a_question(x, keepers):
    m = np.array([0.5, 0.2, 0.3])
    for keeper in keepers:
        keeper.index(m)
    ROWS[-1][0] = x
    return np.sum(m)


class Desk:
    def __init__(self):
        self.keeper = Keeper()

    def take(self, v):
        self.keeper.add(v)


def by_way_of_another(x, desk):
    m = np.array([0.5, 0.2, 0.3])
    desk.take(m)
    ROWS[-1][0] = x
    return np.sum(m)


@pytest.mark.parametrize("f, given", [
    (to_what_is_given, Keeper()), (by_way_of_another, Desk()), (to_one_in_a_list, [Keeper()]),
    (under_the_name_of_a_question, [Keeper()])], ids=lambda f: getattr(f, "__name__", ""))
def test_what_a_method_of_a_given_object_keeps_is_right(f, given):
    assert sd.grad(f)(2.0, given) == 1.0
    assert sd.jvp(lambda x: f(x, given), (2.0,), (1.0,)) == (f(2.0, given), 1.0)


RIGHT = [by_a_function, by_another, in_a_closure, in_a_cell, by_a_method, by_a_class_method,
         by_a_constructor, a_list_of_them, as_a_key, along_an_axis, the_largest,
         sorted_in_place, sorted_by_a_lambda, sorted_by_a_bound_method,
         sorted_by_the_method_of_lists]


@pytest.mark.parametrize("f", RIGHT, ids=lambda f: f.__name__)
def test_what_is_written_there_is_right(f):
    slope = (f(0.4 + 1e-6) - f(0.4 - 1e-6)) / 2e-6
    value, pullback = sd.vjp(f, 0.4)
    assert (value, pullback(1.0), pullback(1.0)) == pytest.approx((f(0.4), slope, slope))
    assert sd.jvp(f, (0.4,), (1.0,)) == pytest.approx((f(0.4), slope))


@pytest.mark.parametrize("f", [in_a_dict, by_a_partial], ids=lambda f: f.__name__)
def test_what_is_written_into_a_table_is_right_or_refused(f):
    right_or_refused(f)
