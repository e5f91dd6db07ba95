"""Solvers of `scipy.linalg` for stacks of matrices, and for complex ones, by differences."""

import numpy as np
import pytest

from tests.rules.checker import draw
from tests.rules.whole import check_both

linalg = pytest.importorskip("scipy.linalg")

A = draw((2, 3, 3), -1.0, 1.0, 1) + 3 * np.eye(3)
B = draw((2, 3, 2), -1.0, 1.0, 2)
Z, W = A + 1j * draw((2, 3, 3), -1.0, 1.0, 3), B + 1j * draw((2, 3, 2), -1.0, 1.0, 4)
PAIRS = {"a stack and columns": (A, B), "a stack and one vector": (A, B[0, :, 0]),
         "one matrix and a stack": (A[0], B), "complex stacks": (Z, W),
         "complex, with a vector": (Z[0], W[0, :, 0]), "stacks that broadcast": (A[:, None], B)}
EACH = pytest.mark.parametrize("name", PAIRS)


@EACH
@pytest.mark.parametrize("trans", [0, "T", 2])
@pytest.mark.parametrize("lower", [True, False])
def test_triangular_systems_agree_with_differences(name, trans, lower):
    check_both(lambda a, b: linalg.solve_triangular(a, b, trans, lower, trans == "T"),
               *PAIRS[name])


@EACH
@pytest.mark.parametrize("trans", [0, 1, 2])
def test_systems_by_lu_factors_agree_with_differences(name, trans):
    check_both(lambda a, b: linalg.lu_solve(linalg.lu_factor(a), b, trans), *PAIRS[name])


@pytest.mark.parametrize("a", [A, Z, A[:, :, :2], A[:, :2]], ids=lambda a: f"{a.shape} {a.dtype}")
def test_lu_factors_of_stacks_agree_with_differences(a):
    check_both(lambda a: linalg.lu_factor(a)[0], a)


@EACH
@pytest.mark.parametrize("lower", [True, False])
def test_systems_by_choleskys_factors_agree_with_differences(name, lower):
    def f(a, b):
        square = a @ np.conj(np.swapaxes(a, -2, -1))
        return linalg.cho_solve(linalg.cho_factor(square, lower=lower), b)

    check_both(f, *PAIRS[name])


@pytest.mark.parametrize(("c", "r"), [(B[0], B[0]), (W[0], B[0, :, 1]), (B[0, 0], B[0])],
                         ids=["stacks", "one row for all", "one column for all"])
def test_toeplitz_matrices_of_stacks_agree_with_differences(c, r):
    check_both(linalg.toeplitz, c, r)
    check_both(linalg.toeplitz, c)
