"""Functions that write dicts and deques of numbers in loops, or draw from iterators with a name."""

from __future__ import annotations

import math
from collections import deque


def counted_up(c, x):
    found = {}
    for i, v in enumerate(c):
        k = i % 3
        if k not in found:
            found[k] = 0.0
        found[k] += v * x
    total = 0.0
    for k in found:
        total += found[k] ** 2
    return total


def counted_with_get(c, x):
    found = {}
    for i, v in enumerate(c):
        found[i % 3] = found.get(i % 3, 0.0) * x + v
    return sum(v * v for v in found.values())


def with_a_default_that_varies(c, x):
    found = {}
    for i, v in enumerate(c):
        found[i % 2] = found.get(i % 2, x * v) * v
    return found[0] * found[1]


def got_after_it_was_deleted(c, x):
    found = {0: x}
    total = 0.0
    for i, v in enumerate(c):
        found[i] = v * x
        total += found.get(i + 1, 2.0) * v
        del found[i]
        total += found.get(i, 3.0) * x
        found[i + 1] = total
    return total + found[len(c)]


def remembered(c, x):
    known = {0: x, 1: c[0]}
    for k in range(2, 2 * len(c)):
        known[k] = known[k - 1] * 0.5 + known[k - 2] * c[k % len(c)]
    return known[2 * len(c) - 1]


def an_int_into_a_dict(c, x):
    found = {"a": x, "b": 1.0}
    for i, v in enumerate(c):
        found["b"] = found["a"] * v
        found["a"] = i if i == 2 else v
    return found["a"] * found["b"]


def by_other_names(c, x):
    one = {"a": x}
    other = one
    for v in c:
        one["a"] = one["a"] * v + x
        other["a"] += other["a"] * v
        one.setdefault("b", v)
        one["b"] *= x
    return one["a"] * other["b"]


def dicts_in_a_list(c, x):
    rows = [{"v": v, "w": x} for v in c]
    for i in range(1, len(rows)):
        rows[i]["v"] = rows[i]["v"] * rows[i - 1]["w"]
        rows[i]["w"] = rows[i - 1]["v"] + x
    return rows[-1]["v"] * rows[-1]["w"]


def lists_in_a_dict(c, x):
    table = {"a": [x, x], "b": list(c)}
    for i in range(2):
        table["a"][i] = table["b"][i] * x
        table["b"][i + 1] = table["a"][i] + table["b"][0]
    table["a"] = table["b"]
    table["a"][0] = table["b"][1] * x
    return table["b"][0] + table["a"][2]


def popped_from_a_dict(c, x):
    left = dict(enumerate(c))
    total = 0.0
    for i in range(len(c)):
        total = total * x + left.pop(i) * total + left.pop(i + 100, 2.0) * x
    return total


def a_queue(c, x):
    waiting = deque([x])
    total = 0.0
    for v in c:
        waiting.append(v * x)
        waiting.appendleft(v)
        first = waiting.popleft()
        waiting[0] = waiting[0] * first
        total += waiting[-1] * waiting.popleft()
        waiting.append(total)
        last = waiting.pop()
        waiting.append(last * x)
    return total + sum(waiting)


def a_short_queue(c, x):
    waiting = deque([x, x * 2.0])
    total = 0.0
    for v in c:
        first = waiting.popleft()
        total += first * v
        waiting.append(first * 0.5 + x)
    return total


def a_bounded_queue(c, x):
    waiting = deque(maxlen=2)
    total = 0.0
    for v in c:
        waiting.append(v * x)
        total += waiting[0] * waiting[-1]
    return total


def a_rotated_queue(c, x):
    waiting = deque(c)
    for i in range(4):
        waiting.rotate(i - 1)
        waiting[0] = waiting[1] * x
        waiting.append(waiting.popleft() * x)
    return waiting[0] + 2.0 * waiting[1] + 3.0 * waiting[-1]


def next_in_a_loop(c, x):
    it = iter(c)
    total = 0.0
    for v in it:
        w = next(it, 2.0)
        total += v * x + w * w
    return total


def next_until_the_end(c, x):
    it = iter(c)
    total = 0.0
    try:
        while True:
            total = total * x + next(it)
    except StopIteration:
        total = total * 2.0
    return total


def drawn_while_it_grows(c, x):
    c = list(c)
    it = iter(c)
    total = 0.0
    for v in it:
        if len(c) < 9:
            c.append(v * x)
        total += v * v
        c[0] = 1.0
    return total + next(it, x) + c[0]


def ended_for_good(c, x):
    c = list(c)
    it = iter(c)
    total = 0.0
    for v in it:
        total += v
    c.append(x)
    return total * next(it, x * x) + c[-1]


def left_and_taken_up(c, x):
    pairs = enumerate(c)
    total = 0.0
    for i, v in pairs:
        total += i * v * x
        if i > 1:
            break
    for i, v in pairs:
        total += v * v * i
    return total


def side_by_side(c, x):
    triples = zip(c, range(3), c)
    first = next(triples)
    total = first[0] * first[2] * x
    for u, i, v in triples:
        total += u * v * i
    return total + next(triples, (x, 0))[0]


def places_in_a_tuple(c, x):
    it = iter((x, x * x, 3.0))
    total = next(it) * c[0]
    for v in it:
        total += v * c[1]
    return total


def rows_drawn(c, x):
    rows = [[v * x, v] for v in c]
    it = iter(rows)
    before = next(it)
    for row in it:
        row[0] = row[0] * before[0]
        before = row
    return rows[-1][0] + rows[1][0] + next(it, rows)[0][0]


def from_the_end(c, x):
    c = list(c)
    it = reversed(c)
    c.append(x)
    total = next(it)
    for v in it:
        total = total * x + v
        c[0] = v * x
        if len(c) > 5:
            c.pop()
    return total + c[0] + next(it, x)


def mapped_as_it_goes(c, x):
    seen = []

    def scaled(u, v):
        seen.append(u * x)
        return u * v * x

    it = map(scaled, c, c[1:])
    total = next(it)
    for v in it:
        total = total * x + v * seen[-1]
        c[-1] = c[-1] * x
    return total + next(it, x) + len(seen)


def mapped_by_a_function(c, x):
    it = map(math.sin, c)
    total = next(it) * x
    for v in it:
        total += v * total
    return total


def drawn_by_a_helper(c, x):
    it = iter(c)
    return pair_of(it, x) + pair_of(it, x) * next(it, 1.0)


def pair_of(it, x):
    return next(it) * x + next(it)


FUNCTIONS = [f for name, f in list(globals().items()) if callable(f) and f is not pair_of
             and getattr(f, "__module__", None) == __name__]
