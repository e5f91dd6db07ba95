"""Recursion over trees of tuples, dicts and objects: their structure is another one each time."""

from __future__ import annotations

import math
import random

import pytest

import s2sdiff as sd
from s2sdiff import compiler


def evaluated(tree, x):
    if isinstance(tree, str):
        return x
    if isinstance(tree, float):
        return tree
    if tree[0] == "+":
        return evaluated(tree[1], x) + evaluated(tree[2], x)
    if tree[0] == "*":
        return evaluated(tree[1], x) * evaluated(tree[2], x)
    return math.sin(evaluated(tree[1], x))


def slope(tree, x):
    """The derivative in forward mode, by hand."""
    if isinstance(tree, str):
        return 1.0
    if isinstance(tree, float):
        return 0.0
    if tree[0] == "+":
        return slope(tree[1], x) + slope(tree[2], x)
    if tree[0] == "*":
        return slope(tree[1], x) * evaluated(tree[2], x) + \
            evaluated(tree[1], x) * slope(tree[2], x)
    return math.cos(evaluated(tree[1], x)) * slope(tree[1], x)


def expression(draw, depth):
    if depth == 0 or draw.random() < 0.1:
        return "x" if draw.random() < 0.6 else draw.random()
    operator = draw.choice(["+", "*", "sin"])
    parts = [expression(draw, depth - 1) for _ in range(1 if operator == "sin" else 2)]
    return (operator, *parts)


class Branch:
    def __init__(self, value, branches):
        self.value, self.branches = value, branches


def branch(draw, depth):
    return Branch(draw.random(), [branch(draw, depth - 1) for _ in range(draw.randint(0, 3))]
                  if depth else [])


def weighed(tree):
    total = tree.value ** 2
    for each in tree.branches:
        total += 0.5 * weighed(each)
    return total


def doubled(tree, weight, found):
    """The gradient of `weighed`, by hand."""
    found.append(2.0 * weight * tree.value)
    for each in tree.branches:
        doubled(each, 0.5 * weight, found)
    return found


def values(tree, found):
    found.append(tree.value)
    for each in tree.branches:
        values(each, found)
    return found


@pytest.fixture
def made(monkeypatch):
    """The names of the functions of which code is made."""
    found = []
    compile_for = compiler.compile_for
    monkeypatch.setattr(compiler, "compile_for",
                        lambda fn, *rest: (found.append(fn.__name__), compile_for(fn, *rest))[1])
    return found


def test_an_interpreter_of_ever_other_expressions_is_right_and_its_code_is_made_seldom(made):
    draw = random.Random(5)
    for _ in range(25):
        tree = expression(draw, 5)
        assert sd.value_and_grad(evaluated, wrt="x")(tree, 0.4) == (
            evaluated(tree, 0.4), pytest.approx(slope(tree, 0.4)))
    # Each call from outside may have its own.
    assert made.count("evaluated") <= 25 + 20


def test_trees_of_objects_with_any_number_of_branches_are_right_and_made_seldom(made):
    draw = random.Random(6)
    for _ in range(20):
        tree = branch(draw, 4)
        assert values(sd.grad(weighed)(tree), []) == pytest.approx(doubled(tree, 1.0, []))
    assert made.count("weighed") <= 40
