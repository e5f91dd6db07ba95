"""Functions that are given nothing active, and read what others wrote outside."""

import collections
import functools
import threading
import types

import pytest

import s2sdiff as sd
from tests import outside_module

ITEMS = [1.0, 2.0]
LAST = collections.deque([1.0])
SPACE, LOCAL = types.SimpleNamespace(w=1.0), threading.local()
TABLE = collections.UserDict(a=1.0)
HELD = (ITEMS, 3)
VIEW = types.MappingProxyType({"a": ITEMS})


class Holder:
    def __init__(self):
        self.w = 1.0

    def scaled(self, k):
        return self.w * k


HOLDER = Holder()
SCALED, COPIED = HOLDER.scaled, ITEMS.copy


def set_item(owner, key, value):
    owner[key] = value


def set_field(owner, value):
    owner.w = value


def fetched(items, k):
    return items[k - 2]


FETCHED = functools.partial(fetched, ITEMS)


def memory():
    store = {}

    def put(value):
        store["a"] = value

    def get(k):
        return store["a"] * k

    return put, get


PUT, GET = memory()


def of_space(k):
    return SPACE.w * k


def of_thread(k):
    return LOCAL.w * k


def of_table(k):
    return TABLE["a"] * k


def of_tuple(k):
    return HELD[0][0] * k


def of_view(k):
    return VIEW["a"][0] * k


def of_partial(k):
    return FETCHED(k) * k


def of_bound(k):
    return SCALED(k)


def of_builtin(k):
    return COPIED()[0] * k


def of_memory(k):
    return GET(k)


def of_last(k):
    return LAST[0] * k


IN_TUPLE, CALLED = (of_last,), functools.partial(of_last, 2)


def of_function_in_tuple(k):
    return IN_TUPLE[0](k)


def of_called(k):
    return CALLED() + k


def applied(function, k):
    return function(k)


def of_given(k):
    return applied(of_last, k)


def of_default(k, function=of_last):
    return function(k)


def capturing(function):
    def g(k):
        return function(k)

    return g


CAPTURED = capturing(of_last)


def of_captured(k):
    return CAPTURED(k)


class Caller:
    def __call__(self, k):
        return LAST[0] * k


def of_instance(k):
    return Caller()(k)


@functools.lru_cache
def all_items():
    return ITEMS


def of_cached(k):
    return all_items()[0] * k


def of_module(k):
    return outside_module.read(k)


def of_namespace(k):
    return outside_module.SPACE.items[0] * k


def first(value):
    set_item(ITEMS, 0, value)


def last(value):
    set_item(LAST, 0, value)


CASES = [
    (of_space, lambda v: set_field(SPACE, v)), (of_thread, lambda v: set_field(LOCAL, v)),
    (of_table, lambda v: set_item(TABLE, "a", v)), (of_tuple, first), (of_view, first),
    (of_partial, first), (of_bound, lambda v: set_field(HOLDER, v)), (of_builtin, first),
    (of_memory, PUT), (of_last, last), (of_function_in_tuple, last), (of_called, last),
    (of_given, last), (of_default, last), (CAPTURED, last), (of_captured, last),
    (of_instance, last), (of_cached, first),
    (of_module, lambda v: set_item(outside_module.ITEMS, 0, v)),
    (of_namespace, lambda v: set_item(outside_module.SPACE.items, 0, v)),
]


@pytest.mark.parametrize("read, write", CASES, ids=lambda f: f.__name__)
def test_what_somebody_wrote_outside_is_read_with_its_derivative(read, write):
    def f(x):
        write(x * x)
        return read(2) * x

    x, h = 1.5, 1e-6
    want = (f(x + h) - f(x - h)) / (2 * h)
    assert sd.grad(f)(x) == pytest.approx(want, rel=1e-6)
    _, pullback = sd.vjp(f, x)
    assert [pullback(1.0), pullback(1.0)] == pytest.approx([want, want], rel=1e-6)
