"""NumPy's functions of batches: those with an axis have one more in front, others go row by row.

Going row by row is right for any function that changes nothing; the tables are of what is worth
more.  What has been given a place to write into is left alone, but for those that write into their
first argument.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray

from s2sdiff.runtime.batches import (
    ARRAY,
    NUMBER,
    PYTHON,
    Batch,
    aligned_rows,
    fits,
    not_batched,
)
from s2sdiff.runtime.views import VIEWS

__all__ = ["array_now", "by_rows", "elementwise", "float_now", "holds_batch", "of", "row_axes",
           "size_of", "wrapped"]

#: Of the arguments of a call: the same for batches.
_OF: dict[Any, Callable[..., Any]] = {}

#: Functions that write into their first argument.
_WRITERS = (np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis)


def holds_batch(x: Any) -> bool:
    """Whether a value is a batch, or a tuple, list or dict with one in it."""
    if type(x) is Batch:
        return True
    if isinstance(x, (tuple, list)):
        return any(map(holds_batch, x))
    return isinstance(x, dict) and any(map(holds_batch, x.values()))


def array_now(items: Any) -> Any:
    """`np.array` of numbers and arrays in lists and tuples, or of batches in them.

    >>> array_now([(1.0, 2.0)])
    array([[1., 2.]])
    """
    if type(items) is Batch:
        return Batch(items.rows.copy())
    if not holds_batch(items):
        return np.array(items)
    return np.stack([array_now(i) for i in items])


def float_now(x: Any) -> Any:
    """`float` of a number, or of each row of a batch of them.

    >>> float_now(np.float64(2.0))
    2.0
    """
    if type(x) is not Batch:
        return float(x)
    if x.size != 1 or x.dtype.kind != "f":
        raise not_batched("a conversion to a number")
    return Batch(x.rows.reshape(len(x.rows)).astype(float), PYTHON)


def wrapped(rows: ndarray) -> Batch:
    """What a function of NumPy's gives: an array, or a number of its kind."""
    return Batch(rows, ARRAY if rows.ndim > 1 else NUMBER)


def row_axes(axis: Any, ndim: int) -> Any:
    """The axes of all rows that are these of each; None: all but the one in front."""
    if axis is None:
        return tuple(range(1, ndim + 1))
    if isinstance(axis, (tuple, list)):
        return tuple([row_axes(operator.index(a), ndim) for a in axis])
    if axis < -ndim:
        raise not_batched("an axis that there is not")
    return axis + 1 if axis >= 0 else axis


def elementwise(fn: Any, given: tuple, **kwargs: Any) -> Batch:
    """A function of elements that broadcast against each other."""
    constant = max([g.nbytes if type(g) is ndarray else 0 for g in given])
    if constant:
        fits(size_of(given), constant)
    ndim = max([g.ndim if type(g) is Batch else np.ndim(g) for g in given])
    return wrapped(fn(*[aligned_rows(g, ndim) if type(g) is Batch else g for g in given],
                      **kwargs))


# -------------------------------------------------------------------------------- row by row


def by_rows(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """A call for each row, and what the calls give put together again."""
    size = size_of((args, kwargs))
    made = [fn(*_row(args, k), **_row(kwargs, k)) for k in range(size)]
    return _put_together(made)


def size_of(x: Any) -> int:
    if type(x) is Batch:
        return len(x.rows)
    items = x.values() if isinstance(x, dict) else x if isinstance(x, (tuple, list)) else ()
    return max(map(size_of, items), default=0)


def _row(x: Any, k: int) -> Any:
    if type(x) is Batch:
        return x.rows[k, ...] if x.of == ARRAY else x.rows[k] if x.of == NUMBER else \
            x.rows[k].item()
    if type(x) is tuple or type(x) is list:
        return type(x)([_row(i, k) for i in x])
    if type(x) is dict:
        return {key: _row(v, k) for key, v in x.items()}
    if holds_batch(x):
        raise not_batched(f"a {type(x).__name__} of them")
    return x


def _put_together(made: list[Any]) -> Any:
    first = made[0]
    if isinstance(first, ndarray):
        if type(first) is not ndarray or any(m.shape != first.shape for m in made):
            raise not_batched("rows that differ")
        return Batch(np.stack(made))
    if isinstance(first, (np.generic, float, complex)) and not isinstance(first, np.bool_):
        return Batch(np.array(made), NUMBER if isinstance(first, np.generic) else PYTHON)
    if type(first) in (tuple, list):
        return type(first)([_put_together(list(m)) for m in zip(*made, strict=True)])
    if any(type(m) is not type(first) or m != first for m in made):
        raise not_batched("rows that differ")
    return first


# ---------------------------------------------------------------------------------- protocol


def _function(self: Batch, func: Any, types: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    if kwargs.get("out") is not None:
        raise not_batched("a place to write into")
    known = _OF.get(func)
    if known is not None:
        made = known(*args, **kwargs)
        if made is not NotImplemented:
            return made
    if func in VIEWS:
        raise not_batched("a view")
    if func in _WRITERS and type(args[0]) is not Batch:
        raise not_batched("a write into what is no batch")
    return by_rows(func, args, kwargs)


def of(*functions: Any) -> Callable[[Any], Any]:
    """Note what stands for functions where one of their arguments is a batch."""
    def noted(made: Any) -> Any:
        _OF.update(dict.fromkeys(functions, made))
        return made

    return noted


Batch.__array_function__ = _function
