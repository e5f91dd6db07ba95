"""SciPy's LU factors, banded and Toeplitz systems, general eigenvalues, by differences."""

import subprocess
import sys

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule, draw

linalg = pytest.importorskip("scipy.linalg")

KINDS = pytest.mark.parametrize("kind", [float, complex])
COLUMNS = pytest.mark.parametrize("columns", [(), (2,), (1,)])


@KINDS
@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (3, 5), (1, 1)])
def test_lu_factors_agree_with_differences(shape, kind):
    a = draw(shape, -1.0, 1.0, 3, kind)
    check_rule(linalg.lu_factor, a, exact=False)
    for options in ({}, {"permute_l": True}, {"p_indices": True}):
        check_rule(linalg.lu, a, kwargs=options, wrt="a", exact=False)
        check_rule(linalg.lu, np.stack([a, a[::-1]]), kwargs=options, wrt="a", exact=False)


@KINDS
@COLUMNS
@pytest.mark.parametrize("trans", [0, 1, 2])
def test_systems_solved_by_lu_factors_agree_with_differences(trans, columns, kind):
    a, b = draw((4, 4), -1.0, 1.0, 3, kind), draw((4, *columns), -1.0, 1.0, 5, kind)
    check_rule(linalg.lu_solve, linalg.lu_factor(a), b, trans, wrt="b", exact=False)
    sd.check_grads(lambda a, b: linalg.lu_solve(linalg.lu_factor(a), b, trans), (a, b))


def test_the_gradient_through_lu_factors_is_that_of_a_system():
    a, b = draw((4, 4), -1.0, 1.0, 3), draw((4,), -1.0, 1.0, 5)
    found = sd.grad(lambda a: np.sum(linalg.lu_solve(linalg.lu_factor(a), b)))(a)
    x, y = np.linalg.solve(a, b), np.linalg.solve(a.T, np.ones(4))
    assert np.allclose(found, -np.outer(y, x))


@KINDS
@COLUMNS
def test_banded_systems_agree_with_differences(columns, kind):
    ab = draw((4, 5), 0.2, 1.0, 3, kind) + np.array([[0.0], [0.0], [4.0], [0.0]])
    b = draw((5, *columns), -1.0, 1.0, 5, kind)
    check_rule(linalg.solve_banded, (1, 2), ab, b, wrt=("ab", "b"), exact=False)
    check_rule(linalg.solve_banded, (1, 1), ab[1:], b, wrt=("ab", "b"), exact=False)
    for stored, lower in ((ab[:3], False), (ab[1:3], False), (ab[2::-1], True), (ab[2:], True)):
        check_rule(linalg.solveh_banded, stored, b, kwargs={"lower": lower}, wrt=("ab", "b"),
                   exact=False)


@KINDS
@pytest.mark.parametrize("trans", [0, 1, 2])
def test_systems_solved_by_factors_of_lapack_agree_with_differences(trans, kind):
    ab = draw((7, 5), -1.0, 1.0, 3, kind)
    ab[4] += 4.0
    b = draw((5, 2), -1.0, 1.0, 5, kind)
    whole = draw((5, 5), -1.0, 1.0, 4, kind) + 4.0 * np.eye(5)
    factor, solve = linalg.get_lapack_funcs(("gbtrf", "gbtrs"), (ab,))
    lu, pivots, _ = factor(ab, 2, 2)
    check_rule(solve, lu, 2, 2, b, pivots, trans, wrt="b", exact=False)
    factor, solve = linalg.get_lapack_funcs(("getrf", "getrs"), (whole,))
    lu, pivots, _ = factor(whole)
    check_rule(solve, lu, pivots, b, trans, wrt="b", exact=False)


