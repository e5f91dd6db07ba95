"""`permutations`, `product` and `combinations` take all items before they give the first."""

import itertools

import numpy as np
import pytest

import s2sdiff as sd


def leibniz(p):
    matrix = np.outer(p, p) + np.diag(p)
    det = 0.0
    for order in itertools.permutations(range(3)):
        swaps = sum(order[i] > order[j] for i in range(3) for j in range(i + 1, 3))
        det += (-1) ** swaps * np.prod(matrix[np.arange(3), order])
    return det - 0.5 * np.linalg.det(matrix)


def pairs_twice(p):
    total = 0.0
    for a, b in itertools.combinations_with_replacement(p, 2):
        total += a * b**2
    for a, b in itertools.product(p, repeat=2):
        total += a * b**3
    return total


def written_meanwhile(p):
    items = [p[0], p[1] * p[2], 2.0]
    total = p * 0.0
    for a, b in itertools.combinations(items, 2):
        items[0] = a * b
        items.append(b)
        p[0] = 0.5 * a
        total += a * p
    return total.sum() + items[0] + len(items) * items[-1]


def array_written_meanwhile(p):
    total = 0.0
    for a, b in itertools.product(p, p[:2]):
        p[1] = a * b
        total = total + a * p[1]
    return total + p.sum()


def drawn_in_two(p):
    orders = itertools.permutations(range(3), 2)
    total = p[0] * p[0]
    first = next(orders)
    for i, j in orders:
        total = total + p[i] * p[j] ** 2 * p[first[1]]
    return total + len(list(orders))


PROGRAMS = [leibniz, pairs_twice, written_meanwhile, array_written_meanwhile, drawn_in_two]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_pooled(f):
    p = np.array([0.3, 0.5, 0.7])
    value, pullback = sd.vjp(f, p.copy())
    assert value == f(p.copy())
    np.testing.assert_array_equal(pullback(1.0), pullback(1.0))
    sd.check_grads(f, (p,))
