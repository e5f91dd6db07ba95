"""Walks over what holds nothing active, beside what is active, and items that nobody uses."""

import numpy as np
import pytest

import s2sdiff


class Node:
    def __init__(self, size):
        self.size = size


class Bundle:
    def __init__(self, *parts):
        self.parts = list(parts)

    def __iter__(self):
        return iter(self.parts)


def size_of(part):
    return part.size if isinstance(part, Node) else part


def two_walks_over_numbers(x, y):
    bundle = Bundle(0.1, x)
    total = y
    for turn in range(2):
        for part in bundle:
            if isinstance(part, Node):
                part.size *= 0.8
        for part in bundle:
            total += 0.3 * total * size_of(part)
        bundle = Bundle(Node(0.2), 0.4 * turn)
    return total


def a_walk_over_numbers_drawn_by_hand(x, y):
    it = iter(Bundle(0.1, 0.7))
    return next(it) * x + next(it) * y * y


def an_object_that_becomes_active_behind_the_walk(x, y):
    node = Node(0.3)
    bundle = Bundle(node, 0.1)
    node.size = x * x
    total = y
    for part in bundle:
        total *= size_of(part)
    return total


def an_item_that_becomes_active_while_it_is_walked_over(x, y):
    bundle = Bundle(0.1, 0.2)
    it = iter(bundle)
    bundle.parts[1] = x
    for part in it:
        y = y * (1 + part)
    return y


def a_walk_of_which_nothing_is_returned(x, y):
    for size in [y, 0.5]:
        pass
    bundle = Bundle(size, 0.5)
    total = size
    for part in bundle:
        total += 0.1 * size_of(part)
    return x * y


def numbers_drawn_by_hand(x, y):
    it = iter([0.1, 0.7])
    first, second = next(it), next(it)
    return first * x + second * y * y


def items_that_are_only_asked_for(x, y):
    bundle = Bundle()
    for _ in range(3):
        it = iter(bundle.parts)
        first = next(it, None)
        next(it, None)
        x += 0.1 * (first is None) * y
    bundle.parts.append(x)
    return x + bundle.parts[0] * y


def items_that_two_loops_count(x, y):
    bundle = Bundle(x, y)
    it = iter(bundle.parts)
    count = 1
    for _ in it:
        count += 1
    for _ in it:
        count += 5
    return x * count + bundle.parts[0] * y


def an_item_that_is_not_used(x, y):
    it = iter([y, x, 0.7])
    used = x * next(it)
    next(it)
    return used


def a_walk_that_goes_on_in_a_loop(x, y):
    it = iter(np.linspace(0.1, 0.5, 4))
    total = next(it)
    for k in it:
        total += k * x
    return total * y


def counts_that_are_drawn_first(x, y):
    it = iter(range(1, 4))
    total = next(it) * y
    for k in it:
        total += k * x
    return total * y


@pytest.mark.parametrize("function", [
    a_walk_of_which_nothing_is_returned, numbers_drawn_by_hand, a_walk_that_goes_on_in_a_loop,
    counts_that_are_drawn_first, an_item_that_is_not_used, items_that_are_only_asked_for,
    items_that_two_loops_count,
    two_walks_over_numbers, a_walk_over_numbers_drawn_by_hand,
    an_object_that_becomes_active_behind_the_walk,
    an_item_that_becomes_active_while_it_is_walked_over,
])
@pytest.mark.parametrize("wrt", [0, 1])
def test_what_is_constant_is_walked_over_as_python_does(function, wrt):
    def moved(h):
        return function(*[v + h * (k == wrt) for k, v in enumerate((0.6, 0.9))])

    expected = (moved(1e-6) - moved(-1e-6)) / 2e-6
    assert s2sdiff.grad(function, wrt=wrt)(0.6, 0.9) == pytest.approx(expected, rel=1e-6)
    dots = [float(k == wrt) for k in range(2)]
    value, dot = s2sdiff.jvp(function, (0.6, 0.9), tuple(dots))
    assert value == function(0.6, 0.9)
    np.testing.assert_allclose(dot, expected, rtol=1e-6)