def test_a_function_of_lapack_has_its_rule_where_nothing_else_is_loaded():
    code = ("from scipy.linalg import lapack; from s2sdiff import registry; "
            "print(registry.find(lapack.dgetrs).wrt)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert done.stdout == "('b',)\n", done.stderr


def test_column_and_row_of_one_length_stay_two_arrays():
    c, r, b = np.array([4.0, 1.0, 0.5]), np.array([4.0, 0.3, 0.2]), np.array([1.0, 2.0, 3.0])
    sd.check_grads(lambda c, r, b: linalg.solve_toeplitz((c, r), b), (c, r, b))
    sd.check_grads(lambda c, r, b: linalg.matmul_toeplitz((c, r), b), (c, r, b))


def test_what_lies_outside_of_a_banded_matrix_has_no_gradient():
    ab = np.array([[9.0, 1.0, 1.0], [4.0, 4.0, 4.0], [1.0, 1.0, 9.0]])
    bar = sd.grad(lambda ab: np.sum(linalg.solve_banded((1, 1), ab, np.ones(3))))(ab)
    assert bar[0, 0] == 0.0
    assert bar[2, 2] == 0.0
    assert np.all(bar[1] < 0.0)


@KINDS
@COLUMNS
def test_toeplitz_systems_and_products_agree_with_differences(columns, kind):
    c, r = draw((4,), 0.2, 1.0, 3, kind), draw((4,), 0.2, 1.0, 4, kind)
    c[0] += 4.0
    b = draw((4, *columns), -1.0, 1.0, 5, kind)
    for function in (linalg.solve_toeplitz, linalg.matmul_toeplitz):
        check_rule(function, c, b, exact=False)
        check_rule(function, (c, r), b, exact=False)
    check_rule(linalg.matmul_toeplitz, (c, r[:3]), b[:3], exact=False)
    check_rule(linalg.matmul_toeplitz, (c[:2], r), b, exact=False)


@KINDS
def test_general_eigenvalues_agree_with_differences(kind):
    a = draw((4, 4), -1.0, 1.0, 3, kind)
    b = draw((4, 4), -0.5, 0.5, 7, kind) + 2.0 * np.eye(4)
    check_rule(linalg.eigvals, a, single=False, exact=False)
    check_rule(linalg.eigvals, a, b, single=False, exact=False)
    check_modes(lambda a, b: linalg.eig(a, b)[0], (a, b))


@KINDS
def test_left_and_right_eigenvectors_agree_with_differences_where_phases_cancel(kind):
    a = draw((4, 4), -1.0, 1.0, 3, kind)

    def sizes(a):
        w, left, right = linalg.eig(a, left=True)
        return w + np.abs(left) * np.abs(right) ** 2

    for f in (sizes, lambda a: np.abs(linalg.eig(a)[1]),
              lambda a: np.abs(linalg.eig(a, left=True, right=False)[1])):
        sd.check_grads(f, (a,))


def test_infinite_eigenvalues_of_two_matrices_are_left_out():
    a, b = draw((3, 3), -1.0, 1.0, 3), np.diag([1.0, 2.0, 0.0])

    def finite(a):
        w = linalg.eigvals(a, b)
        return np.sum(np.real(w[np.isfinite(w)]))

    sd.check_grads(finite, (a,))


def test_vectors_of_two_matrices_are_refused():
    a, b = draw((3, 3), -1.0, 1.0, 3), np.eye(3)
    with pytest.raises(UnsupportedError, match=r"two matrices.*Instead"):
        sd.grad(lambda a: np.abs(linalg.eig(a, b)[1][0, 0]))(a)


def test_eigenvalues_of_tridiagonal_matrices_agree_with_differences():
    d, e = draw((5,), -1.0, 1.0, 3), draw((4,), 0.5, 1.0, 3)
    def turned(d, e):
        w, v = linalg.eigh_tridiagonal(d, e)
        return w, v * np.sign(v[0])  # two calls of LAPACK may differ in signs

    sd.check_grads(turned, (d, e))
    check_rule(linalg.eigh_tridiagonal, d, e, True, exact=False)
    check_rule(linalg.eigh_tridiagonal, d, e, True, "i", (1, 2), wrt=("d", "e"), exact=False)
    check_rule(linalg.eigvalsh_tridiagonal, d, e, exact=False)
    some = {"select": "i", "select_range": (0, 1)}
    with pytest.raises(UnsupportedError, match=r"all are computed.*Instead"):
        sd.grad(lambda d: linalg.eigh_tridiagonal(d, e, **some)[1][0, 0])(d)


@pytest.mark.parametrize("factor", [linalg.lu_factor, linalg.cho_factor])
def test_what_is_no_number_of_a_factor_has_no_gradient(factor):
    a = np.eye(3) + 0.1
    assert not np.any(sd.grad(lambda a: np.sum(factor(a)[1]) + 0.0 * a[0, 0])(a))
    check_rule(linalg.cho_factor, a, exact=False)


@pytest.mark.parametrize("lower", [0, 1])
def test_symmetric_systems_read_one_triangle(lower):
    a = np.array([[2.0, 0.3, -0.4], [9.0, 1.0, 0.5], [8.0, 7.0, -3.0]])
    b = np.array([[1.0, 2.0], [3.0, 4.0], [0.5, 6.0]])

    def solved(a, b):
        return linalg.lapack.dsysv(a, b, lower=lower)[2]

    sd.check_grads(solved, (a, b), order=2)
    a_bar = sd.grad(lambda a: np.sum(solved(a, b)))(a)
    assert not np.any(np.triu(a_bar, 1) if lower else np.tril(a_bar, -1))
    turned = a * (1.0 + 0.3j), b * (0.2 - 1.0j)
    sd.check_grads(lambda a, b: np.abs(linalg.lapack.zsysv(a, b, lower=lower)[2]), turned)
    with pytest.raises(UnsupportedError, match=r"factors that sysv gives.*Instead"):
        sd.grad(lambda a: linalg.lapack.dsysv(a, b)[0][0, 0])(a)


def test_triangular_factors_of_a_singular_matrix_are_refused():
    def f(x):
        return np.sum(linalg.lu(np.array([[1.0, 2.0], [2.0, 4.0]]) * x)[2])

    with pytest.raises(sd.DifferentiationError, match="singular matrix .*Instead, "):
        sd.grad(f)(1.5)
    with pytest.raises(sd.DifferentiationError, match="singular matrix .*Instead, "):
        sd.jvp(f, (1.5,), (1.0,))
