"""Objects that lead to objects of their own class: lists, trees and rings made of nodes."""

from __future__ import annotations

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import compiler


class Node:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right


def chain(xs):
    head = None
    for x in xs:
        head = Node(x, head)
    total, weight = 0.0, 1.0
    while head is not None:
        total += weight * head.value ** 2
        weight *= 0.5
        head = head.left
    return total


def sorted_tree(xs):
    """Insertion and the walk with loops, and a list for a stack."""
    root = None
    for x in xs:
        if root is None:
            root = Node(x)
            continue
        node = root
        while True:
            if x < node.value:
                if node.left is None:
                    node.left = Node(x)
                    break
                node = node.left
            else:
                if node.right is None:
                    node.right = Node(x)
                    break
                node = node.right
    total, depth, node = 0.0, 1.0, root
    while node is not None:
        total += node.value * math.sin(depth * node.value)
        depth += 1.0
        node = node.right
    return total


def written_chain(xs):
    """The values of nodes are written on the way along."""
    first = last = None
    for x in xs:
        node = Node(x)
        if first is None:
            first = node
        else:
            last.left = node
        last = node
    node = first
    while node.left is not None:
        node.left.value = node.left.value * node.value
        node.value *= 0.9
        node = node.left
    total, node = 0.0, first
    while node is not None:
        total += node.value
        node = node.left
    return total * last.value


def reversed_chain(xs):
    head = None
    for x in xs:
        head = Node(x, head)
    back = None
    while head is not None:
        following = head.left
        head.left = back
        back, head = head, following
    total, scale = 0.0, 1.0
    while back:
        total += scale * back.value ** 3
        scale += 1.0
        back = back.left
    return total


def insert(node, v):
    if node is None:
        return Node(v)
    if v < node.value:
        node.left = insert(node.left, v)
    else:
        node.right = insert(node.right, v)
    return node


def weighed(node):
    if node is None:
        return 0.0
    return node.value ** 2 + 0.5 * weighed(node.left) + 0.3 * weighed(node.right)


def recursive_tree(xs):
    root = None
    for x in xs:
        root = insert(root, x)
    return weighed(root)


def differences(f, xs):
    found = []
    for i in range(len(xs)):
        up, down = list(xs), list(xs)
        up[i] += 1e-6
        down[i] -= 1e-6
        found.append((f(up) - f(down)) / 2e-6)
    return found


VALUES = [0.5, 0.3, 0.9, 0.1, 0.4, 0.7, 1.2, 0.2]


@pytest.mark.parametrize("f", [chain, sorted_tree, written_chain, reversed_chain, recursive_tree])
@pytest.mark.parametrize("count", [1, 2, 8])
def test_nodes_that_are_linked_have_the_gradients_of_differences(f, count):
    xs = VALUES[:count]
    slopes = pytest.approx(differences(f, xs), rel=1e-6, abs=1e-8)
    value, pullback = sd.vjp(f, xs)
    assert value == f(xs) and xs == VALUES[:count]
    assert pullback(1.0) == slopes and pullback(1.0) == slopes
    assert sd.grad(f)(xs) == slopes
    tangent = [math.cos(i) for i in range(count)]
    dot = sd.jvp(f, (xs,), (tangent,))[1]
    assert dot == pytest.approx(np.dot(differences(f, xs), tangent), rel=1e-6, abs=1e-8)


def test_a_chain_is_lists_of_numbers_and_places():
    text = sd.source(chain, "grad", args=(VALUES,))
    assert "by_place" not in text and "rt.call" not in text


def test_code_for_recursion_over_nodes_is_made_for_some_shapes_and_not_for_all(monkeypatch):
    made = []
    compile_for = compiler.compile_for
    monkeypatch.setattr(compiler, "compile_for",
                        lambda fn, *rest: (made.append(fn.__name__), compile_for(fn, *rest))[1])
    random = np.random.default_rng(3)
    gradient = sd.grad(recursive_tree)
    gradient(random.random(40).tolist())
    first = len(made)
    assert first <= 20
    for count in (60, 80):
        gradient(random.random(count).tolist())
    assert len(made) == first
