"""The numbers and arrays in values of any structure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime import side_by_side
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.values import is_differentiable

__all__ = ["filled_with", "leaves_of", "mapped"]


def leaves_of(x: Any) -> Iterator[Any]:
    """What is no container, and no object with numbers in it, in order.

    >>> list(leaves_of({"a": (1.0, [2.0]), "b": None}))
    [1.0, 2.0, None]
    """
    return (leaf for _, leaf in side_by_side.leaves(x))


def mapped(x: Any, make: Callable[[tuple, Any], Any]) -> Any:
    """The structure of `x` with `make(path, leaf)` at each leaf."""
    return side_by_side.mapped(make, "mapped", x)


def filled_with(x: Any, number: float) -> Any:
    """The structure of `x` with one number at each place of its floats; None for the rest."""
    return mapped(x, lambda _, v: match(np.full(np.shape(v), number)[()], v)
                   if is_differentiable(v) else None)
