"""Functions that write numbers of several types, and what is no number, into lists in loops."""

from __future__ import annotations

import math

import numpy as np


def an_int_among_floats(c, x):
    out = [0.0] * len(c)
    for i in range(len(c)):
        out[i] = i if i % 2 else c[i] * x
    return sum(v * v for v in out)


def floats_among_ints(c, x):
    out = [0] * len(c)
    for i in range(len(c)):
        out[i] = c[i] * x
        out[0] += 1
    return out[0] * out[-1]


def an_array_among_floats(c, x):
    out = [0.0] * len(c)
    for i in range(len(c)):
        out[i] = c[i] * x
    out[1] = np.array([x, 2.0])
    return out[0] + np.sum(out[1] * out[2])


def a_list_among_floats(c, x):
    out = [0.0] * len(c)
    out[0] = [x, c[0]]
    out[1] = c[1]
    return out[0][0] * out[0][1] + out[1]


def complex_items(c, x):
    out = [0j] * len(c)
    for i in range(len(c)):
        out[i] = complex(c[i], x) * (1.0 + out[i - 1])
    return abs(out[-1]) + out[0].real


def a_table_of_ints(c, x):
    n = len(c)
    table = [[0] * (n + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            if c[i - 1] > c[j - 1]:
                table[i][j] = table[i - 1][j - 1] + c[i - 1] * x
            else:
                table[i][j] = max(table[i - 1][j], table[i][j - 1]) + x
    return table[n][n] * x


def ints_that_go_everywhere(c, x):
    out = [0, 1] + [0] * len(c)
    for i in range(len(c)):
        out[i + 2] = c[i] * x + out[i] * out[i + 1]
    pair = (out[0], out[3])
    rows = [out[1], out[2] * x]
    rows[0] = rows[0] + out[0]
    total = mixed(out[1], x) + mixed(out[4], out[0]) * pair[1] + pair[0]
    return total + np.sum(np.array(out) * x) + math.sin(out[1]) * rows[1] + sum(rows)


def mixed(u, v):
    for _ in range(2):
        u = u * 0.5 + v
    return u * v


def a_longest_run(c, x):
    best = [1] * len(c)
    for i in range(1, len(c)):
        for j in range(i):
            if c[j] < c[i]:
                best[i] = max(best[i], best[j] + x * c[i])
    return max(best) + best[0] * x


def numpy_numbers(c, x):
    a = np.array(c)
    out = [a[0]] * len(c)
    for i in range(1, len(c)):
        out[i] = a[i] * x + out[i - 1] * out[0]
    out[0] = np.sum(a)
    return out[0] * out[-1] + max(out)


def pairs_that_are_replaced(c, x):
    points = [(v, v * x) for v in c]
    for i in range(1, len(points)):
        a, b = points[i - 1]
        points[i] = (a * x + points[i][0], b * b)
    return points[-1][0] * points[-1][1] + points[0][1]


FUNCTIONS = [f for name, f in list(globals().items()) if callable(f) and f is not mixed
             and getattr(f, "__module__", None) == __name__]
