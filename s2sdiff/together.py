"""Many tangents through one run of a derivative's code.

Derivatives are linear, and so the code for one tangent serves a `Batch` of them.  What a run with
batches gives is compared with an ordinary product, along a random combination of its rows; where it
differs, is not finite, or cannot be had, the rows are computed one by one.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff.cache import record_of
from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.batched_products import Batch
from s2sdiff.runtime.batches import ARRAY, NUMBER, PYTHON, together
from s2sdiff.runtime.leaves import leaves_of, mapped
from s2sdiff.runtime.side_by_side import has_objects, leaves, part
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.zero_tangents import laid_out, zero_tangent

__all__ = ["Products", "batch_of", "flat", "gathered", "numbers", "spread"]

#: Fewer rows than these take as long one by one: of arrays, and of numbers of Python's, with which
#: one computes thirty times as fast as with arrays of a few.
FEW, FEW_NUMBERS = 4, 32
#: Of what goes in or comes out, so many bytes are in one run, which a processor's cache holds.
BYTES = 1 << 20

#: From the first row to the last: a matrix with a tangent in each row.
Rows = Callable[[int, int], np.ndarray]


class Products:
    """Products of the derivative of a call with the rows of matrices.

    Parameters
    ----------
    run : from tangents, one for each of `point`, to value and tangent; it may be called often
    accept : makes of tangents in the structures of `point` those that `run` takes
    point : the arguments that move
    owner : the function that remembers of which calls batches did not do
    key : what it remembers it by, beside the types of `point`
    arrays : it computes with arrays, for all that one knows
    """

    def __init__(self, run: Callable[..., tuple[Any, Any]], accept: Callable[[tuple], Any],
                 point: list[Any], owner: Any, key: Any, arrays: bool = False) -> None:
        self.run, self.accept, self.point = run, accept, point
        places = [v for x in point for v in numbers(x)]
        self.columns = sum(map(np.size, places))
        kinds = tuple([(type(v), np.result_type(v), np.ndim(v)) for v in places])
        self.few = FEW if arrays or any(map(np.ndim, places)) else FEW_NUMBERS
        self.key = ("one by one", key, kinds)
        self.known = record_of(owner).links if type(owner) is types.FunctionType else {}
        self.value: Any = None

    def along(self, vector: np.ndarray) -> np.ndarray:
        """The product with one vector; `value` is the function's afterwards."""
        dots = self.accept(tuple([spread(v, x) for v, x in zip(
            self._parts(vector), self.point, strict=True)]))
        self.value, dot = self.run(*dots)
        return flat(match(dot, self.value))

    def rows(self, rows: Rows, count: int, many: bool = True) -> np.ndarray:
        """The products with so many rows: a matrix with one in each, one by one unless `many`."""
        if many and count >= self.few and self.key not in self.known and \
                not any(map(has_objects, self.point)):
            made = self.in_one_run(rows, count)
            if made is not None:
                return made
        single = [self.along(rows(i, i + 1)[0]) for i in range(count)]
        return np.stack(single) if single else np.zeros((0, 0))

    def in_one_run(self, rows: Rows, count: int) -> np.ndarray | None:
        """The same in a run of many; None where the rows are to be computed one by one."""
        weights = _weights(count)
        step = max(1, BYTES // (8 * max(self.columns, 1)))
        whole = sum((weights[a:b] @ rows(a, b) for a, b in _cuts(count, step)),
                    np.zeros(self.columns))
        with together(0):
            try:
                expected = self.along(whole)
            except DifferentiationError:
                # Short ways for plain numbers are left out here, which one row by itself may go.
                self.known[self.key] = True
                return None
        step = max(1, min(step, BYTES // (8 * max(expected.size, 1))))
        made = np.empty((count, expected.size), expected.dtype)
        numbers_before = flat(self.value)
        a = 0
        while a < count:
            b = min(a + step, count)
            with together(b - a) as run:
                try:
                    value, dot = self.run(*[
                        batch_of(m, x) for m, x in zip(self._parts(rows(a, b)), self.point,
                                                     strict=True)])
                    made[a:b] = gathered(match(dot, self.value), self.value, b - a)
                    done = not run.failed and _same(flat(value), numbers_before)
                except Exception:
                    # What it is comes again, if it is not of batches, when rows go one by one.
                    done = False
            if done:
                a = b
            elif run.most < b - a:
                step = min(run.most, step // 2)
                if step < FEW:
                    return None
            else:
                self.known[self.key] = True
                return None
        with np.errstate(all="ignore"):
            if not np.isfinite(made).all():
                return None
            # Sums with either sign are so large; in those of absolute values one row may be lost.
            top = float(np.abs(made).max(initial=0.0)) or 1.0
            size = top * np.sqrt(weights**2 @ (np.abs(made) / top)**2)
            rounding = max([float(np.finfo(np.result_type(v)).eps)
                            for x in (*self.point, self.value) for v in numbers(x)])
            allowed = np.sqrt(rounding) * size + rounding ** 0.75 * size.max(initial=0.0)
            right = (np.abs(weights @ made - expected) <= allowed).all()
        return made if right else None

    def _parts(self, matrix: np.ndarray) -> list[np.ndarray]:
        sizes = [sum(map(np.size, numbers(x))) for x in self.point]
        return np.split(matrix, np.cumsum(sizes)[:-1], axis=-1)


@functools.lru_cache(maxsize=16)
def _weights(count: int) -> np.ndarray:
    """The coefficients of a random combination of so many rows; drawing them takes a while."""
    draw = np.random.default_rng(4)
    return draw.uniform(1.0, 2.0, count) * draw.choice([-1.0, 1.0], count)


def _cuts(count: int, step: int) -> Iterator[tuple[int, int]]:
    return ((a, min(a + step, count)) for a in range(0, count, step))


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    """They are of one call's result, which may round as memory happens to be aligned."""
    return one.shape == other.shape and one.dtype == other.dtype and (
        np.array_equal(one, other) or np.allclose(
            one, other, rtol=np.sqrt(np.finfo(one.dtype).eps), atol=0.0, equal_nan=True))


def numbers(x: Any) -> list[Any]:
    """The floats and arrays of floating types in a value, in order."""
    return [v for v in leaves_of(x) if is_differentiable(v)]


def flat(x: Any) -> np.ndarray:
    """They, one after the other, in one vector."""
    found = [np.ravel(v) for v in numbers(x)]
    return np.concatenate(found) if found else np.zeros(0)


def spread(vector: np.ndarray, like: Any) -> Any:
    """The numbers of a vector in the structure of a value, its types and its memory layout."""
    def piece(x: Any, mine: np.ndarray) -> Any:
        made = match(mine.reshape(np.shape(x))[()], x)
        return laid_out(made, x) if isinstance(x, np.ndarray) else made

    return _spread(vector, like, piece, lambda _: None)


def batch_of(matrix: np.ndarray, like: Any) -> Any:
    """The rows of a matrix in the structure of a value, each of its leaves a batch."""
    def piece(x: Any, mine: np.ndarray) -> Any:
        if not np.iscomplexobj(x):
            mine = np.real(mine)  # beside complex leaves the whole matrix is complex
        if not isinstance(x, np.ndarray):
            of = NUMBER if isinstance(x, np.generic) else PYTHON
            return Batch(np.array(mine[:, 0], np.result_type(x)), of)
        return laid_out(Batch(mine.reshape(len(mine), *x.shape), ARRAY), x)  # type: ignore[arg-type]

    return _spread(matrix, like, piece, zero_tangent)


def _spread(matrix: np.ndarray, like: Any, piece: Callable[[Any, np.ndarray], Any],
            still: Callable[[Any], Any]) -> Any:
    sizes = [np.size(v) for v in numbers(like)]
    rest = iter(np.split(matrix, np.cumsum(sizes)[:-1], axis=-1))
    return mapped(like, lambda _, x: piece(x, next(rest)) if is_differentiable(x) else still(x))


def gathered(dot: Any, value: Any, count: int) -> np.ndarray:
    """The rows of a value's tangents side by side; what is no batch is the same in all rows."""
    found = []
    for path, v in leaves(value):
        if is_differentiable(v):
            d = part(dot, path)
            found.append(d.rows.reshape(count, -1) if type(d) is Batch else
                         np.broadcast_to(np.ravel(d), (count, np.size(v))))
    return np.concatenate(found, axis=1) if found else np.zeros((count, 0))
