"""Functions that a function makes and gives to helpers are written into the calls."""

import math

import numpy as np
import pytest

import s2sdiff as sd


def rk4(f, y, t, dt):
    k1 = f(t, y)
    k2 = f(t + dt / 2, y + dt / 2 * k1)
    k3 = f(t + dt / 2, y + dt / 2 * k2)
    k4 = f(t + dt, y + dt * k3)
    return y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def newton(f, slope, x, tolerance=1e-12):
    for _ in range(50):
        step = f(x) / slope(x)
        x = x - step
        if abs(step) < tolerance:
            break
    return x


def first_positive(f, xs):
    for x in xs:
        y = f(x)
        if y > 0.0:
            return y
    return 0.0


def twice(f, x):
    return f(f(x))


def apply(f, x, *, scale=2.0):
    return scale * f(x)


def power(f, x, n):
    return x if n == 0 else f(power(f, x, n - 1))


def integrated(a, n=3):
    def f(t, y):
        return -a * y + math.cos(a * t)

    y, t = a, 0.0
    for _ in range(n):
        y = rk4(f, y, t, 0.1)
        t += 0.1
    return y


def of_arrays(a):
    def f(t, y):
        return np.array([a * y[0] - y[0] * y[1], t - a * y[1]])

    y, states = np.array([1.0, a]), []
    for i in range(3):
        y = rk4(f, y, 0.1 * i, 0.1)
        states.append(y)
    return np.sum(states[0] * states[2])


def root(a):
    return newton(lambda x: x * x * x - a, lambda x: 3 * x * x, 1.0) * a


def searched(a):
    def f(x):
        return a * x - 1.0

    return first_positive(f, [0.1, 0.5, 2.0, 7.0]) ** 2


def of_each_round(a):
    total = 0.0
    for i in range(3):
        k = a * i

        def f(x):
            return x * k + a  # noqa: B023

        total += twice(f, a)
    return total


def two_that_share(a):
    b = a * a

    def f(x):
        return x * b

    def g(x):
        return f(x) + b * x * x

    return twice(g, a) + apply(f, a, scale=3.0)


def kept_over_rounds(a):
    f = None
    total = 0.0
    for i in range(3):
        k = a * (i + 1)
        if f is not None:
            total += twice(f, a)

        def f(x):
            return x * k  # noqa: B023

    return total


def chosen(a):
    if a > 1.0:
        def f(x):
            return x * a
    else:
        def f(x):
            return x + a
    return twice(f, a)


def captured_and_bound_later(a):
    b = a

    def f(x):
        return x * b

    before = twice(f, a)
    b = a * a
    return before + twice(f, a)


def counted(a):
    calls = 0

    def f(x):
        nonlocal calls
        calls += 1
        return x * a

    y = twice(f, a)
    return y * calls


def held(a):
    def f(x):
        return x * a

    return sum(twice(g, a) for g in [f, f])


def with_defaults(a):
    def f(x, k=2.0):
        return x * a + k

    return twice(f, a)


def recursive(a):
    return power(lambda x: x * a, a, 3)


def before_first(a):
    for i in range(3):
        if i == 1:
            def f(x):
                return x * a
        if i > 0:
            y = twice(f, a)  # noqa: F821
    return y


def generators(a):
    class Group:
        def __init__(self, items):
            self.items = items

        def values(self, k):
            yield 0.5 * k
            yield from (item * k for item in self.items)

    gathered = [a]
    gathered.extend(Group([a, 2.0]).values(a))
    return gathered[-1] * gathered[2]


def in_another_module(a):
    from functools import reduce
    return reduce(lambda p, q: p * q + a, [a, a * a, 2.0])


PLAIN = [integrated, of_arrays, root, searched]
TABLE = [*PLAIN, of_each_round, two_that_share, kept_over_rounds, chosen, captured_and_bound_later,
         counted, held, with_defaults, recursive, before_first, generators, in_another_module]


@pytest.mark.parametrize("f", TABLE, ids=lambda f: f.__name__)
@pytest.mark.parametrize("a", [1.3, 0.6])
def test_derivatives_are_those_of_differences(f, a):
    slope = (f(a + 1e-6) - f(a - 1e-6)) / 2e-6
    value, gradient = sd.value_and_grad(f)(a)
    assert value == f(a)
    assert gradient == pytest.approx(slope, rel=1e-7)
    assert sd.jvp(f, (a,), (1.0,))[1] == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize("f", [integrated, of_arrays, root], ids=lambda f: f.__name__)
def test_no_function_is_made_in_the_text(f):
    slope = (sd.grad(f)(1.3 + 1e-6) - sd.grad(f)(1.3 - 1e-6)) / 2e-6
    assert sd.grad(sd.grad(f))(1.3) == pytest.approx(slope, rel=1e-5)
    text = sd.source(f, "grad", args=(1.3,))
    assert "make_" not in text
    assert "by_place" not in text


def test_a_helper_that_is_bound_anew_is_followed(monkeypatch):
    def slope(a):
        return (of_arrays(a + 1e-6) - of_arrays(a - 1e-6)) / 2e-6

    assert sd.grad(of_arrays)(1.3) == pytest.approx(slope(1.3))
    monkeypatch.setitem(globals(), "rk4", euler)
    assert sd.grad(of_arrays)(1.3) == pytest.approx(slope(1.3))


def euler(f, y, t, dt):
    return y + dt * f(t, y)
