"""`scipy.sparse.linalg`: solvers that iterate.

A solution is what solves the system, however it was found: its derivative is the adjoint system's
solution (Griewank and Walther 2008, chapter 15), found by the same solver to the same tolerance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from s2sdiff.registry import constant
from s2sdiff.rules.scipy_sparse_places import computing, frozen, kept, of_data, register, unchanged
from s2sdiff.rules.scipy_sparse_products import elements_of_product
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import standins_sparse

__all__: list[str] = []

#: For matrices that are their own adjoints.
SYMMETRIC = (linalg.cg, linalg.minres)
#: How far rounding may take one from that.
_ROUNDED = 1e-6


def converged(name: str, info: Any, what: str) -> None:
    """Refuse what is no solution."""
    if info != 0:
        raise unsupported(f"{name} did not converge, and {what} no solution has no derivative",
                          "let it iterate longer, or with a preconditioner")


def transposed_of(name: str, a: Any) -> Any:
    """The transpose of a matrix or an operator."""
    if not isinstance(a, linalg.LinearOperator):
        return a.T
    try:
        a.rmatvec(np.zeros(a.shape[0], a.dtype))
    except NotImplementedError:
        raise unsupported(f"{name} with an operator that has no rmatvec has no derivative here",
                          "give the operator a rmatvec") from None
    return a.T


def check_symmetric(name: str, a: Any) -> None:
    """Refuse what such a solver may have solved all the same."""
    if not isinstance(a, linalg.LinearOperator) and \
            abs(a - np.conj(a.T)).max() > _ROUNDED * abs(a).max():
        raise unsupported(f"{name} is for matrices that are their own adjoints, and has no "
                          "derivative of others", "call gmres or bicgstab")


def adjoint_solution(solver: Any, a: Any, g: Any, options: dict[str, Any]) -> Any:
    """What solves the transposed system for a right-hand side."""
    name = solver.__name__
    again = {k: v for k, v in options.items() if k not in ("callback", "callback_type", "outer_v")}
    if solver in SYMMETRIC:
        check_symmetric(name, a)
        # The transpose of a matrix that is its own adjoint is its conjugate.
        y, info = solver(a, np.conj(g), **again)
        y = np.conj(y)
    else:
        for key in ("M", "M1", "M2"):
            if again.get(key) is not None:
                again[key] = transposed_of(name, again[key])
        if "M1" in again and "M2" in again:
            again["M1"], again["M2"] = again["M2"], again["M1"]
        y, info = solver(transposed_of(name, a), g, **again)
    converged(name, info, "its adjoint with")
    return y


def by_matrix(name, a, b, x0, options):
    """How a solution was found, and from where, counts for nothing."""
    solver = getattr(linalg, name)
    x, info = standins_sparse.found(name, a, b, x0, options)
    number, a = kept(a) if sparse.issparse(a) else None, frozen(a)

    def pullback(bar):
        if bar[0] is None or not np.any(bar[0]):
            return None, None, None, None, None
        converged(name, info, "what is")
        y = adjoint_solution(solver, a, np.reshape(bar[0], np.shape(x)), options)
        b_bar = np.reshape(y if np.iscomplexobj(b) else np.real(y), np.shape(b))
        if sparse.issparse(a):
            a_bar = of_data(-elements_of_product(unchanged(a, number), y, x))
        else:
            a_bar = -np.outer(y, x)
        return None, a_bar, b_bar, None, None

    return (x, info), pullback


def moved_by(name, a, info, options, residual):
    """The operator counts as constant: its residual has what it moves by."""
    def pullback(bar):
        if not np.any(bar):
            return None, None, None, None, None
        converged(name, info, "what is")
        y = adjoint_solution(getattr(linalg, name), a, bar, options)
        residual_bar = y if np.iscomplexobj(residual) else np.real(y)
        return None, None, None, None, residual_bar

    return residual * 0.0, pullback


constant(standins_sparse.is_operator, standins_sparse.found)
register(standins_sparse.by_matrix, computing(by_matrix))
register(standins_sparse.moved_by, moved_by)
