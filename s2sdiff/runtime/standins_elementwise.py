"""What `np.vectorize(f)` does where it is called with one to three arrays, and `f` is known.

Without a type for the results, the function is called once more for the first elements, as they are
in their arrays: what it gives then tells the dtype of all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Where these functions are written into a user's, each of their names stands for an object.
from numpy import array, asarray, broadcast_arrays, reshape

from s2sdiff.errors import UnsupportedError, refusal

__all__ = ["MADE", "MADE_AS", "refuse_nothing", "refuse_several"]


def of_one(function: Any, x: Any) -> Any:
    a = asarray(x)
    refuse_nothing(a.size)
    first = function(a.ravel()[0])
    rows = [function(v) for v in a.ravel().tolist()]
    refuse_several(first)
    return reshape(array(rows, dtype=asarray(first).dtype), a.shape)


def of_two(function: Any, x: Any, y: Any) -> Any:
    a, b = broadcast_arrays(x, y)
    refuse_nothing(a.size)
    first = function(a.ravel()[0], b.ravel()[0])
    rows = [function(v, w) for v, w in zip(a.ravel().tolist(), b.ravel().tolist())]
    refuse_several(first)
    return reshape(array(rows, dtype=asarray(first).dtype), a.shape)


def of_three(function: Any, x: Any, y: Any, z: Any) -> Any:
    a, b, c = broadcast_arrays(x, y, z)
    refuse_nothing(a.size)
    first = function(a.ravel()[0], b.ravel()[0], c.ravel()[0])
    rows = [function(v, w, u) for v, w, u in zip(
        a.ravel().tolist(), b.ravel().tolist(), c.ravel().tolist())]
    refuse_several(first)
    return reshape(array(rows, dtype=asarray(first).dtype), a.shape)


def as_one(function: Any, dtype: Any, x: Any) -> Any:
    a = asarray(x)
    rows = [function(v) for v in a.ravel().tolist()]
    return reshape(array(rows, dtype=dtype), a.shape)


def as_two(function: Any, dtype: Any, x: Any, y: Any) -> Any:
    a, b = broadcast_arrays(x, y)
    rows = [function(v, w) for v, w in zip(a.ravel().tolist(), b.ravel().tolist())]
    return reshape(array(rows, dtype=dtype), a.shape)


def as_three(function: Any, dtype: Any, x: Any, y: Any, z: Any) -> Any:
    a, b, c = broadcast_arrays(x, y, z)
    rows = [function(v, w, u) for v, w, u in zip(
        a.ravel().tolist(), b.ravel().tolist(), c.ravel().tolist())]
    return reshape(array(rows, dtype=dtype), a.shape)


def refuse_nothing(size: int) -> None:
    if not size:
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")


def refuse_several(first: Any) -> None:
    if isinstance(first, tuple):
        raise refusal(UnsupportedError, "what np.vectorize is given gives a tuple, which its code "
                      "does not show", "write `return a, b` in it")


#: By how many arrays there are; those below are told what the results' dtype is.
MADE: dict[int | None, Callable[..., Any]] = {1: of_one, 2: of_two, 3: of_three}
MADE_AS: dict[int | None, Callable[..., Any]] = {1: as_one, 2: as_two, 3: as_three}
