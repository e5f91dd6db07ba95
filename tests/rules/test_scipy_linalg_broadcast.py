"""Rules of `scipy.linalg` where matrices broadcast, and where all of what is given moves."""

import numpy as np
import pytest

from tests.rules.checker import check_rule

scipy = pytest.importorskip("scipy")
linalg = pytest.importorskip("scipy.linalg")

rng = np.random.default_rng(6)
H = np.array([[2.0, 0.3, 0.1], [0.4, 3.0, 0.2], [0.1, 0.2, 1.5]])
MANY = rng.standard_normal((2, 3, 2))


@pytest.mark.parametrize("power", [0.4, -1.4])
def test_a_power_of_a_matrix_moves_with_the_exponent(power):
    check_rule(linalg.fractional_matrix_power, H, power, forward=False, single=False)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("structure", ["gen", "sym", "pos", "upper triangular", "diagonal"])
def test_one_matrix_of_many_systems_has_the_sum_of_their_cotangents(structure, transposed):
    options = {"assume_a": structure, "transposed": transposed}
    check_rule(linalg.solve, H, MANY, kwargs=options, forward=False, single=False)


def test_one_right_hand_side_of_many_matrices_has_the_sum_of_their_cotangents():
    check_rule(linalg.solve, np.stack([H, 2.0 * H]), MANY[0], forward=False, single=False)
    check_rule(linalg.solve_triangular, H, MANY, forward=False, single=False)


@pytest.mark.parametrize("mode", ["r", "full", "economic"])
def test_the_triangle_comes_first_in_each_mode(mode):
    a = H if mode == "full" else rng.standard_normal((2, 3))
    check_rule(linalg.rq, a, kwargs={"mode": mode}, forward=False, single=False, exact=False)


@pytest.mark.parametrize("target", [linalg.expm, linalg.sqrtm, linalg.logm])
def test_functions_of_several_matrices_agree_with_differences(target):
    check_rule(target, np.stack([H, H.T + np.eye(3)]), forward=False, single=False, exact=False)
