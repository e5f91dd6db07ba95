"""Riccati's equations in all their matrices, real and complex, and in mass and cross terms."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import draw

linalg = pytest.importorskip("scipy.linalg")

W, A, B = draw((3, 3), -1.0, 1.0, 1), draw((3, 3), -1.0, 1.0, 2), draw((3, 2), -1.0, 1.0, 3)
Q, R = np.eye(3) + 0.1, 1.3 * np.eye(2) + 0.2
E, S = np.eye(3) + draw((3, 3), -0.2, 0.2, 4), draw((3, 2), -0.1, 0.1, 5)
NAMES = ["solve_continuous_are", "solve_discrete_are"]


def weighed(name, a, b, q, r, **more):
    """SciPy wants q and r to be Hermitian to the last digits."""
    x = getattr(linalg, name)(a, b, q @ np.conj(q.T), r @ np.conj(r.T), **more)
    return np.sum(np.real(W * x))


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_moves_with_the_matrices(name):
    sd.check_grads(lambda a, b, q, r: weighed(name, a, b, q, r), (A, B, Q, R))


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_moves_with_a_mass_matrix_and_a_cross_term(name):
    sd.check_grads(lambda a, b, q, r, e, s: weighed(name, a, b, q, r, e=e, s=s),
                   (A, B, Q, R, E, S))


@pytest.mark.parametrize("name", NAMES)
def test_complex_matrices(name):
    complex_ones = [m + 0.2j * draw(m.shape, -1.0, 1.0, 7 + i) for i, m in enumerate((A, B, Q, R))]
    sd.check_grads(lambda a, b, q, r: weighed(name, a, b, q, r), tuple(complex_ones))


def test_a_stack_of_matrices_is_refused():
    with pytest.raises((sd.DifferentiationError, ValueError)):
        sd.vjp(linalg.solve_continuous_are, np.stack([A, A]), B, Q, R)
