"""Least squares with a start and damping, of matrices and operators, by differences.

A solution depends on its start where it is one of many, and where what is damped is the step.
"""

import subprocess
import sys

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both

linalg = pytest.importorskip("scipy.sparse.linalg")

rng = np.random.default_rng(3)
TALL, WIDE = rng.standard_normal((5, 3)), rng.standard_normal((2, 4))
B, START = rng.standard_normal(5), rng.standard_normal(4)
TIGHT = {"atol": 1e-15, "btol": 1e-15, "conlim": 0.0}


def operator(a):
    return linalg.LinearOperator(a.shape, matvec=lambda x: a @ x, rmatvec=lambda y: a.T @ y)



SOLVERS = {
    "lsqr": lambda a, b, damp, x0: linalg.lsqr(a, b, damp, x0=x0, **TIGHT)[0],
    "lsmr": lambda a, b, damp, x0: linalg.lsmr(a, b, damp, x0=x0, **TIGHT)[0],
    "lsqr of an operator": lambda a, b, damp, x0: linalg.lsqr(
        operator(a), b, damp, x0=x0, **TIGHT)[0],
    "norms of lsqr": lambda a, b, damp, x0: [
        linalg.lsqr(a, b, damp, x0=x0, **TIGHT)[i] for i in (3, 4, 8)],
    "norms of lsmr": lambda a, b, damp, x0: [
        linalg.lsmr(a, b, damp, x0=x0, **TIGHT)[i] for i in (3, 7)],
}


@pytest.mark.parametrize("solver", SOLVERS)
def test_damped_solutions_move_with_their_start(solver):
    check_both(SOLVERS[solver], TALL, B, 0.7, START[:3])


@pytest.mark.parametrize("solver", list(SOLVERS)[:3])
def test_one_of_many_solutions_moves_with_matrix_and_start(solver):
    def f(a, b, x0):
        return SOLVERS[solver](a, b, 0.0, x0)

    check_both(f, WIDE, B[:2], START)


def test_complex_solutions_move_with_their_start():
    def f(a, b, x0):
        return np.abs(linalg.lsqr(a, b, 0.6, x0=x0, **TIGHT)[0])

    check_both(f, TALL + 0.5j * TALL[::-1], B * 1j, START[:3] + 0j)


def test_a_start_that_is_written_later_is_that_of_the_call():
    start = START.copy()
    _, pullback = sd.vjp(lambda a, x0: linalg.lsqr(a, np.ones(2), x0=x0, **TIGHT)[0], WIDE, start)
    expected = pullback(np.arange(4.0))
    start[...] = 7.0
    for one, other in zip(pullback(np.arange(4.0)), expected, strict=True):
        np.testing.assert_array_equal(one, other)
    kept = np.eye(4) - np.linalg.pinv(WIDE) @ WIDE
    np.testing.assert_allclose(expected[1], kept @ np.arange(4.0), atol=1e-10)


def test_norms_that_a_solver_tells_of_an_operator_are_refused():
    def f(b):
        return linalg.lsqr(operator(TALL), b, **TIGHT)[3]

    with pytest.raises(sd.UnsupportedError, match="Instead, compute it from the solution"):
        sd.grad(f)(np.ones(5))


@pytest.mark.parametrize("solver", ["lsqr", "lsmr"])
@pytest.mark.parametrize("made", [np.asarray, operator])
def test_what_a_solver_gave_up_is_refused(solver, made):
    limit = {"lsqr": "iter_lim", "lsmr": "maxiter"}[solver]

    def f(b):
        return getattr(linalg, solver)(made(TALL), b, **{limit: 1})[0]

    with pytest.raises(sd.UnsupportedError, match="ended early.*Instead, let it iterate longer"):
        sd.jacobian(f)(B)


BY_NAME = """
import numpy as np
import s2sdiff as sd
import scipy.sparse.linalg

def f(b, name="cg"):
    return np.sum(getattr(scipy.sparse.linalg, name)(np.diag([2.0, 4.0]), b, rtol=1e-13)[0])

print(sd.grad(f)(np.ones(2)))
"""


def test_a_solver_that_is_found_by_name_before_any_other_has_its_rules(tmp_path):
    (tmp_path / "by_name.py").write_text(BY_NAME)
    done = subprocess.run([sys.executable, str(tmp_path / "by_name.py")], capture_output=True,
                          text=True, check=True)
    assert done.stdout.split() == ["[0.5", "0.25]"]
