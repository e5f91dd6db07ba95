"""Functions that walk over things, for `test_iteration`: each gives a number."""

import itertools
from collections import deque


class Bag:
    """It is walked over by what its list gives."""

    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


class Doubled(Bag):
    """It is walked over by a generator."""

    def __iter__(self):
        for x in self.items:
            yield 2.0 * x


def scaled(xs, k):
    for i, x in enumerate(xs):
        if i == 3:
            return
        yield x * k


def logged(xs, log):
    yield xs[0]
    for x in xs:
        log.append(x * x)
        yield x * len(log)
    yield log[-1]


def grid(n, x):
    for i in range(n):
        for j in range(i):
            if (i + j) % 3 == 2:
                continue
            yield i, j, x * i + j
        else:
            yield 0, 0, x


def all_of(xs, k):
    yield from scaled(xs, k)
    yield from (x * x for x in xs)


def doubling(x):
    while x < 10.0:
        x = x * 2.0
        yield x


# ------------------------------------------------------------------- side by side and numbered


def numbered_pairs(a, b):
    total = 0.0
    for i, (x, y) in enumerate(zip(a, b)):
        total = total + x * y * i
    return total


def rows_and_reversed_rows(a, b):
    total = 0.0
    for x, y in zip(a, a[::-1]):
        total = total + x * y**2
    return total + b[0]


def zip_of_enumerate_and_reversed(a, b):
    total = 0.0
    for (i, x), y in zip(enumerate(a), reversed(b)):
        total = total + x * y * i
    return total


def numbered_values(a, b):
    total = 0.0
    for i, v in enumerate({"p": a[0], "q": b[1]}.values(), 2):
        total = total + v * v * i
    return total


def transposed(a, b):
    total = 0.0
    for x, y in zip(*[[a[0], a[1]], [b[0], b[1]]]):
        total = total + x * y * x
    return total


def endless_partners(a, b):
    total = 0.0
    for x, k, w, r in zip(a, itertools.count(2), itertools.cycle((b[0], b[1])),
                          itertools.repeat(b[2])):
        total = total + x * x * k * w * r
    return total


def shorter_cycle_beside_a_growing_list(a, b):
    xs = [a[0], a[1]]
    total = 0.0
    for x, w in zip(xs, itertools.cycle((b[0],))):
        if len(xs) < 5:
            xs.append(x * 0.5)
        total = total + x * w
    return total


def cycle_of_nothing(a, b):
    total = a[0] * b[0]
    for x, _ in zip(a, itertools.cycle(())):
        total = total * x
    return total


# ------------------------------------------------------------------------- written meanwhile


def zip_over_a_list_that_grows(a, b):
    xs = [a[0], a[1]]
    total = 0.0
    for x, y in zip(xs, b):
        if len(xs) < 5:
            xs.append(x * y)
        total = total + x * y
    return total


def grows_beside_its_own_end(a, b):
    xs = [a[0], a[1]]
    total = 0.0
    for x, y in zip(xs, reversed(xs)):
        xs.append(x * y)
        total = total + x * x * y
    return total + sum(xs) * b[0]


def array_that_is_written_ahead(a, b):
    c = a.copy()
    total = 0.0
    for i, (x, y) in enumerate(zip(c, b)):
        c[(i + 1) % 3] = x * y
        total = total + c[i] * x
    return total


def values_that_are_written_ahead(a, b):
    d = {"p": a[0], "q": a[1]}
    total = 0.0
    for v in d.values():
        d["q"] = v * v
        total = total + v
    return total * b[0]


def items_that_are_written_ahead(a, b):
    d = {"p": a[0], "q": a[1]}
    total = 0.0
    for i, (_, v) in enumerate(d.items()):
        d["q"] = v * v * i + b[1]
        total = total + v
    return total * b[0]


def deque_that_is_written_ahead(a, b):
    d = deque([a[0], a[1], a[2]])
    total = 0.0
    for v in d:
        d[1] = v * v + b[1]
        total = total + v
    return total * b[0]


def chain_that_is_written_ahead(a, b):
    c = a.copy()
    total = 0.0
    for i, v in enumerate(itertools.chain(c, b)):
        c[2] = v * 2.0
        total = total + v * i
    return total * b[0]


def view_of_a_dict_that_changes(a, b):
    d = {"p": a[0], "q": a[1]}
    values = d.values()
    d["q"] = d["p"] * b[1]
    total = sum(values)
    d["r"] = total
    for v in values:
        total = total + v * v
    return total * b[0]


# ------------------------------------------------------------------------------ users' objects


def loop_over_objects(a, b):
    total = 0.0
    for x in Bag(a):
        total = total + x * x
    for x in Doubled([b[0], b[1]]):
        total = total + x * x
    first, *rest = Bag([a[1], b[0], 2.0])
    return total * first + rest[0] * sum(Doubled(b))


#: All of them.
CASES = [
    numbered_pairs,
    rows_and_reversed_rows,
    zip_of_enumerate_and_reversed,
    numbered_values,
    transposed,
    endless_partners,
    shorter_cycle_beside_a_growing_list,
    cycle_of_nothing,
    zip_over_a_list_that_grows,
    grows_beside_its_own_end,
    array_that_is_written_ahead,
    values_that_are_written_ahead,
    items_that_are_written_ahead,
    deque_that_is_written_ahead,
    chain_that_is_written_ahead,
    view_of_a_dict_that_changes,
    loop_over_objects,
]
