"""`scipy.sparse`: matrices made of data, of diagonals and of one another."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from s2sdiff.rules.scipy_sparse_places import (
    at_places,
    complete,
    data_bar,
    frozen,
    gathered,
    matrix,
    of_data,
    ones,
    places,
    register,
    same_places,
    still,
)
from s2sdiff.rules.shared import refuse_out, unsupported
from s2sdiff.runtime.structures import PATTERNED

__all__ = ["CLASSES", "methods"]

CLASSES = tuple(getattr(sparse, name + kind) for name in ("csr", "csc", "coo", "dia", "bsr")
                for kind in ("_matrix", "_array"))


def methods(name: str, classes: Any = CLASSES) -> list[Any]:
    """The functions that are methods of this name, each once."""
    return list(dict.fromkeys(getattr(cls, name) for cls in classes if hasattr(cls, name)))


# --------------------------------------------------------------------------------- constructors


def constructor(cls: Any) -> Any:
    sorts = cls.__name__[:3] in ("dia", "bsr")

    def build(arg1, shape=None, dtype=None, copy=False, **options):
        # Sorted in place, a matrix would get other elements, and lose the cotangents of its own.
        given = still(arg1) if sorts and sparse.issparse(arg1) else arg1
        made = cls(given, shape, dtype, copy, **options)
        if sparse.issparse(arg1):
            made = complete(made, ones(arg1))
        elif not isinstance(arg1, tuple) and made.nnz != np.size(arg1):
            made = complete(made, sparse.csr_array(np.ones(made.shape)))
        given, first = frozen(arg1), frozen(made)

        def pullback(bar):
            return given_back(given, first, data_bar(bar, first))

        return made, pullback

    return build


def given_back(arg1: Any, made: Any, bar: Any) -> Any:
    """The cotangent of what a matrix was made of, by that of its elements."""
    if sparse.issparse(arg1):
        return of_data(at_places(bar, made, arg1))
    if not isinstance(arg1, tuple):
        rows, columns = np.indices(np.shape(np.atleast_2d(arg1)))
        return np.reshape(gathered(bar, made, rows, columns), np.shape(arg1))
    if isinstance(arg1[1], tuple) or (len(arg1) == 2 and made.format not in ("dia",)):
        if made.format == "coo":
            return np.reshape(bar, np.shape(arg1[0])), None
        rows, columns = (np.asarray(x) for x in arg1[1])
        return gathered(bar, made, rows, columns), None
    # One diagonal may be given without the row that it is.
    whole = np.zeros(np.shape(np.atleast_2d(arg1[0]) if bar.ndim == 2 else arg1[0]), bar.dtype)
    whole[tuple(slice(n) for n in bar.shape)] = bar
    whole = np.reshape(whole, np.shape(arg1[0]))
    return (whole, *(None,) * (len(arg1) - 1))


PATTERNED.extend(CLASSES)
for _cls in CLASSES:
    register(_cls, constructor(_cls), "arg1")


def diagonals_back(diagonals: Any, offsets: Any, made: Any, bar: Any) -> Any:
    """The cotangents of diagonals, in the form in which they were given."""
    alone = np.ndim(offsets) == 0 and (len(diagonals) == 0 or np.ndim(diagonals[0]) == 0)
    each = [np.atleast_1d(diagonals)] if alone else list(diagonals)
    found = []
    for diagonal, offset in zip(each, np.atleast_1d(offsets), strict=True):
        long = min(made.shape[0] + min(offset, 0), made.shape[1] - max(offset, 0))
        at = np.arange(long)
        g = gathered(bar, made, at + max(-offset, 0), at + max(offset, 0))
        if np.size(diagonal) == 1 and long != 1:
            g = np.sum(g)
        found.append(np.reshape(g, np.shape(diagonal)))
    if alone:
        return np.reshape(found[0], np.shape(diagonals))
    if isinstance(diagonals, np.ndarray):
        return np.stack(found)
    return type(diagonals)(found) if type(diagonals) in (list, tuple) else found


def diags(diagonals, offsets=0, shape=None, format=None, dtype=None):
    made = sparse.diags(diagonals, offsets, shape, format, dtype)
    if made.format != "dia":
        made = complete(made, ones(sparse.diags(diagonals, offsets, shape, None, dtype)))
    first = frozen(made)
    return made, lambda bar: diagonals_back(diagonals, offsets, first, data_bar(bar, first))


def diags_array(diagonals, /, *, offsets=0, shape=None, format=None, dtype=None):
    made = sparse.diags_array(diagonals, offsets=offsets, shape=shape, format=format, dtype=dtype)
    if made.format != "dia":
        made = complete(made, ones(sparse.diags_array(diagonals, offsets=offsets, shape=shape)))
    first = frozen(made)
    return made, lambda bar: diagonals_back(diagonals, offsets, first, data_bar(bar, first))


register(sparse.diags, diags, "diagonals")
register(sparse.diags_array, diags_array, "diagonals")


# ---------------------------------------------------------------------------- other forms of one


def converted(method: Any) -> Any:
    """Elements keep their places in another format, a copy or another type."""
    named = method.__name__

    def convert(self, *args, **kwargs):
        form = named if named != "asformat" else args[0] if args else kwargs.get("format")
        if form == "array":
            return written_out(type(self).toarray)(self)
        sorts = form in ("todia", "tobsr", "dia", "bsr")
        made = method(still(self) if sorts else matrix(self), *args, **kwargs)
        if self.format == "dia" and made.format != "dia":
            made = complete(made, ones(self))
        first, same = (frozen(self), frozen(made)), made is self

        def pullback(bar):
            a, b = first
            g = data_bar(bar, b)
            # Another type has its elements sorted.
            return of_data(g if same or (b.format == a.format and same_places(a, b))
                           else at_places(g, b, a))

        return made, pullback

    return convert


def transposed(method: Any) -> Any:
    def transpose(self, axes=None, copy=False):
        made = method(matrix(self), axes=axes, copy=copy)
        a, b = frozen(self), frozen(made)

        def pullback(bar):
            g = data_bar(bar, b)
            if a.format not in ("csr", "csc", "coo"):
                rows, columns, counts = places(a)
                g = gathered(g, b, columns, rows)
                g = g if counts is None else np.where(counts, g, 0)
            return of_data(g)

        return made, pullback

    return transpose


def written_out(method: Any) -> Any:
    def toarray(self, order=None, out=None):
        if out is not None:
            refuse_out("toarray")
        value, a = method(matrix(self), order=order), frozen(self)

        def pullback(bar):
            rows, columns, counts = places(a)
            if counts is None:
                return of_data(np.asarray(bar)[rows, columns])
            g = np.zeros(a.data.shape, np.asarray(bar).dtype)
            g[counts] = np.asarray(bar)[rows[counts], columns[counts]]
            return of_data(g)

        return value, pullback

    return toarray


def summed(method: Any) -> Any:
    def total(self, axis=None, dtype=None, out=None):
        if out is not None:
            refuse_out("sum")
        value, a = method(still(self), axis=axis, dtype=dtype), frozen(self)

        def pullback(bar):
            rows, columns, counts = places(a)
            along = None if axis is None else axis % 2
            if along is None:
                g = np.full(a.data.shape, bar)
            else:
                # Places outside are no elements; they read some number that is left out.
                chosen = columns if along == 0 else rows
                g = np.ravel(bar)[np.clip(chosen, 0, np.size(bar) - 1)]
            return of_data(g if counts is None else np.where(counts, g, 0))

        return value, pullback

    return total


def on_diagonal(method: Any) -> Any:
    def diagonal(self, k=0):
        a = frozen(self)

        def pullback(bar):
            rows, columns, counts = places(a)
            on = columns - rows == k
            on = on if counts is None else on & counts
            g = np.zeros(a.data.shape, bar.dtype)
            g[on] = bar[np.minimum(rows, columns)[on]]
            return of_data(g)

        return method(matrix(self), k), pullback

    return diagonal


def item_read(method: Any) -> Any:
    """An element or a part; where its elements come from is asked of a matrix of numbers."""
    def getitem(self, key):
        value = method(still(self), key)
        a, like = frozen(self), frozen(value)

        def pullback(bar):
            rows, columns, _ = places(a)
            if len(np.unique(np.stack([rows, columns]), axis=1)[0]) < np.size(rows):
                raise unsupported("a part of a sparse matrix with several elements at one place "
                                  "has no derivative here", "call sum_duplicates before")
            numbers = a.copy()
            numbers.data = np.arange(1.0, a.data.size + 1.0)
            found, g = method(numbers, key), np.zeros(a.data.size, a.data.dtype)
            at, bars = (found.data, data_bar(bar, like)) if sparse.issparse(found) else (
                np.asarray(found), np.asarray(bar))
            at = at.astype(int)
            np.add.at(g, at[at > 0] - 1, bars[at > 0])
            return of_data(g)

        return value, pullback

    return getitem


for _names, _make in (
        (("tocsr", "tocsc", "tocoo", "todia", "tobsr", "asformat", "copy", "astype"), converted),
        (("transpose",), transposed), (("toarray", "todense"), written_out), (("sum",), summed),
        (("diagonal",), on_diagonal), (("__getitem__",), item_read)):
    for _name in _names:
        for _method in methods(_name, CLASSES if _name != "__getitem__" else CLASSES[:6]):
            register(_method, _make(_method), "self")
