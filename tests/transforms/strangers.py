"""Functions with variables u and v that have nothing in common."""

import numpy as np

__all__ = ["SEPARATE"]


def copied(u):
    for _ in range(1):
        w = u * 1.0
    return w


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
            and {"u", "v"} <= {*f.__code__.co_varnames} and f.__module__ == __name__]
