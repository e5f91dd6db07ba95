"""Items of long lists: derivatives, and work that grows as the list does, not as its square."""

import sys

import numpy as np
import pytest

import s2sdiff as sd


def by_index(c, x):
    total = 0.0
    for i in range(len(c)):
        total = total + c[i] * c[-1 - i] * x
    return total


def one_by_one(c, x):
    total = 0.0
    for v in c:
        total = total + v * v * x
    return total


def into_a_list(c, x):
    out = []
    for i in range(len(c)):
        out.append(c[i] * x)
    return sum(out) * out[-1]


def as_pairs(c, x):
    pairs = [(v, i) for i, v in enumerate(c)]
    return sum(v * x * i for v, i in pairs)


def written(c, x):
    c = list(c)
    for i in range(1, len(c)):
        c[i] = c[i] + c[i - 1] * x * 0.1
    return c[-1]


def popped(c, x):
    left, total = list(c), 0.0
    while left:
        total += left.pop() * x
    return total


def by_key(c, x):
    table = {i: v * x for i, v in enumerate(c)}
    total = 0.0
    for k in table:
        total += table[k] * x
    return total


def picked(c, i, x):
    if i % 3 == 0:
        return c[i] * x
    for _ in range(2):
        x = x * 0.9
    return c[i] * x * x


def by_a_helper(c, x):
    total = 0.0
    for i in range(len(c)):
        total = total + picked(c, i, x)
    return total


def by_place_of_the_greatest(c, x):
    greatest = max(c)
    i = c.index(greatest)
    return c[i] * x + c[i - 1] * greatest


FUNCTIONS = [by_index, one_by_one, into_a_list, as_pairs, written, popped, by_key,
             by_a_helper]
ALL = [*FUNCTIONS, by_place_of_the_greatest]


@pytest.mark.parametrize("f", ALL)
@pytest.mark.parametrize("number", [float, np.float64, np.float32])
def test_the_derivative_is_that_of_differences(f, number):
    c = [number(v) for v in np.linspace(0.2, 1.1, 17)]
    value, pullback = sd.vjp(f, c, 0.9)
    assert value == f(c, 0.9)
    kept = [float(v) for v in c]
    expected = []
    for i in range(17):
        ends = [f([v + h * (i == k) for k, v in enumerate(kept)], 0.9) for h in (1e-6, -1e-6)]
        expected.append((ends[0] - ends[1]) / 2e-6)
    slope = (f(kept, 0.9 + 1e-6) - f(kept, 0.9 - 1e-6)) / 2e-6
    once = pullback(1.0)
    c.clear()
    for c_bar, x_bar in (once, pullback(1.0), sd.grad(f, wrt=("c", "x"))(kept, 0.9)):
        tolerance = 1e-4 if number is np.float32 else 1e-6
        assert c_bar == pytest.approx(expected, rel=tolerance, abs=1e-8)
        assert x_bar == pytest.approx(slope, rel=tolerance)


def test_a_list_of_mixed_numbers_follows_one_of_floats():
    gradient = sd.grad(by_index, wrt=("c", "x"))
    for c in ([0.5] * 20, [0.5, 1] * 10, [np.float64(0.5)] * 20, [1] * 20, [0.5] * 3, []):
        c_bar, x_bar = gradient(c, 2.0)
        plain = [float(v) for v in c]
        assert x_bar == pytest.approx(by_index(plain, 1.0))
        for g, v, w in zip(c_bar, c, reversed(plain), strict=True):
            assert g is None if isinstance(v, int) else g == pytest.approx(4.0 * w)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_ten_times_the_items_are_ten_times_the_work(f):
    gradient = sd.grad(f, wrt=("c", "x"))

    def steps(n):
        c = [float(v) for v in np.linspace(0.2, 1.1, n)]
        gradient(c, 0.9)
        count = 0

        def counted(frame, event, argument):
            nonlocal count
            count += 1
            return counted

        before = sys.gettrace()
        sys.settrace(counted)
        try:
            gradient(c, 0.9)
        finally:
            sys.settrace(before)
        return count

    assert steps(300) < 11 * steps(30)
