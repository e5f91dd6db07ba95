"""`op.at` of ufuncs that only the run tells; what properties give is called."""

import numpy as np
import pytest

import s2sdiff as sd

OPERATIONS = {"add": np.add, "subtract": np.subtract}


class Held:
    def __init__(self, function):
        self.function = function

    def take(self):
        return self.function

    @property
    def called(self):
        return self.take()


def by_a_default(x, op=np.add):
    h = np.array([x, 1.0])
    op.at(h, [1, 1], x)
    return (h * h).sum()


def by_a_table(x):
    h = np.array([x, 1.0])
    OPERATIONS["subtract"].at(h, 1, x)
    getattr(np, "add").at(h, 0, x * x)
    return (h * h).sum()


def in_a_loop(x):
    h = np.array([x, 1.0])
    for op in (np.add, np.subtract if x < 0.0 else np.add):
        op.at(h, [1, 0, 1], x)
    return (h * h).sum()


def of_a_module_that_is_given(x, xp=np):
    h = np.array([x, 1.0])
    xp.subtract.at(h, 1, x)
    xp.copyto(h[:1], x * x)
    return (h * h).sum()


def by_a_property(x):
    return Held(lambda t=2.0: t * x).called() * Held(lambda t: t * x).called(x)


@pytest.mark.parametrize("function", [
    by_a_default, by_a_table, in_a_loop, of_a_module_that_is_given, by_a_property,
], ids=lambda f: f.__name__)
def test_they_are_differentiated(function):
    slope = (function(1.3 + 1e-6) - function(1.3 - 1e-6)) / 2e-6
    value, pullback = sd.vjp(lambda x: function(x), 1.3)
    assert value == function(1.3)
    for _ in range(2):
        assert abs(pullback(1.0) - slope) < 1e-6
    assert abs(sd.jvp(lambda x: function(x), (1.3,), (1.0,))[1] - slope) < 1e-6
