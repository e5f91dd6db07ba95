"""Rules are written into derivatives as if by hand, whatever their arguments look like."""

import operator
import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import ir
from s2sdiff.transforms.template import asked, template_of
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


def tell(x):
    return x


def rule_of_product(x, y):
    def pullback(z_bar):
        _ = tell(z_bar * 2.0)
        x_bar = z_bar * y
        y_bar = z_bar * x
        return x_bar, y_bar

    return x * y, pullback


def told(x, seen):
    return x * x


def test_what_only_a_spared_entry_is_made_of_is_left_out_of_a_pullback():
    pullback = next(t for t in template_of(rule_of_product).nested.values())

    def calls(spared):
        return [s.fn.object for s in asked(pullback, frozenset(spared)) if isinstance(s, ir.Bind)]

    assert calls(()).count(operator.mul) == 3
    # `tell` may do anything: its call stays, and so does what it is given.
    assert calls({0}).count(operator.mul) == 2 and tell in calls({0})
    assert calls({1}).count(operator.mul) == 2 and tell in calls({1})
    assert calls({0, 1}).count(operator.mul) == 1 and tell in calls({0, 1})


def test_what_a_users_rule_does_in_its_pullback_is_done_whoever_asks():
    seen = []

    def rule(x, note):
        def pullback(y_bar):
            other = seen.append(note)
            return 2 * x * y_bar, other

        return x * x, pullback

    with sd.derivatives({told: rule}):
        value, pullback = sd.vjp(lambda x: told(x, "asked"), 3.0)
        assert (value, pullback(1.0), seen) == (9.0, 6.0, ["asked"])


def test_what_a_users_rule_captures_may_be_bound_anew():
    def make():
        factor = 2.0

        def rule(x, scale=1.0):
            return cube(x, scale), lambda y_bar: (y_bar * factor, None)

        def change():
            nonlocal factor
            factor = 7.0

        return rule, change

    def f(x):
        return cube(x) * 1.0

    rule, change = make()
    with sd.derivatives({cube: rule}):
        assert sd.grad(f)(1.5) == 2.0
        change()
        assert sd.grad(f)(1.5) == 7.0
