"""Whole derivatives leave in their arguments what one plain call leaves there."""

import numpy as np
import pytest

import s2sdiff as sd

COUNTS = [0]


def filled(a):
    a[0] = 5.0
    a *= 2.0
    return a * a


def scaled(a):
    a[0] *= 2.0
    return np.sum(a**3)


def counted(a):
    COUNTS[0] += 1
    a[1] += 1.0
    return a[0] * a


def put(table):
    table["x"] = table["x"] * 2.0
    table["n"] = 1
    return table["x"] ** 2 * np.ones(2)


def appended(s, items):
    items.append(s)
    return s * np.array(items)


CASES = {
    filled: lambda: (np.ones(3),), scaled: lambda: (np.arange(1.0, 4.0),),
    counted: lambda: (np.arange(1.0, 4.0),), put: lambda: ({"x": 2.0},),
    appended: lambda: (3.0, [1.0, 2.0]),
}


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev, sd.jacobian, sd.sparse_jacobian])
@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_arguments_are_as_the_plain_call_leaves_them(f, operator):
    plain, given = CASES[f](), CASES[f]()
    COUNTS[0] = 0
    f(*plain)
    COUNTS[0] = 0
    operator(f)(*given)
    np.testing.assert_equal(given, plain)
    assert COUNTS[0] == (f is counted)


@pytest.mark.parametrize("operator", [sd.hessian, sd.sparse_hessian])
def test_hessians_leave_them_as_gradients_do(operator):
    plain, given = np.arange(1.0, 4.0), np.arange(1.0, 4.0)
    scaled(plain)
    found = operator(scaled)(given)
    found = found.toarray() if operator is sd.sparse_hessian else found
    np.testing.assert_allclose(found, np.diag([8 * 6.0, 6 * 2.0, 6 * 3.0]))
    np.testing.assert_array_equal(given, plain)
