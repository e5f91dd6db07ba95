"""A derivative at a point as a linear map: products with flat vectors, in both modes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sdiff.errors import DifferentiationError
from s2sdiff.jacobians import Call, floating
from s2sdiff.runtime.arrays import copy
from s2sdiff.together import Products, numbers

__all__ = ["LinearMap", "Product", "map_of", "sizes", "transposed", "unit"]

Product = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class LinearMap:
    """A Jacobian that is not formed.

    `forward` takes a vector of as many numbers as there are columns, `backward` one of as many as
    there are rows, `forward_all` and `backward_all` a matrix with such vectors as rows; `forwards`
    and `backwards` say whether that mode goes through the function.  `bits`: of the mantissas of
    its numbers.
    """

    shape: tuple[int, int]
    dtype: np.dtype
    bits: int
    forward: Product
    backward: Product
    forward_all: Product
    backward_all: Product
    forwards: Callable[[], bool]
    backwards: Callable[[], bool]
    symmetric: bool


def transposed(of: LinearMap) -> LinearMap:
    return replace(of, shape=of.shape[::-1], forward=of.backward, backward=of.forward,
                   forward_all=of.backward_all, backward_all=of.forward_all,
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

    pushed = call.products(call.slots, call.point, name)
    try:
        pushed.along(np.ones(columns))  # what is zero may go where nothing else does
        value, forwards = pushed.value, True
    except DifferentiationError:
        call.runs.anew()
        value, forwards = call.f(*copy(call.args), **copy(call.kwargs)), False
    floating(value, "the result", holomorphic, name)
    rows, dtype = sum(sizes([value])), _dtype(value)
    if dtype.char == "e":
        raise TypeError(f"{name}: the result has dtype float16, of which scipy.sparse makes no "
                        "matrices. Instead, compute in float32.")

    def forward(vector: np.ndarray) -> np.ndarray:
        return _sized(pushed.along(vector), rows)

    @functools.cache
    def pulled() -> Products:
        return replace(call, args=copy(call.args), kwargs=copy(call.kwargs),
                       given=call.given or call).pulled()[1]

    def backward(vector: np.ndarray) -> np.ndarray:
        return _sized(pulled().along(vector), columns)

    def forward_all(vectors: np.ndarray) -> np.ndarray:
        return _sized(pushed.rows(lambda a, b: vectors[a:b], len(vectors)), rows)

    def backward_all(vectors: np.ndarray) -> np.ndarray:
        return _sized(pulled().rows(lambda a, b: vectors[a:b], len(vectors)), columns)

    # The cotangent of a real argument is real, and says half of how a complex result depends on it.
    real = dtype.kind == "c" and _dtype(call.point).kind != "c"
    backwards = functools.cache(lambda: not real and _goes(backward, rows))
    bits = min(np.finfo(d).nmant for d in (dtype, _dtype(call.point)))
    made = LinearMap((rows, columns), dtype, bits, forward, backward, forward_all, backward_all,
                     lambda: forwards, backwards, symmetric)
    if symmetric:
        # Where both refuse, what forward mode says of it.
        either, all_of_them = (forward, forward_all) if forwards or not backwards() else \
            (backward, backward_all)
        return replace(made, forward=either, backward=either, forward_all=all_of_them,
                       backward_all=all_of_them, forwards=lambda: True, backwards=lambda: True)
    return made


def _goes(product: Product, size: int) -> bool:
    try:
        product(np.ones(size))
    except DifferentiationError:
        return False
    return True


def sizes(items: list[Any]) -> list[int]:
    """How many numbers each item has."""
    return [sum(map(np.size, numbers(x))) for x in items]


def _dtype(x: Any) -> np.dtype:
    return np.result_type(*[np.result_type(v) for v in numbers(x)])


def _sized(products: np.ndarray, size: int) -> np.ndarray:
    if products.size and products.shape[-1] != size:
        raise ValueError(f"the function gave {size} numbers, and then {products.shape[-1]} at the "
                         "same point. Instead, make it give the same at each call.")
    return products
