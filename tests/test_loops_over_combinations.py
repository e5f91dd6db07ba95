"""Loops over `itertools.combinations` and the like, `np.ndindex` and `np.ndenumerate`."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees

A = np.arange(12.0).reshape(3, 4) * 0.3 - 1.0


class Body:
    def __init__(self, at, mass):
        self.at, self.mass, self.pull = at, mass, 0.0


def bodies_in_pairs(x):
    bodies = [Body(0.3 * i + x, 1.0 + i) for i in range(4)]
    for a, b in itertools.combinations(bodies, 2):
        force = a.mass * b.mass / (1.0 + (a.at - 2 * b.at) ** 2)
        a.pull += force
        b.pull -= force * x
    return sum(b.pull * b.at for b in bodies)


def numbers_in_pairs(x):
    values = [x * i + math.sin(i) for i in range(5)]
    return sum(a * b for a, b in itertools.combinations(values, 2))


def what_is_drawn_is_as_it_was(x):
    values = [x, 2.0 * x, x * x]
    total = 0.0
    for a, b in itertools.combinations(values, 2):
        values[2] = 0.5 * a
        total += a * b * values[2]
    return total + values[2]


def products(x):
    total = 0.0
    for a, k, b in itertools.product([x, 2.0, x * x], range(3), (x, 0.5)):
        if a * b > 3.0:
            break
        if k == 1:
            continue
        total += a * k + b * a
    return total


def repeated(x):
    return sum(a * b * c for a, b, c in itertools.product([x, 0.3], repeat=3))


def groups(x):
    total = 1.0
    for p in itertools.permutations([x, 2 * x, x - 1.0], 3):
        total += p[0] * p[1] - p[-1] ** 3
    for p in itertools.combinations_with_replacement((x, 0.4), 2):
        total *= sum(p)
    return total


def pairs_of_pairs(x):
    values = [x, 2 * x, x * x]
    total = 0.0
    for (i, a), (j, b) in itertools.combinations(list(enumerate(values)), 2):
        total += (i + 1) * a * b**j
    return total


def of_nothing(x):
    total = x
    for a, b in itertools.combinations([x], 2):
        total *= a * b
    for a, b in itertools.product([x], []):
        total *= a * b
    return total


def bound_anew_in_the_loop(x):
    values = [x, 2 * x]
    for a, b in itertools.product(values, values):
        values = [a + b, a * b]
    return values[0] * values[1]


def drawn_from_twice(x):
    pairs = itertools.combinations([x, 2 * x, 3 * x, x * x], 2)
    total = 0.0
    for k in range(2):
        for a, b in pairs:
            total += a * b * (k + 1)
            if a * b > 1.0:
                break
    return total


def beside_a_starred_display(x):
    total = 0.0
    for a, b in itertools.product((x, 2.0), repeat=2):
        total += a * b
    given = {"values": [total]}
    for values in given.values():
        total += sum([*values, x])
    first, = [*map(math.sin, [total])]
    return first * x


PROGRAMS = [beside_a_starred_display, bodies_in_pairs, numbers_in_pairs,
            what_is_drawn_is_as_it_was, products, repeated, groups, pairs_of_pairs, of_nothing,
            bound_anew_in_the_loop, drawn_from_twice]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_elements_of_lists(f):
    for x in (0.7, -0.4):
        agrees(f, x)


def indices(a):
    total = 0.0
    for i, j in np.ndindex(a.shape):
        total += a[i, j] * a[i, j - 1] * j
    for k in np.ndindex(2, 3):
        total += a[k] ** 2 * k[1]
    return total


def enumerated(a):
    total = 0.0
    b = a.copy()
    for (i, j), v in np.ndenumerate(b):
        b[-1, j] += v * i
        total += v * v * j
    for at, v in np.ndenumerate(a[0] * 2):
        total += v**3 * at[0]
    return total + b[-1, 1]


def integers(a):
    total = 0.0
    for i, j in itertools.combinations(range(3), 2):
        total += a[i, j] * a[j, i]
    for i, j in itertools.product(range(a.shape[0]), repeat=2):
        total += a[i, j] * i
    return total


@pytest.mark.parametrize("f", [indices, enumerated, integers], ids=lambda f: f.__name__)
def test_elements_of_arrays(f):
    for a in (A, np.asfortranarray(A), A[::-1]):
        agrees(f, a.copy("K"))


def test_the_text_runs_over_numbers():
    text = sd.source(numbers_in_pairs, args=(0.7,), mode="grad")
    assert "itertools.combinations(" in text
    assert "range(" in text
    assert "following" not in text
    assert "rt.call" not in sd.source(integers, args=(A,), mode="grad")
    assert "rt.call" not in sd.source(enumerated, args=(A,), mode="grad")


def test_objects_in_pairs_are_places_in_lists():
    text = sd.source(bodies_in_pairs, args=(0.7,), mode="grad")
    assert "rt." not in text
    # What is read once is written where it is read.
    assert "force = body_mass[a] * body_mass[b] / force_" in text


class Halves:
    def __init__(self, x):
        self.x = x

    def __iter__(self):
        for _ in range(2):
            yield 0.5 * self.x


def indices_left_and_taken_up(x):
    total = sum(Halves(x))
    cells = np.array([[x, 2.0], [0.3, x]])
    places = np.ndindex(cells.shape if x > 0 else None)
    for i, j in places:
        cells[i, j] *= x
        total += cells[i, j]
        if j == 1:
            break
    for i, j in places:
        total += cells[i, j] * total
    return total


def test_indices_are_drawn_one_by_one_beside_classes_with_generators():
    x, step = 0.7, 1e-6
    f = indices_left_and_taken_up
    wanted = (f(x + step) - f(x - step)) / (2 * step)
    assert sd.grad(f)(x) == pytest.approx(wanted, rel=1e-7)
    assert sd.jvp(f, (x,), (1.0,))[1] == pytest.approx(wanted, rel=1e-7)
