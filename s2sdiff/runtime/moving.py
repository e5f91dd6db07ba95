"""Values moved along tangents, zero tangents, and tangents as vectors.

A tangent, as a gradient is one, has the structure of its value: lists, tuples, dicts and objects of
the value's own classes, with a number or array of the value's shape and dtype at each leaf, and
None for what does not move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.side_by_side import Path, accepted_leaf, mapped, spelled
from s2sdiff.runtime.structures import gradient, holds_numbers
from s2sdiff.runtime.values import is_differentiable

__all__ = ["TangentVector", "move", "tangent_map", "zero_tangent"]


def zero_tangent(x: Any) -> Any:
    """The zero tangent of a value: zeros in its structure, None for what is no floating number.

    Parameters
    ----------
    x : any value
        A float, an array, or a structure of them; classes' constructors are not run.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.zero_tangent({"w": [1.0, 2.5], "steps": 3})
    {'w': [0.0, 0.0], 'steps': None}
    """
    return gradient(None, x)


def move(x: Any, along: Any) -> Any:
    """`x + along`, in the structure, types and dtypes of `x`.

    Parameters
    ----------
    x : any value
    along : a tangent of `x`, or a `TangentVector`
        In the structure of `x`, None for what does not move.  That of an object is one of its
        class, or a dict from names of attributes.

    Returns
    -------
    A new value.  What does not move (ints, functions, constant fields) is the very same in it.  No
    constructor is run.  An object that is found twice is one in the result, too, and is moved once;
    an array that is found in two places is two.

    Raises
    ------
    TypeError
        The tangent has not the structure, a shape or the field of `x`; the message names the place.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.move({"w": [1.0, 2.0], "steps": 3}, along={"w": [0.5, -1.0], "steps": None})
    {'w': [1.5, 1.0], 'steps': 3}
    """

    def moved(path: Path, leaf: Any, dot: Any) -> Any:
        dot = accepted_leaf(dot, leaf, spelled(path, "x"), "move")
        return leaf if dot is None else _moved(leaf, dot)

    return mapped(moved, "move", x, _bare(along), keeps=lambda v: v)


def tangent_map(fn: Callable[..., Any], tangent: Any, /, *others: Any) -> Any:
    """`fn` of each number and array in tangents of one structure.

    Parameters
    ----------
    fn : callable
        Is given a leaf of `tangent`, and those of the others in the same place (None where there is
        none); gives one of the same shape.
    tangent, *others : tangents, or values, of one structure

    Returns
    -------
    The structure of `tangent` with the results, in the leaves' dtypes; None for what is no floating
    number.

    Raises
    ------
    TypeError
        The structures differ, or a result has another shape or field than its leaf.

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> sd.tangent_map(np.sign, {"w": [-3.0, 2.0], "steps": None})
    {'w': [-1.0, 1.0], 'steps': None}
    """
    if not callable(fn):
        raise TypeError(f"tangent_map: fn is a {type(fn).__name__}. Instead, pass a function of "
                        "leaves.")

    def made(path: Path, leaf: Any, *rest: Any) -> Any:
        return accepted_leaf(fn(leaf, *rest), leaf, spelled(path, "x"), "tangent_map") \
            if is_differentiable(leaf) else None

    return mapped(made, "tangent_map", _bare(tangent), *map(_bare, others))


@dataclass(frozen=True, eq=False)
class TangentVector:
    """A tangent with the operations of a vector space: `+`, `-`, `* number`, `/ number`, `@`.

    The results of `+`, `-`, `*` and `/` are such vectors; `.value` is the tangent itself.  None in
    a tangent counts as zero.  Dtypes are kept: a float32 leaf times a number is float32.

    Parameters
    ----------
    value : a tangent, as a gradient is one

    Examples
    --------
    >>> import s2sdiff as sd
    >>> model = {"w": [1.0, 2.0], "b": 3.0}
    >>> gradient = sd.TangentVector(sd.grad(lambda m: m["w"][0] * m["b"])(model))
    >>> sd.move(model, along=-0.1 * gradient)
    {'w': [0.7, 2.0], 'b': 2.9}
    >>> gradient @ gradient
    10.0
    """

    value: Any

    #: NumPy's numbers leave `0.1 * vector` to us.
    __array_ufunc__ = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _bare(self.value))

    def map(self, fn: Callable[..., Any], *others: Any) -> TangentVector:
        """`tangent_map` of it and others."""
        return TangentVector(tangent_map(fn, self, *others))

    def norm(self) -> float:
        """The Euclidean norm of all numbers in it."""
        return float(np.sqrt(self @ _conjugated(self)))

    def __add__(self, other: Any) -> TangentVector:
        return _sum(self, other, "+")

    __radd__ = __add__

    def __neg__(self) -> TangentVector:
        return self.map(lambda t: -t)

    def __sub__(self, other: Any) -> TangentVector:
        return _sum(self, TangentVector(other) * -1.0, "-")

    def __rsub__(self, other: Any) -> TangentVector:
        return _sum(-self, other, "-")

    def __mul__(self, factor: Any) -> TangentVector:
        _number(factor, "*")
        return self.map(lambda t: t * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> TangentVector:
        _number(divisor, "/")
        return self.map(lambda t: t / divisor)

    def __matmul__(self, other: Any) -> float:
        """The pairing `Re(sum(a * b))` of all leaves; objects found twice are counted once."""
        products: list[float] = []

        def paired(path: Path, a: Any, b: Any) -> None:
            dot = accepted_leaf(b, a, spelled(path, "x"), "@") if is_differentiable(a) else None
            if dot is not None:
                products.append(float(np.real(np.sum(a * dot))))

        mapped(paired, "@", self.value, _bare(other))
        return float(np.sum(products))

    __rmatmul__ = __matmul__


def _bare(tangent: Any) -> Any:
    return tangent.value if isinstance(tangent, TangentVector) else tangent


def _conjugated(vector: TangentVector) -> TangentVector:
    return vector.map(np.conj)


def _moved(x: Any, dot: Any) -> Any:
    """`x + dot` in the type of `x`."""
    moved = x + dot
    return np.asarray(moved, x.dtype) if isinstance(x, np.ndarray) else class_of(x)(moved)


def _number(factor: Any, operation: str) -> None:
    if np.ndim(factor) or not isinstance(factor, (int, float, complex, np.number, np.ndarray)):
        raise TypeError(f"TangentVector {operation} {type(factor).__name__}: only numbers are "
                        "factors. Instead, use .map(fn) for what is done leaf by leaf.")


def _sum(one: Any, other: Any, operation: str) -> TangentVector:
    a, b = _bare(one), _bare(other)
    if a is None or b is None:
        return TangentVector(b if a is None else a)

    def added(path: Path, p: Any, q: Any) -> Any:
        if not is_differentiable(p) and holds_numbers(q):
            return tangent_map(lambda t: t, q)
        q = accepted_leaf(q, p, spelled(path, "x"), operation)
        return tangent_map(lambda t: t, p) if q is None else _moved(p, q)

    return TangentVector(mapped(added, operation, a, b))
