"""Solvers that are given objects that are called, and functions of which a part is given."""

import functools
import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError

integrate = pytest.importorskip("scipy.integrate")
optimize = pytest.importorskip("scipy.optimize")


class Decay:
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, t, y, force):
        return force - self.rate * y


class Counted(Decay):
    calls = 0

    def __call__(self, t, y, force):
        self.calls += 1
        return super().__call__(t, y, force)


def decayed(cls, rate, force):
    path = integrate.solve_ivp(cls(rate), (0, 1), [1.0], args=(force,), rtol=1e-10, atol=1e-12)
    return path.y[0, -1]


def decayed_by_part(rate, force):
    def slope(rate, t, y, force=0.0):
        return force - rate * y

    part = functools.partial(functools.partial(slope, rate), force=force)
    return integrate.solve_ivp(part, (0, 1), [1.0], rtol=1e-10, atol=1e-12).y[0, -1]


@pytest.mark.parametrize("f", [functools.partial(decayed, Decay), decayed_by_part])
def test_an_equation_is_an_object_or_a_part(f):
    rate, force = 0.7, 0.4
    left = math.exp(-rate)
    wanted = (-left + force * (left * (1 + rate) - 1) / rate**2, (1 - left) / rate)
    assert f(rate, force) == pytest.approx(left + force * wanted[1], rel=1e-8)
    assert sd.grad(f, (0, 1))(rate, force) == pytest.approx(wanted, rel=1e-7)
    assert sd.jvp(f, (rate, force), (1.0, 2.0))[1] == pytest.approx(
        wanted[0] + 2 * wanted[1], rel=1e-7)


def test_an_object_may_count_its_calls():
    found = sd.grad(functools.partial(decayed, Counted))(0.7, 0.4)
    assert found == pytest.approx(sd.grad(functools.partial(decayed, Decay))(0.7, 0.4), rel=1e-7)


class Curve:
    def __init__(self, p):
        self.p = p

    def __call__(self, x):
        return x**3 - self.p

    def away(self, x, k):
        return k * self(x)

    def twice(self, x):
        return self.away(x, 2.0)


SEARCHES = {
    "brentq": lambda p: optimize.brentq(Curve(p), 0.1, 3.0, xtol=1e-14),
    "newton": lambda p: optimize.newton(functools.partial(Curve(p).away, k=2.0), 1.0, tol=1e-14),
    "fsolve": lambda p: optimize.fsolve(Curve(p), np.ones(1), xtol=1e-13)[0],
    "root_scalar": lambda p: optimize.root_scalar(Curve(p), bracket=(0.1, 3.0), xtol=1e-14).root,
    "least_squares": lambda p: optimize.least_squares(
        Curve(p).twice, 1.0, xtol=1e-15, ftol=1e-15, gtol=1e-15).x[0],
}


@pytest.mark.parametrize("what", SEARCHES)
def test_what_is_searched_for_is_an_object_of_its_own(what):
    wanted = 1.3 ** (-2 / 3) / 3
    assert sd.grad(SEARCHES[what])(1.3) == pytest.approx(wanted, rel=1e-7)
    assert sd.jvp(SEARCHES[what], (1.3,), (1.0,))[1] == pytest.approx(wanted, rel=1e-7)


def test_a_method_that_an_object_has_of_its_own_is_no_method_of_its_class():
    def f(p):
        seen, curve = [], Curve(p)
        curve.away = lambda x, k: seen.append(x) or k * curve(x)
        return optimize.brentq(curve.twice, 0.1, 3.0)

    with pytest.raises(UnsupportedError, match="may write what others see"):
        sd.grad(f)(1.3)


def test_a_part_is_handed_on_within_a_function_that_is_searched():
    def f(k, c):
        """The end at which k times the integral of t is c: sqrt(2 c / k)."""
        def line(t, shift):
            return k * t + shift

        return optimize.brentq(lambda a: integrate.quad(
            functools.partial(line, shift=0.0), 0, a)[0] - c, 0.1, 9)

    k, c = 0.7, 1.2
    root = math.sqrt(2 * c / k)
    assert sd.grad(f, (0, 1))(k, c) == pytest.approx((-root / 2 / k, root / 2 / c), rel=1e-8)


