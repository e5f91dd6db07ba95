"""`scipy.sparse.linalg`: systems of equations with a sparse matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from s2sdiff.registry import constant
from s2sdiff.rules import scipy_sparse_iterative  # noqa: F401
from s2sdiff.rules.scipy_sparse_places import (
    computing,
    frozen,
    kept,
    of_data,
    register,
    unchanged,
)
from s2sdiff.rules.scipy_sparse_products import elements_of_product
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import standins_sparse

__all__: list[str] = []


def spsolve(A, b, permc_spec=None, use_umfpack=True):
    if not sparse.issparse(A) or sparse.issparse(b):
        raise unsupported("spsolve of a matrix that is an array, or a right-hand side that is "
                          "sparse, has no derivative here",
                          "use numpy.linalg.solve, or an array on the right")
    # SciPy sorts its matrix in place; the order of the elements is that of their cotangents.
    x: Any = linalg.spsolve(A.copy(), b, permc_spec, use_umfpack)
    number, first = kept(A), frozen(A)

    def pullback(x_bar):
        g = np.reshape(x_bar, np.shape(x))
        transpose = unchanged(first, number).transpose().tocsc()
        solved: Any = linalg.spsolve(transpose, g, permc_spec, use_umfpack)
        b_bar = np.reshape(solved, np.shape(g))
        return of_data(-elements_of_product(first, b_bar, x)), np.reshape(b_bar, np.shape(b))

    return x, pullback


def solve(self, rhs, trans="N"):
    """The factors of a matrix are objects of SuperLU's, which are constants."""
    def pullback(bar):
        if trans == "H":
            return np.conj(self.solve(np.conj(bar)))
        return self.solve(np.asarray(bar), "T" if trans == "N" else "N")

    return self.solve(rhs, trans), pullback


def solved_by_factors(a, number, factors, rhs, trans="N"):
    """The system is `a`, its transpose ("T") or its adjoint ("H")."""
    x, a = factors.solve(rhs, trans), frozen(a)

    def pullback(x_bar):
        g = np.asarray(x_bar, np.result_type(x_bar, factors.L.dtype))
        if trans == "H":
            y = np.conj(factors.solve(np.conj(g)))
        else:
            y = factors.solve(g, "T" if trans == "N" else "N")
        rows, columns = (y, x) if trans == "N" else (x, y)
        if trans == "H":
            rows, columns = np.conj(rows), np.conj(columns)
        a_bar = of_data(-elements_of_product(unchanged(a, number), rows, columns))
        return a_bar, None, None, y, None

    return x, pullback


def factored(A, *args, **kwargs):
    raise unsupported("incomplete factors of a sparse matrix have no derivative here",
                      "call splu, or make the factors outside of the function")


constant(standins_sparse.factors_of, standins_sparse.kept, standins_sparse.part_of)
register(standins_sparse.solved_by, computing(solved_by_factors))
register(linalg.spilu, factored, "A")
register(linalg.spsolve, spsolve, ("A", "b"))
register(linalg.SuperLU.solve, solve, "rhs")
