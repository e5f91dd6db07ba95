"""Functions with variables u and v, of which one is in a container: they share memory."""

import copy
import itertools

import numpy as np

__all__ = ["CONTAINED"]


def appends(items, value):
    items.append(value)


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
    return np.sum(u) + np.sum(v) + len(table)


def value_by_get(u):
    table = {"w": u}
    table["n"] = 1.0
    v = table.get("w")
    return np.sum(u) + np.sum(v)


def deep_in_containers(u):
    v = {"layers": [(u, 1.0)]}
    return np.sum(u) + len(v["layers"]) + len(v)


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


CONTAINED = [f for f in list(globals().values()) if getattr(f, "__code__", None)
             and {"u", "v"} <= {*f.__code__.co_varnames} and f.__module__ == __name__]
