"""What a user's rule keeps for its pullback is as it was, whoever writes the arrays later."""

import numpy as np
import pytest

import s2sdiff as sd


def cubes(x):
    return x * x * x


def argument(x):
    return x * x * x, lambda v: 3 * v * x * x


def view_of_argument(x):
    backwards = x[::-1]
    return x * x * x, lambda v: (3 * v[::-1] * backwards * backwards)[::-1]


def another_view_of_argument(x):
    rows = x.reshape(1, -1)
    return x * x * x, lambda v: np.sum(3 * v * rows * rows, axis=0)


def value(x):
    y = x * x * x
    return y, lambda v: 3 * v * np.cbrt(y) ** 2


def view_of_value(x):
    y = x * x * x
    column = y[:, None]
    return y, lambda v: 3 * v * np.cbrt(column[:, 0]) ** 2


def owner_of_value(x):
    y = (x * x * x)[:, None]
    return y[:, 0], lambda v: 3 * v * np.cbrt(y[:, 0]) ** 2


def flat_owner_of_value(x):
    y = x * x * x
    return y[:], lambda v: 3 * v * np.cbrt(y) ** 2


def of_its_own(x):
    square = x * x
    return square * x, lambda v: 3 * v * square


def in_a_nested_function(x):
    backwards = x[::-1]

    def pullback(v):
        def slope():
            return 3 * v[::-1] * backwards * backwards
        return slope()[::-1]

    return x * x * x, pullback


RULES = [argument, view_of_argument, another_view_of_argument, value, view_of_value,
         owner_of_value, flat_owner_of_value, of_its_own, in_a_nested_function]


def value_written(x):
    y = cubes(x)
    total = np.sum(y * y)
    y += 1.0
    return total + np.sum(y)


def value_written_through_a_view(x):
    y = cubes(x)
    total = np.sum(y * y)
    y[1:][...] = 0.5
    return total + np.sum(y[:1])


def argument_written(x):
    z = x * 1.0
    y = cubes(z)
    z *= 7.0
    return np.sum(y * y) + np.sum(z)


def argument_written_in_a_loop(x):
    z, total = x * 1.0, 0.0
    for _ in range(2):
        total = total + np.sum(cubes(z))
        z += 1.0
    return total


LOSSES = [value_written, value_written_through_a_view, argument_written,
          argument_written_in_a_loop]


@pytest.mark.parametrize("loss", LOSSES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("rule", RULES, ids=lambda f: f.__name__)
def test_writes_in_the_function_do_not_reach_what_the_pullback_reads(rule, loss):
    x, step = np.array([1.0, 2.0, -0.5]), 1e-6
    expected = [(loss(x + d) - loss(x - d)) / (2 * step) for d in np.eye(3) * step]
    with sd.derivatives({cubes: rule}):
        found = sd.grad(loss)(x)
    np.testing.assert_allclose(found, expected, rtol=1e-7)


@pytest.mark.parametrize("written", ["argument", "value"])
@pytest.mark.parametrize("rule", RULES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("f", [cubes, lambda x: cubes(x), lambda x: cubes(x) * 1.0],
                         ids=["itself", "called", "scaled"])
def test_writes_of_the_caller_do_not_reach_the_pullback(f, rule, written):
    x = np.array([1.0, 2.0, -0.5])
    with sd.derivatives({cubes: rule}):
        y, pullback = sd.vjp(f, x)
        expected = 3 * x * x
        (x if written == "argument" else y)[...] = 100.0
        np.testing.assert_allclose(pullback(np.ones(3)), expected, rtol=1e-12)
