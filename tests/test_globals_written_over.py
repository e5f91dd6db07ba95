"""What lies in a global list, dict, object or array is written over by its name: it is gone then.

It came there by another name or by a method, which are followed; a write under the global's own
name of what has no derivative was not seen by the backward code.
"""

from __future__ import annotations

import operator
import types

import numpy as np
import pytest

import s2sdiff as sd

NUMBERS = [0.5]
NAMED = {"a": 0.5}
SPACE = types.SimpleNamespace(a=0.5)
BUFFER = np.array([0.5, 1.0, 2.0])


def put(holder, key, value):
    holder[key] = value


def item_of_a_list(x):
    operator.setitem(NUMBERS, 0, x)
    before = NUMBERS[0] * x
    NUMBERS[0] = 0.5
    return before + NUMBERS[0] * x


def item_put_by_a_helper(x):
    put(NAMED, "a", x * x)
    before = NAMED["a"] * x
    NAMED["a"] = 0.5
    return before + NAMED["a"] * x


def items_that_grow(x):
    NUMBERS.append(x)
    before = NUMBERS[1] * x
    NUMBERS[1] = 0.3
    before += NUMBERS[1] * x * x
    NUMBERS.pop()
    return before


def attribute_by_another_name(x):
    same = SPACE
    same.a = x
    before = SPACE.a * x
    SPACE.a = 0.5
    return before + SPACE.a * x


def names_updated(x):
    NAMED.update(a=x)
    before = NAMED["a"] * x
    NAMED["a"] = 0.5
    return before + NAMED["a"] * x


def buffer_filled_in_rounds(x):
    total = 0.0
    for k in range(3):
        BUFFER[:] = 1.0
        np.multiply(BUFFER, x + k, out=BUFFER)
        total += np.sum(BUFFER * BUFFER)
    BUFFER[...] = (0.5, 1.0, 2.0)
    return total


def buffer_of_which_a_part_is_kept(x):
    np.multiply(BUFFER, x, out=BUFFER)
    BUFFER[1:] = 0.1
    BUFFER[0] += 2.0
    found = BUFFER[0] * x + np.sum(BUFFER)
    BUFFER[...] = (0.5, 1.0, 2.0)
    return found


def array_of_literals_that_is_filled(x):
    made = np.zeros(2)
    SPACE.a = made
    made[:] = x
    found = np.sum(SPACE.a * x)
    SPACE.a = 0.5
    return found


def rows_of_literals(x):
    NAMED["a"] = [(0.3, 2), (1.5, 1)]
    found = sum(c * x ** n for c, n in NAMED["a"])
    NAMED["a"] = 0.5
    return found


ALL = [item_of_a_list, item_put_by_a_helper, items_that_grow, attribute_by_another_name,
       names_updated, buffer_filled_in_rounds, buffer_of_which_a_part_is_kept,
       array_of_literals_that_is_filled, rows_of_literals]


def held():
    return list(NUMBERS), dict(NAMED), SPACE.a, BUFFER.tolist()


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.__name__)
def test_what_is_written_over_has_no_derivative_any_more(f):
    before, h = held(), 1e-6
    for x in (1.3, 0.6):
        expected = pytest.approx((f(x + h) - f(x - h)) / (2 * h), rel=1e-6)
        value, pullback = sd.vjp(f, x)
        assert value == f(x)
        assert pullback(1.0) == pullback(1.0) == expected
        assert sd.grad(f)(x) == expected
        assert sd.jvp(f, (x,), (1.0,)) == (f(x), expected)
    assert held() == before


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.__name__)
def test_so_it_is_in_second_derivatives(f):
    h = 1e-5
    expected = (f(1.3 + h) - 2 * f(1.3) + f(1.3 - h)) / h**2
    for way in (lambda: sd.grad(sd.grad(f))(1.3), lambda: sd.hessian(f)(1.3)):
        try:
            found = way()
        except sd.DifferentiationError as error:
            assert "Instead, " in str(error)
        else:
            assert found == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_what_is_active_is_refused_under_the_name_of_the_global():
    def f(x):
        operator.setitem(NUMBERS, 0, x)
        NUMBERS[0] = x * x
        return NUMBERS[0]

    for way in (lambda: sd.grad(f)(1.3), lambda: sd.jvp(f, (1.3,), (1.0,))):
        with pytest.raises(sd.DifferentiationError, match="written to the global NUMBERS"):
            way()
    NUMBERS[0] = 0.5
