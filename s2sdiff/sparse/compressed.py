"""Sparse matrices of derivatives, out of as few products as their pattern allows."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

from s2sdiff.sparse.colouring import column_colours, densest, star_colours
from s2sdiff.sparse.linear_maps import LinearMap, transposed, unit

__all__ = ["Planner", "evaluated", "pattern_from", "planner"]

#: So many bytes of products are held at a time.
BYTES = 1 << 26

Planner = Callable[[LinearMap], "Plan"]


@dataclass(frozen=True)
class Plan:
    """How the entries of a pattern are computed.

    Each of `groups` is a colour, the entries that the product with its columns gives, and where in
    the product they are; the rows `alone` are computed each by itself.  `by_rows`: all of this is
    said of the transpose.
    """

    pattern: Any
    colours: np.ndarray
    groups: list[tuple[int, np.ndarray, np.ndarray]]
    alone: np.ndarray
    by_rows: bool


def pattern_from(sparsity: Any, symmetric: bool, name: str) -> Any:
    """What a caller gives as the places of entries, as a csr array of bools."""
    if scipy.sparse.issparse(sparsity):
        given: Any = scipy.sparse.coo_array(sparsity)
        places = given.coords
    else:
        given = np.asarray(sparsity)
        places = np.atleast_1d(given).nonzero()
    if given.ndim != 2 or given.dtype.kind not in "biufc":
        raise TypeError(f"{name}: sparsity is of type {type(sparsity).__name__}, shape "
                        f"{given.shape} and dtype {given.dtype}. Instead, pass a sparse matrix, or "
                        "an array of bools with two axes.")
    if symmetric and given.shape[0] == given.shape[1]:
        places = [np.append(*places), np.append(*places[::-1])]
    made = scipy.sparse.coo_array((np.ones(len(places[0]), bool), tuple(places)), given.shape)
    return made.tocsr()


def planner(pattern: Any, symmetric: bool) -> Planner:
    """What gives the plan for a derivative, by the modes that go through it; it colours once."""

    @functools.cache
    def by_modes(forwards: bool, backwards: bool) -> Plan:
        return _planned(pattern, forwards, backwards)

    @functools.cache
    def by_stars() -> Plan:
        return _starred(pattern)

    def plan(of: LinearMap) -> Plan:
        if symmetric:
            return by_stars()
        best = by_modes(True, True)
        # Whether a mode goes through a function shows when it runs, so it is asked if it matters.
        if (best.by_rows or len(best.alone)) and not of.backwards():
            return by_modes(True, False)
        if (not best.by_rows or len(best.alone)) and not of.forwards() and of.backwards():
            return by_modes(False, True)
        return best

    return plan


def _planned(pattern: Any, forwards: bool, backwards: bool) -> Plan:
    """The plan with the fewest products."""
    ways = []
    for by_rows in (False, True):
        if not (backwards if by_rows else forwards):
            continue
        mine = pattern.T.tocsr() if by_rows else pattern
        counts = np.diff(mine.indptr)
        alone = densest(counts, 1) if forwards and backwards else np.zeros(0, int)
        rest = np.delete(counts, alone)
        ways.append((len(alone) + rest.max(initial=0), by_rows, mine, alone))
    _, by_rows, mine, alone = min(ways, key=lambda way: way[:2])
    together = np.ones(mine.shape[0], bool)
    together[alone] = False
    colours = column_colours(mine[together])
    rows, columns = _places(mine)
    at = np.flatnonzero(together[rows])
    return Plan(mine, colours, _groups(colours, at, rows[at], columns[at]), alone, by_rows)


def _starred(pattern: Any) -> Plan:
    """The plan for a symmetric pattern: of two mirrored entries one is alone with its colour."""
    colours = star_colours(pattern)
    rows, columns = _places(pattern)
    # In its row an entry is alone with its colour where that comes once.
    keys = rows * (colours.max(initial=0) + 1) + colours[columns]
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    once = counts[inverse] == 1
    mirror = np.lexsort((rows, columns))
    # Both ask the one above the diagonal, so that they are equal to the last bit.
    as_it_is = np.where(rows <= columns, once, ~once[mirror])
    i, j = np.where(as_it_is, rows, columns), np.where(as_it_is, columns, rows)
    groups = _groups(colours, np.arange(len(i)), i, j)
    return Plan(pattern, colours, groups, np.zeros(0, int), False)


def evaluated(of: LinearMap, plan: Plan) -> Any:
    """The matrix, a csr array with the entries of the plan's pattern."""
    mine = transposed(of) if plan.by_rows else of
    starts, columns = plan.pattern.indptr, plan.pattern.indices
    data = np.zeros(len(columns), of.dtype)
    step = max(1, BYTES // (8 * max(*mine.shape, 1)))
    for first in range(0, len(plan.groups), step):
        groups = plan.groups[first:first + step]
        vectors = np.array([plan.colours == colour for colour, _, _ in groups], float)
        for (_, at, rows), product in zip(groups, mine.forward_all(vectors), strict=True):
            data[at] = product[rows]
    for first in range(0, len(plan.alone), step):
        alone = plan.alone[first:first + step]
        vectors = np.array([unit(mine.shape[0], i) for i in alone])
        for i, product in zip(alone, mine.backward_all(vectors), strict=True):
            within = slice(starts[i], starts[i + 1])
            data[within] = product[columns[within]]
    made = scipy.sparse.csr_array((data, columns.copy(), starts.copy()), plan.pattern.shape)
    return made.T.tocsr() if plan.by_rows else made


def _places(pattern: Any) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of each entry."""
    count = np.diff(pattern.indptr)
    return np.repeat(np.arange(len(count)), count), pattern.indices.astype(int)


def _groups(colours: np.ndarray, at: np.ndarray, rows: np.ndarray,
            columns: np.ndarray) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """What is asked of the product for each colour, for entries `at` that are read in `rows`."""
    if not len(at):
        return []
    order = np.argsort(colours[columns], kind="stable")
    found, starts = np.unique(colours[columns][order], return_index=True)
    return [(colour, at[mine], rows[mine])
            for colour, mine in zip(found.tolist(), np.split(order, starts[1:]), strict=True)]
