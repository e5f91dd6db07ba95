"""Second derivatives of roots, splines and distributions, which values with tangents go through."""

import numpy as np
import pytest

import s2sdiff as sd

pytest.importorskip("scipy")
import scipy.integrate  # noqa: E402  (it is an extra)
import scipy.interpolate  # noqa: E402
import scipy.optimize  # noqa: E402
import scipy.stats  # noqa: E402

KNOTS = np.linspace(0.0, 4.0, 9)
SPLINE = scipy.interpolate.CubicSpline(KNOTS, np.sin(KNOTS))
SHAPES = {"a": 2.0, "scale": 1.5}


def cubic(t, p):
    return t ** 3 + p * t - 1.0


def by_bisection(p):
    return scipy.optimize.brentq(lambda t: cubic(t, p), 0.0, 2.0)


def with_arguments(p):
    return scipy.optimize.brentq(cubic, 0.0, 2.0, args=(p,))


def of_vectors(p):
    def equations(t):
        return np.array([t[0] ** 3 + p * t[0] - t[1], t[1] - p])

    return np.sum(scipy.optimize.root(equations, np.array([0.5, 1.0]), tol=1e-13).x)


def of_table(x):
    return SPLINE(x) ** 2


def through_values(x):
    return scipy.interpolate.CubicSpline(KNOTS, np.sin(KNOTS) * x)(1.3) * x ** 2


def density(x):
    return scipy.stats.gamma.logpdf(x, SHAPES["a"], scale=SHAPES["scale"])


TIMES = np.linspace(0.0, 1.0, 3)
TIGHT = {"rtol": 1e-9, "atol": 1e-11}


class Decay:
    def __init__(self, p):
        self.p = p

    def slope(self, t, y):
        return np.array([-self.p * y[0]])


def decay(y, t, p):
    return [-p * y[0]]


def by_odeint(p):
    return np.sum(scipy.integrate.odeint(decay, np.array([2.0]), TIMES, args=(p,), **TIGHT))


def by_solve_ivp_of_a_method(p):
    return np.sum(scipy.integrate.solve_ivp(
        Decay(p).slope, (0.0, 1.0), np.array([2.0]), t_eval=TIMES, **TIGHT).y)


def by_quad_to_a_limit(p):
    return scipy.integrate.quad(lambda t, a: t * a ** 2, 0.0, p, args=(p,))[0]


def vectorized_over_both(p):
    return np.sum(np.vectorize(lambda t, a: np.sin(a * t))(TIMES, p))


#: Of `2 * exp(-p * t)` at the times, summed up.
DECAYED = float(np.sum(2.0 * TIMES ** 2 * np.exp(-1.3 * TIMES)))
WAVE = -float(np.sum(TIMES ** 2 * np.sin(1.3 * TIMES)))


def of_root(p):
    """The second derivative of the root of `t**3 + p*t - 1`, which moves by `-t / (3*t**2 + p)`."""
    t = by_bisection(p)
    slope = 3 * t ** 2 + p
    first = -t / slope
    return -first / slope + t * (6 * t * first + 1.0) / slope ** 2


@pytest.mark.parametrize("f, x, second", [
    (by_bisection, 1.3, of_root(1.3)), (with_arguments, 1.3, of_root(1.3)),
    (of_vectors, 1.3, None),
    (of_table, 2.3, 2 * SPLINE(2.3, 1) ** 2 + 2 * SPLINE(2.3) * SPLINE(2.3, 2)),
    (by_odeint, 1.3, DECAYED), (by_solve_ivp_of_a_method, 1.3, DECAYED),
    (by_quad_to_a_limit, 1.3, 6.0 * 1.3 ** 2), (vectorized_over_both, 1.3, WAVE),
    (through_values, 1.2, 6 * SPLINE(1.3) * 1.2), (density, 2.3, -1.0 / 2.3 ** 2)],
    ids=lambda v: getattr(v, "__name__", ""))
def test_second_derivatives(f, x, second):
    found = sd.hvp(f, (x,), (1.0,))
    slopes = [sd.grad(f)(x + step) for step in (1e-5, -1e-5)]
    assert found == pytest.approx((slopes[0] - slopes[1]) / 2e-5, rel=1e-6)
    assert second is None or found == pytest.approx(second, rel=1e-8)


class Counting(Decay):
    def slope(self, t, y):
        self.calls = getattr(self, "calls", 0) + 1
        return super().slope(t, y)


class Cached(Decay):
    @property
    def p(self):
        self.read = True
        return self.held

    @p.setter
    def p(self, value):
        self.held = value


@pytest.mark.parametrize("cls", [Counting, Cached])
def test_a_method_counts_in_its_object_in_first_derivatives_alone(cls):
    def solved(p):
        return np.sum(scipy.integrate.solve_ivp(
            cls(p).slope, (0.0, 1.0), np.array([2.0]), t_eval=TIMES, rtol=1e-9).y)

    slope = float(np.sum(-2.0 * TIMES * np.exp(-1.3 * TIMES)))
    assert sd.grad(solved)(1.3) == pytest.approx(slope, rel=1e-5)
    with pytest.raises(sd.DifferentiationError, match="may write"):
        sd.hessian(solved)(1.3)


