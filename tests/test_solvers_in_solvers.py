"""A solver called in the function that another is given; functions that write are refused still."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError

integrate = pytest.importorskip("scipy.integrate")
optimize = pytest.importorskip("scipy.optimize")
interpolate = pytest.importorskip("scipy.interpolate")


def shot(w, c):
    """The slope with which y'' = -w² y goes from (0, 0) to (1, c): c w / sin(w)."""
    def end(slope):
        path = integrate.solve_ivp(lambda t, y: [y[1], -w * w * y[0]], (0, 1), [0.0, slope],
                                   rtol=1e-11, atol=1e-11)
        return path.y[0, -1] - c

    return optimize.brentq(end, -5, 5, xtol=1e-13)


def shot_by_odeint(w, c):
    def end(slope):
        path = integrate.odeint(lambda y, t: [y[1], -w * w * y[0]], [0.0, slope], [0, 1],
                                rtol=1e-11, atol=1e-11)
        return path[-1, 0] - c

    return optimize.brentq(end, -5, 5, xtol=1e-13)


@pytest.mark.parametrize("f", [shot, shot_by_odeint])
def test_shooting(f):
    w, c = 0.7, 0.4
    wanted = c * (math.sin(w) - w * math.cos(w)) / math.sin(w) ** 2, w / math.sin(w)
    assert f(w, c) == pytest.approx(c * wanted[1], rel=1e-8)
    assert sd.grad(f, (0, 1))(w, c) == pytest.approx(wanted, rel=1e-7)
    assert sd.jvp(f, (w, c), (1.0, 2.0))[1] == pytest.approx(wanted[0] + 2 * wanted[1], rel=1e-7)


def test_the_root_of_an_integral():
    def f(k, c):
        """The a at which the integral of k t from 0 to a is c: sqrt(2 c / k)."""
        return optimize.brentq(lambda a: integrate.quad(lambda t: k * t, 0, a)[0] - c, 0.1, 9)

    k, c = 0.7, 1.2
    root = math.sqrt(2 * c / k)
    for _ in range(2):
        assert sd.grad(f, (0, 1))(k, c) == pytest.approx((-root / 2 / k, root / 2 / c), rel=1e-9)
    assert sd.jvp(f, (k, c), (1.0, 0.0))[1] == pytest.approx(-root / 2 / k, rel=1e-9)


def test_the_integral_of_roots():
    def f(k, end):
        """The integral of sqrt(k x) from 0 to the end."""
        def root(x):
            return optimize.brentq(lambda y: y * y - k * x, 0, 9, xtol=1e-14)

        return integrate.quad(root, 0.5, end)[0]

    k, end = 0.7, 1.2
    wanted = (end**1.5 - 0.5**1.5) / 3 / math.sqrt(k), math.sqrt(k * end)
    assert sd.grad(f, (0, 1))(k, end) == pytest.approx(wanted, rel=1e-9)
    assert sd.jvp(f, (k, end), (0.0, 1.0))[1] == pytest.approx(wanted[1], rel=1e-9)


def interpolants(p):
    spline = interpolate.CubicSpline([0.0, 1.0, 2.0], p)
    lines = interpolate.interp1d([0.0, 1.0, 2.0], p)
    return integrate.quad(lambda t: spline(t) ** 2, 0, 2)[0] + integrate.quad(
        lines, 0, 1)[0] + optimize.brentq(lambda x: lines(x) - 0.9, 1, 2)


def local_functions(p):
    def curve(a):
        return a * p[0] + a**3 * p[2]

    return optimize.brentq(lambda a: curve(a) - p[1], -3, 3)


@pytest.mark.parametrize("f", [interpolants, local_functions])
def test_what_is_called_inside(f):
    sd.check_grads(f, (np.array([0.7, 0.4, 1.3]),))


def noted_inside(k):
    seen = []
    root = optimize.brentq(lambda a: integrate.quad(
        lambda t: seen.append(t) or k * t, 0, a)[0] - 1.0, 0.1, 9)
    return root * len(seen)


def noted_in_a_local_function(k):
    count = 0

    def curve(a):
        nonlocal count
        count += 1
        return a * k - 1.0

    return optimize.brentq(lambda a: curve(a), 0.1, 9) * count


def noted_by_a_method(k):
    class Curve:
        calls = 0

        def __call__(self, a):
            self.calls += 1
            return a * k - 1.0

    curve = Curve()
    return optimize.brentq(lambda a: curve(a), 0.1, 9) * curve.calls


def handed_on(k):
    seen = []

    def noted(t):
        seen.append(t)
        return k * t

    def area(g, a):
        return integrate.quad(g, 0, a)[0]

    return optimize.brentq(lambda a: area(noted, a) - 1.0, 0.1, 9) * len(seen)


@pytest.mark.parametrize("f", [noted_in_a_local_function, noted_by_a_method])
def test_functions_may_count(f):
    count = round(0.7 * f(0.7))
    slope = pytest.approx(-count / 0.7**2)
    assert sd.grad(f)(0.7) == slope
    assert sd.jvp(f, (0.7,), (1.0,)) == (f(0.7), slope)


@pytest.mark.parametrize("f", [noted_inside, handed_on])
def test_functions_that_write_are_refused(f):
    for run in (sd.grad(f), lambda k: sd.jvp(f, (k,), (1.0,))):
        with pytest.raises(UnsupportedError, match="may write what others see"):
            run(0.7)
