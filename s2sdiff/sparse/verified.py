"""Sparse matrices compared with what they stand for: one product with a random vector each."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse

from s2sdiff.sparse.compressed import Planner, evaluated, planner
from s2sdiff.sparse.linear_maps import LinearMap, transposed, unit
from s2sdiff.sparse.probing import drawn, pattern_at, pattern_of

__all__ = ["filled", "found", "marks"]


def found(of: LinearMap, name: str) -> Any:
    """The matrix of a derivative, a csr array of what is not zero."""
    pattern = pattern_of(of)
    if of.symmetric:
        pattern = pattern + pattern.T.tocsr()
    while True:
        matrix = evaluated(of, planner(pattern, of.symmetric)(of))
        missing = _left_out(of, matrix, name)
        if not missing.nnz:
            matrix.eliminate_zeros()
            return matrix
        pattern = pattern + missing
        if of.symmetric:
            pattern = pattern + missing.T.tocsr()


def filled(of: LinearMap, shape: tuple[int, int], plan: Planner, name: str) -> Any:
    """The matrix of a derivative whose pattern was given, and is of this shape."""
    if shape != of.shape:
        raise ValueError(f"{name}: sparsity has shape {shape}, and the matrix {of.shape}: "
                         "a row for each number in the result, a column for each in the argument. "
                         "Instead, pass one of the matrix's shape.")
    matrix = evaluated(of, plan(of))
    missing = _left_out(of, matrix, name).tocoo()
    if missing.nnz:
        row, column = (int(c[0]) for c in missing.coords)
        raise ValueError(f"{name}: sparsity leaves out {missing.nnz} "
                         f"{'entry' if missing.nnz == 1 else 'entries'}, of which the first is "
                         f"{(row, column)}: {_entry(of, row, column)}. Instead, add what is "
                         "missing, or leave sparsity out to have the pattern found.")
    return matrix


def _entry(of: LinearMap, row: int, column: int) -> Any:
    if of.forwards():
        return of.forward(unit(of.shape[1], column))[row]
    return of.backward(unit(of.shape[0], row))[column]


def _left_out(of: LinearMap, matrix: Any, name: str) -> Any:
    """The entries of a derivative that are missing in its matrix: a csr array of bools.

    A row whose product differs by more than rounding is looked into: its entries are found anew, as
    a sum in it may have cancelled but for the rounding, and then there is nothing missing.

    Raises
    ------
    ValueError
        The products differ, and no entry is missing.
    """
    if not of.forwards() and of.backwards():
        return _left_out(transposed(of), matrix.T.tocsr(), name).T.tocsr()
    vector = drawn(of.shape[1], np.random.default_rng(2))
    expected = of.forward(vector)
    with np.errstate(all="ignore"):
        product = matrix @ vector
        size = np.asarray(abs(matrix) @ abs(vector))
        off = np.abs(expected - product)
        rounding = 2.0 ** -of.bits
        suspect = ~(off <= rounding ** 0.75 * size)
        largest = size[np.isfinite(size)].max(initial=0.0)
        # An infinite entry makes either product infinite, or nan beside another one.
        both = ~np.isfinite(expected) & ~np.isfinite(product)
        beyond = ~(off <= np.sqrt(rounding) * (size + largest)) & ~both
    if not suspect.any():
        return scipy.sparse.csr_array(of.shape, dtype=bool)
    missing = _without(pattern_at(of, suspect, 3), marks(matrix))
    if not missing.nnz and beyond.any():
        raise ValueError(f"{name}: row {np.flatnonzero(beyond)[0]} of the matrix, times a vector, "
                         "is not the derivative along that vector. The function is another one at "
                         "each call, or what it adds up cancels to less than its rounding. "
                         "Instead, use sd.jacobian, or make it the same at each call.")
    return missing


def marks(matrix: Any) -> Any:
    """The entries of a csr array that are stored, as bools."""
    return scipy.sparse.csr_array((np.ones(len(matrix.data), bool), matrix.indices, matrix.indptr),
                                  matrix.shape)


def _without(one: Any, other: Any) -> Any:
    made = one.astype(np.int8) - one.multiply(other).astype(np.int8)
    made.eliminate_zeros()
    return made.astype(bool).tocsr()
