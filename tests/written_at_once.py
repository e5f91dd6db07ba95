"""Functions whose lists get several items at once; each takes a list and a number."""

from __future__ import annotations

import math


def by_extend(c, x):
    out = []
    for v in c:
        out.extend([v * x, math.sin(v)])
    return sum([i * v * v for i, v in enumerate(out)])


def by_adding_a_display(c, x):
    out = [x]
    for v in c:
        out += [v * x, v, out[-1] * 0.5]
    return sum([i * v * v for i, v in enumerate(out)])


def by_a_tuple(c, x):
    out = []
    for v in c:
        if v > 0.6:
            out.extend((v * x, v))
        else:
            out += (x * x,)
    return math.fsum([math.cos(v) for v in out]) * len(out)


def by_a_comprehension(c, x):
    out = []
    for v in c:
        out.extend([v * x ** k for k in range(3)])
        out += [math.exp(-v) for k in range(2)]
    return sum([i * v for i, v in enumerate(out)])


def by_a_list_that_has_a_name(c, x):
    out, more = [], [x, x * x]
    for v in c:
        more[0] = more[0] * v
        out.extend(more)
        more += [v]
    return sum([i * v for i, v in enumerate(out)]) + len(more) * more[-1]


def seen_under_another_name(c, x):
    out = []
    held = [out, [x]]
    for v in c:
        out += [v * x]
        held[0].append(v)
    held[1] += [x * x]
    return sum(held[0]) * held[1][-1] + out[0]


def by_itself(c, x):
    out = [x * v for v in c]
    out.extend(out)
    out += out
    return sum([i * v for i, v in enumerate(out)])


def of_its_own_items(c, x):
    out = [c[0], x]
    for v in c:
        out.extend([out[0] * v, out[-2] + x])
    return out[-1] * out[-2]


def of_what_the_caller_has(c, x):
    c += [x, x * x]
    c.extend([c[0] * x])
    return c[-1] * c[0] + c[-2]


def of_what_may_be_a_number(c, x):
    total = x
    for v in c:
        total += v
        if v > 1.0:
            total = [total]
            total += [x]
            total = total[0] * total[1]
    return total


FUNCTIONS = [by_extend, by_adding_a_display, by_a_tuple, by_a_comprehension,
             by_a_list_that_has_a_name, seen_under_another_name, by_itself, of_its_own_items,
             of_what_the_caller_has, of_what_may_be_a_number]
