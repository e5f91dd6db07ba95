"""Linear programs and least squares among numbers that are not negative, in both modes."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule
from tests.rules.second import WAYS, second_derivatives

optimize = pytest.importorskip("scipy.optimize")

C, A, B = np.array([-1.0, -2.0, 0.5]), np.array([[1.0, 1.0, 0.2], [0.3, 1.0, -0.1]]), \
    np.array([2.0, 1.3])
A_EQ, B_EQ = np.array([[1.0, -0.2, 1.0]]), np.array([0.9])
COLUMNS = np.array([[1.0, 0.3, 0.2], [0.2, 1.0, 0.1], [0.4, 0.5, 2.0], [0.1, 0.1, 0.1]])
#: The first has a number that stays zero.
SIDES = np.array([[1.0, -0.5, 0.7, 0.3], [1.0, 0.5, 0.7, 0.3]])


def solved(c, a, b, a_eq, b_eq):
    return optimize.linprog(c, A_ub=a, b_ub=b, A_eq=a_eq, b_eq=b_eq)


def bounded(c, a, b, s):
    return optimize.linprog(c, A_ub=a, b_ub=b, bounds=[(-s, s), (0, 1.5 * s), (0.1 * s, None)])


@pytest.mark.parametrize("field", ["x", "fun"])
def test_a_linear_program_moves_with_its_coefficients(field):
    sd.check_grads(lambda *args: getattr(solved(*args), field), (C, A, B, A_EQ, B_EQ))
    sd.check_grads(lambda *args: getattr(bounded(*args), field), (C, A, B, 0.8))


@pytest.mark.parametrize("field", ["x", "fun"])
def test_a_linear_program_has_second_derivatives_in_all_ways(field):
    def moving(t):
        found = getattr(solved(C * t[0], A * t[1], B * t[2], A_EQ, B_EQ), field)
        return np.sum(found * (1.0 + np.arange(np.size(found))) * t)

    t = np.array([1.1, 0.9, 1.2])
    assert second_derivatives(moving, (t,), {}, 0, 1.3) == dict.fromkeys(WAYS, "")


def test_a_value_without_a_corner_has_no_second_derivative():
    def least(t):
        return optimize.linprog([t, t], A_ub=[[-1.0, -1.0], [-2.0, -2.0], [-1.0, 0.0]],
                                b_ub=[-t, -2.0 * t, -t]).fun  # it is t^2

    assert sd.grad(least)(1.5) == pytest.approx(3.0)
    with pytest.raises(sd.DifferentiationError, match="no corner.* Instead, "):
        sd.grad(sd.grad(least))(1.5)


def test_one_pair_of_bounds_is_that_of_all_numbers():
    sd.check_grads(lambda c, s: optimize.linprog(c, bounds=(-s, 2.0 * s)).x, (C, 0.8))


def test_the_value_has_a_derivative_where_the_point_is_no_corner():
    # All of an edge is least: the first two numbers count alike.
    def least(b):
        return optimize.linprog([-1.0, -1.0], A_ub=[[1.0, 1.0]], b_ub=b)

    assert sd.grad(lambda b: least(b).fun)(np.array([2.0])) == [-1.0]


REFUSED = {
    "single corner": lambda b: optimize.linprog(
        [1.0, 1.0], A_ub=[[-1.0, -1.0], [-2.0, -2.0], [-1.0, 0.0]], b_ub=[-b, -2.0 * b, -b]).x[0],
    "without a solution": lambda b: optimize.linprog([-1.0], A_ub=[[-1.0]], b_ub=[b]).fun,
    "integrality": lambda b: optimize.linprog([1.0], A_ub=[[-1.0]], b_ub=[-b],
                                              integrality=[1]).fun,
    "only x and fun": lambda b: optimize.linprog([1.0], A_ub=[[-1.0]], b_ub=[-b]).slack[0],
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_has_no_derivative_is_refused(why):
    with pytest.raises(sd.DifferentiationError, match=f"{why}.*Instead, "):
        sd.grad(REFUSED[why])(1.0)


@pytest.mark.parametrize("side", SIDES)
def test_least_squares_of_numbers_that_are_not_negative(side):
    check_rule(optimize.nnls, COLUMNS, side, single=False)


def test_nothing_moves_where_all_numbers_stay_zero():
    matrix_bar, side_bar = sd.vjp(lambda a, b: optimize.nnls(a, b)[0], COLUMNS,
                                  -SIDES[1])[1](np.ones(3))
    assert not matrix_bar.any()
    assert not side_bar.any()
