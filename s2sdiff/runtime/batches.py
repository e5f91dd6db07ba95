"""Many tangents in one: arrays with an axis in front, which no code that computes sees.

A derivative's code is written for one tangent.  Given a `Batch` it is run for many: a batch has the
shape, the dtype and the operators of one, and does to all of them what is done to it.  What only a
single number or array can do raises `NotBatched`, and notes this in the run, so that no handler in
between can hide it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from s2sdiff.errors import DifferentiationError

__all__ = ["ARRAY", "NUMBER", "PYTHON", "RUNS", "Batch", "NotBatched", "Run", "aligned_rows",
           "apart", "fits", "for_one", "not_batched", "number_rows", "rows_now", "running",
           "together", "unbatched"]

#: What a single one is: an array, a NumPy scalar, or a number of Python's.
ARRAY, NUMBER, PYTHON = 0, 1, 2

#: So many bytes a batch has at most: of larger ones, each row is worth a run of its own.
LARGE = 1 << 22


class NotBatched(DifferentiationError):
    """What is done can be done to one tangent only; it never reaches a user."""


@dataclass(slots=True)
class Run:
    """A run with batches: how many rows they have, and whether something could not be done.

    `most`: how many rows have room in the largest batch that was to be made; `alone`: how many
    calls deep it is in what is computed for one tangent, though code for many runs.
    """

    size: int
    failed: bool = False
    most: int = sys.maxsize
    alone: int = 0


_running: ContextVar[Run | None] = ContextVar("running", default=None)

#: The runs of all threads: to see that there are none takes less than to look for one's own.
RUNS: list[Run] = []


@contextmanager
def together(size: int) -> Iterator[Run]:
    """A run with batches of so many rows; 0: code for batches runs on a single tangent."""
    run = Run(size)
    token = _running.set(run)
    RUNS.append(run)
    try:
        yield run
    finally:
        RUNS.pop()
        _running.reset(token)


#: The run with batches that this is in; None for any other.
running = _running.get


def rows_now() -> int:
    """How many rows arrays have that are made now; 0: none."""
    run = _running.get()
    return 0 if run is None or run.alone else run.size


@contextmanager
def for_one() -> Iterator[None]:
    """What is computed for one tangent: arrays that are made here have no rows."""
    run = _running.get()
    if run is not None:
        run.alone += 1
    try:
        yield
    finally:
        if run is not None:
            run.alone -= 1


def apart(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A call of an operator by the user's function, as if no run with batches were around it."""
    token = _running.set(None)
    try:
        return fn(*args, **kwargs)
    finally:
        _running.reset(token)


def not_batched(what: str) -> NotBatched:
    run = _running.get()
    if run is not None:
        run.failed = True
    return NotBatched(what)


