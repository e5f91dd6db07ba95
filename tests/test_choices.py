"""`max`, `min` and `sum` of numbers: branches and items in the text, and right by differences."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import arguments, compiler
from s2sdiff.transforms.context import Request

X = np.array([0.7, -0.4, 1.3])


def of_two(p):
    m = max(p[0], p[1])
    return m * m + min(p[1], 3.0)


def of_three(p):
    return max(p[0], 1, p[1] * p[2]) * p[2] + min(p[2], p[0], p[1])


def ramps(p):
    total = 0.0
    for v in p:
        total += max(0.0, v) ** 2
    return total


def best_so_far(p):
    best = -math.inf
    for v in p:
        best = max(best, v * v)
    return best * p[0]


def clamped(p):
    def clamp(x, low, high):
        return max(low, min(high, x))

    return clamp(p[0], 0.0, 0.5) * p[1] + clamp(p[2], p[1], 10)


def of_a_display(p):
    row = [p[0], p[1] * p[2], p[2]]
    low = min(row)
    return low - math.log(sum(math.exp(low - v) for v in row))


def of_a_tuple(p):
    t = (p[0], p[1], p[2])
    return max(t) * sum(t)


def of_a_vector(p):
    squares = p * p
    m = max(squares)
    squares[:] = 0.0
    return m * min(p) + squares[0]


def of_a_list_that_grows(p):
    seen, total = [], 0.0
    for k in range(6):
        seen.append(p[k % 3] * k)
        total += max(seen) - 0.5 * min(seen) + sum(seen)
    return total + sum(seen, p[1]) * sum(seen)


def of_a_list_that_is_written(p):
    best = [0.0] * 6
    for k in range(1, 6):
        best[k] = max(best[k], best[k - 1] + p[k % 3])
    best[2] *= p[1]
    return best[5] + max(best) * sum(best)


def written_after_it_was_asked(p):
    row = [p[0], p[1], p[2], p[0], p[1]]
    m = max(row)
    row[2] = row[2] * 10.0
    return m * m + row[2]


def knapsack(p):
    weights, values, best = [1, 2, 3], [p[0] + 2, p[1] + 3, p[2] + 1], [0.0] * 6
    for w, v in zip(weights, values):
        for c in range(5, w - 1, -1):
            best[c] = max(best[c], best[c - w] + v)
    return best[5] + best[2]


def ring(p):
    ring_of, head, total = [0.0] * 4, 0, 0.0
    for i in range(10):
        ring_of[head % 4] = p[i % 3] * (i + 1)
        head += 1
        total = 0.5 * total + sum(ring_of) / 4
    return total


PLAIN = [of_two, of_three, ramps, best_so_far, clamped, of_a_display, of_a_tuple, of_a_vector,
         of_a_list_that_grows, of_a_list_that_is_written, written_after_it_was_asked, knapsack,
         ring]


def with_an_int(p):
    row = [1, p[0], p[1]]
    return sum(row) * p[2] + max(row)


def complex_sum(p):
    z = sum([p[0] * 1j, p[1], p[2]])
    return z.real * z.imag


def by_a_key(p):
    row = [p[0], p[1], p[2]]
    return max(row, key=abs) * p[0] + min(row, key=lambda v: -v * v)


def of_nothing_by_default(p):
    none = [v for v in p if v > 5.0]
    return max(none, default=p[1]) * p[0] + sum(none)


def of_values(p):
    d = {"a": p[0], "b": p[1]}
    return max(d.values()) * p[2] + sum(d.values())


def of_objects(p):
    return max([(p[0], 1), (p[2], 2)])[0] * p[1]


@pytest.mark.parametrize("f", [*PLAIN, with_an_int, complex_sum, by_a_key, of_nothing_by_default,
                               of_values, of_objects], ids=lambda f: f.__name__)
def test_both_modes_are_right(f):
    at = X.copy()
    step = 1e-6
    slopes = np.array([(f(X + step * e) - f(X - step * e)) / (2 * step) for e in np.eye(3)])
    value, pullback = sd.vjp(f, at)
    assert value == pytest.approx(f(X), rel=1e-14)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slopes, atol=1e-6)
    np.testing.assert_allclose(sd.grad(f)(at), slopes, atol=1e-6)
    direction = np.array([0.3, -1.1, 0.8])
    value, dot = sd.jvp(f, (at,), (direction,))
    assert value == pytest.approx(f(X), rel=1e-14)
    assert dot == pytest.approx(slopes @ direction, abs=1e-6)
    np.testing.assert_array_equal(at, X)


@pytest.mark.parametrize("mode", ["grad", "jvp"])
@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_nothing_is_left_to_the_run(f, mode):
    kinds = arguments.arguments_of(f, (X,), {})
    text = compiler.compile_for(f, Request(mode, ("p",), outer=True), kinds).printed.text
    assert "rt.call" not in text and "rt.push" not in text and "_pullback" not in text, text


def test_the_first_of_equals_is_chosen():
    assert sd.grad(lambda x, y: max(x, y), wrt=(0, 1))(2.0, 2.0) == (1.0, 0.0)
    assert sd.grad(lambda x, y: min(x, y), wrt=(0, 1))(2.0, 2.0) == (1.0, 0.0)
    assert sd.grad(lambda x: max(0.0, x))(0.0) == 0.0
    assert sd.grad(lambda x: max(x, 0.0))(0.0) == 1.0
    equal = np.full(5, 3.0)
    np.testing.assert_array_equal(sd.grad(lambda p: max(p))(equal), [1.0, 0, 0, 0, 0])


def test_nan_is_chosen_where_python_chooses_it():
    nan = math.nan
    assert sd.value_and_grad(lambda x: max(x, 1.0))(nan)[1] == 1.0
    assert sd.value_and_grad(lambda x: max(1.0, x))(nan) == (1.0, 0.0)


def test_float32_stays():
    x = np.float32(1.5)
    value, pullback = sd.vjp(lambda a: max(a * a, np.float32(0.5)), x)
    assert type(value) is np.float32 and type(pullback(np.float32(1))) is np.float32
    assert sd.grad(lambda a: sum([a, a * a, np.float32(1)]))(x) == 4.0


def test_what_python_refuses_is_refused_alike():
    with pytest.raises(ValueError, match="empty"):
        sd.grad(lambda p: max([v for v in p if v > 9.0]) * p[0])(X)
    with pytest.raises(TypeError, match="not supported"):
        sd.grad(lambda x: abs(max(x * 1j, x)))(1.0)


def test_a_derivative_of_ones_own_is_asked():
    def halved(*args):
        return max(*args), lambda bar: tuple(0.5 * bar for _ in args)

    def f(x, y):
        return max(x, y) * 1.0

    assert sd.grad(f, wrt=(0, 1))(1.0, 2.0) == (0.0, 1.0)
    with sd.derivatives({max: halved}):
        assert sd.grad(f, wrt=(0, 1))(1.0, 2.0) == (0.5, 0.5)
    assert sd.grad(f, wrt=(0, 1))(1.0, 2.0) == (0.0, 1.0)
