"""`itertools.count` of ints, of which the next one is asked for: it numbers things."""

import heapq
import itertools

import numpy as np
import pytest

import s2sdiff as sd


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


def test_counts_by_a_step_that_varies_are_refused():
    def f(x):
        steps = itertools.count(0.5, x)
        return next(steps) * next(steps)

    with pytest.raises(sd.UnsupportedError, match=r"count walks over active values"):
        sd.grad(f)(0.7)
