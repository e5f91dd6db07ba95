"""Functions that draw from generators and iterators, for `test_iteration`: each gives a number."""

import itertools
from collections import deque

import numpy as np

from tests.drawn_first import FIRST
from tests.iterated import all_of, doubling, grid, logged, scaled

# ---------------------------------------------------------------------------------- generators


def jumps_out_of_a_generator(a, b):
    log = []
    total = 0.0
    for x in logged(a, log):
        if x < 0.0:
            continue
        log.append(x * b[0])
        total = total + x * x
        if total > 6.0:
            break
    else:
        total = total * 2.0
    return total + sum(log)


def generator_to_its_end(a, b):
    log = []
    total = 0.0
    for x in logged(a, log):
        if x < 0.0:
            continue
        total = total + x * b[0]
    else:
        total = total * 2.0
    return total + sum(log)


def generators_in_each_other(a, b):
    total = 0.0
    for x in scaled(a, b[1]):
        for y in scaled(b, x):
            if y < -0.3:
                break
            total = total + x * y
            if total > 100.0:
                return total
        else:
            total = total * 2.0
            continue
        total = total * 3.0
    return total


def jumps_out_of_nested_loops(a, b):
    total = 0.0
    for i, j, v in grid(4, a[0]):
        if i == 2 and j == 1:
            continue
        total = total + v * b[i % 3]
        if i == 3:
            break
    else:
        total = total * 100.0
    return total


def while_of_a_generator(a, b):
    total = 0.0
    for y in doubling(a[0]):
        total = total + y
        if y > 3.0:
            break
        total = total * b[0]
    return total


def generators_given_away(a, b):
    return sum(scaled(a, b[1])) * max(list(all_of(b, a[0]))) + tuple(doubling(a[0]))[1]


def nested_generator_function(a, b):
    def running(xs, start=1):
        for x in xs:
            yield x * b[0] + start + len(log)

    log = []
    total = 0.0
    for x in running(a, 2):
        log.append(x)
        total = total + x * x
    return total + sum(running(log))


def named_generators(a, b):
    squares = (x * x * b[0] for x in a)
    products = map(lambda x: x * b[1], a)
    later = scaled(a, 2.0)
    b = b * 3.0
    a = a * 5.0
    total = sum(squares)
    for x in products:
        total = total + x * x
    for x in later:
        total = total * 0.5 + x
    return total + sum(a) * sum(b)


def generator_with_a_condition(a, b):
    total = 0.0
    for x in (x * y for y in a for x in b if x > 0.0):
        total = total + x * x
    return total


def extended_by_a_generator(a, b):
    xs = [b[0]]
    xs.extend(x * len(xs) for x in a)
    return sum(x * x for x in xs)


def added_to_by_generators(a, b):
    xs, last = [b[0]], deque([b[1]], maxlen=2)
    ys = xs
    for k in range(2):
        xs += (x * y for x in a for y in b if x > 0.0)
        last += (x * b[1] + k for x in a)
    return sum(ys) * last[0] * last[-1]


def array_from_a_generator(a, b):
    return np.sum(np.fromiter((x * x for x in a), float) * b)


# ------------------------------------------------------------------------------ lazy builtins


def lazy_functions_in_each_other(a, b):
    total = 0.0
    for i, t in enumerate(map(lambda r: r * b[0], filter(lambda r: r > 0.0, a)), start=1):
        total = total + i * t
    return total


def map_with_effects(a, b):
    seen = []

    def noted(x):
        seen.append(x)
        return x * len(seen)

    total = 0.0
    for x in map(noted, a):
        total = total + x * x + seen[-1]
    return total + b[0] * sum(seen)


def lazy_functions_of_itertools(a, b):
    total = 0.0
    for x in itertools.dropwhile(lambda p: p > 0.0, a):
        total = total + x * b[1]
    for x in itertools.takewhile(lambda p: p > 0.0, a):
        total = total + x * x
    for x in itertools.filterfalse(lambda p: p > 0.0, a):
        total = total + x * b[1]
    for x in itertools.accumulate(a, lambda u, v: u * v):
        total = total + x * b[1]
    for x in itertools.accumulate(b):
        total = total + x * a[1]
    for x in itertools.starmap(lambda p, q: p * q, zip(a, b)):
        total = total + x * x
    for x in itertools.chain(a, (y * y for y in b)):
        total = total * 0.5 + x
    for x in itertools.islice((x * y for x in a for y in b), 2, None, 3):
        total = total * 0.5 + x
    return total


def functions_that_capture(a, b):
    x = b[1]
    products = list(itertools.accumulate(a, lambda u, v: u * v * x, initial=x))
    small = sum(itertools.takewhile(lambda v: v * x > 0.0, a))
    pairs = list(itertools.starmap(lambda u, v: u * v * x, zip(a, b)))
    return products[2] + products[-1] + small + pairs[0] * pairs[2]


def any_of_a_map(a, b):
    log = []
    if any(map(lambda x: log.append(x) or x < 0.0, a)):
        return sum(log) * b[0]
    return b[1]


def places_of_an_array(a, b):
    total = 0.0
    for (i,), v in np.ndenumerate(a):
        total += v * b[i]
    for i in np.ndindex(a.shape):
        total += a[i] ** 2
    return total


# ------------------------------------------------------------------------- iterators with a state


def first_and_rest(a, b):
    it = iter(a)
    first = next(it)
    return first * b[0] + first * sum(it)


def drawn_in_the_loop(a, b):
    xs = [a[0], a[1], a[2]]
    it = iter(xs)
    total = 0.0
    for x in it:
        xs[2] = x * b[1]
        total = total + x * next(it, b[0])
    return total + next(it, b[2])


def two_loops_over_one_iterator(a, b):
    it = iter((a[0], b[1], a[2]))
    total = 0.0
    for x in it:
        total = total + x * x
        if total > 1.0:
            break
    for x in it:
        total = total * x
    return total


#: All of them.
CASES = [
    jumps_out_of_a_generator,
    generator_to_its_end,
    generators_in_each_other,
    jumps_out_of_nested_loops,
    while_of_a_generator,
    generators_given_away,
    nested_generator_function,
    named_generators,
    generator_with_a_condition,
    extended_by_a_generator,
    added_to_by_generators,
    array_from_a_generator,
    lazy_functions_in_each_other,
    map_with_effects,
    lazy_functions_of_itertools,
    functions_that_capture,
    any_of_a_map,
    places_of_an_array,
    first_and_rest,
    drawn_in_the_loop,
    two_loops_over_one_iterator,
    *FIRST,
]
