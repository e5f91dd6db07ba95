"""Who may share memory with whom: never less than what happens, and no more than is tested here."""

import copy
import functools
import itertools

import numpy as np
import pytest

import s2sdiff
from tests.transforms.programs import agrees
from tests.transforms.sharing import Box, locals_of, may_share, really_share

A = np.array([1.0, 2.0, 3.0, 4.0])
M = np.arange(1.0, 7.0).reshape(2, 3)
OUTSIDE = np.ones(3)


def first(u, *rest):
    return u


def view_of(u):
    for _ in range(1):
        w = u[1:]
    return w


def keeps(box, value):
    box.w = value


def appends(items, value):
    items.append(value)


def copied(u):
    for _ in range(1):
        w = u * 1.0
    return w


def either(u, v, n):
    return u if n > 0 else v


# Each function has variables u and v.  SHARING: a write by one may be seen by the other.


def basic_index(u):
    v = u[1:3]
    return np.sum(u) + np.sum(v)


def view_of_a_view(u):
    w = u.reshape(2, 2).T
    v = w[:, 0]
    return np.sum(u) + np.sum(v)


def two_views(a):
    u = a[:3]
    v = a[2:]
    return np.sum(u) + np.sum(v)


def row_of_a_loop(u):
    total = 0.0
    for v in u.reshape(2, 2):
        total = total + np.sum(v)
    return total + np.sum(u)


def unpacked_rows(u):
    m = u.reshape(2, 2)
    v, w = m
    return np.sum(u) + np.sum(v) + np.sum(w)


def attribute_of_an_array(a):
    u = a.reshape(2, 2)
    v = u.T
    return np.sum(u) + np.sum(v)


def imaginary_part(a):
    u = a * 1j
    v = u.imag
    return np.sum(v) + np.sum(u.real)


def flat_of_an_array(u):
    v = u.reshape(2, 2).diagonal()
    return np.sum(u) + np.sum(v)


def asarray_of_an_array(u):
    v = np.asarray(u)
    return np.sum(u) + np.sum(v)


def element_of_a_list(u):
    v = [u, 1.0]
    return np.sum(u) + np.sum(v[0])


def taken_from_a_list(u):
    items = [u, u * 2.0]
    v = items[0]
    return np.sum(u) + np.sum(v)


def value_of_a_dict(u):
    table = {"w": u}
    v = table["w"]
    return np.sum(u) + np.sum(v)


def value_by_get(u):
    table = {"w": u}
    v = table.get("w")
    return np.sum(u) + np.sum(v)


def deep_in_containers(u):
    v = {"layers": [(u, 1.0)]}
    return np.sum(u) + len(v["layers"])


def out_of_deep_containers(u):
    table = {"layers": [(u, 1.0)]}
    v, _ = table["layers"][0]
    return np.sum(u) + np.sum(v)


def appended(u):
    v = []
    v.append(u)
    return np.sum(u) + np.sum(v[0])


def appended_by_a_helper(u):
    v = []
    appends(v, u)
    return np.sum(u) + np.sum(v[0])


def inserted_by_a_bound_method(u):
    v = [1.0]
    put = v.append
    put(u)
    return np.sum(u) + len(v)


def set_by_index(u):
    v = [None, None]
    v[1] = u
    return np.sum(u) + len(v)


def two_lists_of_one(a):
    u = [a]
    v = [a]
    return np.sum(u[0]) + np.sum(v[0])


def copy_of_a_list(a):
    u = [a]
    v = list(u)
    return np.sum(u[0]) + np.sum(v[0])


def slice_of_a_list(a):
    u = [a, a * 2.0]
    v = u[:1]
    return np.sum(u[0]) + np.sum(v[0])


def joined_lists(u):
    v = [u] + [1.0]
    return np.sum(u) + len(v)


def field_of_an_object(u):
    v = Box(u)
    return np.sum(u) + np.sum(v.w)


def read_from_an_object(u):
    box = Box(u)
    v = box.w
    return np.sum(u) + np.sum(v)


def written_to_an_object(u):
    v = Box(1.0)
    v.w = u
    return np.sum(u) + np.sum(v.w)


def written_by_a_helper(u):
    v = Box(1.0)
    keeps(v, u)
    return np.sum(u) + np.sum(v.w)


def given_by_a_method(u):
    v = Box(u).field()
    return np.sum(u) + np.sum(v)


def given_by_a_property(u):
    v = Box(u).part
    return np.sum(u) + np.sum(v)


def two_boxes(a):
    u = Box(a)
    v = Box(a)
    return np.sum(u.w) + np.sum(v.w)


def joined_by_a_branch(u):
    v = u if u[0] > 0 else u * 2.0
    return np.sum(u) + np.sum(v)


def either_of_two(u):
    w = u * 2.0
    v = either(u, w, 1)
    return np.sum(u) + np.sum(v) + np.sum(w)


