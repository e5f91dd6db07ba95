"""Functions that take the first item of what draws, or unpack it, for `test_iteration`."""

import numpy as np

from tests.iterated import logged, scaled


def first_value(a, b):
    d = {"p": a[0], "q": b[1]}
    d["p"] = d["p"] * b[0]
    key, value = next(iter(d.items()))
    return value * len(key) + next(iter(d.values())) * next(iter([a[1]]), 1.0)


def first_of_a_generator(a, b):
    large = next((x * b[0] for x in a if x > 2.0), b[1])
    return large * large * next((x for x in a if x > 9.0), b[2])


def first_of_two_loops(a, b):
    return next(x * y for x in a for y in b if x * y < 0.0) * b[0]


def first_of_a_generator_function(a, b):
    log = []
    first = next(logged(a, log), None) * len(log)
    return first + next(scaled(b, a[1])) + next(scaled([], a[1]), a[2])


def first_that_there_is_not(a, b):
    try:
        found = next(x * b[0] for x in a if x > 9.0)
    except StopIteration:
        found = a[0] * a[0]
    return found * b[1]


def unpacked_generators(a, b):
    a, b = (np.asarray(v) * 2.0 for v in (a, b))
    x, y, z = (v * v if v is not None else 1.0 for v in a)
    first, *rest = (v * x for v in b if v > 0.0)
    return x * y * z + first * len(rest)


def unpacked_in_displays(a, b):
    def weighted(v):
        return v * b[0]

    (x, y), z = (weighted(v) for v in a[:2]), weighted(a[2])
    return x * y * z


def too_many_to_unpack(a, b):
    total = a[0] * b[0]
    try:
        x, y = (v * v for v in a)
        total = x * y
    except ValueError as error:
        total = total * len(str(error)) * b[1]
    return total


FIRST = [
    first_value,
    first_of_a_generator,
    first_of_two_loops,
    first_of_a_generator_function,
    first_that_there_is_not,
    unpacked_generators,
    unpacked_in_displays,
    too_many_to_unpack,
]
