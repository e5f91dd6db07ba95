"""Which entries of a derivative are nonzero, found by pushing sets of columns through it.

A product with a vector that is nonzero on a set of columns is nonzero in the rows that depend on
the set.  Sets are halved until they are single columns; those that no row has in common are pushed
together, as in Gillis and Diehl, "Hierarchical seeding for efficient sparsity pattern recovery in
automatic differentiation", SIAM Workshop on Combinatorial Scientific Computing (2014).  Numbers
drawn at random stand for membership in a set: that those of one row cancel to a zero has the
probability of two random mantissas being equal.  (Griewank and Mitev, "Detecting Jacobian sparsity
patterns by Bayesian probing", Math. Programming 93 (2002), push random sets alike.)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse

from s2sdiff.sparse.colouring import column_colours, densest
from s2sdiff.sparse.compressed import BYTES
from s2sdiff.sparse.linear_maps import LinearMap, transposed, unit

__all__ = ["drawn", "pattern_at", "pattern_of"]

#: A chance of 2**-40 for each set of columns and each row is small enough for millions of them.
_BITS = 40


def pattern_of(of: LinearMap) -> Any:
    """The nonzero entries of a derivative, as a csr array of bools, by the mode that suits it."""
    rows, columns = of.shape
    if (columns > 2 * rows or not of.forwards()) and of.backwards():
        return pattern_at(transposed(of), np.ones(columns, bool), 1).T.tocsr()
    return pattern_at(of, np.ones(rows, bool), 1)


def pattern_at(of: LinearMap, asked: np.ndarray, seed: int) -> Any:
    """Those in rows where `asked` is True, forwards."""
    draw = np.random.default_rng(seed)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    width = 1 << max(of.shape[1] - 1, 0).bit_length()
    every = np.ones(of.shape[1], bool)
    rows = np.flatnonzero(_reached(of, every, _vectors(of, draw)) & asked)
    sets = np.zeros(len(rows), int)
    while width > 1:
        kept = _alone(of, rows, width, found)
        rows, sets = rows[kept], sets[kept]
        rows, sets = _halved(of, rows, sets, width, draw)
        width //= 2
    found.append((rows, sets))
    rows, sets = (np.concatenate(f) for f in zip(*found, strict=True))
    return _marked(rows, sets, of.shape)


def drawn(size: int, draw: np.random.Generator) -> np.ndarray:
    """Numbers of either sign between one and two."""
    made = draw.uniform(-1.0, 1.0, size)
    return made + np.copysign(1.0, made)


def _alone(of: LinearMap, rows: np.ndarray, width: int,
           found: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Whether each entry is to be looked into; the densest rows are noted whole, by a pullback."""
    weight = 2 * _runs(of) * (width.bit_length() - 1)
    alone = densest(np.bincount(rows, minlength=of.shape[0]), weight)
    if not len(alone) or not of.backwards():
        return np.ones(len(rows), bool)
    for i in alone:
        columns = np.flatnonzero(of.backward(unit(of.shape[0], i)))
        found.append((np.full(len(columns), i), columns))
    return ~np.isin(rows, alone)


def _halved(of: LinearMap, rows: np.ndarray, sets: np.ndarray, width: int,
            draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """From rows and the sets of `width` columns that they depend on to sets of half of it."""
    if not len(rows):
        return rows, sets
    place = np.arange(of.shape[1])
    colours = column_colours(_marked(rows, sets, (of.shape[0], -(-of.shape[1] // width))))
    of_column, of_entry = colours[place // width], colours[sets]
    half = place // (width // 2) % 2
    vectors = _vectors(of, draw)
    pushed = [(colour, side, within) for colour in range(colours.max() + 1) for side in (0, 1)
              for within in [(of_column == colour) & (half == side)] if within.any()]
    made = []
    step = max(1, BYTES // (8 * max(*of.shape, 1)))
    for first in range(0, len(pushed), step):
        some = pushed[first:first + step]
        hits = np.zeros((len(some), of.shape[0]), bool)
        for vector in vectors:
            # What is not finite counts as depending.
            hits |= of.forward_all(np.array([np.where(w, vector, 0.0) for *_, w in some])) != 0
        for (colour, side, _), found in zip(some, hits, strict=True):
            hit = (of_entry == colour) & found[rows]
            made.append((rows[hit], 2 * sets[hit] + side))
    entries, halves = (np.concatenate(m) for m in zip(*made, strict=True))
    return entries, halves


def _reached(of: LinearMap, within: np.ndarray, vectors: list[np.ndarray]) -> np.ndarray:
    """The rows that depend on a set of columns; what is not finite counts as depending."""
    hit = np.zeros(of.shape[0], bool)
    for vector in vectors:
        hit |= of.forward(np.where(within, vector, 0.0)) != 0
    return hit


def _vectors(of: LinearMap, draw: np.random.Generator) -> list[np.ndarray]:
    """Those whose products say together, with the wanted probability, what depends on what."""
    return [drawn(of.shape[1], draw) for _ in range(_runs(of))]


def _runs(of: LinearMap) -> int:
    return -(-_BITS // of.bits)


def _marked(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> Any:
    return scipy.sparse.coo_array((np.ones(len(rows), bool), (rows, columns)), shape).tocsr()
