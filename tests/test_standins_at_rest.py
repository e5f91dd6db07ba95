"""Solutions that stay where they are say nothing of the steps that their derivatives need."""

import math

import numpy as np
import pytest

import s2sdiff as sd

integrate = pytest.importorskip("scipy.integrate")

METHODS = {"RK23": 2e-2, "RK45": 1e-2, "DOP853": 3e-2, "Radau": 1e-5, "BDF": 1e-5, "LSODA": 1e-5}


def spring(t, y):
    return np.array([y[1], -y[0] - y[0] ** 3])


def pulled(k, method, **options):
    """A spring at rest that is pulled by k: as long as k is 0, nothing moves."""
    return integrate.solve_ivp(lambda t, y: np.array([y[1], -y[0] - y[0] ** 3 + k]), (0.0, 5.0),
                               np.zeros(2), method, **options)


@pytest.mark.parametrize("method", METHODS)
def test_a_spring_at_rest_moves_as_its_linear_equation_does(method):
    def end(y0):
        return integrate.solve_ivp(spring, (0.0, 5.0), y0, method).y[0, -1]

    within = {"abs": METHODS[method]}
    value, pullback = sd.vjp(end, np.zeros(2))
    assert value == 0.0
    for _ in range(2):
        assert pullback(1.0) == pytest.approx([math.cos(5.0), math.sin(5.0)], **within)
    assert sd.jvp(end, (np.zeros(2),), (np.array([1.0, 0.0]),))[1] == pytest.approx(
        math.cos(5.0), **within)
    assert sd.grad(lambda k: pulled(k, method).y[0, -1])(0.0) == pytest.approx(
        1.0 - math.cos(5.0), **within)


@pytest.mark.parametrize("method", ["RK23", "RK45", "DOP853"])
def test_tolerances_are_those_of_the_derivative(method):
    found = sd.grad(lambda k: pulled(k, method, rtol=1e-8, atol=1e-10).y[0, -1])(0.0)
    assert found == pytest.approx(1.0 - math.cos(5.0), abs=2e-5)


def test_between_steps_and_at_times_that_are_asked_for():
    times = np.array([0.5, 2.0, 5.0])
    wanted = 1.0 - np.cos(times)
    asked = sd.jacrev(lambda k: pulled(k, "RK45", t_eval=times).y[0])(0.0)
    assert asked == pytest.approx(wanted, abs=1e-2)
    dense = sd.jacrev(lambda k: pulled(k, "RK45", dense_output=True).sol(times)[0])(0.0)
    assert dense == pytest.approx(wanted, abs=1e-2)
    all_of_them = pulled(0.0, "RK45").t
    assert sd.jacrev(lambda k: pulled(k, "RK45").y[0])(0.0) == pytest.approx(
        1.0 - np.cos(all_of_them), abs=1e-2)
    found = sd.jacrev(lambda k: integrate.odeint(
        lambda y, t: [y[1], -y[0] + k], [0.0, 0.0], [0.0, *times])[1:, 0])(0.0)
    assert found == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("method", ["RK45", "DOP853", "Radau", "LSODA"])
def test_a_force_that_has_the_factor_zero(method):
    """y' = -y + p sin(w t): dy/dp = (sin(w t) - w cos(w t) + w exp(-t)) / (1 + w**2)."""
    w, t = 50.0, 10.0

    def end(p):
        return integrate.solve_ivp(lambda s, y: -y + p * np.sin(w * s), (0.0, t), [1.0],
                                   method).y[0, -1]

    wanted = (math.sin(w * t) - w * math.cos(w * t) + w * math.exp(-t)) / (1.0 + w * w)
    assert sd.grad(end)(0.0) == pytest.approx(wanted, abs=1e-3)


def test_a_function_that_is_undefined_beside_the_solution_keeps_its_steps():
    def only_there(t, y, k):
        if k != 0.5:
            raise ValueError(k)
        return -k * y

    found = sd.grad(lambda k: integrate.solve_ivp(only_there, (0.0, 1.0), [2.0], args=(k,),
                                                  rtol=1e-8).y[0, -1])(0.5)
    assert found == pytest.approx(-2.0 * math.exp(-0.5), rel=1e-6)


def test_objects_and_partials_hold_what_is_moved_for_a_while():
    class Model:
        def __init__(self, k):
            self.k, self.name, self.table = k, "spring", {"one": np.ones(2), "many": [1, 2.0]}

        def slope(self, t, y):
            return np.array([y[1], -y[0] * self.table["one"][0] + self.k])

    def end(k):
        model = Model(k)
        found = integrate.solve_ivp(model.slope, (0.0, 5.0), [0.0, 0.0], "LSODA").y[0, -1]
        assert model.table["one"].tolist() == [1.0, 1.0]
        return found

    assert sd.grad(end)(0.0) == pytest.approx(1.0 - math.cos(5.0), abs=1e-5)
