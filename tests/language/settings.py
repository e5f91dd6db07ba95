"""Settings: numbers that code reads by names from outside, in whatever they are kept."""

import types

import numpy as np
import scipy.constants as constants

from tests.language.table import supported


class Config:
    dt, steps = 0.1, 3
    weights = np.array([0.5, 2.0, 1.5])


class Plant:
    def __init__(self):
        self.gains = types.SimpleNamespace(p=1.2, i=0.3)
        self.limits = (0.1, 4.0)


PLANT = Plant()
ANTOINE = {"water": {"A": 8.07, "B": 1730.6, "C": 233.4},
           "ethanol": {"A": 8.2, "B": 1642.9, "C": 230.3}}
COEFFICIENTS = [0.5, -1.0, 0.25]
RATES = [(1.5, 2), (0.5, 3)]
BUFFER = np.zeros(3)


@supported("constant of a module", lambda: (1.3,))
def constant_of_a_module(x):
    return constants.g * x * x + constants.pi * x


@supported("settings in a class", lambda: (1.3, 0.4))
def settings_in_a_class(x, y):
    for _ in range(Config.steps):
        x = x + Config.dt * x * y
    return x


@supported("array of a class", lambda: (np.array([1.0, -0.5, 0.3]),))
def array_of_a_class(x):
    return np.sum(Config.weights * x**2)


@supported("settings in objects in objects", lambda: (1.3,))
def settings_in_objects(x):
    low, high = PLANT.limits
    return min(max(PLANT.gains.p * x + PLANT.gains.i * x * x, low), high)


@supported("settings in dicts in dicts", lambda: (80.0,))
def settings_in_dicts(t, name="ethanol"):
    c, w = ANTOINE[name], ANTOINE["water"]
    return c["A"] * t - c["B"] / (t + c["C"]) + w["B"] / (t + w["C"])


@supported("list of coefficients", lambda: (0.7,))
def list_of_coefficients(x):
    total = 0.0
    for i, c in enumerate(COEFFICIENTS):
        total += c * x ** (i + 1)
    return total


@supported("table of rows", lambda: (0.7,))
def table_of_rows(x):
    return sum(rate * x**n for rate, n in RATES)


@supported("settings beside writes", lambda: (np.array([1.0, -0.5, 0.3]),))
def settings_beside_writes(x):
    out, seen = np.zeros(3), []
    for i in range(Config.steps):
        out[i] = Config.dt * x[i] * PLANT.gains.p
        seen.append(out[i] ** 2)
    return np.sum(out) * seen[0] + COEFFICIENTS[2]


@supported("setting that is put back", lambda: (1.3,))
def setting_that_is_put_back(x):
    old = PLANT.gains.p
    PLANT.gains.p = 2.5
    try:
        y = PLANT.gains.p * x * x
    finally:
        PLANT.gains.p = old
    return y + PLANT.gains.p * x


@supported("buffer that is cleared", lambda: (np.array([1.0, -0.5, 0.3]),))
def buffer_that_is_cleared(x):
    total = 0.0
    for i in range(3):
        BUFFER[:] = 1.0
        np.multiply(BUFFER, x[i], out=BUFFER)
        total += np.sum(BUFFER**2)
    return total
