"""Items that are read of a list which is made longer afterwards, and which nobody reads then."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees


def once(x):
    xs = [x]
    y = xs[-1] * 2.0
    xs.append(0.5 * x)
    return y


def in_a_loop(x):
    xs = [x, x * x]
    y = xs[-1] * xs[0]
    for _ in range(2):
        xs.append(0.5 * x)
    return y


def loop_after_loop(x):
    xs, total = [x], 0.0
    for _ in range(3):
        total += math.sin(xs[-1])
    for k in range(2):
        if x > 0.1 * k:
            xs.append(0.5 * x)
    return total


def kept_in_another(x):
    xs = [x]
    rows = [[x, x]]
    for k in range(3):
        rows.append([0.5 * x, xs[-1]])
        if k > 2:
            break
    for _ in range(2):
        xs.append(0.5 * x)
    return math.sin(rows[-1][1])


def on_one_way(x):
    xs = [x, 3.0 * x]
    y = 0.0
    if x > 0.2:
        y = xs[1] * x
    xs.append(y)
    xs.append(y * 2.0)
    return y


def turn_by_turn(x):
    xs = [x]
    y = xs[0]
    xs.append(y * x)
    y += xs[1] * x
    xs.append(y)
    y += xs[-2] ** 2
    xs.append(y)
    return y


def while_it_grows(x):
    xs = [x]
    y = xs[0] ** 2
    while len(xs) < 4:
        xs.append(xs[-1] * 0.5)
    return y


def nested(x):
    total = 0.0
    for _ in range(2):
        xs = [x, total]
        total += xs[0] * xs[1] + x
        for _ in range(2):
            xs.append(total)
    return total


def of_arrays(x):
    xs = [x * np.array([1.0, 2.0])]
    y = xs[-1] * x
    for _ in range(2):
        xs.append(np.sin(y))
    return y.sum()


PROGRAMS = [once, in_a_loop, loop_after_loop, kept_in_another, on_one_way, turn_by_turn,
            while_it_grows, nested, of_arrays]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_was_read_has_its_cotangent(f):
    (found,) = agrees(f, 0.45)
    assert sd.grad(f)(0.45) == pytest.approx(found, rel=1e-12)
    agrees(lambda a: f(a[0]), np.array([0.45]))
    sd.check_grads(f, (0.45,), order=2)
