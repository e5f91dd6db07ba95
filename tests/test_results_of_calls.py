"""What called functions give, and write, for the kinds of their arguments."""

import sys

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import slope

RANDOM = np.random.default_rng(0)


def draw(*shape):
    return RANDOM.normal(size=shape)


def differences(f, args, at):
    """The gradient by the argument at a place, by central differences."""
    found = np.zeros(np.shape(args[at]))
    for index in np.ndindex(found.shape):
        values = []
        for h in (1e-6, -1e-6):
            moved = [np.array(a) for a in args]
            moved[at][index] += h
            values.append(f(*moved))
        found[index] = (values[0] - values[1]) / 2e-6
    return found


def array_or_float(x, flag):
    if flag:
        return x
    return float(np.sum(x))


def of_two_types(x):
    return np.sum(array_or_float(x, True) ** 2) * array_or_float(x, False)


def drawn(x):
    for i in range(3):
        yield x[i]
    return x


def of_a_generator(x):
    total = 0.0
    for v in drawn(x):
        total += v * v
    return total


def positive(x):
    y = x[x > 0]
    for _ in range(2):
        y = y * 1.0
    return y


def of_other_lengths(x):
    return np.sum(positive(x)) + np.sum(positive(-x) ** 2) + np.sum(
        positive(x)[:1] * positive(x + 0.1))


def with_axis(x, axis):
    y = np.expand_dims(x, axis=axis)
    for _ in range(2):
        y = y * 1.0
    return y


def of_a_new_axis(x):
    # Only one of the two is broadcast against the column.
    column = np.arange(1.0, 4.0)[:, None]
    return np.sum(with_axis(x, 0) * column) + np.sum(with_axis(x, 1) * column ** 2) + np.sum(
        with_axis(x, -1) * column)


def summed(x, axis, keep):
    y = np.sum(x, axis=axis, keepdims=keep)
    for _ in range(2):
        y = y * 1.0
    return y


def of_sums(x):
    square = np.outer(x, x)
    return sum(np.sum(summed(square, axis, keep) * square) for axis in (0, 1, -1)
               for keep in (True, False))


def again(x, n):
    if n == 0:
        return x
    return np.sin(again(x, n - 1)) * x


def several(x):
    a = np.sin(x)
    for _ in range(2):
        a = a * x
    return a, (np.sum(a), a[:2])


def of_tuples(x):
    a, (total, part) = several(x)
    return np.sum(a) * total + np.sum(part ** 2)


def zeros_alike(x):
    z = np.zeros((x.shape[0], 2), x.dtype)
    for i in range(2):
        z = z + x[:, None] * i
    return z


def rearranged(x, n):
    y = x.reshape(2, 1, n).transpose(2, 0, 1).reshape(n, -1)
    y = np.pad(y, ((1, 0), (0, 2)), constant_values=0.5)
    for _ in range(2):
        y = y * 1.0
    return y


def of_windows(x):
    windows = np.lib.stride_tricks.sliding_window_view(rearranged(x, 2), (2, 2), axis=(0, 1))
    return np.sum(windows * np.arange(4.0).reshape(2, 2)) + np.sum(windows[0, :1] ** 2)


def in_rows(a):
    for row in a.reshape(-1, 1):
        row[0] = row[0] * 3.0


def after_writes(x):
    a = x * 1.0
    in_rows(a)
    return np.sum(a * x)


def put(table, key, value):
    table[key] = table.get(key, 0.0) + value
    return table


def after_writes_in_dicts(x):
    table = {"a": x[0]}
    put(table, "b", x[1])
    put(put(table, "a", x[2] * x[2]), "b", table["a"])
    return table["a"] * table["b"]


CASES = [of_two_types, of_a_generator, of_other_lengths, of_a_new_axis, of_sums, of_tuples,
         of_windows, after_writes, after_writes_in_dicts]


@pytest.mark.parametrize("f", [*CASES, lambda x: np.sum(again(x, 3)),
                               lambda x: np.sum(zeros_alike(x) ** 2)])
def test_what_a_call_gives_and_writes_is_what_it_does(f):
    x = np.array([0.7, -0.4, 1.3, 0.2]) if f is of_windows else np.array([0.7, -0.4, 1.3])
    expected = differences(f, (x,), 0)
    for _ in range(2):
        np.testing.assert_allclose(sd.grad(f)(x), expected, rtol=1e-6, atol=1e-6)
    _, pullback = sd.vjp(f, x)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-6, atol=1e-6)
    tangent = np.array([0.3, -1.0, 0.5, 2.0])[:len(x)]
    np.testing.assert_allclose(sd.jvp(f, (x,), (tangent,))[1], expected @ tangent, rtol=1e-6)


def test_numbers_in_other_orders_of_bytes_stay_right():
    x = draw(3)
    f = lambda x: np.sum(zeros_alike(x) ** 2)
    np.testing.assert_allclose(sd.grad(f)(x.astype(">f8")), sd.grad(f)(x))


def half(x):
    y = x * 0.5
    for _ in range(2):
        y = y * 1.0
    return y


def through_half(x):
    return np.sum(half(x) * x)


def test_a_derivative_that_is_registered_late_or_gives_another_type_is_asked():
    x = draw(3)
    np.testing.assert_allclose(sd.grad(through_half)(x), x)

    def hundred(x):
        return x * 0.5, lambda v: v * 100.0

    def number(x):
        return 2.0, lambda v: np.full(3, v)

    with sd.derivatives({half: hundred}):
        np.testing.assert_allclose(sd.grad(through_half)(x), 100.5 * x)
    with sd.derivatives({half: number}):
        np.testing.assert_allclose(sd.grad(through_half)(x), np.sum(x) + 2.0)
    np.testing.assert_allclose(sd.grad(through_half)(x), x)


def test_a_helper_that_is_bound_anew_gives_something_else():
    module = sys.modules[__name__]
    x, first = draw(3), half
    sd.grad(through_half)(x)
    try:
        module.half = lambda x: np.sum(x) * 2.0
        np.testing.assert_allclose(sd.grad(through_half)(x), 4 * np.sum(x) * np.ones(3))
    finally:
        module.half = first
    np.testing.assert_allclose(sd.grad(through_half)(x), x)


def chained(W, x, n):
    for _ in range(n):
        x = half(np.tanh(x @ W))
    return np.sum(x)


def test_what_a_call_gives_is_straight_text():
    text = sd.source(through_half, "grad", args=(draw(3),))
    assert "rt.call" not in text
    assert slope(lambda s: chained(s * np.eye(2), np.ones((1, 2)), 3), 1.0) == pytest.approx(
        np.trace(sd.grad(chained)(np.eye(2), np.ones((1, 2)), 3)), rel=1e-6)