#: `y' = -p*y**2` from 2 has `y(s) = 2 / (1 + 2*p*s)`; `y' = -p*y` from 2 is 1 at `log(2) / p`.
def falling(p, s):
    return 16.0 * s ** 2 / (1.0 + 2.0 * p * s) ** 3


def reached(event, method):
    def of(p):
        def hit(t, y):
            return y[0] - 1.0

        hit.terminal = True
        found = scipy.integrate.solve_ivp(
            lambda t, y: np.array([-p * y[0], p * y[0] - y[1] ** 2]), (0.0, 2.0),
            np.array([2.0, 0.5]), method=method, events=hit, rtol=1e-5, atol=1e-8)
        return found.t_events[0][0] if event == "time" else found.y[1, -1]

    return of


def implicit(method):
    return lambda p: scipy.integrate.solve_ivp(
        lambda t, y: -p * y ** 2, (0.0, 1.0), np.array([2.0]), method=method, rtol=1e-5,
        atol=1e-8).y[0, -1]


def with_slopes(p):
    return scipy.integrate.solve_ivp(
        lambda t, y, q: np.array([-q * y[0] ** 2]), (0.0, 1.0), np.array([2.0]), method="BDF",
        jac=lambda t, y, q: np.array([[-2.0 * q * y[0]]]), args=(p,), rtol=1e-5, atol=1e-8).y[0, -1]


def between_steps(method):
    return lambda p: np.sum(scipy.integrate.solve_ivp(
        lambda t, y: -p * y ** 2, (0.0, 1.0), np.array([2.0]), method=method, dense_output=True,
        rtol=1e-5, atol=1e-8).sol(np.array([0.3, 0.7])))


SOLUTIONS = {
    "Radau": (implicit("Radau"), falling(1.3, 1.0)), "BDF": (implicit("BDF"), falling(1.3, 1.0)),
    "LSODA": (implicit("LSODA"), falling(1.3, 1.0)), "slopes": (with_slopes, falling(1.3, 1.0)),
    "dense": (between_steps("RK45"), falling(1.3, 0.3) + falling(1.3, 0.7)),
    "when": (reached("time", "RK45"), 2.0 * np.log(2.0) / 1.3 ** 3),
    "where": (reached("state", "RK45"), None), "where, implicitly": (reached("state", "BDF"), None),
}


@pytest.mark.parametrize("name", SOLUTIONS)
def test_solutions_and_events_have_second_derivatives(name):
    f, expected = SOLUTIONS[name]
    if expected is None:
        first = [sd.grad(f)(1.3 + k * 1e-2) for k in (-2, -1, 1, 2)]
        expected = np.dot([1.0, -8.0, 8.0, -1.0], first) / 12e-2
    np.testing.assert_allclose(sd.hvp(f, (1.3,), (1.0,)), expected, rtol=1e-3)


@pytest.mark.parametrize("name", ["LSODA", "when"])
def test_so_they_have_in_all_ways_of_nesting(name):
    f, expected = SOLUTIONS[name]
    found = [sd.grad(sd.grad(f))(1.3), sd.grad(lambda p: sd.jvp(f, (p,), (1.0,))[1])(1.3),
             sd.jvp(lambda p: sd.jvp(f, (p,), (1.0,))[1], (1.3,), (1.0,))[1]]
    np.testing.assert_allclose(found, expected, rtol=1e-3)


INTEGRALS = {
    # Of x*y*p for y below p*x, x below p: p**7 / 8.
    "limits": (lambda p: scipy.integrate.dblquad(
        lambda y, x: x * y * p, 0.0, p, lambda x: 0.0, lambda x: x * p)[0],
        42.0 * 1.3 ** 5 / 8.0),
    "arguments": (lambda p: scipy.integrate.nquad(
        lambda x, y, a: a ** 3 * x * y, [[0.0, 1.0], [0.0, p]], args=(p,))[0], 5.0 * 1.3 ** 3),
    "captured": (lambda p: scipy.integrate.nquad(
        lambda x, y: np.exp(p * x) * y, [[0.0, 1.0], [0.0, 1.0]])[0], None),
}


@pytest.mark.parametrize("name", INTEGRALS)
def test_integrals_over_several_variables_have_second_derivatives(name):
    f, expected = INTEGRALS[name]
    if expected is None:
        # Half of the integral of x**2 * exp(p*x).
        q = 1.3
        expected = 0.5 * (np.exp(q) * (q ** 2 - 2 * q + 2) - 2.0) / q ** 3
    found = [sd.hvp(f, (1.3,), (1.0,)), sd.grad(sd.grad(f))(1.3),
             sd.grad(lambda p: sd.jvp(f, (p,), (1.0,))[1])(1.3)]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_tangent_of_a_function_that_captures_a_name_can_be_refused_and_found_again():
    def along(f):
        return lambda t: sd.jvp(lambda p: sd.jvp(f, (p,), (1.0,))[1], (t,), (1.0,))[1]

    def made(method):
        return lambda p: scipy.integrate.solve_ivp(
            lambda t, y: -p * y, (0.0, 1.0), np.array([2.0]), method=method, **TIGHT).y[0, -1]

    assert along(made("RK45"))(1.3) == pytest.approx(2.0 * np.exp(-1.3), rel=1e-6)
