"""`scipy.sparse.linalg`: systems of equations with a sparse matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from s2sdiff.rules.scipy_sparse_places import kept, of_data, register, unchanged
from s2sdiff.rules.scipy_sparse_products import elements_of_product
from s2sdiff.rules.shared import unsupported

__all__: list[str] = []


def spsolve(A, b, permc_spec=None, use_umfpack=True):
    if not sparse.issparse(A) or sparse.issparse(b):
        raise unsupported("spsolve of a matrix that is an array, or a right-hand side that is "
                          "sparse, has no derivative here",
                          "use numpy.linalg.solve, or an array on the right")
    # SciPy sorts its matrix in place; the order of the elements is that of their cotangents.
    x: Any = linalg.spsolve(A.copy(), b, permc_spec, use_umfpack)
    number = kept(A)

    def pullback(x_bar):
        g = np.reshape(x_bar, np.shape(x))
        transpose = unchanged(A, number).transpose().tocsc()
        solved: Any = linalg.spsolve(transpose, g, permc_spec, use_umfpack)
        b_bar = np.reshape(solved, np.shape(g))
        return of_data(-elements_of_product(A, b_bar, x)), np.reshape(b_bar, np.shape(b))

    return x, pullback


def solve(self, rhs, trans="N"):
    """The factors of a matrix are objects of SuperLU's, which are constants."""
    def pullback(bar):
        if trans == "H":
            return np.conj(self.solve(np.conj(bar)))
        return self.solve(np.asarray(bar), "T" if trans == "N" else "N")

    return self.solve(rhs, trans), pullback


def factored(A, *args, **kwargs):
    raise unsupported("factors of a sparse matrix have no derivative here",
                      "call spsolve, or make the factors outside of the function")


register(linalg.splu, factored, "A")
register(linalg.spilu, factored, "A")
register(linalg.factorized, factored, "A")
register(linalg.spsolve, spsolve, ("A", "b"))
register(linalg.SuperLU.solve, solve, "rhs")
