"""A derivative of a closure, called in a function that is differentiated."""

import math

import numpy as np

import s2sdiff as sd


def moved(k, m):
    for _ in range(2):
        m = 0.9 * m - 0.1 * k
    return k + 0.1 * m, m


def make(k):
    shift = 0.3 * k

    def scaled(x):
        p, _ = moved(shift, k)
        return np.tanh(0.7 + x * x) * (x * x / (2.5 + shift**2)) + p

    return scaled


SCALED = make(1.3)


def around(u, y):
    return math.tanh(0.2 * sum(sd.value_and_grad(SCALED)(0.5 * y))) * u


def test_what_the_closure_captures_is_its_own():
    sd.check_grads(around, (0.7, 0.3))
