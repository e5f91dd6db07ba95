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

Planner = Callable[[LinearMap], "Plan"]


@dataclass(frozen=True)
class Plan:
    """How the entries of a pattern are computed.

    `colours` has one for each column; the rows `alone` are computed each by itself.  `by_rows`: all
    of this is said of the transpose.
    """

    pattern: Any
    colours: np.ndarray
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
        return Plan(pattern, star_colours(pattern), np.zeros(0, int), False)

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
    others = np.ones(mine.shape[0], bool)
    others[alone] = False
    return Plan(mine, column_colours(mine[others]), alone, by_rows)


def evaluated(of: LinearMap, plan: Plan) -> Any:
    """The matrix, a csr array with the entries of the plan's pattern."""
    if of.symmetric:
        return _mirrored(of, plan)
    mine = transposed(of) if plan.by_rows else of
    rows, columns = _places(plan.pattern)
    data = np.zeros(len(rows), of.dtype)
    together = np.ones(mine.shape[0], bool)
    together[plan.alone] = False
    rest = np.flatnonzero(together[rows])
    for colour, places in _by_colour(plan.colours[columns[rest]]):
        at = rest[places]
        data[at] = mine.forward((plan.colours == colour).astype(float))[rows[at]]
    starts = plan.pattern.indptr
    for i in plan.alone:
        within = slice(starts[i], starts[i + 1])
        data[within] = mine.backward(unit(mine.shape[0], i))[columns[within]]
    made = scipy.sparse.csr_array((data, plan.pattern.indices, starts), plan.pattern.shape)
    return made.T.tocsr() if plan.by_rows else made


def _mirrored(of: LinearMap, plan: Plan) -> Any:
    """A symmetric matrix: of two mirrored entries, the one that is alone with its colour."""
    rows, columns = _places(plan.pattern)
    # In its row an entry is alone with its colour where that comes once.
    keys = rows * (plan.colours.max(initial=0) + 1) + plan.colours[columns]
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    once = counts[inverse] == 1
    upper = np.flatnonzero(rows <= columns)
    i, j = (np.where(once[upper], a[upper], b[upper]) for a, b in ((rows, columns),
                                                                  (columns, rows)))
    values = np.zeros(len(upper), of.dtype)
    for colour, at in _by_colour(plan.colours[j]):
        values[at] = of.forward((plan.colours == colour).astype(float))[i[at]]
    rows, columns = rows[upper], columns[upper]
    off = rows < columns
    return scipy.sparse.csr_array(
        (np.append(values, values[off]),
         (np.append(rows, columns[off]), np.append(columns, rows[off]))), of.shape)


def _places(pattern: Any) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of each entry."""
    count = np.diff(pattern.indptr)
    return np.repeat(np.arange(len(count)), count), pattern.indices.astype(int)


def _by_colour(colours: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Each colour and where it is."""
    if not len(colours):
        return []
    order = np.argsort(colours, kind="stable")
    found, starts = np.unique(colours[order], return_index=True)
    return list(zip(found.tolist(), np.split(order, starts[1:]), strict=True))
