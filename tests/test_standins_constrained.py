"""The least value among points that satisfy constraints: against closed forms, in both modes."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd

optimize = pytest.importorskip("scipy.optimize")

P = np.array([1.0, 2.5, -0.3])
ONE = np.ones(3)


def projected(p, **options):
    """The point nearest to p; the search is exact after a step or two."""
    return optimize.minimize(lambda u: np.sum((u - p) ** 2), np.zeros(3),
                             jac=lambda u: 2.0 * (u - p), tol=1e-14, **options)


def on_plane(p, s):
    return projected(p, constraints={"type": "eq", "fun": lambda u: np.sum(u) - s}).x


def on_plane_with_arguments(p, s):
    return projected(p, bounds=[(None, 9.0)] * 3, constraints=[
        {"type": "eq", "fun": lambda u, s: u[0] + u[1] + u[2] - s, "args": (s,)}]).x


def on_linear_plane(p, s):
    return projected(p, method="SLSQP",
                     constraints=optimize.LinearConstraint(ONE[None], s, s)).x


def in_ball(p, s):
    return projected(p, constraints=[
        {"type": "ineq", "fun": lambda u: s * s - u @ u, "jac": lambda u: -2.0 * u},
        {"type": "ineq", "fun": lambda u: u[0] + 7.0}]).x


def in_ball_of_several(p, s):
    return projected(p, method="SLSQP", constraints=optimize.NonlinearConstraint(
        lambda u: np.array([u @ u, u[0]]), -np.inf, [s * s, 9.0])).x


def below(p, s):
    return projected(p, bounds=[(None, s)] * 3, constraints={
        "type": "ineq", "fun": lambda u: u[0] + 7.0}).x


PLANE = lambda p, s: p - (np.sum(p) - s) / 3.0  # noqa: E731
BALL = lambda p, s: s * p / np.sqrt(p @ p)  # noqa: E731
WAYS = {
    "an equation": (on_plane, PLANE), "with arguments": (on_plane_with_arguments, PLANE),
    "linear": (on_linear_plane, PLANE), "a ball": (in_ball, BALL),
    "of several": (in_ball_of_several, BALL), "bounds": (below, np.minimum),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_point_moves_as_its_closed_form_does(way):
    found, closed = WAYS[way]
    along = np.array([0.3, -0.7, 0.5]), 0.4
    bar = np.array([0.2, 1.1, -0.6])
    value, pullback = sd.vjp(found, P, 1.1)
    expected, back = sd.vjp(closed, P, 1.1)
    np.testing.assert_allclose(value, expected, atol=1e-6)
    for got, entry in zip(pullback(bar), back(bar), strict=True):
        np.testing.assert_allclose(got, entry, atol=1e-5)
    np.testing.assert_allclose(sd.jvp(found, (P, 1.1), along)[1],
                               sd.jvp(closed, (P, 1.1), along)[1], atol=1e-5)


def test_the_least_value_moves_with_the_constraint():
    def least(p, s):
        return projected(p, constraints={"type": "eq", "fun": lambda u: np.sum(u) - s}).fun

    def closed(p, s):
        return (np.sum(p) - s) ** 2 / 3.0

    for got, expected in zip(sd.vjp(least, P, 1.1)[1](1.0), sd.vjp(closed, P, 1.1)[1](1.0),
                             strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-5)


def in_ball_given(p, s):
    return optimize.minimize(
        lambda u, p: np.sum((u - p) ** 2), np.zeros(3), args=(p,), jac=lambda u, p: 2.0 * (u - p),
        tol=1e-14, constraints={"type": "ineq", "fun": lambda u, s: s * s - u @ u, "args": (s,)}).x


BAR = np.array([0.2, 1.1, -0.6])
TWICE = {
    "captured": lambda p: np.sum(BAR * in_ball(p, 1.1) ** 2),
    "given": lambda p: np.sum(BAR * in_ball_given(p, 1.1) ** 2),
    "closed": lambda p: np.sum(BAR * BALL(p, 1.1) ** 2),
}
ORDERS = {
    "grad of grad": lambda f, p, v: sd.vjp(sd.grad(f), p)[1](v),
    "hvp": lambda f, p, v: sd.hvp(f, (p,), (v,)),
    "grad of jvp": lambda f, p, v: sd.grad(lambda p: sd.jvp(f, (p,), (v,))[1])(p),
    "jvp of jvp": lambda f, p, v: np.array([sd.jvp(
        lambda p: sd.jvp(f, (p,), (v,))[1], (p,), (e,))[1] for e in np.eye(3)]),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("way", ["captured", "given"])
def test_second_derivatives_are_those_of_the_closed_form(way, order):
    along = np.array([0.3, -0.7, 0.5])
    got, expected = [ORDERS[order](TWICE[f], P, along) for f in (way, "closed")]
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_the_least_value_has_second_derivatives():
    def least(p):
        return projected(p, constraints=optimize.NonlinearConstraint(
            lambda u: np.array([u @ u, u[0]]), -np.inf, [1.21, 9.0]), method="SLSQP").fun

    np.testing.assert_allclose(sd.hessian(least)(P), sd.hessian(
        lambda p: (np.sqrt(p @ p) - 1.1) ** 2)(P), atol=1e-5)


REFUSED = {
    "depend on each other": [{"type": "eq", "fun": lambda u: u[0] + u[1] - 1.0},
                             {"type": "eq", "fun": lambda u: 2.0 * u[0] + 2.0 * u[1] - 2.0}],
    "does not matter": [{"type": "ineq", "fun": lambda u: u[0] - 1.0}],
}


@pytest.mark.parametrize("why", REFUSED)
def test_where_the_point_has_no_single_derivative_it_is_refused(why):
    with warnings.catch_warnings(), pytest.raises(sd.DifferentiationError, match="Instead, ") as e:
        warnings.simplefilter("ignore")
        sd.vjp(lambda p: projected(p, constraints=REFUSED[why]).x, P)
    assert why in str(e.value)


def test_a_search_that_ended_too_early_is_refused():
    def early(p):
        return optimize.minimize(
            lambda u: np.sum((u - p) ** 4 + u**2), np.zeros(3), options={"maxiter": 1},
            constraints={"type": "ineq", "fun": lambda u: u[0] + 7.0}).x

    with pytest.raises(sd.DifferentiationError, match="not flat"):
        sd.vjp(early, P)
