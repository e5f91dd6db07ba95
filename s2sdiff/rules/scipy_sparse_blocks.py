"""`scipy.sparse`: matrices put side by side, and what is read of all elements of one."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from s2sdiff.rules.scipy_sparse import CLASSES, methods
from s2sdiff.rules.scipy_sparse_places import (
    complete,
    data_bar,
    frozen,
    gathered,
    kept,
    known,
    matrix,
    merged_by_scipy,
    of_data,
    ones,
    places,
    register,
    to_duplicates,
    unchanged,
)
from s2sdiff.rules.shared import refuse_out, unsupported

__all__: list[str] = []


# ---------------------------------------------------------------------------------- side by side


def block_back(bar: Any, made: Any, block: Any, row: int, column: int) -> Any:
    """The cotangent of a block whose first element has this row and column."""
    if block is None:
        return None
    if sparse.issparse(block):
        rows, columns, counts = places(block)
        g = gathered(bar, made, rows + row, columns + column)
        return of_data(g if counts is None else np.where(counts, g, 0))
    rows, columns = np.indices(np.shape(np.atleast_2d(block)))
    return np.reshape(gathered(bar, made, rows + row, columns + column), np.shape(block))


def pattern(block: Any) -> Any:
    """A matrix of ones where a block has elements; an array has them everywhere."""
    if block is None:
        return None
    return ones(block) if sparse.issparse(block) else sparse.coo_array(
        np.ones(np.shape(np.atleast_2d(block))))


def blocks_rule(build: Any, table_of: Any) -> Any:
    """The rule of a function that makes a matrix of blocks; `table_of` gives these as rows."""
    def join(blocks, *args, **kwargs):
        table = [[frozen(b) for b in row] for row in table_of(blocks)]
        for block in (b for row in table for b in row):
            if sparse.issparse(block):
                known(block)
        made = build(blocks, *args, **kwargs)
        made = complete(made, sparse.csr_array(sparse.block_array(
            [[pattern(b) for b in row] for row in table])))
        first = frozen(made)
        shapes: Any = [[None if b is None else np.shape(b) if sparse.issparse(b)
                   else np.shape(np.atleast_2d(b)) for b in row] for row in table]
        high = [max(s[0] for s in row if s is not None) for row in shapes]
        wide = [max(row[j][1] for row in shapes if row[j] is not None)
                for j in range(len(shapes[0]))]
        starts = np.cumsum([0, *high]), np.cumsum([0, *wide])

        def pullback(bar):
            g = data_bar(bar, first)
            found = [[block_back(g, first, b, int(starts[0][i]), int(starts[1][j]))
                      for j, b in enumerate(row)] for i, row in enumerate(table)]
            return shaped_like(blocks, found, table_of)

        return made, pullback

    return join


def shaped_like(blocks: Any, found: list, table_of: Any) -> Any:
    """Rows of cotangents in the structure in which the blocks were given."""
    if table_of is in_one_row:
        return type(blocks)(found[0]) if type(blocks) in (list, tuple) else found[0]
    if table_of is in_one_column:
        flat = [row[0] for row in found]
        return type(blocks)(flat) if type(blocks) in (list, tuple) else flat
    rows = [type(blocks[i])(g) if type(blocks[i]) in (list, tuple) else g
            for i, g in enumerate(found)]
    return type(blocks)(rows) if type(blocks) in (list, tuple) else rows


def in_one_row(blocks: Any) -> list:
    return [list(blocks)]


def in_one_column(blocks: Any) -> list:
    return [[b] for b in blocks]


def in_rows(blocks: Any) -> list:
    return [list(row) for row in blocks]


for _build, _table in ((sparse.hstack, in_one_row), (sparse.vstack, in_one_column),
                       (sparse.bmat, in_rows), (sparse.block_array, in_rows)):
    register(_build, blocks_rule(_build, _table), "blocks")


# ----------------------------------------------------------------------------- of all elements


def averaged(method: Any) -> Any:
    def mean(self, axis=None, dtype=None, out=None):
        if out is not None:
            refuse_out("mean")
        value, a = method(matrix(self), axis=axis, dtype=dtype), frozen(self)

        def pullback(bar):
            rows, columns, counts = places(a)
            if axis is None:
                g = np.full(a.data.shape, bar / (a.shape[0] * a.shape[1]))
            else:
                along = axis % 2
                chosen = np.clip(columns if along == 0 else rows, 0, np.size(bar) - 1)
                g = np.ravel(bar)[chosen] / a.shape[along]
            return of_data(g if counts is None else np.where(counts, g, 0))

        return value, pullback

    return mean


def sized(method: Any) -> Any:
    def absolute(self):
        one, a = merged_by_scipy(self), frozen(self)
        value, data = method(one), one.data.copy()
        one, like = a if one is self else one, frozen(value)

        def pullback(bar):
            size = np.abs(data)
            g = data_bar(bar, like) * np.conj(data) / np.where(size == 0, 1.0, size)
            return to_duplicates(g, one, a)

        return value, pullback

    return absolute


def conjugate(method: Any) -> Any:
    def conj(self, copy=True):
        value = method(matrix(self), copy)
        like = frozen(value)
        return value, lambda bar: of_data(np.conj(data_bar(bar, like)))

    return conj


def reshaped(method: Any) -> Any:
    def reshape(self, *shape, order: Any = "C", copy=False):
        value, a = method(matrix(self), *shape, order=order, copy=copy), frozen(self)
        like = frozen(value)
        if len(value.shape) != 2:
            raise unsupported("a sparse matrix reshaped to one dimension has no derivative here",
                              "reshape it to one row")

        def pullback(bar):
            rows, columns, counts = places(a)
            if counts is not None:
                rows, columns = np.where(counts, rows, 0), np.where(counts, columns, 0)
            flat = np.ravel_multi_index((rows, columns), a.shape, order=order)
            at = np.unravel_index(flat, like.shape, order=order)
            g = gathered(data_bar(bar, like), like, *at)
            entry = of_data(g if counts is None else np.where(counts, g, 0))
            return entry, (None,) * len(shape), None, None

        return value, pullback

    return reshape


def greatest(method: Any) -> Any:
    """`max` and `min`: ties share, elements that are none among them."""
    def extreme(self, axis=None, out=None):
        if out is not None:
            refuse_out("max")
        one, given, number = merged_by_scipy(known(self)), frozen(self), kept(self)
        value = method(one, axis=axis)
        a, like = given if one is self else one, frozen(value)

        def pullback(bar):
            # All elements count: matrices by diagonals have no such methods.
            rows, columns, _ = places(a)
            unchanged(given, number)
            along = None if axis is None else axis % 2
            at = np.zeros(a.data.shape, int) if along is None else columns if along == 0 else rows
            length = 1 if along is None else a.shape[1 - along]
            best = np.ravel(like.toarray()) if sparse.issparse(like) else np.ravel(like)
            g = np.ravel(bar) if not sparse.issparse(like) else whole(bar, like)
            whole_length = a.shape[0] * a.shape[1] if along is None else a.shape[along]
            missing = whole_length - np.bincount(np.ravel(at), minlength=length)
            picked = a.data == best[at]
            count = np.bincount(np.ravel(at), np.ravel(picked), length) + np.where(
                best == 0, missing, 0)
            shares = np.where(picked, (g / np.maximum(count, 1))[at], 0)
            return to_duplicates(shares, a, given)

        return value, pullback

    return extreme


def whole(bar: Any, like: Any) -> Any:
    """The cotangent of a row or column that is sparse, with zeros where it has no elements."""
    rows, columns, _ = places(sparse.coo_array(like).reshape((1, -1)) if like.ndim == 1 else like)
    found = np.zeros(max(like.shape), like.dtype)
    found[np.maximum(rows, columns)] = data_bar(bar, like)
    return found


for _names, _make in (
        (("mean",), averaged), (("__abs__",), sized), (("conj", "conjugate"), conjugate),
        (("reshape",), reshaped), (("max", "min"), greatest)):
    for _name in _names:
        for _method in methods(_name, CLASSES[:8]):
            register(_method, _make(_method), "self" if _name != "reshape" else None)
