"""Sparse matrices: where their elements are, and cotangents of some at the places of others.

The cotangent of a sparse matrix is that of its `data`, {"data": array}: one number for each element
that is kept, in the matrix's own order, none for the others (docs/decisions.md).
"""

from __future__ import annotations

import copy
import functools
from typing import Any

import numpy as np
from scipy import sparse

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime.sparse_order import is_loose, must_be_loose, note_made, out_of_order
from s2sdiff.runtime.standins_sparse import kept

__all__ = ["at_places", "complete", "data_bar", "frozen", "gathered", "kept", "known", "matrix",
           "merged", "merged_by_scipy", "of_data", "ones", "ordered", "places",
           "register", "same_places", "still", "to_duplicates", "unchanged", "watched"]


def register(target: Any, rule: Any, wrt: Any = None) -> None:
    """Register a rule that speaks of sparse matrices, and not of arrays alone."""
    rule.__s2sdiff_any__ = True
    derivative(of=target, wrt=wrt)(watched(rule))


def watched(rule: Any) -> Any:
    """A rule whose pullback refuses a matrix that was put in order in place since it was made.

    A comparison of what has no known class is called as it is, and sorts; what comes back would be
    the cotangents of other elements.
    """
    @functools.wraps(rule)
    def watch(*args, **kwargs):
        value, pullback = rule(*args, **kwargs)
        note_made(value)
        if not is_loose(value):
            return value, pullback

        def pulled(bar):
            must_be_loose(value)
            return pullback(bar)

        return value, pulled

    return watch


def computing(rule: Any) -> Any:
    """Mark a rule of what stands in for SciPy's code, and computes all that it gives.

    It may hold on to its arguments and to its value: callers may write those.
    """
    rule.__s2sdiff_computes__ = True
    return rule


def of_data(bar: Any) -> Any:
    """A sparse matrix's cotangent by that of its elements."""
    return {"data": bar}


def data_bar(bar: Any, like: Any) -> Any:
    """That of its elements by a sparse matrix's cotangent; zeros where there is none."""
    if not (bar is None or isinstance(bar, dict)):
        raise unsupported(f"a cotangent of a sparse matrix that is a {type(bar).__name__}",
                          "give one by attribute, {'data': …}")
    found = None if bar is None else bar.get("data")
    return np.zeros(like.data.shape, like.data.dtype) if found is None else found


def known(a: Any) -> Any:
    """A sparse matrix of a format that has a derivative here; refuses others."""
    form = getattr(a, "format", "dok")
    if form not in ("csr", "csc", "coo", "dia", "bsr") or a.ndim != 2:
        raise unsupported(f"a sparse matrix in the format {form}, or of one dimension, has no "
                          "derivative here", "make it one in the format csr, csc, coo or dia")
    return a


def places(a: Any) -> tuple[Any, Any, Any]:
    """Rows and columns of the elements of `a.data`, and which of them count."""
    known(a)
    if a.format == "dia":
        columns = np.broadcast_to(np.arange(a.data.shape[1]), a.data.shape)
        rows = columns - a.offsets[:, None]
        counts = (rows >= 0) & (rows < a.shape[0]) & (columns < a.shape[1])
        return rows, columns, counts
    if a.format == "coo":
        return a.row, a.col, None
    along = np.repeat(np.arange(len(a.indptr) - 1), np.diff(a.indptr))
    if a.format == "bsr":
        high, wide = a.blocksize
        rows = along[:, None, None] * high + np.arange(high)[:, None]
        columns = a.indices[:, None, None] * wide + np.arange(wide)
        return np.broadcast_to(rows, a.data.shape), np.broadcast_to(columns, a.data.shape), None
    return (along, a.indices, None) if a.format == "csr" else (a.indices, along, None)


def frozen(a: Any) -> Any:
    """A sparse matrix as it is now; `setdiag` and its like give it other elements and places.

    What an index array or the elements are written to in place shows in both.
    """
    return copy.copy(a) if sparse.issparse(a) else a