class Spring:
    """The x at which x³ + stiff x is 2, in several ways."""

    def __init__(self, stiff):
        self.stiff = stiff
        self.seen = []

    def off(self, x):
        return x**3 + self.stiff * x - 2

    def counted(self, x):
        self.seen.append(x)
        return self.off(x)

    @property
    def noted(self):
        self.seen.append(0)
        return self.stiff

    def by_attribute(self):
        return optimize.brentq(lambda x: x**3 + self.stiff * x - 2, 0, 5, xtol=1e-13)

    def by_method(self):
        return optimize.brentq(lambda x: self.off(x), 0, 5, xtol=1e-13)

    def by_function(self):
        def off(x, other):
            return self.off(x) * other

        return optimize.newton(off, 1.0, args=(2.0,), tol=1e-14)

    def by_flow(self):
        """The flow dy/dt = -(y³ + stiff y - 2) comes to rest there."""
        return integrate.solve_ivp(lambda t, y: -self.off(y), (0, 40), [1.0], method="LSODA",
                                   rtol=1e-10, atol=1e-12).y[0, -1]


def slope_of(stiff):
    x = optimize.brentq(lambda x: x**3 + stiff * x - 2, 0, 5, xtol=1e-14)
    return -x / (3 * x * x + stiff)


@pytest.mark.parametrize("way", ["by_attribute", "by_method", "by_function", "by_flow"])
def test_a_function_reads_an_object_that_it_captures(way):
    def f(stiff):
        return getattr(Spring(stiff), way)()

    assert sd.grad(f)(0.7) == pytest.approx(slope_of(0.7), rel=1e-6)
    assert sd.jvp(f, (0.7,), (2.0,))[1] == pytest.approx(2 * slope_of(0.7), rel=1e-6)


@pytest.mark.parametrize("write", [
    lambda s: lambda x: s.counted(x), lambda s: lambda x: s.seen.append(x) or s.off(x),
    lambda s: s.counted])
def test_a_function_that_writes_into_an_object_that_it_captures_is_refused(write):
    def f(stiff):
        return optimize.brentq(write(Spring(stiff)), 0, 5)

    with pytest.raises(UnsupportedError, match="may write what others see"):
        sd.grad(f)(0.7)


def test_a_property_that_notes_what_has_no_derivative_is_read():
    def f(stiff):
        spring = Spring(stiff)
        return optimize.brentq(lambda x: x**3 + spring.noted * x - 2, 0, 5, xtol=1e-14)

    assert sd.grad(f)(0.7) == pytest.approx(slope_of(0.7), rel=1e-8)


def test_what_an_object_has_in_the_place_of_a_method_is_asked_each_time():
    def f(stiff, counts):
        spring, seen = Spring(stiff), []
        if counts:
            plain = spring.off
            spring.off = lambda x: seen.append(x) or plain(x)
        return optimize.brentq(lambda x: spring.off(x), 0, 5, xtol=1e-13)

    assert sd.grad(f)(0.7, False) == pytest.approx(slope_of(0.7), rel=1e-8)
    with pytest.raises(UnsupportedError, match="may write what others see"):
        sd.grad(f)(0.7, True)


class Reactor:
    """Its law is a function, a method or an object of somebody else's."""

    def __init__(self, law, other=None):
        self.law, self.other = law, other

    def __call__(self, t):
        law = self.law
        return t + law(t) - 1.0

    def lacks(self, t):
        return t + self.law(t) - 1.0

    def both(self, t):
        return self.lacks(t) + Reactor.lacks(self.other, t)


class Slowing:
    def __init__(self, k):
        self.k = k

    def law(self, t):
        self.k = self.k * 1.0
        return self.k * t


def rising(x):
    return lambda t: x * t


class Rising:
    def __init__(self, k):
        self.k = k

    def __call__(self, t):
        return self.k * t


def solved(function):
    return optimize.brentq(function, -9.0, 9.0, xtol=1e-14)


@pytest.mark.parametrize("law", [rising, Rising, lambda x: Rising(x).__call__,
                                 lambda x: functools.partial(lambda k, t: k * t, x)])
@pytest.mark.parametrize("given", [lambda r: r, lambda r: r.lacks, lambda r: lambda t: r.lacks(t)])
def test_a_method_calls_a_function_that_its_object_holds(law, given):
    def f(x):
        return solved(given(Reactor(law(x))))

    assert sd.grad(f)(0.7) == pytest.approx(-1 / 1.7**2)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(-1 / 1.7**2)


@pytest.mark.parametrize("given", [
    lambda x: Reactor(Slowing(x).law), lambda x: Reactor(Slowing(x).law).lacks,
    lambda x: Reactor(rising(x), Reactor(Slowing(x).law)).both,
])
def test_a_held_function_that_writes_is_refused(given):
    assert sd.grad(lambda x: solved(Reactor(rising(x)).lacks))(0.7) < 0
    with pytest.raises(UnsupportedError, match="may write what others see"):
        sd.grad(lambda x: solved(given(x)))(0.7)
