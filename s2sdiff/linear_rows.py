"""A call's linear map as a matrix, by rows: of what can be pulled back, and not differentiated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import DifferentiationError
from s2sdiff.jacobian_calls import unit_rows
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.handed import given_back
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.moving import zero_tangent
from s2sdiff.runtime.side_by_side import mapped
from s2sdiff.runtime.structures import gradient
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.together import Products, Rows, flat, spread

__all__ = ["by_rows"]

#: So many bytes of rows are kept; of larger matrices the refusal stands.
LARGE = 1 << 28


def by_rows(pullback: Callable[[Any], Any], slots: tuple[int, ...], given: tuple, value: Any,
            owner: Any, refusal: DifferentiationError) -> Callable[[tuple], Any]:
    """What makes of tangents in the structures of `given` that of `value`.

    The pullback is called once for each number of the value, at once where that goes.

    Parameters
    ----------
    owner : the function that remembers for which calls it does not
    refusal : raised where the matrix would be too large
    """
    point = [given[i] for i in slots]
    like = parts(value)

    def run(bar: Any) -> tuple[Any, Any]:
        entries = pullback(bar)
        found = entries if len(slots) > 1 else (entries,)
        return tuple(point), tuple([gradient(e, x) for e, x in zip(found, point, strict=True)])

    leaves = [v for x in (value, *point) for v in leaves_of(x)]
    products = Products(run, lambda bars: (given_back(bars[0], like),), [value], owner,
                        (slots, "linear"), any(map(np.ndim, leaves)))
    size = 8 * products.columns * sum(np.size(v) for x in point for v in leaves_of(x))
    if size > LARGE:
        raise refusal
    rows = products.rows(unit_rows(products.columns), products.columns)
    # Of a complex number a row has the real part alone, as pairings have; the other one is that of
    # its product with -i.
    turned = products.rows(_turned(products.columns), products.columns) if any(
        map(np.iscomplexobj, leaves_of(value))) else None

    def pushed(dots: tuple) -> Any:
        along = flat(tuple([_whole(dots[i], x) for i, x in zip(slots, point, strict=True)]))
        real = np.real(rows @ along)
        return spread(real if turned is None else real + 1j * np.real(turned @ along), value)

    return pushed


def _turned(size: int) -> Rows:
    units = unit_rows(size)
    return lambda first, last: -1j * units(first, last)


def _whole(dot: Any, x: Any) -> Any:
    """A tangent with zeros for what does not move, and None for what is no number that does."""
    def filled(_: Any, v: Any, d: Any) -> Any:
        if not is_differentiable(v):
            return None
        return zero_tangent(v) if d is None else d

    return mapped(filled, "linearize", x, dot)
