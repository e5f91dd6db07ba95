"""Calls whose callee is known only at run time give a value and a pullback, or refuse."""

import functools
import math
import operator
import struct

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import errors
from s2sdiff.runtime import attributes, calls, losses, planted, values

A = np.array([1.0, 2.0, 3.0])


def square(v):
    return v * v


def weighted(v, w=2.0, *rest, k=3.0):
    return v * w + k * v * len(rest)


class Scale:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, v):
        return v * self.factor

    def twice(self, v):
        return v * 2.0


def test_an_operator_a_ufunc_and_a_python_function_answer_alike():
    for fn, args, expected in [
        (operator.mul, (3.0, 4.0), (4.0, 3.0)),
        (np.multiply, (3.0, 4.0), (4.0, 3.0)),
        (lambda a, b: a * b, (3.0, 4.0), (4.0, 3.0)),
    ]:
        value, pullback = calls.call((0, 1), fn, *args)
        assert value == 12.0 and tuple(map(float, pullback(1.0))) == expected


def test_one_slot_gives_one_bare_entry():
    value, pullback = calls.call((1,), operator.mul, 3.0, 4.0)
    assert value == 12.0 and pullback(1.0) == 3.0


def test_slots_may_be_keywords():
    value, pullback = calls.call((0, "k"), weighted, 2.0, 2.0, 1, 1, k=5.0)
    assert value == weighted(2.0, 2.0, 1, 1, k=5.0)
    assert pullback(1.0) == (2.0 + 10.0, 4.0)


def test_a_partial_a_bound_method_and_a_callable_object():
    for fn, expected in [
        (functools.partial(operator.mul, 5.0), 5.0),
        (Scale(5.0), 5.0),
        (Scale(1.0).twice, 2.0),
        (functools.partial(weighted, w=7.0), 7.0),
    ]:
        value, pullback = calls.call((0,), fn, 2.0)
        assert value == fn(2.0) and pullback(1.0) == expected


def test_a_builtin_method_of_an_array():
    value, pullback = calls.call((0,), A.dot, A)
    assert value == 14.0
    np.testing.assert_array_equal(pullback(1.0), A)


def test_a_method_by_name_with_the_owner_as_slot_zero():
    value, pullback = calls.call_method((0,), "sum", A)
    assert value == 6.0
    np.testing.assert_array_equal(pullback(1.0), np.ones(3))


def test_attributes_of_numbers_and_arrays():
    value, pullback = attributes.attribute((0,), "T", A[None])
    assert value.shape == (3, 1) and pullback(np.ones((3, 1))).shape == (1, 3)
    value, pullback = attributes.attribute((0,), "shape", A)
    assert value == (3,)
    np.testing.assert_array_equal(pullback(None), np.zeros(3))


def test_nothing_active_means_a_plain_call():
    value, pullback = calls.call((0,), operator.add, 2, 3)
    assert value == 5 and pullback(None) is None


def test_a_kept_call_is_safe_from_later_writes():
    a = A.copy()
    value, pullback = calls.call_kept((0,), np.square, a)
    a[:] = 100.0
    np.testing.assert_array_equal(pullback(np.ones(3)), 2 * A)


def test_an_unknown_function_is_refused_with_its_name():
    with pytest.raises(errors.MissingDerivativeError, match=r"unpack.*register one"):
        calls.call((0,), struct.unpack, 2.0)
    with pytest.raises(errors.DifferentiationError, match="Instead"):
        calls.call((0,), complex.__getnewargs__, 2j)


def test_an_in_place_operator_on_an_array_is_refused_and_on_a_number_is_not():
    value, pullback = calls.call((0, 1), operator.iadd, 2.0, 3.0)
    assert value == 5.0 and pullback(1.0) == (1.0, 1.0)
    with pytest.raises(errors.UnsupportedError, match="in-place"):
        calls.call((0,), operator.iadd, A.copy(), 1.0)


def test_exceptions_of_the_callee_come_through():
    def fails(v):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        calls.call((0,), fails, 2.0)
    with pytest.raises(ValueError, match="math domain|positive"):
        calls.call((0,), math.log, -1.0)
    with pytest.raises(TypeError):
        calls.call((0,), square, 2.0, 3.0)


def test_a_hook_gets_a_private_copy_and_may_write_or_return():
    bar = np.array([1.0, 2.0])

    def write(g):
        g *= 10.0

    np.testing.assert_array_equal(planted.hooked(write, bar), [10.0, 20.0])
    np.testing.assert_array_equal(bar, [1.0, 2.0])
    np.testing.assert_array_equal(planted.hooked(lambda g: g + 1.0, bar), [2.0, 3.0])
    assert planted.hooked(write, None) is None


def test_a_refusal_is_raised_as_its_class():
    with pytest.raises(errors.AliasingError, match="two names"):
        planted.refuse("AliasingError", "two names")


@pytest.mark.parametrize(
    ("value", "inert", "differentiable"),
    [
        (1, True, False),
        ("a", True, False),
        (None, True, False),
        (1.0, False, True),
        (A, False, True),
        (np.arange(3), True, False),
        ((1, "a"), True, False),
        ((1, 2.0), False, True),
        (np.float32(1), False, True),
        (np.int64(1), True, False),
        ([], True, False),
        (math.sin, True, False),
        (1j, False, True),
    ],
)
def test_what_surely_carries_no_derivative(value, inert, differentiable):
    assert values.is_inert(value) is inert
    assert values.is_differentiable(value) is differentiable


def test_loops_run_over_what_can_be_indexed():
    for items in (A, (1, 2), [1], range(3)):
        assert values.sequence(items) is items
    with pytest.raises(errors.UnsupportedError, match="generator"):
        values.sequence(v for v in A)


def test_only_one_real_number_has_a_gradient():
    for good in (1.0, np.float32(1), np.array(1.0), 3):
        losses.scalar_result(good)
    for bad in (A, 1j, None, "a", (1.0,)):
        with pytest.raises(TypeError, match="one real result"):
            losses.scalar_result(bad)


def test_a_users_class_with_operators_is_differentiated_through_them():
    class Dual:
        def __init__(self, v):
            self.v = v

        def __mul__(self, other):
            return other * 3.0

    value, pullback = calls.call((1,), operator.mul, Dual(1.0), 2.0)
    assert value == 6.0 and pullback(1.0) == 3.0


def test_a_function_as_an_argument_is_called_by_what_it_is():
    def apply(g, v):
        return g(v) + g(v)

    for g, expected in [(math.sin, 2 * math.cos(0.5)), (square, 2.0), (Scale(3.0), 6.0)]:
        assert np.isclose(sd.grad(apply, 1)(g, 0.5), expected)


@pytest.mark.parametrize("thing", [3.0, (1.0, 2.0), [1.0], "text", {"a": 1.0}, np.ones(2)])
def test_what_cannot_be_called_is_what_python_says(thing):
    def called(x, things):
        return things[0](x) * x

    runs = (called, sd.grad(called), sd.vjp, sd.jvp)
    given = ((0.5, [thing]), (0.5, [thing]), (lambda x: called(x, [thing]), 0.5),
             (lambda x: called(x, [thing]), (0.5,), (1.0,)))
    for run, arguments in zip(runs, given, strict=True):
        with pytest.raises(TypeError, match=f"'.*{type(thing).__name__}' object is not callable"):
            run(*arguments)