def unchanged(a: Any, number: Any) -> Any:
    """The matrix; refuses one that was written since."""
    if kept(a) != number:
        raise unsupported("a sparse matrix was written after it was used, and its elements are "
                          "needed for the derivative", "make a new one")
    return a


def keys(rows: Any, columns: Any, width: int) -> Any:
    return np.asarray(rows, np.int64) * width + columns


def gathered(bar: Any, of: Any, rows: Any, columns: Any) -> Any:
    """The numbers `bar` of the elements of a sparse matrix at places, zero where it has none."""
    own_rows, own_columns, counts = places(of)
    own, bar = keys(own_rows, own_columns, of.shape[1]), np.asarray(bar)
    own, bar = (own.ravel(), bar.ravel()) if counts is None else (own[counts], bar[counts])
    order = np.argsort(own, kind="stable")
    own, bar = own[order], bar[order]
    twice = own[1:] == own[:-1]
    if np.any(twice) and np.any((bar[1:] != bar[:-1])[twice]):
        raise unsupported("elements of a sparse matrix at one place have several cotangents",
                          "call sum_duplicates before")
    asked = keys(rows, columns, of.shape[1])
    if not len(own):
        return np.zeros(asked.shape, bar.dtype)
    at = np.minimum(np.searchsorted(own, asked), len(own) - 1)
    return np.where(own[at] == asked, bar[at], np.zeros((), bar.dtype))


def at_places(bar: Any, of: Any, a: Any) -> Any:
    """The numbers of the elements of one sparse matrix at the places of another's."""
    rows, columns, counts = places(a)
    found = gathered(bar, of, rows, columns)
    return found if counts is None else np.where(counts, found, 0)


def ones(a: Any) -> Any:
    """A matrix of ones where another has elements."""
    rows, columns, counts = places(a)
    if counts is not None:
        rows, columns = rows[counts], columns[counts]
    made = sparse.coo_array((np.ones(np.size(rows)), (np.ravel(rows), np.ravel(columns))),
                            shape=a.shape).tocsr()
    made.data[...] = 1.0
    return made


def complete(made: Any, expected: Any) -> Any:
    """A result with an element at each place where the pattern has one.

    SciPy leaves out elements that come out as zero.  Their cotangents need a place, so that they
    are kept here, as zeros.
    """
    if (ones(made).nnz if made.format == "dia" else made.nnz) >= expected.nnz:
        return made
    whole = expected.tocoo()
    data = gathered(made.data, made, whole.row, whole.col)
    full = sparse.coo_array((data, (whole.row, whole.col)), shape=made.shape)
    return type(made)(full.asformat(made.format))


def matrix(a: Any) -> Any:
    """The matrix; one in the format dok is a dict, and comes as one that has no methods."""
    return known(a) if isinstance(a, dict) else a


def still(a: Any) -> Any:
    """The matrix, or a copy where one of SciPy's methods might sort or add up its elements."""
    return matrix(a) if getattr(a, "has_canonical_format", True) else a.copy()


def ordered(a: Any) -> Any:
    """The matrix; refuses one that SciPy's method would put in order in place."""
    if not getattr(a, "has_canonical_format", True):
        out_of_order(a)
    return a


def same_places(a: Any, b: Any) -> bool:
    """Whether the elements of two matrices in one format stand at the same places, in one order."""
    if a.data.shape != b.data.shape:
        return False
    return all(np.array_equal(x, y) for x, y in zip(places(a)[:2], places(b)[:2], strict=True))


def merged(a: Any) -> Any:
    """The matrix with one element at each place; SciPy's methods would make the caller's own so."""
    if not hasattr(a, "sum_duplicates") or a.has_canonical_format:
        return a
    made = a.copy()
    made.sum_duplicates()
    return made


def merged_by_scipy(a: Any) -> Any:
    """`merged` for a method that makes the caller's matrix so: what it keeps is not read then."""
    one = merged(a)
    if one is not a:
        out_of_order(a)
    return one


def to_duplicates(bar: Any, one: Any, a: Any) -> Any:
    """The cotangent of a matrix by that of the elements of `merged(a)`."""
    return of_data(bar if one is a else at_places(bar, one, a))