def fits(count: int, size: int) -> None:
    """Raise where so many rows of so many bytes are more than a batch has."""
    run = _running.get() if count * size > LARGE else None
    if run is not None and run.size:
        run.most = min(run.most, LARGE // size)
        raise not_batched("so large an array")


def unbatched(x: Any) -> None:
    """Raise where a user's function would be given a batch in place of one tangent."""
    run = running()
    if run is not None and run.size and _within(x):
        raise not_batched("a user's derivative")


def _within(x: Any) -> bool:
    items = x.values() if isinstance(x, dict) else x if isinstance(x, (tuple, list)) else \
        vars(x).values() if hasattr(x, "__dict__") else ()
    return type(x) is Batch or any(map(_within, items))


def aligned_rows(batch: Batch, ndim: int) -> ndarray:
    """The rows of a batch, each with so many axes: those that broadcasting puts in front of it."""
    rows = batch.rows
    extra = ndim + 1 - rows.ndim
    return rows.reshape(rows.shape[0], *(1,) * extra, *rows.shape[1:]) if extra > 0 else rows


def _two(self: Batch, other: Any) -> tuple[ndarray, Any, int] | None:
    """The operands of an operator as arrays that broadcast, and what the result is if no array."""
    kind = type(other)
    rows, of = self.rows, self.of or NUMBER
    if kind is float or kind is int or kind is complex or kind is bool:
        return rows, other, of
    if kind is Batch:
        rows, theirs = aligned_rows(self, other.rows.ndim - 1), aligned_rows(other, rows.ndim - 1)
        if self.of != other.of and PYTHON in (self.of, other.of):
            if self.of == PYTHON:
                rows = number_rows(rows, theirs.dtype)
            else:
                theirs = number_rows(theirs, rows.dtype)
        return rows, theirs, min(of, other.of or NUMBER)
    if isinstance(other, np.generic) or kind is ndarray:
        fits(len(rows), other.nbytes)
        if self.of == PYTHON:
            rows = number_rows(rows, other.dtype)
        return aligned_rows(Batch(rows), other.ndim), other, NUMBER
    return None


def number_rows(rows: ndarray, dtype: Any) -> ndarray:
    """Python's numbers beside what has a dtype, which they take."""
    wanted = np.result_type(dtype, 0j if rows.dtype.kind == "c" else 0.0)
    return rows if rows.dtype == wanted else rows.astype(wanted)


def _operator(fn: Any, swapped: bool = False) -> Any:
    def method(self: Batch, other: Any) -> Any:
        two = _two(self, other)
        if two is None:
            return NotImplemented
        made = fn(two[1], two[0]) if swapped else fn(two[0], two[1])
        return Batch(made, two[2] if made.ndim == 1 else ARRAY)

    return method


def _in_place(fn: Any) -> Any:
    plain = _operator(fn)

    def method(self: Batch, other: Any) -> Any:
        if self.of:
            return plain(self, other)
        two = _two(self, other)
        if two is None or two[0] is not self.rows:
            return NotImplemented
        fn(two[0], two[1], out=two[0], casting="same_kind")
        return self

    return method


def _unable(what: str) -> Any:
    def method(self: Batch, *args: Any, **kwargs: Any) -> Any:
        raise not_batched(what)

    return method


class Batch:
    """Tangents of one shape, one in each row of an array."""

    __slots__ = ("of", "rows")

    def __init__(self, rows: ndarray, of: int = ARRAY) -> None:
        if rows.nbytes > LARGE:
            fits(len(rows), rows.nbytes // len(rows))
        self.rows, self.of = rows, of

    # What takes more than a line is given to the class by `batched_items`, `batched_functions` and
    # `batched_products`.
    item_at: Any = None
    __setitem__: Any = None
    __array_ufunc__: Any = None
    __array_function__: Any = None

    __add__ = _operator(np.add)
    __radd__ = _operator(np.add, True)
    __sub__ = _operator(np.subtract)
    __rsub__ = _operator(np.subtract, True)
    __mul__ = _operator(np.multiply)
    __rmul__ = _operator(np.multiply, True)
    __truediv__ = _operator(np.true_divide)
    __rtruediv__ = _operator(np.true_divide, True)
    __eq__ = _operator(np.equal)
    __ne__ = _operator(np.not_equal)
    __lt__ = _operator(np.less)
    __le__ = _operator(np.less_equal)
    __gt__ = _operator(np.greater)
    __ge__ = _operator(np.greater_equal)
    __or__ = _operator(np.logical_or)
    __ror__ = __or__
    __and__ = _operator(np.logical_and)
    __rand__ = __and__
    __iadd__ = _in_place(np.add)
    __isub__ = _in_place(np.subtract)
    __imul__ = _in_place(np.multiply)
    __itruediv__ = _in_place(np.true_divide)

    __bool__ = _unable("a test")
    __float__ = __complex__ = __int__ = __index__ = _unable("a conversion to a number")
    __array__ = _unable("a conversion to an array")
    __repr__ = __str__ = __format__ = _unable("a text")  # type: ignore[assignment]
    __hash__ = __reduce_ex__ = _unable("an identity")  # type: ignore[assignment]
    __pow__ = __rpow__ = __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = _unable("a power")

    def __neg__(self) -> Batch:
        return Batch(-self.rows, self.of or (ARRAY if self.rows.ndim > 1 else NUMBER))

    def __pos__(self) -> Batch:
        return Batch(self.rows.copy(), self.of or (ARRAY if self.rows.ndim > 1 else NUMBER))

    def __copy__(self) -> Batch:
        return Batch(self.rows.copy(), self.of)

    def __deepcopy__(self, memo: Any) -> Batch:
        return Batch(self.rows.copy("K"), self.of)

    def __len__(self) -> int:
        if self.rows.ndim < 2:
            raise TypeError("len() of unsized object")
        return self.rows.shape[1]

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self)))

    def __matmul__(self, other: Any) -> Any:
        return np.matmul(self, other)  # type: ignore[call-overload]

    def __rmatmul__(self, other: Any) -> Any:
        return np.matmul(other, self)  # type: ignore[call-overload]

    def __getitem__(self, key: Any) -> Batch:
        rows = self.rows
        if type(key) is slice:
            return Batch(rows[:, key])
        if isinstance(key, (int, np.integer)) and not isinstance(key, bool):
            made = rows[:, key]
            # An element is a number of its own, that later writes do not change.
            return Batch(made, ARRAY) if made.ndim > 1 else Batch(made.copy(), NUMBER)
        return Batch.item_at(self, key)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.rows.shape[1:]

    @property
    def strides(self) -> tuple[int, ...]:
        return self.rows.strides[1:]

    @property
    def ndim(self) -> int:
        return self.rows.ndim - 1

    @property
    def size(self) -> int:
        return self.rows.size // len(self.rows)

    @property
    def dtype(self) -> Any:
        return self.rows.dtype

    @property
    def T(self) -> Batch:
        rows = self.rows
        return Batch(rows.transpose(0, *range(rows.ndim - 1, 0, -1)), self.of)

    @property
    def mT(self) -> Batch:
        return Batch(self.rows.swapaxes(-1, -2))

    @property
    def real(self) -> Batch:
        return Batch(np.real(self.rows), self.of)

    @property
    def imag(self) -> Batch:
        return Batch(np.imag(self.rows), self.of)
