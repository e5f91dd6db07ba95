"""A derivative at a point as a linear map: products with flat vectors, in both modes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sdiff.errors import DifferentiationError
from s2sdiff.forward import runner
from s2sdiff.jacobians import Call, floating
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.in_step import laid_out
from s2sdiff.runtime.leaves import leaves_of, mapped
from s2sdiff.runtime.values import is_differentiable

__all__ = ["LinearMap", "Product", "map_of", "sizes", "transposed", "unit"]

Product = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class LinearMap:
    """A Jacobian that is not formed.

    `forward` takes a vector of as many numbers as there are columns, `backward` one of as many as
    there are rows; `forwards` and `backwards` say whether that mode goes through the function.
    `bits`: of the mantissas of its numbers.
    """

    shape: tuple[int, int]
    dtype: np.dtype
    bits: int
    forward: Product
    backward: Product
    forwards: Callable[[], bool]
    backwards: Callable[[], bool]
    symmetric: bool


def transposed(of: LinearMap) -> LinearMap:
    return replace(of, shape=of.shape[::-1], forward=of.backward, backward=of.forward,
                   forwards=of.backwards, backwards=of.forwards)


def unit(size: int, index: int) -> np.ndarray:
    made = np.zeros(size)
    made[index] = 1.0
    return made


def map_of(call: Call, holomorphic: bool, name: str, symmetric: bool) -> LinearMap:
    """The derivative of a call; its numbers are those of all arrays, one after the other.

    Parameters
    ----------
    symmetric : bool
        It is the second derivative of a number, and so each mode may stand for the other.
    """
    columns = sum(sizes(call.point))

    def along(vector: np.ndarray) -> tuple[Any, Any]:
        # Each run has arguments of its own, as one may write into them.
        run = runner(call.f, call.slots, copy(call.args), copy(call.kwargs))
        return run(*_spread(vector, call.point))

    try:
        value, forwards = along(np.zeros(columns))[0], True
    except DifferentiationError:
        value, forwards = call.f(*copy(call.args), **copy(call.kwargs)), False
    floating(value, "the result", holomorphic, name)
    rows, dtype = sum(sizes([value])), _dtype(value)
    if dtype.char == "e":
        raise TypeError(f"{name}: the result has dtype float16, of which scipy.sparse makes no "
                        "matrices. Instead, compute in float32.")

    def forward(vector: np.ndarray) -> np.ndarray:
        again, dot = along(vector)
        return _flat(match(dot, again), rows)

    @functools.cache
    def pullback() -> Callable[[Any], tuple]:
        return replace(call, args=copy(call.args), kwargs=copy(call.kwargs)).pulled()[1]

    def backward(vector: np.ndarray) -> np.ndarray:
        return _flat(pullback()(_spread(vector, value)), columns)

    # The cotangent of a real argument is real, and says half of how a complex result depends on it.
    real = dtype.kind == "c" and _dtype(call.point).kind != "c"
    backwards = functools.cache(lambda: not real and _goes(backward, rows))
    bits = min(np.finfo(d).nmant for d in (dtype, _dtype(call.point)))
    made = LinearMap((rows, columns), dtype, bits, forward, backward, lambda: forwards, backwards,
                     symmetric)
    if symmetric:
        # Where both refuse, what forward mode says of it.
        either = forward if forwards or not backwards() else backward
        return replace(made, forward=either, backward=either, forwards=lambda: True,
                       backwards=lambda: True)
    return made


def _goes(product: Product, size: int) -> bool:
    try:
        product(np.zeros(size))
    except DifferentiationError:
        return False
    return True


def sizes(items: list[Any]) -> list[int]:
    """How many numbers each item has."""
    return [sum(map(np.size, _numbers(x))) for x in items]


def _numbers(x: Any) -> list[Any]:
    """The floats and arrays of floating types in a value, in order."""
    return [v for v in leaves_of(x) if is_differentiable(v)]


def _dtype(x: Any) -> np.dtype:
    return np.result_type(*[np.result_type(v) for v in _numbers(x)])


def _flat(x: Any, size: int) -> np.ndarray:
    made = np.concatenate([np.ravel(v) for v in _numbers(x)])
    if made.size != size:
        raise ValueError(f"the function gave {size} numbers, and then {made.size} at the same "
                         "point. Instead, make it give the same at each call.")
    return made


def _spread(vector: np.ndarray, like: Any) -> Any:
    """The numbers of a vector in the structure of a value, its types and its memory layout."""
    rest = iter(np.split(vector, np.cumsum([np.size(v) for v in _numbers(like)])[:-1]))

    def piece(_: tuple, x: Any) -> Any:
        if not is_differentiable(x):
            return None
        mine = match(next(rest).reshape(np.shape(x))[()], x)
        return laid_out(mine, x) if isinstance(x, np.ndarray) else mine

    return mapped(like, piece)
