"""Banded Hermitian matrices: eigenvalues, factors and their use; forms that have no derivative."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw

linalg = pytest.importorskip("scipy.linalg")
special = pytest.importorskip("scipy.special")


def band(lower, kind, n=5, width=2):
    """The diagonals of a triangle of a positive definite matrix."""
    ab = draw((width + 1, n), -0.4, 0.4, 1, kind)
    at = 0 if lower else width
    ab[at] = 3.0 + np.real(ab[at])
    return ab


BANDS = [(lower, kind) for lower in (True, False) for kind in (float, complex)]


@pytest.mark.parametrize(("lower", "kind"), BANDS)
def test_factors_and_what_is_solved_with_them_agree_with_differences(lower, kind):
    ab = band(lower, kind)
    check_rule(linalg.cholesky_banded, ab, kwargs={"lower": lower})
    factor = linalg.cholesky_banded(ab, lower=lower)
    check_rule(linalg.cho_solve_banded, (factor, lower), draw((5,), -1.0, 1.0, 3, kind))
    check_rule(linalg.cho_solve_banded, (factor, lower), draw((5, 2), -1.0, 1.0, 4, kind))
    check_rule(linalg.cholesky_banded, band(lower, kind, 2, 3), kwargs={"lower": lower})


@pytest.mark.parametrize(("lower", "kind"), BANDS)
def test_eigenvalues_agree_with_differences(lower, kind):
    ab = band(lower, kind)
    check_rule(linalg.eigvals_banded, ab, kwargs={"lower": lower})
    check_rule(linalg.eigvals_banded, ab, kwargs={"lower": lower, "select": "i",
                                                  "select_range": (1, 3)})
    some = {"lower": lower, "select": "v", "select_range": (-1e3, 1e3)}
    assert len(linalg.eigvals_banded(ab, **some)) > 1
    check_rule(linalg.eigvals_banded, ab, kwargs=some)
    if kind is float:
        check_rule(linalg.eig_banded, ab, kwargs={"lower": lower})
        check_rule(linalg.eig_banded, ab, kwargs={"lower": lower, "select": "i",
                                                  "select_range": (1, 3)})


def test_vectors_whose_phase_matters_are_refused():
    with pytest.raises(sd.DifferentiationError, match="phases.*Instead, "):
        sd.grad(lambda a: np.sum(np.real(linalg.eig_banded(a, lower=True)[1] * (1 + 2j))))(
            band(True, complex))


def test_nodes_of_quadrature_move_with_the_parameters_of_their_polynomials():
    sd.check_grads(lambda a, b: special.roots_jacobi(3, a, b), (0.5, 0.7))
    sd.check_grads(lambda s: s * special.roots_legendre(3)[0], (2.0,))


A = np.array([[1.0, 2.0, 0.1], [0.3, 0.4, -0.2], [0.5, 0.6, 1.7]])
FORMS = {
    "rsf2csf": lambda a: linalg.rsf2csf(*linalg.schur(a))[0], "qz": lambda a: linalg.qz(a, a.T)[0],
    "hessenberg": linalg.hessenberg, "funm": lambda a: linalg.funm(a, lambda u: u * u),
    "signm": linalg.signm, "ldl": lambda a: linalg.ldl(a)[0],
    "matrix_balance": lambda a: linalg.matrix_balance(a)[0],
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_the_matrix_does_not_determine_is_refused_with_the_reason(name):
    for run in (lambda: sd.vjp(lambda a: FORMS[name](a), A)[1](A),
                lambda: sd.jvp(lambda a: FORMS[name](a), (A,), (A,))):
        with pytest.raises(sd.DifferentiationError, match=rf"{name} gives.*: .*Instead, "):
            run()


def test_a_form_of_a_constant_matrix_is_constant():
    sd.check_grads(lambda s: s * linalg.hessenberg(A), (2.0,))
