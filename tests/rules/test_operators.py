"""Operators against finite differences; what has no derivative is declared so."""

import operator

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import ops, registry
from tests.rules.checker import check_binary, check_rule, check_unary

BINARY = [
    (operator.add, -2.0, 2.0, (float, complex)), (np.add, -2.0, 2.0, (float, complex)),
    (operator.sub, -2.0, 2.0, (float, complex)), (np.subtract, -2.0, 2.0, (float, complex)),
    (operator.mul, -2.0, 2.0, (float, complex)), (np.multiply, -2.0, 2.0, (float, complex)),
    (operator.mod, 3.1, 3.9, (float,)), (np.remainder, 3.1, 3.9, (float,)),
    (np.fmod, 3.1, 3.9, (float,)),
]


@pytest.mark.parametrize(("target", "low", "high", "kinds"), BINARY, ids=lambda v: str(v))
def test_a_binary_operator_agrees_with_differences(target, low, high, kinds):
    second = (1.05, 1.45) if "mod" in str(target) or "remainder" in str(target) else None
    check_binary(target, low, high, kinds=kinds, second=second)


@pytest.mark.parametrize("target", [operator.neg, operator.pos, np.negative, np.positive])
def test_a_unary_operator_agrees_with_differences(target):
    check_unary(target, -2.0, 2.0, kinds=(float, complex))


@pytest.mark.parametrize("target", [operator.mod, np.remainder, np.fmod])
@pytest.mark.parametrize(("x", "y"), [(-7.3, 2.0), (7.3, -2.0), (-7.3, -2.0)])
def test_remainders_of_negative_numbers_agree_with_differences(target, x, y):
    check_rule(target, x, y)


def test_divmod_of_arrays_agrees_with_differences():
    check_rule(np.divmod, np.array([7.3, -7.3]), np.array([2.0, 3.0]))


def test_fmod_counts_the_whole_quotients_even_where_the_quotient_rounds_up():
    x, y = 0.3, 0.1  # 0.3 / 0.1 rounds to 2.9999999999999996, and to 3.0 for 6 times as much
    for k in range(1, 60):
        value, pullback = registry.find(np.fmod).function(k * x, y)
        assert round((k * x - value) / y) == -pullback(1.0)[1]


def test_operators_on_lists_split_the_cotangent():
    check_rule(operator.concat, [1.0, 2.0], [3.0])
    check_rule(operator.add, [1.0, 2.0], [3.0])
    check_rule(operator.add, (1.0,), (3.0, np.ones(2)))
    check_rule(operator.mul, [1.0, 2.0], 3)
    check_rule(operator.mul, 3, (1.0, np.ones(2)))
    check_rule(operator.add, [1.0, 2.0], np.ones(2), wrt="y")
    check_rule(list.__add__, [1.0, np.ones(2)], [3.0])
    check_rule(tuple.__add__, (1.0,), (2.0, 3.0))
    check_rule(list.__mul__, [1.0, 2.0], 3)
    check_rule(tuple.__mul__, (1.0, 2.0), 0)


def test_the_union_of_dicts_sends_each_entry_to_the_side_it_came_from():
    check_rule(dict.__or__, {"a": 1.0, "b": 2.0}, {"b": 3.0, "c": 4.0})
    _, pullback = registry.find(dict.__or__).function(True, False)
    assert pullback(None) == (None, None)


@pytest.mark.parametrize(
    "target",
    [operator.lt, operator.eq, operator.is_not, operator.not_, operator.floordiv,
     operator.invert, ops.contains, ops.not_contains, np.floor_divide],
)
def test_comparisons_and_operators_on_integers_have_no_derivative(target):
    assert registry.find(target).constant


def test_the_value_of_a_ufunc_is_a_numpy_value():
    value, _ = registry.find(np.add).function([1.0], [2.0])
    assert isinstance(value, np.ndarray) and value.tolist() == [3.0]


def test_powers_of_small_whole_exponents_agree_with_differences():
    check_unary(ops.cube, -2.0, 2.0, kinds=(float, complex))
    check_binary(ops.times_square, -2.0, 2.0, kinds=(float, complex))
    check_binary(ops.times_cube, -2.0, 2.0, kinds=(float, complex))


@pytest.mark.parametrize("base", [10, 2.0, 0.5])
def test_a_power_of_a_positive_literal_is_no_call_of_a_rule(base):
    f = {10: lambda x: 10**x, 2.0: lambda x: 2.0**x, 0.5: lambda x: 0.5**x}[base]
    assert "pow_pullback" not in sd.source(f, mode="grad", args=(1.3,))
    slope = np.log(base) * base**1.3
    assert sd.grad(f)(1.3) == pytest.approx(slope)
    assert sd.jvp(f, (1.3,), (2.0,))[1] == pytest.approx(2 * slope)
    assert sd.grad(sd.grad(f))(1.3) == pytest.approx(slope * np.log(base))
