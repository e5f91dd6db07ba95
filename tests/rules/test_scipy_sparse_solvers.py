"""SciPy's solvers of sparse systems, direct and iterative, by differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both, check_whole

sparse = pytest.importorskip("scipy.sparse")
linalg = pytest.importorskip("scipy.sparse.linalg")

MAIN, SIDE = np.linspace(3.0, 5.0, 6), np.array([0.5, -0.7, 0.3, 0.9, -0.2])
B = np.array([0.3, -1.2, 0.8, 0.1, 2.0, -0.4])
TIGHT = {"rtol": 1e-13}


def skewed(main, side):
    return sparse.diags([main, side, 0.5 * side], [0, 1, -1], format="csc")


def symmetric(main, side):
    return sparse.diags([main, side, side], [0, 1, -1], format="csr")


@pytest.mark.parametrize("name", ["cg", "cgs", "bicg", "bicgstab", "gmres", "lgmres", "minres",
                                  "qmr", "gcrotmk", "tfqmr"])
def test_what_iteration_finds_moves_with_the_system(name):
    solver = getattr(linalg, name)
    make = symmetric if name in ("cg", "minres") else skewed
    check_both(lambda m, s, b: solver(make(m, s), b, **TIGHT)[0], MAIN, SIDE, B)


ITERATED = {
    "an array": lambda m, s, b: linalg.cg(np.diag(m) + np.outer(b, b), s, **TIGHT)[0],
    "a column": lambda m, s, b: linalg.gmres(np.diag(m) + np.outer(s, b), b[:, None], **TIGHT)[0],
    "where it begins": lambda m, s, b: linalg.cg(np.diag(m), b, b * s, **TIGHT)[0],
    "a preconditioner": lambda m, s, b: linalg.bicgstab(
        np.diag(m) + np.outer(s, b), b, M=sparse.diags(1 / MAIN), **TIGHT)[0],
    "an operator": lambda m, s, b: linalg.cg(linalg.LinearOperator(
        (6, 6), matvec=lambda x: m * x + b * (b @ x)), s, **TIGHT)[0],
    "an operator of a matrix": lambda m, s, b: linalg.gmres(linalg.aslinearoperator(
        np.diag(m) + np.outer(s, b)), b, **TIGHT)[0],
    "an operator and its transpose": lambda m, s, b: linalg.gmres(linalg.LinearOperator(
        (6, 6), matvec=lambda x: m * x + s * (b @ x), rmatvec=lambda x: m * x + b * (s @ x)),
        b, **TIGHT)[0],
}


@pytest.mark.parametrize("way", ITERATED)
def test_iteration_takes_arrays_and_operators(way):
    check_whole(ITERATED[way], MAIN, np.append(SIDE, 0.4), B)


def test_complex_systems_have_the_adjoint_of_the_pairing():
    a, bar = np.diag(MAIN) * (1 + 0.3j) + np.outer(B, 1j * MAIN) * 0.1, np.cos(np.arange(6.0))
    _, pullback = sd.vjp(lambda b: linalg.gmres(a, b, **TIGHT)[0], B + 0.5j)
    np.testing.assert_allclose(pullback(bar + 0j), np.linalg.solve(a.T, bar), rtol=1e-9)
    hermitian = np.diag(MAIN) + 0.2 * (np.outer(B, 1j * MAIN) - np.outer(1j * MAIN, B))
    hermitian = hermitian @ np.conj(hermitian).T
    _, pullback = sd.vjp(lambda b: linalg.cg(hermitian, b, **TIGHT)[0], B + 0.5j)
    np.testing.assert_allclose(pullback(bar + 0j), np.linalg.solve(hermitian.T, bar), rtol=1e-6)


def steps(solve, b):
    x = b
    for _ in range(3):
        x = solve(x + b)
    return x


FACTORED = {
    "splu": lambda m, s, b: linalg.splu(skewed(m, s)).solve(b),
    "the transpose": lambda m, s, b: linalg.splu(skewed(m, s)).solve(b, "T"),
    "the adjoint": lambda m, s, b: linalg.splu(skewed(m, s)).solve(b, trans="H"),
    "columns": lambda m, s, b: linalg.splu(skewed(m, s)).solve(np.outer(b, s)),
    "factorized": lambda m, s, b: linalg.factorized(skewed(m, s))(b),
    "factors used in a loop": lambda m, s, b: steps(linalg.factorized(skewed(m, s)), b),
    "factors kept": lambda m, s, b: steps(linalg.splu(skewed(m, s)).solve, b),
    "what is asked of factors": lambda m, s, b: b * linalg.splu(skewed(m, s)).shape[0],
}


@pytest.mark.parametrize("way", FACTORED)
def test_factors_move_with_their_matrix(way):
    check_both(FACTORED[way], MAIN, SIDE, B)


def test_complex_factors_are_transposed_without_a_conjugate():
    a, bar = np.diag(MAIN) * (1 + 0.3j) + np.diag(SIDE, 1), np.cos(np.arange(6.0)) + 0.2j
    for trans, whole in (("N", a), ("T", a.T), ("H", np.conj(a).T)):
        value, pullback = sd.vjp(
            lambda d, b, t=trans: linalg.splu(sparse.diags([d, SIDE], [0, 1], format="csc")).solve(
                b, t), np.diag(a).copy(), B + 0j)
        d_bar, b_bar = pullback(bar)
        y = np.linalg.solve(whole.T, bar)
        np.testing.assert_allclose(b_bar, y)
        # The adjoint has the conjugate of d, through which a cotangent passes as its own conjugate.
        np.testing.assert_allclose(d_bar, np.conj(-y * value) if trans == "H" else -y * value)


class OneWay(linalg.LinearOperator):
    def __init__(self):
        super().__init__(float, (6, 6))

    def _matvec(self, x):
        return skewed(MAIN, SIDE) @ x


def written_since(d):
    a = skewed(d, SIDE)
    factors = linalg.splu(a)
    a.data[:] = 2.0 * a.data
    return factors.solve(B)


REFUSED = {
    "a matrix written since": (written_since, r"written.*Instead, make a new one"),
    "what is not symmetric": (lambda d: linalg.cg(
        np.diag(4.0 + d) + np.diag(0.1 * SIDE, 1), B, **TIGHT)[0],
        r"adjoints.*Instead, call gmres"),
    "no transpose": (lambda d: linalg.gmres(OneWay(), d, **TIGHT)[0], r"rmatvec.*Instead, give"),
    "no solution": (lambda d: linalg.cg(symmetric(d, SIDE), B, rtol=1e-14, maxiter=1)[0],
                    r"did not converge.*Instead, let it"),
    "a factor": (lambda d: linalg.splu(skewed(d, SIDE)).L.toarray(), r"factor L.*Instead, compute"),
    "parts of factors": (lambda d: linalg.spilu(skewed(d, SIDE)).solve(B),
                         r"incomplete factors.*Instead, call splu"),
}


@pytest.mark.parametrize("way", REFUSED)
def test_what_is_no_solution_of_a_system_is_refused(way):
    f, message = REFUSED[way]
    with pytest.raises(sd.UnsupportedError, match=message):
        value, pullback = sd.vjp(f, MAIN)
        pullback(value * 0.0 + 1.0)


SOLVING = {
    "splu": lambda m, b: linalg.splu(sparse.csc_matrix(m)).solve(b),
    "factorized": lambda m, b: linalg.factorized(sparse.csc_matrix(m))(b),
    "cg": lambda m, b: linalg.cg(m, b, **TIGHT)[0],
    "bicgstab": lambda m, b: linalg.bicgstab(m, b, **TIGHT)[0],
    "lsqr": lambda m, b: linalg.lsqr(m, b, atol=1e-14, btol=1e-14)[0],
}


@pytest.mark.parametrize("name", SOLVING)
@pytest.mark.parametrize("written", ["matrix", "right-hand side", "solution"])
def test_a_pullback_stands_at_the_solution_of_the_call_whatever_is_written_later(name, written):
    m, b, g = symmetric(MAIN, SIDE).toarray(), B.copy(), np.cos(np.arange(6.0))
    y = np.linalg.solve(m, g)
    expected = -np.outer(y, np.linalg.solve(m, b))
    value, pullback = sd.vjp(SOLVING[name], m, b)
    {"matrix": m, "right-hand side": b, "solution": value}[written][...] += 1.5
    m_bar, b_bar = pullback(g)
    np.testing.assert_allclose(m_bar, expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(b_bar, y, rtol=1e-6, atol=1e-9)
