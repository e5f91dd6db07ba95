"""An object that steps an equation in time, whose slope is a function that it is given."""

import math

from benchmarks.problem import Problem


class Solver:
    def __init__(self, f, y):
        self.f, self.y, self.t = f, y, 0.0

    def step(self, h):
        k1 = self.f(self.t, self.y)
        k2 = self.f(self.t + h, self.y + h * k1)
        self.y = self.y + 0.5 * h * (k1 + k2)
        self.t += h


def primal(a, b, y, steps):
    solver = Solver(lambda t, y: -a * y + b * math.sin(t), y)
    for _ in range(steps):
        solver.step(0.05)
    return solver.y


def hand(a, b, y, steps):
    t, h, saved = 0.0, 0.05, []
    for _ in range(steps):
        sin, later = math.sin(t), math.sin(t + h)
        k1 = -a * y + b * sin
        z = y + h * k1
        saved.append((y, z, sin, later))
        y = y + 0.5 * h * (k1 - a * z + b * later)
        t += h
    a_bar, b_bar, y_bar = 0.0, 0.0, 1.0
    for y, z, sin, later in reversed(saved):
        k2_bar = 0.5 * h * y_bar
        z_bar = -a * k2_bar
        k1_bar = k2_bar + h * z_bar
        a_bar -= k2_bar * z + k1_bar * y
        b_bar += k2_bar * later + k1_bar * sin
        y_bar += z_bar - a * k1_bar
    return a_bar, b_bar, y_bar


def inputs(size):
    return 0.7, -0.4, 1.3, size


PROBLEM = Problem("solver object", primal, hand, inputs, (7, 100, 1000), (0, 1, 2))
