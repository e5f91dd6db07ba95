"""Functions that solvers are given may write what has no derivative, which stays as plain runs."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError

integrate = pytest.importorskip("scipy.integrate")
optimize = pytest.importorskip("scipy.optimize")

#: What functions outside write.
COUNTS = {"calls": 0}
CALLS = 0


class Cubic:
    def __init__(self, p):
        self.p, self.calls, self.seen = p, 0, []

    def off(self, t):
        self.calls += 1
        self.seen.append("off")
        return t**3 + t - self.p


def by_a_variable(x):
    calls = 0

    def off(t):
        nonlocal calls
        calls += 1
        return t**3 + t - x

    root = optimize.brentq(off, -9.0, 9.0, xtol=1e-14)
    return root, calls


def by_a_method(x):
    cubic = Cubic(x)
    root = optimize.newton(cubic.off, 0.3, tol=1e-14)
    return root, cubic.calls + len(cubic.seen)


def by_a_global_dict(x):
    COUNTS["calls"] = 0

    def off(t):
        COUNTS["calls"] += 1
        return t**3 + t - x

    return optimize.brentq(off, -9.0, 9.0, xtol=1e-14), COUNTS["calls"]


def by_a_global_name(x):
    global CALLS
    CALLS = 0

    def off(t):
        global CALLS
        CALLS += 1
        return t**3 + t - x

    return optimize.brentq(off, -9.0, 9.0, xtol=1e-14), CALLS


def of_several(x):
    seen = []

    def off(z):
        seen.append(len(z))
        return [z[0] ** 3 + z[0] - x, z[1] - z[0]]

    return optimize.root(off, [0.1, 0.2], tol=1e-13).x[1], len(seen)


@pytest.mark.parametrize("f", [by_a_variable, by_a_method, by_a_global_dict, by_a_global_name,
                               of_several])
def test_a_root_of_what_counts_moves_and_the_count_is_that_of_the_plain_run(f):
    root, count = f(0.7)
    slope = pytest.approx(1 / (3 * root**2 + 1), rel=1e-7)
    value, pullback = sd.vjp(lambda x: f(x)[0] * f(x)[1], 0.7)
    for _ in range(2):
        assert pullback(1.0) / count == slope
    assert value == root * count
    dot = sd.jvp(f, (0.7,), (1.0,))
    assert dot[0] == (root, count)
    assert dot[1][0] == slope


def area(x):
    calls = []
    return integrate.quad(lambda t: calls.append(None) or np.sin(x * t), 0.0, x)[0]


def flow(x):
    calls = 0

    def rates(t, z):
        nonlocal calls
        calls += 1
        return [-x * z[0] + t, z[0]]

    return integrate.solve_ivp(rates, (0.0, 1.0), [1.0, x], rtol=1e-10, atol=1e-12).y[1, -1]


def least(x):
    calls = {"cost": 0, "slope": 0}

    def cost(z):
        calls["cost"] += 1
        return np.sum((z - x) ** 2) + np.sum(z**4)

    def slope(z):
        calls["slope"] += 1
        return 2 * (z - x) + 4 * z**3

    return optimize.minimize(cost, np.zeros(2), jac=slope, tol=1e-12).x[0]


@pytest.mark.parametrize("f", [area, flow, least])
def test_integrals_flows_and_least_points_of_what_counts(f):
    assert sd.grad(f)(0.7) == pytest.approx((f(0.7 + 1e-4) - f(0.7 - 1e-4)) / 2e-4, rel=1e-5)


def noted(x):
    cubic = Cubic(x)
    root = optimize.brentq(lambda t: cubic.seen.append(t) or cubic.off(t), -9.0, 9.0)
    return root * cubic.seen[-1]


def kept(x):
    known = {}

    def off(t):
        if "p" not in known:
            known["p"] = x * x
        return t**3 + t - known["p"]

    return optimize.brentq(off, -9.0, 9.0)


def kept_and_raised(x):
    seen = []
    try:
        optimize.brentq(lambda t: seen.append(t) or t * t + x, 0.0, 1.0)
    except ValueError:
        return seen[0] * x
    return x


def into_an_array(x):
    work = np.zeros(1)

    def off(t):
        work[0] = t
        return t**3 + t - x

    return optimize.brentq(off, -9.0, 9.0) * work[0]


class Worker:
    def __init__(self):
        self.calls, self.work = 0, np.zeros(1)

    def off(self, t, x):
        self.calls += 1
        self.work[0] = 2.0 * x
        return t - self.work[0]


WORKER = Worker()


def into_an_array_that_had_it_before(x):
    optimize.brentq(WORKER.off, -9.0, 9.0, args=(0.7,))
    return optimize.brentq(WORKER.off, -9.0, 9.0, args=(x,)) * WORKER.work[0]


def into_what_it_is_given(x):
    calls = 0

    def off(t, work):
        nonlocal calls
        calls += 1
        work[0] += t
        return t**3 + t - x

    work = np.zeros(1)
    return optimize.brentq(off, -9.0, 9.0, args=(work,)) * work[0]


def into_the_point(x):
    calls = 0

    def off(z):
        nonlocal calls
        calls += 1
        z[0] = z[0] * 1.0 + 0.0 * x
        z[0] = z[0] ** 3
        return z - x

    return optimize.fsolve(off, [0.5])[0]


def into_what_hides_it(x):
    digest = hashlib.sha256()
    return optimize.brentq(lambda t: digest.update(b"t") or t**3 + t - x, -9.0, 9.0)


def points_unread(x):
    points = []
    found = optimize.minimize(lambda z: np.sum((z - x) ** 2) + np.sum(z**4), np.zeros(2),
                              tol=1e-12, callback=lambda z: points.append(np.copy(z)))
    return found.x[0] * (len(points) > 0)


def points_read(x):
    points = []

    def note(z):
        points.append(float(z[0]))

    found = optimize.minimize(lambda z: np.sum((z - x) ** 2) + np.sum(z**4), np.zeros(2),
                              tol=1e-12, callback=note)
    return found.x[0] * points[-1]


def arrays_of_points_read(x):
    points = []
    found = optimize.minimize(lambda z: np.sum((z - x) ** 2) + np.sum(z**4), np.zeros(2),
                              tol=1e-12, callback=lambda z: points.append(np.copy(z)))
    return found.x[0] * points[-1][0]


def test_a_callback_may_note_points_which_have_no_derivative():
    z = points_unread(0.7)
    assert sd.grad(points_unread)(0.7) == pytest.approx(2 / (2 + 12 * z**2), rel=1e-4)
    for f in (points_read, arrays_of_points_read):
        with pytest.raises(UnsupportedError, match=r"(?s)\.py:.*callback.*Instead, "):
            sd.grad(f)(0.7)
        with pytest.raises(UnsupportedError, match=r"(?s)\.py:.*callback.*Instead, "):
            sd.jvp(f, (0.7,), (1.0,))


@pytest.mark.parametrize("f", [noted, kept, kept_and_raised, into_an_array,
                               into_an_array_that_had_it_before, into_what_it_is_given,
                               into_the_point, into_what_hides_it])
def test_what_has_a_derivative_or_a_hidden_state_is_written_by_none(f):
    for run in (sd.grad(f), lambda x: sd.jvp(f, (x,), (1.0,))):
        with pytest.raises(UnsupportedError, match=r"(?s)\.py:.*may write.*Instead, give it"):
            run(0.7)
