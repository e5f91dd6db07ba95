"""Comprehensions of all four kinds, and generators."""

import itertools
import math

import numpy as np

from tests.language.table import refused, supported


@supported("list comprehension", lambda: (1.3, 4))
def taylor(x, n):
    terms = [x**k / (k + 1) for k in range(n)]
    return sum(terms)


@supported("list comprehension", lambda: (np.array([0.5, -1.2, 2.0]),))
def over_an_array(a):
    return np.array([v * abs(v) for v in a if v > -1.0])


@supported("list comprehension", lambda: (1.3, [0.5, 2.0]))
def several_loops_and_tests(x, v):
    return sum([x * a * b for a in v if a > 0 for b in range(3) if b != 1 if a * b < 9])


@supported("nested comprehension", lambda: (np.array([[1.0, 2.0], [0.5, -1.0]]),))
def matrix_of_products(m):
    rows = [[a * b for b in row] for row in m for a in row[:1]]
    return np.array(rows) * m


@supported("nested comprehension", lambda: ([[1.0, 2.0], [0.5, -1.0]],))
def transposed(m):
    t = [[row[j] for row in m] for j in range(2)]
    flat = [v for row in t for v in row]
    return flat[0] * flat[1] + flat[2] ** 2 * flat[3]


@supported("dict comprehension", lambda: ({"a": 1.3, "b": 0.7},))
def scaled_parameters(p):
    q = {k: v * v for k, v in p.items() if v > 0}
    back = {f"{k}_half": 0.5 * q[k] for k in q}
    return q["a"] * back["b_half"]


@supported("dict comprehension", lambda: (1.3, ["a", "b"]))
def table_by_name(x, names):
    t = {name: x ** (k + 1) for k, name in enumerate(names)}
    return t["a"] * t["b"]


@supported("set comprehension", lambda: (1.3,))
def distinct_values(x):
    s = {x * (k % 3) for k in range(6)}
    return sum(s) * len(s)


@supported("generator consumed at once", lambda: (np.array([0.5, -1.2, 2.0]),))
def sum_of_a_generator(a):
    return sum(v * v for v in a) + max(abs(v) for v in a)


@supported("generator consumed at once", lambda: (1.3, 0.7))
def tests_on_generators(x, y):
    v = [x, y, x * y]
    if any(t > 1.0 for t in v) and all(t > 0.0 for t in v):
        return min(t * t for t in v)
    return x


@supported("generator consumed at once", lambda: (1.3, 3))
def array_and_tuple_of_generators(x, n):
    a = np.array(list(x * k for k in range(n)))
    t = tuple(v * v for v in a)
    return t[1] * t[2] + np.sum(np.fromiter((x for _ in range(2)), dtype=float))


@supported("generator consumed at once", lambda: ({"a": 1.3, "b": 0.7},))
def dict_of_a_generator(p):
    q = dict((k + "2", v * v) for k, v in p.items())
    return q["a2"] * sum(q.values())


@supported("generator in a variable, consumed once", lambda: (1.3, 4))
def generator_with_a_name(x, n):
    squares = (k * x**2 for k in range(n))
    x = 2.0 * x
    return sum(squares) * x


@supported("generator in a variable, consumed once", lambda: ([1.3, 0.7, 2.0],))
def loop_over_a_generator(values):
    positive = (v for v in values if v > 1.0)
    total = 0.0
    for v in positive:
        total = total * 0.5 + v**2
    return total


@supported("variables of a comprehension", lambda: (1.3, 3))
def own_scope(x, n):
    k = x
    squares = [k * k for k in range(n)]
    return k * sum(squares) * k


@supported("variables of a comprehension", lambda: (1.3, 3))
def walrus_in_a_comprehension(x, n):
    total = 0.0
    partial = [total := total + x * k for k in range(n)]
    return total * partial[1]


@supported("rows in a comprehension are views", lambda: (np.array([[1.0, 2.0], [0.5, -1.0]]),))
def rows_written_after_they_were_collected(m):
    m = m * 1.0
    rows = [row for row in m]
    rows[0][1] = m[1, 0] * 3.0
    m[1] *= 2.0
    return rows[0] @ rows[1] + m[0, 1] * m[1, 1]


