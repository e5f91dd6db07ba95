"""`np.add.at`, `np.copyto` and `out=` of known arrays are writes like any other: plain text."""

import numpy as np
import pytest

import s2sdiff as sd

AT = np.array([0, 2, 2, 1, 0])
X = np.array([0.4, -1.2, 0.7, 1.5, -0.3])


def into_one_of_several(x):
    ys = [np.zeros(3), np.ones(3)]
    for y in ys:
        np.add.at(y, AT, x * x)
    ys[0][1] *= 2.0
    return ys[0] * ys[1]


def into_a_view(x):
    y = np.zeros((3, 2))
    column = y[:, 0]
    np.add.at(column, AT, np.sin(x))
    np.add.at(y, AT, x[:, None] * np.ones(2))
    return y ** 2


def of_itself(x):
    y = x[:3] * 1.0
    for _ in range(3):
        np.add.at(y, AT, y[AT] * x * 0.1)
        y = y * y
    return y


def of_numbers(x):
    y = np.zeros(3)
    np.add.at(y, [0, 1, 1], x[:3])
    np.add.at(y, AT, 2.0)
    np.add.at(y, AT, x[0])
    return y * y * y


def at_pairs(x):
    y = np.zeros((3, 3))
    np.add.at(y, (AT, AT[::-1]), x * x)
    return y ** 3


def at_what_changes(x):
    at, y = AT.copy(), np.zeros(3)
    np.add.at(y, at, x ** 2)
    at[...] = 0
    np.add.at(y, at, x ** 3)
    return y ** 2


def out_again(x):
    y = np.zeros(5)
    z = np.multiply(x, x, out=y)
    z *= 2.0
    np.add(y, x, out=y)
    np.exp(y, y)
    return z


def copied(x):
    y = np.empty_like(x)
    np.copyto(y, x * 2.0)
    np.copyto(y[1:3], x[0])
    np.subtract(y, x, out=y[:])
    return y * y


def into_an_argument(x):
    np.add.at(x, AT[:3], x[:3] ** 2)
    return x ** 2


def in_a_helper(x):
    def added(y, v):
        np.add.at(y, AT, v)
        return y

    return added(added(np.zeros(3), x), x * x) ** 2


@pytest.mark.parametrize("function", [
    into_one_of_several, into_a_view, of_itself, of_numbers, at_pairs, at_what_changes, out_again,
    copied, into_an_argument, in_a_helper], ids=lambda f: f.__name__)
def test_first_and_second_derivatives_agree_with_differences(function):
    np.testing.assert_array_equal(sd.vjp(function, X.copy())[0], function(X.copy()))
    sd.check_grads(function, (X,), order=2)
    np.testing.assert_allclose(sd.jacfwd(function)(X.copy()), sd.jacrev(function)(X.copy()),
                               rtol=1e-12, atol=1e-12)


def scattered(x):
    y = np.zeros(3)
    np.add.at(y, AT, x)
    return y


def out_of_products(x):
    y = np.zeros(5)
    np.multiply(x, x, out=y)
    return y


@pytest.mark.parametrize("function", [scattered, out_of_products], ids=lambda f: f.__name__)
@pytest.mark.parametrize("mode", ["vjp", "jvp", "grad"])
def test_the_text_knows_where_the_cotangents_are(function, mode):
    def loss(x):
        return np.sum(function(x) ** 2)

    assert "by_place" not in sd.source(loss, mode, args=(X,))
    assert "rt.push" not in sd.source(loss, mode, args=(X,))


def test_what_is_written_in_single_precision_has_cotangents_of_its_argument():
    def rounded(x):
        y = np.zeros(3, np.float32)
        np.add.at(y, AT, x)
        return np.multiply(y, y, out=np.zeros(3, np.float32))

    value, pullback = sd.vjp(rounded, X)
    assert value.dtype == np.float32
    found = pullback(np.ones(3, np.float32))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, 2 * rounded(X)[AT] ** 0.5 * np.sign(scattered(X))[AT],
                               rtol=1e-6)


def test_what_a_ufunc_may_have_written_a_part_of_stays_its_own_write():
    def handled(x):
        y = np.zeros(5)
        try:
            np.multiply(x, x, out=y)
        except FloatingPointError:
            y[0] = 1.0
        return y

    np.testing.assert_allclose(sd.vjp(handled, X)[1](np.ones(5)), 2 * X)
    assert "by_place" in sd.source(handled, "vjp", args=(X,))
