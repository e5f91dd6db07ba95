"""Sparse matrices whose elements SciPy would have put in order, and that stay as they are here.

SciPy's `abs(m)`, `m.max()`, `m > 0` and others sort a matrix of the caller's in place, and add up
elements at one place: cotangents of elements in the old order would be those of others.  Where the
arrays themselves are sorted that is refused.  Matrices in the format coo get new arrays; rules work
on a copy of one that was made on the way, and only reading its elements afterwards is refused.
"""

from __future__ import annotations

from typing import Any

from s2sdiff.errors import UnsupportedError, refusal

__all__ = ["is_loose", "must_be_as_noted", "must_be_in_order", "must_be_loose",
           "note_loose", "note_made", "out_of_order"]

_MARK, _MADE = "_s2sdiff_out_of_order", "_s2sdiff_made"
_READ = frozenset({"data", "indices", "indptr", "row", "col", "coords", "nnz"})


def note_made(a: Any) -> None:
    """Note that a matrix was made by a rule: what reads its elements is told by name."""
    if not getattr(a, "has_canonical_format", True):
        a.__dict__[_MADE] = True


def out_of_order(a: Any) -> None:
    """Note that SciPy would have put the elements of a matrix in order; refuse where it does so in
    the arrays themselves, or in a caller's matrix."""
    if _MADE not in a.__dict__ or a.format != "coo":
        raise refusal(UnsupportedError,
                      "a sparse matrix whose elements are not in order, which SciPy puts in order "
                      "in place in `abs(m)`, `m.max()`, `m > 0`, norms and others",
                      "make it one in order before (m = m.tocsc().tocsr())")
    a.__dict__[_MARK] = True


def must_be_in_order(owner: Any, name: str) -> None:
    """Refuse what is read of a matrix's elements where SciPy has them in another order."""
    if name in _READ and _MARK in getattr(owner, "__dict__", ()) and \
            not owner.has_canonical_format:
        raise refusal(UnsupportedError,
                      f".{name} of a sparse matrix that SciPy has put in order since, in place, "
                      "as in `abs(m)`, `m.max()` or `m > 0`",
                      "make it one in order before (m = m.tocsc().tocsr())")


def is_loose(a: Any) -> bool:
    """Whether something is a matrix whose elements some function of SciPy's may put in order."""
    return not getattr(a, "has_sorted_indices", True)


def must_be_loose(a: Any) -> None:
    """Refuse a matrix that was not in order, and is now."""
    if a.has_sorted_indices:
        raise refusal(UnsupportedError,
                      "a sparse matrix that SciPy put in order, in place, after it was used, as in "
                      "`m > 0`", "make it one in order before (m = m.tocsc().tocsr())")


#: A key that is no attribute's name.
_LOOSE = "(loose)"


def note_loose(table: Any, a: Any) -> None:
    """Note in a table of tangents that a matrix is not in order, where that is so."""
    if is_loose(a):
        table.put(a, _LOOSE, a, True)


def must_be_as_noted(table: Any, a: Any) -> None:
    """Refuse a matrix whose elements were put in order since their tangents were noted."""
    found = table.held.get(id(a))
    if found is not None and _LOOSE in found[1]:
        must_be_loose(a)
