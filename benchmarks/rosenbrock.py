"""Rosenbrock's function in n dimensions, with slices."""

import numpy as np

from benchmarks.problem import Problem, peer, under_jit


def primal(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def hand(x):
    low = x[:-1]
    high_bar = 200.0 * (x[1:] - low * low)
    x_bar = np.zeros(x.shape)
    x_bar[1:] = high_bar
    x_bar[:-1] -= 2.0 * (high_bar * low + 1.0 - low)
    return x_bar


def inputs(size):
    return (np.random.default_rng(0).normal(size=size),)


PROBLEM = Problem(
    "rosenbrock", primal, hand, inputs, (10, 1000, 100000), 0, peer(primal),
    under_jit(peer(primal)),
)
