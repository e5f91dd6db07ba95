"""Functions with variables u and v: a write by one may be seen by the other."""

import functools

import numpy as np

from tests.transforms.contained import CONTAINED
from tests.transforms.sharing import Box

__all__ = ["SHARING", "chosen_by_max"]


def first(u, *rest):
    for _ in rest:  # a loop, so that it is not written into its caller
        break
    return u


def view_of(u):
    for _ in range(1):
        w = u[1:]
    return w


def keeps(box, value):
    box.w = value


def either(u, v, n):
    return u if n > 0 else v


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


def starred(u):
    v = first(*[u, 1.0])
    return np.sum(u) + np.sum(v)


def broadcast(u):
    v = np.broadcast_to(u, (2, 4))
    return np.sum(u) + np.sum(v)


def split_in_two(u):
    v, _ = np.split(u, 2)
    return np.sum(u) + np.sum(v)


SHARING = CONTAINED + [f for f in list(globals().values()) if getattr(f, "__code__", None)
                       and {"u", "v"} <= {*f.__code__.co_varnames} and f.__module__ == __name__
                       and f.__code__.co_argcount == 1]
