"""Functions that write lists and dicts of numbers in loops; each takes a list and a number."""

from __future__ import annotations

import math

import numpy as np


def table(c, x):
    n = len(c)
    rows = [[0.0] * n for _ in range(n)]
    for i in range(n):
        rows[i][0] = c[i]
        rows[0][i] = x * c[i]
    for i in range(1, n):
        for j in range(1, n):
            rows[i][j] = x * rows[i - 1][j] + c[j] * rows[i][j - 1]
    return rows[-1][-1] + rows[n // 2][1]


def rows_that_are_one(c, x):
    row = [0.0] * 3
    rows = [row] * 3
    for i in range(3):
        rows[i][i] = c[i] * x
        rows[0][1] += c[i]
    return rows[2][0] * row[1] + rows[1][2]


def rows_that_are_replaced(c, x):
    rows = [[x, x * x], [c[0], c[1]]]
    first = rows[0]
    rows[0] = rows[1]
    rows[0][0] = rows[0][0] * first[1]
    first[0] = first[0] * 3.0
    rows[1] = first
    return rows[0][0] * rows[1][0] + rows[0][1]


def under_two_names(c, x):
    out = [0.0] * len(c)
    other = out
    for i in range(len(c)):
        out[i] = c[i] * x
        other[i - 1] = out[i] * other[i - 1] + x
    return sum(out) * other[0]


def one_of_two(c, x):
    left, right = [0.0] * len(c), [x] * len(c)
    for i in range(len(c)):
        into = left if i % 2 else right
        into[i] = c[i] * x + right[0]
    return sum(left) * right[-1]


def negative_places(c, x):
    out = [x] * len(c)
    for i in range(len(c)):
        out[-i] = out[i - 1] * c[i]
        out[~i] = out[-1] + x
    return out[0] + out[-2] * out[1]


def thomas(c, x):
    n = len(c)
    upper, right, found = [0.0] * n, [0.0] * n, [0.0] * n
    upper[0], right[0] = x / (4.0 + c[0]), c[0] / (4.0 + c[0])
    for i in range(1, n):
        m = 4.0 + c[i] - x * upper[i - 1]
        upper[i] = x / m
        right[i] = (c[i] - x * right[i - 1]) / m
    found[-1] = right[-1]
    for i in range(n - 2, -1, -1):
        found[i] = right[i] - upper[i] * found[i + 1]
    return math.fsum(found) + found[0]


def sorted_by_swaps(c, x):
    a = list(c)
    for i in range(len(a)):
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    total = 0.0
    for i, v in enumerate(a):
        total += v * x**i
    return total


def a_stack(c, x):
    stack = [x]
    for v in c:
        stack.append(v * x)
        if len(stack) > 3:
            b = stack.pop()
            a = stack.pop()
            stack.append(a * b + stack[-1])
            stack[-2] = stack[0] * x
    while len(stack) > 1:
        b = stack.pop()
        stack[-1] += b * b
    return stack[0]


def a_copy_is_another(c, x):
    a = [v * x for v in c]
    b, d, e = a.copy(), a[:], list(a)
    for i in range(1, len(c)):
        a[i] = a[i - 1] * b[i]
        b[i] = a[i] + d[i]
        e[i] = e[i - 1] + x
    return a[-1] + b[1] * d[2] + e[-1]


def a_sum_of_lists(c, x):
    a = [x] + [0.0] * len(c) + list(c)
    for i in range(1, len(a)):
        a[i] = a[i] + a[i - 1] * x
    return a[-1] + a[len(c)]


def the_argument_itself(c, x):
    for i in range(1, len(c)):
        c[i] = c[i] * x + c[i - 1]
    total = 0.0
    for v in c:
        total += v * v
    return total


def by_a_helper(c, x):
    out = [0.0] * len(c)
    for i in range(len(c)):
        out[i] = c[i]
        doubled(out, i, x)
    return sum(out)


def doubled(items, i, x):
    items[i] = items[i] * x + items[0]


def held_by_a_tuple(c, x):
    out = [0.0] * len(c)
    pair = (out, x)
    for i in range(len(c)):
        out[i] = c[i] * pair[1]
        pair[0][0] = pair[0][0] + x
    return sum(pair[0])


def held_by_a_closure(c, x):
    out = [0.0] * len(c)

    def put(i, v):
        out[i] = out[i] + v

    for i in range(len(c)):
        put(i, c[i] * x)
        put(0, x)
    return sum(out) * out[0]


def half_written(c, x):
    out = [x] * len(c)
    try:
        for i in range(len(c) + 2):
            out[i] = c[i % len(c)] * x
            out[i + 1] = out[i] + x
    except IndexError:
        out[0] = out[0] * 2.0
    return sum(out)


def left_early(c, x):
    out = [0.0] * len(c)
    for i in range(len(c)):
        if i == 3:
            break
        out[i] = c[i] * x
        if i % 2:
            continue
        out[i] += out[0]
    return sum(out) + out[3]


def made_in_a_loop(c, x):
    total, last = 0.0, [0.0]
    for v in c:
        out = [v] * 3
        out[1] = out[0] * x + last[0]
        out[0] = out[1] * out[2]
        total += out[0] * out[1]
        last = out
    return total + last[1]


def in_one_branch(c, x):
    out = [0.0] * len(c)
    for i in range(len(c)):
        if c[i] > 0.6:
            out[i] = c[i] * x
        else:
            out[i] = x
            out[i - 1] = out[i - 1] * c[i]
    if out[0] > 10.0:
        return x
    return out[0] + max(out) + np.sum(np.array(out) * 2.0)


def while_it_shrinks(c, x):
    out = [v * x for v in c]
    total = 0.0
    while len(out) > 2:
        out[0] = out[0] * out.pop() + out[-1]
        total += out[0]
    return total


def with_del_and_insert(c, x):
    out = [v * x for v in c]
    del out[1]
    out.insert(1, x)
    out[2] = out[1] * out[0]
    out.reverse()
    out[0] = out[0] * x
    out.sort()
    out[1] = out[1] * out[-1]
    return out[0] + out[1] * 2.0 + out[2] * 3.0


def written_while_walked(c, x):
    out = list(c)
    total = 0.0
    for i, v in enumerate(out):
        if i + 1 < len(out):
            out[i + 1] = out[i + 1] * v + x
        total += v * v
    return total


def appended_while_walked(c, x):
    out = list(c)
    total = 0.0
    for v in out:
        if len(out) < 9:
            out.append(v * x)
        total += v * v
        out[0] = x
    return total + out[0]


FUNCTIONS = [f for name, f in list(globals().items()) if callable(f) and f is not doubled
             and getattr(f, "__module__", None) == __name__]
