"""Colours for columns of sparse matrices, so that those of one colour can be had in one product.

The rules are those of Curtis, Powell and Reid, "On the estimation of sparse Jacobian matrices",
IMA J. Appl. Math. 13 (1974), and of Gebremedhin, Manne and Pothen, "What color is your Jacobian?",
SIAM Review 47 (2005).  Sets of colours are the bits of an int, one for each row or column.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["column_colours", "densest", "star_colours"]


def column_colours(pattern: Any) -> np.ndarray:
    """A colour for each column of a csr array, so that no row has two entries of one colour.

    >>> import scipy.sparse
    >>> column_colours(scipy.sparse.csr_array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]))
    array([0, 1, 0, 1])
    """
    # A row of one entry has nothing to say.
    by_row = pattern[np.diff(pattern.indptr) > 1]
    counts = np.diff(by_row.indptr)
    width = int(counts.max(initial=1))
    if width * len(counts) <= 4 * by_row.nnz:
        # In bands the remainders do, of which there are no more than a row has entries.
        colours = np.arange(pattern.shape[1]) % width
        keys = np.repeat(np.arange(len(counts)), counts) * width + colours[by_row.indices]
        if np.bincount(keys).max(initial=0) < 2:
            return colours
    return _greedily(by_row.tocsc())


def _greedily(by_column: Any) -> np.ndarray:
    """The first colour that is free, column after column, of a csc array."""
    starts, rows = by_column.indptr.tolist(), by_column.indices.tolist()
    used = [0] * by_column.shape[0]
    colours = [0] * by_column.shape[1]
    for j in range(by_column.shape[1]):
        mine = rows[starts[j]:starts[j + 1]]
        taken = 0
        for i in mine:
            taken |= used[i]
        free = ~taken & (taken + 1)
        colours[j] = free.bit_length() - 1
        for i in mine:
            used[i] |= free
    return np.array(colours, int)


def star_colours(pattern: Any) -> np.ndarray:
    """A colour for each column of a symmetric csr array, so that one of each two mirrored entries
    is alone with its colour in its row.

    In the graph whose edges are the entries, that is: neighbours differ, and no path over four
    vertices has two colours, so that vertices of two colours form stars.

    >>> import scipy.sparse
    >>> star_colours(scipy.sparse.csr_array([[1, 1, 1], [1, 1, 0], [1, 0, 1]]))
    array([0, 1, 1])
    """
    starts, neighbours = pattern.indptr.tolist(), pattern.indices.tolist()
    count = pattern.shape[0]
    colours = [-1] * count
    near = [0] * count  # the colours of a vertex's neighbours
    hubs = [0] * count  # the colours of the hubs of the stars in which a vertex is no hub
    first: dict[tuple[int, int], int] = {}  # of a vertex's neighbours with a colour, the first
    for v in range(count):
        mine = [w for w in neighbours[starts[v]:starts[v + 1]] if colours[w] >= 0]
        seen = twice = 0
        for w in mine:
            bit = 1 << colours[w]
            twice |= seen & bit
            seen |= bit
        taken = seen
        for w in mine:
            # Through w to the hub of its star and on to another leaf; or, where v will be a hub
            # itself, through v and w to whatever is next to w.
            taken |= near[w] if twice >> colours[w] & 1 else hubs[w]
        colours[v] = colour = (~taken & (taken + 1)).bit_length() - 1
        for w in mine:
            if twice >> colours[w] & 1:
                hubs[w] |= 1 << colour
            elif near[w] >> colour & 1:
                hubs[v] |= 1 << colours[w]
                hubs[first[w, colour]] |= 1 << colours[w]
            near[w] |= 1 << colour
            first.setdefault((w, colour), v)
            first.setdefault((v, colours[w]), w)
        near[v] = seen
    return np.array(colours, int)


def densest(counts: np.ndarray, weight: int) -> np.ndarray:
    """The rows to be computed each alone, so that those and the colours of the rest are fewest.

    Parameters
    ----------
    counts : array of int
        Entries of each row: the rest needs as many colours as its longest row has, at least.
    weight : int
        The products that a colour costs.

    >>> densest(np.array([2, 2, 50, 2]), 1)
    array([2])
    """
    order = np.argsort(-counts, kind="stable")
    left = np.append(counts[order], 0)
    # The other mode has to run the function once itself, and keeps what its pullback reads.
    costs = np.arange(len(left)) + weight * left + 2 * (np.arange(len(left)) > 0)
    return order[:int(np.argmin(costs))]
