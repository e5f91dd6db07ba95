"""Functions that objects get when they are made, and call, by differences."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import arguments, compiler
from s2sdiff.transforms.context import Request

X = np.array([0.7, -0.4, 1.3])


class Solver:
    def __init__(self, f, y):
        self.f, self.y, self.t = f, y, 0.0

    def step(self, h):
        k1 = self.f(self.t, self.y)
        f = self.f
        k2 = f(self.t + h, self.y + h * k1)
        self.y = self.y + 0.5 * h * (k1 + k2)
        self.t += h


def stays(p):
    s = Solver(lambda t, y: -p[0] * y + p[1] * math.sin(t), p[2])
    for _ in range(3):
        s.step(0.05)
    return s.y


def is_set_anew(p):
    s = Solver(lambda t, y: -p[0] * y + p[1] * math.sin(t), p[2])
    for k in range(4):
        s.step(0.05)
        if k == 2:
            s.f = lambda t, y: y * p[1]
    return s.y


def captures_what_is_bound_again(p):
    q = p[0] * 2
    s = Solver(lambda t, y: -q * y + p[1] * math.sin(t), p[2])
    s.step(0.05)
    q = 5.0 * p[1]
    s.step(0.05)
    return s.y


def is_made_in_each_round(p):
    out = []
    for k in range(3):
        s = Solver(lambda t, y: -p[0] * y * k + p[1] * math.sin(t), p[2])
        s.step(0.1)
        out.append(s.y)
    return sum(out)


def is_of_two_objects(p):
    s = Solver(lambda t, y: -p[0] * y, p[2])
    t = s
    r = Solver(s.f, p[1])
    t.step(0.1)
    r.step(0.2)
    return s.y * r.y


def is_of_objects_in_a_list(p):
    solvers = [Solver(lambda t, y: -p[0] * y, p[2]), Solver(lambda t, y: -p[1] * y, p[2])]
    for s in solvers:
        s.step(0.1)
    return solvers[0].y * solvers[1].y


def is_another_one_later(p):
    s = Solver(lambda t, y: math.sin(y) * p[1], p[2])
    s = Solver(lambda t, y: -p[0] * y, s.y)
    for _ in range(3):
        s = Solver(lambda t, y: -p[1] * y, s.y)
        s.step(0.1)
    return s.y


def is_one_of_a_module(p):
    s = Solver(rate, p[2])
    s.step(0.1)
    return s.y * p[0]


def rate(t, y):
    return math.cos(t) * y * y


@pytest.mark.parametrize("f", [
    stays, is_set_anew, captures_what_is_bound_again, is_made_in_each_round, is_of_two_objects,
    is_of_objects_in_a_list, is_another_one_later, is_one_of_a_module,
], ids=lambda f: f.__name__)
def test_both_modes_agree_with_differences(f):
    x = X.copy()
    sd.check_grads(f, (x,))
    _, pullback = sd.vjp(f, x)
    np.testing.assert_array_equal(pullback(1.0), pullback(1.0))
    np.testing.assert_array_equal(x, X)


def test_a_function_that_stays_is_written_in():
    known = arguments.arguments_of(stays, (X,), {})
    made = compiler.compile_for(stays, Request("grad", ("p",), outer=True), known)
    assert "by_place" not in made.printed.text


def squared(v):
    return v * v


def by_its_own_method(x):
    return sum(map(squared.__call__, x)) * x[0]


def test_a_function_s_own_call_is_a_call_of_it():
    sd.check_grads(by_its_own_method, (np.array([0.3, 0.7]),))
