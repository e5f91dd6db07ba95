"""Dense Jacobians by central differences, and counts of runs."""

import numpy as np


def numbers(value):
    """All numbers of a value in one row."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return np.concatenate([numbers(v) for v in value])
    return np.ravel(value)


def differences(f, x, h=1e-6):
    """The Jacobian of `f` at an array of float64, flattened on both sides."""
    columns = []
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        columns.append((numbers(f(x + step)) - numbers(f(x - step))) / (2 * h))
    return np.stack(columns, axis=1)


class Counted:
    """A function's own calls, counted: each run of its derivative asks `tick` once."""

    def __init__(self):
        self.runs = 0

    def tick(self):
        self.runs += 1
        return 0
