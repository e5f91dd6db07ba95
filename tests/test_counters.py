"""`itertools.count` of ints, of which the next one is asked for: it numbers things."""

import heapq
import itertools

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


def first_come_among_equals(a, x):
    order, queue = itertools.count(), []
    for v in a:
        heapq.heappush(queue, (v * x, next(order), {"v": v}))
    heapq.heappush(queue, (a[0] * x, next(order), {"v": x}))
    out = 0.0
    while queue:
        d, n, node = heapq.heappop(queue)
        out = out * 0.5 + d * (n + 1) * node["v"]
    return out


def numbered_objects(a, x):
    numbers = itertools.count(5, -2)

    class Node:
        def __init__(self, v):
            self.v, self.number = v, next(numbers)

    nodes = [Node(v * x) for v in a]
    return sum(n.v * n.number for n in nodes) * next(numbers)


def weighted_by_rounds(a, x):
    weights, total = itertools.count(1), 0.0
    for v in a:
        total += v * next(weights) * x * x
    return total


@pytest.mark.parametrize("f", [first_come_among_equals, numbered_objects, weighted_by_rounds],
                         ids=lambda f: f.__name__)
def test_counts_of_ints_have_no_derivative(f):
    sd.check_grads(f, (np.array([0.5, -1.2, 2.0]), 0.7))


def by_a_step_that_varies(x):
    steps = itertools.count(0.5, x)
    return next(steps) * next(steps) * next(steps)


def drawn_by_a_loop_and_beside_it(x):
    numbers, total = itertools.count(1), next(itertools.count()) + x
    for n in numbers:
        total += n * x
        if n > 2:
            break
    return total + next(numbers) * x * x


def going_on_in_each_round(x):
    numbers, total = itertools.count(), 0.0
    for _ in range(2):
        for n, v in zip(numbers, [x, x * x]):
            total += n * v
    return total


def without_a_start(x):
    def fit(x, asked):
        for i in itertools.count():
            x = x * x
            if asked[0](i, x):
                return x

    return fit(x, [lambda i, x: i > 1])


@pytest.mark.parametrize("f", [by_a_step_that_varies, drawn_by_a_loop_and_beside_it,
                               going_on_in_each_round, without_a_start])
def test_a_count_goes_on_where_somebody_has_left_it(f):
    check_both_modes(f)
