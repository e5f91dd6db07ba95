"""`a.flat = v`, `a.real = v` and `a.imag = v`, in both modes, of arrays that only the run tells."""

import numpy as np
import pytest

import s2sdiff as sd


class Holder:
    def __init__(self, a):
        self.a = a


def all_of_one(a, y):
    a = a * 1.0
    a.flat = y
    return a * a


def in_turns(a, y):
    a = a * 1.0
    a.flat = [y, 3.0, y * y]
    return a * y


def too_many(a, y):
    a = a * 1.0
    a.flat = np.arange(a.size + 2.0) * y
    return a * y


def nothing(a, y):
    b = a * y
    b.flat = []
    return b * y


def halves(a, y):
    a = a * 1j
    a.real = y * a.imag
    a.imag = y
    return abs(a)


def of_an_argument(a, y):
    a.flat = a[0] * y
    return a * 2


def of_a_view(a, y):
    a.T.flat = np.array([y, 2.0, y * y])
    return a * y


def held(a, y):
    holder = Holder(a * 1.0)
    holder.a.flat = y
    items = [holder.a, a]
    items[0].flat = (1.0, y)
    return holder.a * a


def by_name(a, y):
    b = a * y
    setattr(b, "flat", np.sin(b[0]))
    return b + a


def walked_over(a, y):
    for part in (a, a.T):
        part.flat = [y, 1.0]
    return a * a


PROGRAMS = [all_of_one, in_turns, too_many, nothing, halves, of_an_argument, of_a_view, held,
            by_name, walked_over]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_parts_written(f, dtype):
    generator = np.random.default_rng(0)
    a, a_dot = generator.standard_normal((2, 2, 3))
    y, y_dot, h = 1.3, 0.4, 1e-6
    wanted = (f(a + h * a_dot, y + h * y_dot) - f(a - h * a_dot, y - h * y_dot)) / (2 * h)
    value, tangent = sd.jvp(f, (a.astype(dtype), y), (a_dot.astype(dtype), y_dot))
    tolerance = 1e-7 if dtype is np.float64 else 1e-4
    np.testing.assert_allclose(value, f(a.copy(), y), rtol=tolerance)
    np.testing.assert_allclose(tangent, wanted, rtol=tolerance, atol=tolerance)
    assert tangent.dtype == value.dtype == dtype
    bar = generator.standard_normal(value.shape).astype(value.dtype)
    _, pullback = sd.vjp(f, a.astype(dtype), y)
    for _ in range(2):
        a_bar, y_bar = pullback(bar)
        assert np.sum(a_bar * a_dot) + y_bar * y_dot == pytest.approx(
            float(np.sum(bar * wanted)), rel=10 * tolerance)


def test_many_tangents_at_once():
    a = np.array([0.3, 0.7, 1.1])
    np.testing.assert_allclose(sd.jacfwd(lambda a: in_turns(a, a[0]))(a), [
        [0.6, 0, 0], [3, 0, 0], [3 * 0.09, 0, 0]], rtol=1e-12)
    np.testing.assert_allclose(sd.jacfwd(held)(a, 0.5), np.diag([1.0, 0.5, 1.0]), rtol=1e-12)


def test_what_has_no_such_half_raises_what_python_raises():
    def f(a, y):
        a = a * 1.0
        a.imag = y
        return a

    for run in (f, lambda a, y: sd.vjp(f, a, y), lambda a, y: sd.jvp(f, (a, y), (a, y))):
        with pytest.raises(TypeError, match="imaginary"):
            run(np.ones(2), 0.5)
