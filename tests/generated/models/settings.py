"""Models that read their numbers from modules, classes and tables, with the gradients by hand."""

import math

import scipy.constants as constants


class Plan:
    dt, steps = 0.1, 5


ANTOINE = {"water": {"A": 8.07, "B": 1730.6, "C": 233.4}}


def boiling(t, x):
    d = ANTOINE["water"]
    return x * 10.0 ** (d["A"] - d["B"] / (t + d["C"]))


def boiling_hand(t, x):
    d = ANTOINE["water"]
    s = t + d["C"]
    share = d["B"] / s
    p = 10.0 ** (d["A"] - share)
    return x * p * math.log(10.0) * share / s, p


def falling(v, drag):
    for _ in range(Plan.steps):
        v = v + Plan.dt * (constants.g - drag * v * v)
    return v


def falling_hand(v, drag):
    saved = []
    for _ in range(Plan.steps):
        saved.append(v)
        v = v + Plan.dt * (constants.g - drag * v * v)
    v_bar, drag_bar = 1.0, 0.0
    for v in reversed(saved):
        drag_bar -= v_bar * Plan.dt * v * v
        v_bar -= v_bar * Plan.dt * drag * 2 * v
    return v_bar, drag_bar
