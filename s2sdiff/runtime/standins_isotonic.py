"""Isotonic regression, in the language that is differentiated (see `standins`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import plainly

__all__ = ["isotonic_regression"]


def blocks_of(y: Any, weights: Any, increasing: bool) -> Any:
    """What SciPy's function gives; it has no derivative."""
    from scipy.optimize import isotonic_regression as search

    return plainly(search, y, weights=weights, increasing=increasing)


def isotonic_regression(y: Any, *, weights: Any = None, increasing: Any = True) -> Any:
    """The numbers of a block are the weighted mean of the data there."""
    found = blocks_of(y, weights, increasing)
    data = np.asarray(y)
    each = np.ones(len(data)) if weights is None else np.asarray(weights)
    starts, lengths = found.blocks[:-1], np.diff(found.blocks)
    totals = np.add.reduceat(each, starts)
    x = np.repeat(np.add.reduceat(each * data, starts) / totals, lengths)
    found.x = found.x + (x - stop_gradient(x))
    found.weights = found.weights + (totals - stop_gradient(totals))
    return found