@supported("comprehension with side effects", lambda: (1.3, 3))
def appending_in_a_comprehension(x, n):
    log = []
    squares = [log.append(x * k) or x * k * k for k in range(n)]
    return sum(log) * sum(squares)


@supported("comprehension with side effects", lambda: ([1.3, 0.7, 2.0], [0]))
def counted_calls(values, counter):
    def f(v):
        counter[0] += 1
        return v * v

    return sum([f(v) for v in values]) * counter[0]


@supported("comprehension of functions", lambda: (1.3,))
def late_binding_of_the_loop_variable(x):
    scaled = [lambda t: k * t * x for k in range(3)]
    return sum(f(x) for f in scaled)


@supported("conditional in a comprehension", lambda: (np.array([0.5, -1.2, 2.0]),))
def leaky(a):
    return np.array([v if v > 0 else 0.1 * v * v for v in a])


@supported("generator function, drawn from in place", lambda: (1.3, 3))
def sum_of_a_generator_function(x, n):
    def terms(v):
        for k in range(n):
            yield v**k

    return sum(terms(x))


def batches(a, size):
    for k in range(0, len(a), size):
        yield a[k:k + size]


@supported("generator function, drawn from in place", lambda: (np.arange(5.0) + 0.5, 1.3))
def loop_over_batches(a, x):
    total = 0.0
    for k, batch in enumerate(batches(a, 2)):
        total = total * x + np.sum(batch) ** 2 * k
    return total


@supported("generator function, drawn from in place", lambda: ([1.3, 0.7, 2.0], 0.9))
def loop_that_talks_to_its_generator(values, x):
    def decayed(rate):
        for v in values:
            yield v * rate + sum(taken)

    taken = []
    for v in decayed(x):
        if v < 1.0:
            continue
        taken.append(v * x)
        if len(taken) > 1:
            break
    else:
        return x
    return sum(taken)


@supported("`iter` and `next`", lambda: ([1.3, 0.7, 2.0],))
def iterator_with_a_state(values):
    it = iter(values)
    first = next(it)
    return first * sum(it)


@supported("`iter` and `next`", lambda: (np.array([1.3, 0.7, 2.0]), 0.9))
def two_loops_share_an_iterator(a, x):
    it = iter(a)
    total = 0.0
    for v in it:
        total = total * x + v * next(it, x)
        if total > 0.5:
            break
    for v in it:
        total = total * v
    return total + next(it, x)


@supported("iterators that go elsewhere", lambda: ([1.3, 0.7, 2.0, 0.4],))
def pairs_by_one_iterator(values):
    it = iter(values)
    return sum([a * b for a, b in zip(it, it)])


@supported("iterators that go elsewhere", lambda: ([1.3, 0.7, 2.0],))
def an_iterator_in_a_container(values):
    box = {"p": iter(values), "q": zip(values, map(math.sin, values))}
    first = next(box["p"])
    return first * sum(box["p"]) + list(box["q"])[1][1]


@supported("iterators side by side", lambda: ([1.3, 0.7, 2.0],))
def maps_side_by_side(v):
    total = 0.0
    for a, b in zip(map(math.sin, v), map(math.cos, v)):
        v[2] = a * b
        total = total + a * b
    return total


@supported("iterators side by side", lambda: ([1.3, 0.7, 2.0],))
def pairs_of_a_list_that_is_written(v):
    total = 0.0
    for a, b in itertools.pairwise(v):
        v[2] = a * b
        total = total + a * b
    return total


@supported("`iter` and `next`", lambda: (np.array([0.5, -1.2]),))
def iterator_of_numpy(a):
    it = np.ndenumerate(a * a)
    (k,), first = next(it)
    return first * (k + 1) + sum(v for _, v in it)


@refused("iterator over active values", lambda: ([1.3, 0.7, 2.0],), "UnsupportedError",
         r"drawn from more than once",
         "a loop over an iterator that came out of a container takes all that it gives")
def a_loop_that_is_left_and_an_iterator_in_a_container(values):
    box = {}
    box["p"] = iter(values)
    for x in box["p"]:
        if x > 1.0:
            break
    return next(box["p"])  # here
