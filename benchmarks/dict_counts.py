"""Sums of floats by key, in a dict, of what an iterator gives in pairs."""

import numpy as np

from benchmarks.problem import Problem


def primal(values, x):
    sums = {}
    it = iter(values)
    for v in it:
        w = next(it, 0.0)
        key = int(8.0 * v)
        sums[key] = sums.get(key, 0.0) + v * w * x
    total = 0.0
    for key in sums:
        total += sums[key] * sums[key]
    return total


def hand(values, x):
    sums, keys = {}, []
    n = len(values)
    for i in range(0, n - 1, 2):
        key = int(8.0 * values[i])
        keys.append(key)
        sums[key] = sums.get(key, 0.0) + values[i] * values[i + 1] * x
    values_bar, x_bar = [0.0] * n, 0.0
    for i, key in zip(range(0, n - 1, 2), keys):
        g = 2.0 * sums[key]
        v, w = values[i], values[i + 1]
        values_bar[i] = g * w * x
        values_bar[i + 1] = g * v * x
        x_bar += g * v * w
    return values_bar, x_bar


def inputs(size):
    return np.random.default_rng(3).uniform(0.1, 0.9, size).tolist(), 1.3


PROBLEM = Problem("dict counts", primal, hand, inputs, (7, 100, 1000), (0, 1))
