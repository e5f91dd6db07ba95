"""Rules are written into derivatives as if by hand, whatever their arguments look like."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, body

A = np.array([0.5, 1.0, 2.0])


def cube(x, scale=1.0):
    return x * x * x * scale


def cube_rule(x, scale=1.0):
    square = x * x

    def pullback(y_bar):
        slope = 3.0 * square * scale
        return y_bar * slope, y_bar * square * x

    return square * x * scale, pullback


def branching_rule(x, scale=1.0):
    if x > 1.0:
        return cube(x, scale), lambda y_bar: (y_bar * 3.0 * x * x * scale, y_bar * x * x * x)
    return cube(x, scale), lambda y_bar: (y_bar * 3.0 * x * x * scale, y_bar * x * x * x)


@pytest.mark.parametrize("rule", [cube_rule, branching_rule])
def test_a_users_rule_gives_the_gradient_however_it_is_called(rule):
    def f(x, s):
        return cube(x) + cube(x, s) * cube(scale=s, x=x + 1.0)

    with sd.derivatives({cube: rule}):
        agrees(f, 1.2, 0.7)


def test_a_straight_rule_leaves_no_call_and_takes_no_name_of_the_users():
    def f(x, square, slope):
        y = cube(x) * square
        return y * slope

    with sd.derivatives({cube: cube_rule}):
        text = "\n".join(body(f, 1.2, 0.7, 2.0, stage="final"))
        agrees(f, 1.2, 0.7, 2.0)
    code = [line for line in text.splitlines() if not line.strip().startswith("#")]
    assert not any("cube(" in line or "cube_rule(" in line for line in code)


def test_a_lambda_in_a_rule_sees_what_is_bound_after_it():
    def rule(x, scale=1.0):
        pullback = lambda y_bar: (y_bar * slope, None)  # noqa: E731
        slope = 3.0 * x * x
        return x * x * x, pullback

    with sd.derivatives({cube: rule}):
        assert sd.grad(lambda x: cube(x))(2.0) == 12.0


def test_a_rule_is_found_through_a_helper_and_a_loop():
    def helper(x):
        return cube(x, 2.0)

    def f(x):
        for _ in range(2):
            x = helper(x) * 0.3
        return x

    with sd.derivatives({cube: cube_rule}):
        agrees(f, 1.1)


def test_keywords_and_defaults_of_library_functions():
    def f(a):
        return np.sum(a=np.sum(np.outer(a, a), axis=0, keepdims=True)) + a.sum(axis=None) * np.mean(
            a
        )

    agrees(f, A)


def test_an_argument_that_a_function_does_not_have_raises_its_type_error():
    def f(x):
        return cube(x, power=2)

    with warnings.catch_warnings(), pytest.raises(TypeError):
        warnings.simplefilter("ignore")
        sd.grad(f)(2.0)
