"""`x += v` adds where numbers are, and writes where others may see it."""

import operator

import numpy as np

import s2sdiff
from tests.transforms.programs import agrees, body, outcome, refused


def test_on_a_float_it_is_an_addition():
    def f(x):
        x += 1.0
        x *= 2.0
        x /= 3.0
        x -= 0.5
        x **= 2
        return x

    assert body(f, 1.5, stage="augmented")[0].endswith("x + 1.0")
    agrees(f, 1.5)


def test_another_name_of_a_float_keeps_its_value():
    def f(x):
        y = x
        y += 1.0
        return x * y

    agrees(f, 2.0)


def test_on_ints_and_strings_it_stays_what_it_is():
    def f(x, n):
        n += 1
        n *= 2
        n //= 3
        n <<= 1
        name = "a"
        name += "b"
        return x * n * len(name)

    agrees(f, 2.0, 3)


def test_on_tuples_it_makes_a_new_one():
    def f(x):
        t = (x,)
        u = t
        t += (x * x,)
        return t[0] * t[1] * len(u)

    agrees(f, 2.0)


def test_on_an_inactive_array_every_name_sees_it():
    def f(x):
        b = np.zeros(3)
        c = b
        c += 1.0
        return x * np.sum(b)

    agrees(f, 2.0)


def test_on_an_active_array_it_is_right_or_refused():
    def f(a):
        b = a * 1.0
        c = b
        b += 1.0
        return np.sum(c * b)

    _, raised, _ = outcome(lambda: s2sdiff.vjp(f, np.array([1.0, 2.0])))
    if raised is None:
        agrees(f, np.array([1.0, 2.0]))
    else:
        assert "in-place" in refused(f, np.array([1.0, 2.0]))


def test_a_name_that_is_an_int_first_and_a_float_later():
    def f(x):
        s = 0
        for i in range(3):
            s += x * i
        return s * x

    agrees(f, 1.5)


def test_an_operator_that_is_called_with_a_star_stays_a_call():
    def f(a):
        b = a * 2.0
        rest = (a,)
        b = operator.iadd(b, *rest)
        return np.sum(b * b)

    agrees(f, np.array([1.0, 2.0]))
