"""Where a minus goes, and the sign of a Python float."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import runtime as rt


def root(a):
    x = 1.0
    for _ in range(20):
        x = 0.5 * (x + a / x)
    return x


def map_of(r):
    x = 0.3
    for _ in range(5):
        x = r * x * (1 - x)
    return x


def signed(x, y):
    total = 0.0
    for k in range(3):
        x = abs(x - 0.4 * k) - y * x
        total += math.fabs(x) * y
    return total


@pytest.mark.parametrize(("f", "x"), [(root, 2.0), (map_of, 3.7)])
def test_tangents_are_differences_in_place_of_sums_with_a_minus(f, x):
    text = sd.source(f, mode="jvp", args=(x,))
    assert "-x_dot" not in text and " - x_dot" in text
    h = 1e-6
    assert sd.jvp(f, (x,), (1.0,))[1] == pytest.approx((f(x + h) - f(x - h)) / (2 * h), rel=1e-7)


def test_what_the_user_wrote_stays_as_it_is():
    def f(x, y):
        return -x * y + y

    assert "-x * y + y" in sd.source(f, args=(1.0, 2.0))


class Turns:
    """What is drawn in turn: in another order, it is another number."""

    def __init__(self):
        self.left = [1.0, 2.0, 3.0]

    def draw(self):
        return self.left.pop()


def drawn(x):
    turns = Turns()
    x_dot = -turns.draw() * 2.0 + turns.draw()
    return x * x_dot


def test_names_of_the_users_that_end_as_those_of_tangents_do():
    # -3 * 2 + 2
    assert drawn(1.5) == 1.5 * -4.0
    assert sd.grad(drawn)(1.5) == -4.0
    assert sd.jvp(drawn, (1.5,), (1.0,)) == (-6.0, -4.0)
    assert "-turns.draw() * 2.0 + turns.draw()" in sd.source(drawn, args=(1.5,)) or \
        "+ turns.draw()" not in sd.source(drawn, args=(1.5,))

    def f(x, y):
        x_dot = -y * 3.0 + x
        return x_dot * x

    for mode in ("grad", "jvp"):
        assert "-y * 3.0 + x" in sd.source(f, mode=mode, args=(1.0, 2.0))


@pytest.mark.parametrize(("x", "y"), [(1.3, 0.4), (-0.7, -0.2)])
def test_absolute_values_of_floats_have_slopes_that_are_floats(x, y):
    found = sd.grad(signed, (0, 1))(x, y)
    assert list(map(type, found)) == [float, float]
    assert "np." not in sd.source(signed, mode="grad", wrt=(0, 1), args=(x, y))
    h = 1e-6
    slopes = ((signed(x + h, y) - signed(x - h, y)) / (2 * h),
              (signed(x, y + h) - signed(x, y - h)) / (2 * h))
    assert found == pytest.approx(slopes, rel=1e-7)
    dot = sd.jvp(signed, (x, y), (1.0, 0.5))[1]
    assert type(dot) is float and dot == pytest.approx(slopes[0] + 0.5 * slopes[1], rel=1e-7)
    for twice in (sd.hvp(signed, (x, y), (1.0, 0.5)),
                  sd.jvp(sd.grad(signed, (0, 1)), (x, y), (1.0, 0.5))[1]):
        ends = [sd.grad(signed, (0, 1))(x + s * h, y + 0.5 * s * h) for s in (1, -1)]
        assert twice == pytest.approx(np.subtract(*ends) / (2 * h), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("x", [0.0, -0.0, 1e-310, -3.0, math.inf, -math.inf, math.nan])
def test_the_sign_is_that_of_numpy(x):
    assert rt.sign(x) == np.sign(x) or (math.isnan(x) and math.isnan(rt.sign(x)))
    assert sd.grad(abs)(x) == np.sign(x) or math.isnan(x)


@pytest.mark.parametrize("x", [np.float32(-2.0), np.array([-1.0, 0.0, 2.0]), np.array(-3.0)])
def test_arrays_and_numbers_of_numpy_keep_their_types(x):
    _, pullback = sd.vjp(abs, x)
    bar = pullback(np.ones_like(x))
    np.testing.assert_array_equal(bar, np.sign(x))
    assert bar.dtype == x.dtype and np.shape(bar) == np.shape(x)
