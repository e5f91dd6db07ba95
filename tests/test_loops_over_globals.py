"""Loops over lists of a module: what lies in them has cotangents and tangents by place."""

import numpy as np
import pytest

import s2sdiff as sd

POINTS = [np.array([1.0, 0.5, 2.0]), np.array([0.3, 1.5])]
FACTORS = [1.0, 2.0]


class Cell:
    def __init__(self, weight):
        self.weight = weight

    def __call__(self, x, state):
        return np.tanh(x * self.weight + state)


class Run:
    def __init__(self, cell):
        self.cell = cell

    def __call__(self, points):
        state = 0.0
        for i in range(len(points)):
            state = self.cell(points[i], state)
        return state


def over_points(run):
    total = 0.0
    for points in POINTS:
        total = total + run(points) ** 2
    return total


def in_a_display(run):
    return sum([run(points) for points in POINTS])


@pytest.mark.parametrize("f", [over_points, in_a_display])
def test_a_model_runs_over_the_sequences_of_a_module_in_both_modes(f):
    sd.check_grads(f, (Run(Cell(0.7)),))


def appended_and_walked_over(x):
    FACTORS.append(x)
    total = 0.0
    for factor in FACTORS:
        total = total + factor * factor
    FACTORS.pop()
    return total


def appended_and_displayed(x):
    FACTORS.append(x)
    total = sum([factor * x for factor in FACTORS])
    FACTORS.pop()
    return total


@pytest.mark.parametrize(("f", "expected"), [
    (appended_and_walked_over, 6.0), (appended_and_displayed, 9.0)])
def test_what_is_appended_to_a_list_of_a_module_is_found_there(f, expected):
    assert sd.grad(f)(3.0) == expected
    assert sd.jvp(f, (3.0,), (1.0,))[1] == expected
    assert FACTORS == [1.0, 2.0]
