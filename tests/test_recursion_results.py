"""What functions give that call themselves is known: their derivatives are plain code."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text


def power(x, n):
    if n == 0:
        return 1.0
    if n % 2:
        return x * power(x, n - 1)
    half = power(x, n // 2)
    return half * half


def none_at_the_end(x, n):
    # An int where it calls nobody, floats otherwise.
    return 0 if n == 0 else x * x + x * none_at_the_end(x, n - 1)


def halved(x, a, b, n):
    if n == 0:
        return (b - a) * math.sin(x * (a + b))
    middle = (a + b) / 2
    return halved(x, a, middle, n - 1) + halved(x, middle, b, n - 1)


def between_ints(x):
    return halved(x, 0, 1, 3)


def in_turn(x, n):
    return x if n == 0 else 1.1 * the_other(x, n - 1)


def the_other(x, n):
    return x * x if n == 0 else 0.9 * in_turn(x, n - 1) + the_other(x, n - 1)


def around_three(x, n):
    return x if n <= 0 else second_of_three(x * 1.1, n - 1) * x


def second_of_three(x, n):
    return math.sin(x) if n <= 0 else third_of_three(x, n - 1) + around_three(x, n - 2)


def third_of_three(x, n):
    return x * around_three(x, n - 1)


def sorted_by_halves(xs):
    if len(xs) < 2:
        return xs
    middle = len(xs) // 2
    a, b = sorted_by_halves(xs[:middle]), sorted_by_halves(xs[middle:])
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]


def weighed(x):
    return sum([(k + 1) * v for k, v in enumerate(sorted_by_halves([x, 0.4, x * x, 2.0 - x, 0.1]))])


def pair(x, n):
    if n == 0:
        return x, 1.0
    value, slope = pair(x, n - 1)
    return math.sin(value), slope * math.cos(value)


def slope_of(x):
    value, slope = pair(x, 3)
    return value * slope


def number_or_array(x, n):
    return x if n == 0 else number_or_array(x, n - 1) * np.array([x, 2.0])


def summed(x):
    return np.sum(number_or_array(x, 3))


def shorter(x, n):
    # Of one number at the end, which is broadcast.
    return x if n == 0 else shorter(x[3:], n - 1) * x


def of_shorter(x):
    return np.sum(shorter(np.array([x, x * x, 0.5, 2.0]), 1)) + np.sum(
        longer(np.array([x, 0.3]), 2))


def longer(x, n):
    return x if n == 0 else longer(np.concatenate([x, x * x]), n - 1) * x[0]


def broadcast_at_the_end(x, n):
    if n == 0:
        return x[:1]
    return broadcast_at_the_end(x[1:], n - 1)[:1] + x


def of_broadcast(x):
    return np.sum(broadcast_at_the_end(np.array([x, x * x, 0.5, 2.0, x]), 3) ** 2)


def every_third(x, n):
    # What is added to the rest is one number, and as long as the rest only at the end.
    return x if n == 0 else np.sin(every_third(x[3:], n - 1) + x[3:])[-1:] * x[0]


def of_every_third(x):
    return np.sum(np.sin(every_third(np.linspace(x, x * x, 10), 3)))


def text_or_number(x, n):
    if n == 0:
        return "end"
    below = text_or_number(x, n - 1)
    return x if below == "end" else below * x


CASES = [
    lambda x: power(x, 11), lambda x: none_at_the_end(x, 4), between_ints,
    lambda x: halved(x, 0.1, x, 3), lambda x: in_turn(x, 5), lambda x: the_other(x, 4),
    lambda x: around_three(x, 6), weighed, slope_of, summed, of_shorter, of_broadcast,
    of_every_third, lambda x: text_or_number(x, 4),
]


@pytest.mark.parametrize("i", range(len(CASES)))
def test_recursion_agrees_with_differences(i):
    f, x = CASES[i], 0.7
    expected = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    for found in (pullback(1.0), pullback(1.0), sd.grad(f)(x), sd.jvp(f, (x,), (1.0,))[1]):
        assert found == pytest.approx(expected, rel=1e-6)
    second = (sd.grad(f)(x + 1e-5) - sd.grad(f)(x - 1e-5)) / 2e-5
    assert sd.grad(sd.grad(f))(x) == pytest.approx(second, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("f", "arguments"), [
    (power, (1.1, 5)), (halved, (1.1, 0.0, 1.0, 3)), (in_turn, (1.1, 3)), (the_other, (1.1, 3)),
    (around_three, (1.1, 3))], ids=lambda v: getattr(v, "__name__", ""))
def test_a_number_that_a_recursion_gives_is_a_number(f, arguments):
    text = sd.source(f, mode="vjp", wrt=0, args=arguments)
    assert "_vjp" in text
    for word in ("rt.match", "rt.call", "rt.copy", "rt.add("):
        assert word not in text


def test_what_a_recursion_gives_is_asked_again_where_what_it_calls_is_bound_anew():
    text = ("def last(x):\n    return x\n"
            "def down(x, n):\n    return last(x) if n == 0 else x * down(x, n - 1)\n")
    scope = {}
    run_text(text, "down.py", scope)
    down = scope["down"]
    assert sd.grad(down)(2.0, 2) == pytest.approx(3 * 2.0**2)
    scope["last"] = lambda x: np.array([x, x * x])
    assert sd.grad(lambda x: down(x, 2)[1])(2.0) == pytest.approx(4 * 2.0**3)
