"""Solutions of differential equations: all methods, events, times asked for, by differences."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_whole

integrate = pytest.importorskip("scipy.integrate", reason="it is what is differentiated")
sparse = pytest.importorskip("scipy.sparse", reason="Jacobians may be sparse")

V = np.array([0.4, -0.9, 1.6])
TIGHT = {"rtol": 1e-9, "atol": 1e-9}


def solved(s, t, v, **options):
    return integrate.solve_ivp(lambda u, q: -s * q + u * q[::-1] ** 2, (0.1 * s, t), v,
                               **TIGHT, **options)


@pytest.mark.parametrize("method", ["RK45", "DOP853", "LSODA"])
def test_the_end_of_a_solution_moves_with_parameters_start_and_times(method):
    check_whole(lambda s, t, v: solved(s, t, v, method=method).y[:, -1], 0.7, 1.3, V)


@pytest.mark.parametrize("method", ["RK23", "Radau", "BDF"])
def test_a_method_that_takes_many_steps_has_the_slope_of_the_closed_form(method):
    def grown(s, t, u):
        return integrate.solve_ivp(lambda _, q: s * q * q, (0.0, t), [u], method=method,
                                   rtol=1e-6, atol=1e-8).y[0, -1]

    # u / (1 - u s t)
    below = 1.0 - 0.8 * 0.7 * 0.9
    found = sd.grad(grown, wrt=(0, 1, 2))(0.7, 0.9, 0.8)
    expected = 0.9 * 0.64 / below**2, 0.7 * 0.64 / below**2, 1.0 / below**2
    assert found == pytest.approx(expected, rel=1e-4)
    assert sd.jvp(grown, (0.7, 0.9, 0.8), (1.0, 0.0, 0.0))[1] == pytest.approx(found[0], rel=1e-9)


def of_pendulum(s, t, v):
    def slope(u, q, k):
        return [q[1], -k * np.sin(q[0])]

    return integrate.solve_ivp(slope, [0.0, t], [v[0], 0.3], args=(s,), **TIGHT).y[:, -1]


def falls(s, t, v, method="RK45"):
    def height(u, q):
        return q[0] - 0.1 * s

    height.terminal, height.direction = True, -1
    found = integrate.solve_ivp(lambda u, q: [q[1], -t], (0.0, 9.0), [v[2], s], events=height,
                                method=method, **TIGHT)
    return np.concatenate([found.t[-1:], found.y[:, -1], found.t_events[0], found.y_events[0][0]])


SOLUTIONS = {
    "a list of slopes": of_pendulum,
    "times asked for": lambda s, t, v: solved(s, t, v, t_eval=[0.3, s, 1.1], method="DOP853").y,
    "times asked for, implicit": lambda s, t, v: solved(
        s, t, v, t_eval=[0.3, s], method="LSODA").y,
    "the times themselves": lambda s, t, v: solved(s, t, v, t_eval=[s, t]).t,
    # The others interpolate with fewer digits than they solve.
    "between the steps": lambda s, t, v: solved(
        s, t, v, dense_output=True, method="DOP853").sol(s),
    "at several times": lambda s, t, v: solved(s, 1.3, v, dense_output=True, method="DOP853").sol(
        np.array([0.2, 0.5]) * t),
    "backwards": lambda s, t, v: integrate.solve_ivp(
        lambda u, q: -s * q + u, (t, 0.2 * s), v, method="LSODA", **TIGHT).y[:, -1],
    "complex": lambda s, t, v: integrate.solve_ivp(
        lambda u, q: 1j * s * q, (0.0, t), v + 0.3j, **TIGHT).y[:, -1],
    "an event that ends it": falls,
    "an event, implicit": lambda s, t, v: falls(s, t, v, "LSODA"),
    "several events": lambda s, t, v: integrate.solve_ivp(
        lambda u, q: -s * q, (0.0, t), v[::2], **TIGHT,
        events=[lambda u, q: q[0] - 0.3, lambda u, q: q[1] * u - 0.5, lambda u, q: q[1] - 9.0],
    ).t_events[:2],
    "an item": lambda s, t, v: solved(s, t, v)["y"][:, -1],
}


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_solution_moves_with_parameters_start_and_times(name):
    check_whole(SOLUTIONS[name], 0.7, 1.3, V)


DECAYS = {
    "by columns": lambda s, t, u: integrate.solve_ivp(
        lambda _, q: -s * q, (0.0, t), [u], method="Radau", vectorized=True, rtol=1e-6).y[0, -1],
    "with a Jacobian": lambda s, t, u: integrate.solve_ivp(
        lambda _, q: -s * q, (0.0, t), [u], jac=np.array([[-0.7]]), method="BDF", rtol=1e-6,
    ).y[0, -1],
    "with a Jacobian by function": lambda s, t, u: integrate.solve_ivp(
        lambda _, q: -s * q, (0.0, t), [u], jac=lambda _, q: sparse.csc_array([[-s]]),
        method="Radau", rtol=1e-6).y[0, -1],
    "between implicit steps": lambda s, t, u: integrate.solve_ivp(
        lambda _, q: -s * q, (0.0, 2.0), [u], dense_output=True, method="BDF", rtol=1e-6,
    ).sol(t)[0],
}


@pytest.mark.parametrize("name", DECAYS)
def test_an_implicit_method_has_the_slope_of_the_closed_form(name):
    found = sd.grad(DECAYS[name], wrt=(0, 1, 2))(0.7, 1.3, 2.0)
    y = math.exp(-0.7 * 1.3)
    assert found == pytest.approx((-2.6 * y, -1.4 * y, y), rel=1e-4)


def test_the_time_of_a_fall_is_that_of_the_closed_form():
    def landed(speed, gravity):
        def height(u, q):
            return q[0]

        height.terminal, height.direction = True, -1
        return integrate.solve_ivp(lambda u, q: [q[1], -gravity], (0.0, 99.0), [0.0, speed],
                                   events=height, **TIGHT).t[-1]

    # It is 2 v / g.
    found = sd.grad(landed, wrt=(0, 1))(3.0, 9.81)
    assert found == pytest.approx((2.0 / 9.81, -6.0 / 9.81**2), rel=1e-8)


def test_stiff_solutions_have_the_slope_of_the_slow_one():
    # Of u' = -k (u - cos s t) with a great k the solution follows cos s t.
    for method in ("Radau", "BDF", "LSODA"):
        def followed(s, method=method):
            return integrate.solve_ivp(
                lambda t, u: -1e5 * (u - np.cos(s * t)) - s * np.sin(s * t), (0.0, 2.0), [1.0],
                method=method, rtol=1e-7, atol=1e-9).y[0, -1]

        assert sd.grad(followed)(0.7) == pytest.approx(-2.0 * math.sin(1.4), rel=1e-5)


def test_odeint_takes_its_options_and_stiff_equations():
    def f(s, v, t):
        return integrate.odeint(lambda u, q, k: -k * q, v, [0.0, 0.5, t], args=(s,), tfirst=True,
                                rtol=1e-10, atol=1e-10, full_output=True)[0]

    check_whole(f, 0.7, V, 1.3)
    stiff = sd.grad(lambda s: integrate.odeint(
        lambda q, t: -1e4 * (q - np.cos(s * t)), 1.0, [0.0, 1.0], rtol=1e-9, atol=1e-9)[1, 0])
    assert stiff(0.7) == pytest.approx(-math.sin(0.7), rel=1e-3)


def with_event(event):
    return lambda s: integrate.solve_ivp(lambda u, q: s * (1.0 - q), (0.0, 9.0), [0.0],
                                         events=event, **TIGHT).t_events[0]


def never_done(s):
    return integrate.solve_ivp(lambda u, q: s * q * q, (0.0, 9.0), [1.0]).y[0, -1]


REFUSED = {
    "how it went": (lambda s: integrate.odeint(lambda q, t: -s * q, 1.0, [0.0, 1.0],
                                               full_output=True)[1]["hu"],
                    r"how it went.*Instead, compute with the solution"),
    "an early end of odeint": (lambda s: integrate.odeint(
        lambda q, t: -s * q, 1.0, [0.0, 9.0], mxstep=1), r"ended early.*Instead, allow more steps"),
    "no equations": (lambda s: integrate.odeint(lambda q, t: -s * q, 1.0, [0.0, 1.0], ml=3),
                     r"ended early.*Instead, allow more steps"),
    "an early end": (never_done, r"ended early.*Instead, choose another method"),
    "a method of one's own": (lambda s: integrate.solve_ivp(
        lambda u, q: s * q, (0.0, 1.0), [1.0], method=integrate.RK45).y, r"method.*Instead, choo"),
    "complex and implicit": (lambda s: integrate.solve_ivp(
        lambda u, q: s * q, (0.0, 1.0), [1j], method="BDF").y.real, r"complex.*Instead, write"),
    "an event that jumps": (with_event(lambda u, q: np.sign(q[0] - 0.5)),
                            r"event.*Instead, choose"),
}


@pytest.mark.filterwarnings("ignore::scipy.integrate.ODEintWarning")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_solution_or_has_no_slope_is_refused(name):
    f, message = REFUSED[name]
    with pytest.raises(sd.UnsupportedError, match=message):
        value, pullback = sd.vjp(f, 0.7)
        pullback(np.ones_like(value))


@pytest.mark.parametrize("method", ["RK45", "BDF"])
def test_second_derivatives_of_solutions_are_right_or_refused(method):
    def f(s):
        return integrate.solve_ivp(lambda u, q: -s * q * q, (0.0, 1.0), [2.0], method=method,
                                   **TIGHT).y[0, -1]

    try:
        found = sd.grad(sd.grad(f))(0.7)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        # u = 2 / (1 + 2 s).
        assert found == pytest.approx(16.0 / 2.4**3, rel=1e-4)


def test_times_that_are_asked_for_twice_move_by_themselves():
    times = np.array([0.0, 0.5, 0.5, 1.0])

    def found(k, t):
        return integrate.odeint(lambda y, u: -k * y, 1.0, t)[:, 0]

    falls_ = -times * np.exp(-2.0 * times)
    assert sd.jacrev(lambda k: found(k, times))(2.0) == pytest.approx(falls_, abs=1e-6)
    rows = sd.jacrev(lambda t: found(2.0, t))(times)
    assert np.diag(rows)[1:] == pytest.approx(-2.0 * np.exp(-2.0 * times[1:]), abs=1e-6)
    assert rows[1:, 0] == pytest.approx(2.0 * np.exp(-2.0 * times[1:]), abs=1e-6)
    off = rows - np.diag(np.diag(rows))
    assert off[:, 1:] == pytest.approx(np.zeros((4, 3)), abs=1e-6)


@pytest.mark.parametrize("method", ["RK23", "RK45", "DOP853"])
def test_a_function_that_is_only_called_stands_in_the_steps(method):
    """Backwards, with slopes that are one number, and times of which there are none."""
    def back(k, **options):
        return integrate.solve_ivp(lambda t, y: -k * y[0], (1.0, 0.0), [1.0], method, rtol=1e-9,
                                   **options).y

    wanted = 0.25 * math.exp(0.5) + 0.9 * math.exp(1.8)
    assert sd.grad(lambda k: np.sum(back(k, t_eval=[0.75, 0.1])))(2.0) == pytest.approx(
        wanted, rel=1e-5)
    assert sd.grad(lambda k: np.sum(back(k, t_eval=[])))(2.0) == 0.0
    text = sd.source(
        lambda k: integrate.solve_ivp(lambda t, y: -k * y, (0.0, 1.0), [1.0], method).y[0, -1],
        "grad", args=(2.0,))
    assert "args=given" in text and "make_lambda" not in text


def decays(k):
    return integrate.solve_ivp(lambda t, y: -k * y, (0.0, 1.0), [1.0]).y[0, -1]


def test_text_names_the_function_of_what_a_closure_captures():
    assert "= rt.lifted(decays, '<lambda>', " in sd.source(decays, "grad", args=(2.0,))


def rate(t, y, k, table):
    return -k * table["scale"] * y


def test_what_is_captured_is_given_by_args_where_it_may_be():
    def of(k):
        def spline(t):
            return 2.0 * t

        table = {"scale": 0.5}
        one = integrate.solve_ivp(lambda t, y: -k * spline(t) * y, (0.0, 1.0), [1.0], rtol=1e-9)
        two = integrate.solve_ivp(lambda t, y: rate(t, y, k, table), (0.0, 1.0), [1.0], rtol=1e-9)
        return one.y[0, -1] + two.y[0, -1]

    expected = -math.exp(-0.7) - 0.5 * math.exp(-0.35)
    assert sd.grad(of)(0.7) == pytest.approx(expected, rel=1e-6)
    assert sd.jvp(of, (0.7,), (1.0,))[1] == pytest.approx(expected, rel=1e-6)
