"""`copy.deepcopy` of what says itself how it is copied, alone, shared and in circles."""

import copy

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


class Box:
    def __init__(self, v):
        self.v = v

    def __deepcopy__(self, memo):
        return Box(copy.deepcopy(self.v, memo))


class Node:
    """What is copied, is noted before what it holds."""

    def __init__(self, v):
        self.v, self.a, self.next = v, np.array([v, 2 * v]), None

    def __deepcopy__(self, memo):
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for name, value in vars(self).items():
            setattr(made, name, copy.deepcopy(value, memo))
        return made


def shared(x):
    box = Box(x)
    one, other = copy.deepcopy((box, [box]))
    one.v = one.v * x
    return other[0].v * box.v


def in_a_circle(x):
    first, second = Node(x), Node(x * x)
    first.next, second.next = second, first
    made = copy.deepcopy(first)
    made.v = made.v * x
    made.a[0] *= made.next.v
    return made.next.next.v * np.sum(made.a) + first.v * first.a[0]


def by_a_memo(x):
    memo = {}
    values = [Box(x), {"a": x * x}]
    one, other = copy.deepcopy(values, memo), copy.deepcopy(values[1], memo)
    one[1]["a"] *= x
    return other["a"] * values[1]["a"]


@pytest.mark.parametrize("f", [shared, in_a_circle, by_a_memo])
def test_what_is_copied_once_is_one_copy(f):
    check_both_modes(f)
    sd.check_grads(f, (0.7,), order=2)


def test_the_gradient_of_an_object_that_copies_itself():
    node = Node(2.0)
    gradient = sd.grad(lambda n: copy.deepcopy(n).a[0] * n.v)(node)
    assert (gradient.v, gradient.a.tolist()) == (2.0, [2.0, 0.0])