def carried_by_a_loop(u):
    v = u * 2.0
    for _ in range(2):
        v = u
    return np.sum(u) + np.sum(v)


def swapped_in_a_loop(a):
    u = a * 1.0
    v = a * 2.0
    for _ in range(3):
        w = u
        u = v
        v = w * 1.0 if _ > 5 else u
    return np.sum(u) + np.sum(v)


def through_a_helper(u):
    v = first(u, 1.0)
    return np.sum(u) + np.sum(v)


def view_by_a_helper(u):
    v = view_of(u)
    return np.sum(u) + np.sum(v)


def held_by_a_partial(u):
    v = functools.partial(first, u)
    return np.sum(u) + np.sum(v())


def chosen_by_max(u):
    v = max([u, u * 2.0], key=np.sum)
    return np.sum(u) + np.sum(v) if v[0] > 100 else np.sum(u)


def of_a_generator(u):
    v = [w for w in (u, u * 2.0)]
    return np.sum(u) + len(v)


def of_a_zip(u):
    (v, _), = zip([u], [1.0], strict=True)
    return np.sum(u) + np.sum(v)


def output_is_the_result(a):
    u = np.zeros(4)
    v = np.multiply(a, 2.0, out=u)
    return np.sum(u) + np.sum(v)


def set_by_setdefault(u):
    table = {}
    v = table.setdefault("w", u)
    return np.sum(u) + np.sum(v)


def popped(u):
    items = [u]
    v = items.pop()
    return np.sum(u) + np.sum(v)


def shallow_copy(a):
    u = [a]
    v = copy.copy(u)
    return np.sum(u[0]) + np.sum(v[0])


def chained(u):
    v = list(itertools.chain([u], [1.0]))
    return np.sum(u) + len(v)


def starred(u):
    v = first(*[u, 1.0])
    return np.sum(u) + np.sum(v)


def broadcast(u):
    v = np.broadcast_to(u, (2, 4))
    return np.sum(u) + np.sum(v)


def split_in_two(u):
    v, _ = np.split(u, 2)
    return np.sum(u) + np.sum(v)


SHARING = [f for f in list(globals().values()) if getattr(f, "__code__", None)
           and {"u", "v"} <= {*f.__code__.co_varnames} and f.__module__ == __name__
           and f.__code__.co_argcount == 1]


# SEPARATE: it may not.


def arithmetic(u):
    v = u * 2.0
    return np.sum(u) + np.sum(v)


def a_copy(u):
    v = u.copy()
    return np.sum(u) + np.sum(v)


def index_by_a_list(u):
    v = u[[0, 1]]
    return np.sum(u) + np.sum(v)


def index_by_a_mask(u):
    v = u[u > 2.0]
    return np.sum(u) + np.sum(v)


def stacked(u):
    v = np.stack([u, u])
    return np.sum(u) + np.sum(v)


def concatenated(u):
    v = np.concatenate((u, u))
    return np.sum(u) + np.sum(v)


def made_by_a_helper(u):
    v = copied(u)
    return np.sum(u) + np.sum(v)


def two_new_arrays(a):
    u = np.zeros(3)
    v = np.zeros(3)
    u[0], v[0] = a[0], a[1]
    return np.sum(u) + np.sum(v)


def elements_that_are_numbers(u):
    v = [u[0], u[1]]
    return np.sum(u) + len(v)


def lists_of_numbers(a):
    u = [1.0]
    v = [2.0]
    u.append(a[0])
    return np.sum(a) + u[1] * v[0]


def matrix_product(u):
    v = u.reshape(2, 2) @ u.reshape(2, 2)
    return np.sum(u) + np.sum(v)


def selected(u):
    v = np.where(u > 0, u, 2.0 * u)
    return np.sum(u) + np.sum(v)


def accumulated(u):
    v = np.cumsum(u)
    return np.sum(u) + np.sum(v)


def rebound_in_a_loop(u):
    v = u * 1.0
    for _ in range(3):
        v = v * u
    return np.sum(u) + np.sum(v)


SEPARATE = [f for f in list(globals().values()) if getattr(f, "__code__", None)
            and {"u", "v"} <= {*f.__code__.co_varnames} and f.__module__ == __name__
            and f.__code__.co_argcount == 1 and f not in SHARING]


@pytest.mark.parametrize("f", SHARING, ids=lambda f: f.__name__)
def test_what_shares_memory_is_known_to_share_it(f):
    found = locals_of(f, A.copy())
    assert f is chosen_by_max or really_share(found["u"], found["v"])
    assert may_share(f, (A.copy(),), "u", "v")


@pytest.mark.parametrize("f", SEPARATE, ids=lambda f: f.__name__)
def test_what_is_surely_new_shares_with_nobody(f):
    found = locals_of(f, A.copy())
    assert not really_share(found["u"], found["v"])
    assert not may_share(f, (A.copy(),), "u", "v")
