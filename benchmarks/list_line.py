"""Thomas' algorithm for a tridiagonal system, on lists of floats."""

import numpy as np

from benchmarks.problem import Problem


def primal(below, diagonal, above, right):
    n = len(right)
    c, d, x = [0.0] * n, [0.0] * n, [0.0] * n
    c[0] = above[0] / diagonal[0]
    d[0] = right[0] / diagonal[0]
    for i in range(1, n):
        m = diagonal[i] - below[i] * c[i - 1]
        c[i] = above[i] / m
        d[i] = (right[i] - below[i] * d[i - 1]) / m
    x[n - 1] = d[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = d[i] - c[i] * x[i + 1]
    total = 0.0
    for v in x:
        total += v * v
    return total


def hand(below, diagonal, above, right):
    n = len(right)
    c, d, x, ms = [0.0] * n, [0.0] * n, [0.0] * n, [0.0] * n
    ms[0] = diagonal[0]
    c[0] = above[0] / ms[0]
    d[0] = right[0] / ms[0]
    for i in range(1, n):
        m = ms[i] = diagonal[i] - below[i] * c[i - 1]
        c[i] = above[i] / m
        d[i] = (right[i] - below[i] * d[i - 1]) / m
    x[n - 1] = d[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = d[i] - c[i] * x[i + 1]
    x_bar = [2.0 * v for v in x]
    c_bar, d_bar = [0.0] * n, [0.0] * n
    for i in range(n - 1):
        g = x_bar[i]
        d_bar[i] = g
        c_bar[i] = -g * x[i + 1]
        x_bar[i + 1] -= g * c[i]
    d_bar[n - 1] = x_bar[n - 1]
    below_bar, diagonal_bar, above_bar, right_bar = [0.0] * n, [0.0] * n, [0.0] * n, [0.0] * n
    for i in range(n - 1, 0, -1):
        m, g, h = ms[i], d_bar[i] / ms[i], c_bar[i] / ms[i]
        right_bar[i] = g
        above_bar[i] = h
        m_bar = diagonal_bar[i] = -g * d[i] - h * c[i]
        below_bar[i] = -g * d[i - 1] - m_bar * c[i - 1]
        d_bar[i - 1] -= g * below[i]
        c_bar[i - 1] -= m_bar * below[i]
    right_bar[0] = d_bar[0] / ms[0]
    above_bar[0] = c_bar[0] / ms[0]
    diagonal_bar[0] = -right_bar[0] * d[0] - above_bar[0] * c[0]
    return below_bar, diagonal_bar, above_bar, right_bar


def inputs(size):
    generator = np.random.default_rng(5)
    below, diagonal, above, right = generator.uniform(0.5, 1.5, (4, size))
    return below.tolist(), (diagonal + 3.0).tolist(), above.tolist(), right.tolist()


PROBLEM = Problem("list line", primal, hand, inputs, (5, 100, 1000), (0, 1, 2, 3))
