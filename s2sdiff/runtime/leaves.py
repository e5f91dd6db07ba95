"""The numbers and arrays in tuples, lists and dicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.values import is_differentiable

__all__ = ["filled_with", "leaves_of", "mapped"]


def leaves_of(x: Any) -> Iterator[Any]:
    """What is no tuple, list or dict, in order.

    >>> list(leaves_of({"a": (1.0, [2.0]), "b": None}))
    [1.0, 2.0, None]
    """
    if isinstance(x, (tuple, list, dict)):
        for v in x.values() if isinstance(x, dict) else x:
            yield from leaves_of(v)
    else:
        yield x


def mapped(x: Any, make: Callable[[tuple, Any], Any], path: tuple = ()) -> Any:
    """The structure of `x` with `make(path, leaf)` at each leaf."""
    if isinstance(x, dict):
        return {k: mapped(v, make, (*path, k)) for k, v in x.items()}
    if isinstance(x, (tuple, list)):
        items = [mapped(v, make, (*path, i)) for i, v in enumerate(x)]
        return like_fields(x, items) if hasattr(x, "_fields") else type(x)(items)
    return make(path, x)


def filled_with(x: Any, number: float) -> Any:
    """The structure of `x` with one number at each place of its floats; None for the rest."""
    return mapped(x, lambda _, v: match(np.full(np.shape(v), number)[()], v)
                   if is_differentiable(v) else None)
